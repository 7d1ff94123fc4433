"""Puts the latest table into docs/performance.md, between its two marks."""

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs/performance.md"
BEGIN, END = "<!-- bench:bookings -->", "<!-- /bench:bookings -->"


def write(lines):
    """Replace what stands between the marks by `lines`."""
    before, rest = PAGE.read_text().split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(before + "\n".join([BEGIN, *lines, END]) + after)
