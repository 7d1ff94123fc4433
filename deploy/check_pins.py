"""Checks that requirements*.txt hold every name of requirements*.in, each pinned with hashes.

Needs no network, so it runs in `make quality`; `make pins` writes the files anew.
"""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?")
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(path: Path) -> set[str]:
    """Names asked for in a .in file."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {normal(NAME.match(line)[1]) for line in lines if line and not line.startswith("-")}


def pinned(path: Path) -> dict[str, str]:
    """Name and version of every pin; a pin without a hash, or a named index, is an error."""
    text = path.read_text()
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if PIN.match(block) and "--hash=sha256:" not in block:
            sys.exit(f"✗ {path.name}：{PIN.match(block)[1]} 没有校验值。请执行 make pins。")
    if re.search(r"^--(extra-)?index-url|^--find-links|https?://", text, re.MULTILINE):
        sys.exit(f"✗ {path.name} 里写了下载地址。请执行 make pins 重新生成。")
    return {normal(m[1]): m[2] for line in text.splitlines() if (m := PIN.match(line))}


def main() -> None:
    runtime = pinned(PROJECT / "requirements.txt")
    development = pinned(PROJECT / "requirements-dev.txt")
    for source, pins in (("requirements", runtime), ("requirements-dev", development)):
        missing = sorted(wanted(PROJECT / f"{source}.in") - pins.keys())
        if missing:
            sys.exit(f"✗ {source}.txt 缺少 {'、'.join(missing)}。请执行 make pins。")
    apart = sorted(
        name for name in runtime.keys() & development if runtime[name] != development[name]
    )
    if apart:
        sys.exit(f"✗ 两份清单的版本不一致：{'、'.join(apart)}。请执行 make pins。")
    print(f"依赖清单：{len(runtime)} 个运行包、{len(development)} 个开发包，全部固定版本并带校验值")


if __name__ == "__main__":
    main()
