"""The roster as it comes back: the same rows, the cells to mend coloured, each with its reason."""

from io import BytesIO

import xlsxwriter

from accounts import private_files
from services.rosters.columns import COLUMNS, POSITION, REASON, TITLES
from services.rosters.storing import shown
from services.rosters.template import SAFE, head

MOST_COMMENTS = 5000  # a note per cell costs memory in every reader; the last column has them all
MARK = {"bg_color": "#FDECEA", "font_color": "#7A1710", "num_format": "@"}


def workbook(roster, *, progress):
    """Return the marked workbook as bytes; only rows to be mended show, a filter brings the rest.

    `progress(rows)` is called now and then with how many rows are written.
    """
    buffer = BytesIO()
    with private_files.scratch() as folder:
        options = SAFE | {"constant_memory": True, "tmpdir": str(folder)}
        with xlsxwriter.Workbook(buffer, options) as book:
            sheet = book.add_worksheet("名册")
            writer = Writer(book, sheet)
            rows = roster.rows.order_by("number").iterator(chunk_size=2000)
            for line, row in enumerate(rows, 1):
                writer.write(line, row)
                progress(line)
            writer.finish(roster.rows_total)
    return buffer.getvalue()


class Writer:
    """Writes one row after the other."""

    def __init__(self, book, sheet):
        self.sheet = sheet
        self.text = book.add_format({"num_format": "@"})
        self.mark = book.add_format(MARK)
        self.comments = 0
        for position, column in enumerate(COLUMNS):
            sheet.set_column(position, position, column.width, self.text)
        sheet.set_column(len(TITLES), len(TITLES), 60)
        head(book, sheet, [*TITLES, REASON])

    def write(self, line, row):
        """One person; a row without errors is hidden behind the filter."""
        bad = {POSITION[key]: reason for key, reason in row.errors.items()}
        if not bad:
            self.sheet.set_row(line, None, None, {"hidden": True})
        for position, cell in enumerate(shown(row)):
            style = self.mark if position in bad else self.text
            if cell:
                self.sheet.write_string(line, position, cell, style)
            elif position in bad:
                self.sheet.write_blank(line, position, None, style)
        for position, reason in bad.items():
            if self.comments < MOST_COMMENTS:
                self.sheet.write_comment(line, position, reason, {"author": "名册核对"})
                self.comments += 1
        if bad:
            text = "；".join(f"{TITLES[position]}：{reason}" for position, reason in bad.items())
            self.sheet.write_string(line, len(TITLES), text)

    def finish(self, rows):
        """Show the rows with a reason only."""
        self.sheet.autofilter(0, 0, max(rows, 1), len(TITLES))
        self.sheet.filter_column(len(TITLES), "x == NonBlanks")
