"""The portal's own roster template: text columns, lists to choose from, a hint per column."""

from io import BytesIO

import xlsxwriter

from services.enums import IdentityCategory
from services.rosters.columns import COLUMNS, TITLES

FILE_NAME = "退役军人名册模板.xlsx"
SHEET = "名册"
PREPARED_ROWS = 5000
# A cell that begins with = stays the text it is: nothing typed by others becomes a formula.
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD_STYLE = {"bold": True, "bg_color": "#F0ECE4", "border": 1, "text_wrap": True}


def workbook():
    """Return the template as bytes."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        sheet = book.add_worksheet(SHEET)
        _columns(book, sheet)
        _hints(book)
    return buffer.getvalue()


def head(book, sheet, titles):
    """Write the headings and freeze them."""
    style = book.add_format(HEAD_STYLE)
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title, style)
    sheet.freeze_panes(1, 2)


def _columns(book, sheet):
    text = book.add_format({"num_format": "@"})
    head(book, sheet, TITLES)
    for position, column in enumerate(COLUMNS):
        sheet.set_column(position, position, column.width, text)
        rule = {
            "validate": "list" if column.choices else "any",
            "source": list(column.choices),
            "input_title": column.title,
            "input_message": column.hint[:255],
            "error_title": "请从列表里选",
            "error_message": f"{column.title}只能填：{'、'.join(column.choices)}"[:255],
        }
        sheet.data_validation(1, position, PREPARED_ROWS, position, rule)


def _hints(book):
    """A second sheet that says how; the import never reads it."""
    sheet = book.add_worksheet("填表说明")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    rows = [
        ("只填“名册”这一页", "第一行是表头，请不要改动；从第二行起一人一行。"),
        *(
            (f"{column.title}{'（必填）' if column.required else ''}", column.hint)
            for column in COLUMNS
        ),
        ("身份类别可选", "、".join(IdentityCategory.labels)),
    ]
    for number, (title, hint) in enumerate(rows):
        sheet.write_string(number, 0, title, bold)
        sheet.write_string(number, 1, hint, wrap)
