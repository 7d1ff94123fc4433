"""The portal's own workbook of one return: made for download, read back cell by cell.

The layout is fixed (`VERSION`): three stamped cells say which return it is, column A holds the
codes, people may only type into the yellow cells. Formulas, texts and strangers' files are
refused with a sentence.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import python_calamine
import xlsxwriter
from docx.oxml import parse_xml

from reports.actions.returns import Entry
from reports.forms import read_number
from veterans_portal.errors import DomainError
from veterans_portal.indicators import plain

VERSION = "WXVA-RETURN-1"
SHEET = "月报"
STAMP_ROW, HEAD_ROW, FIRST_ROW = 2, 4, 5
COLUMNS = ["代码", "指标", "单位", "系统数", "上月数", "填报数", "分子", "分母", "说明", "需要更正"]
CODE, SYSTEM, LAST, VALUE, NUMERATOR, DENOMINATOR, REASON, ERROR = 0, 3, 4, 5, 6, 7, 8, 9
NUMBERS = {"value": VALUE, "numerator": NUMERATOR, "denominator": DENOMINATOR}
LARGEST_UNPACKED = 20 * 1024 * 1024
TEXT_LIMIT = 200
NOT_OURS = "这不是本平台的月报表格。请在月报页面下载表格，填好后再上传。"


@dataclass
class Filled:
    """What was read: entries, and problems per code as [(column, sentence)]."""

    entries: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    version: int = 0
    texts: dict = field(default_factory=dict)


def write(of, rows, *, texts=None, problems=None):
    """The workbook of a return as bytes.

    `texts` ({code: {column: text}}) puts back what a person had typed, `problems`
    ({code: [sentence]}) stand in the last column and colour the row's cells.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    sheet, formats = book.add_worksheet(SHEET), _formats(book)
    _head(sheet, formats, of)
    for position, row in enumerate(rows):
        code = row.indicator.code
        _line(
            sheet,
            formats,
            FIRST_ROW + position,
            row,
            (texts or {}).get(code, {}),
            (problems or {}).get(code, []),
        )
    sheet.protect("", {"format_columns": True, "select_locked_cells": True})
    book.close()
    return stream.getvalue()


def read(file, of, rows):
    """Read an uploaded workbook for a return; cells that cannot be read become problems.

    Raises DomainError when the file is not ours, damaged, of an older layout, or of another
    station or month.
    """
    table = _cells(file)
    _check_stamp(table, of)
    filled = Filled(version=_whole(_at(table, STAMP_ROW, 5)))
    formulas = table.formulas
    by_code = {
        str(_at(table, position, CODE)).strip(): position
        for position in range(FIRST_ROW, len(table.rows))
    }
    for row in rows:
        code = row.indicator.code
        position = by_code.get(code)
        if position is None:
            raise DomainError(f"表格里缺少{code} {row.indicator.name}这一行，请重新下载表格填写。")
        if row.is_open:
            _read_line(filled, table, formulas, position, row)
    return filled


@dataclass
class Table:
    rows: list
    formulas: set


def _cells(file):
    """All cells of the first sheet, and which of them hold a formula (as (row, column))."""
    data = file.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > LARGEST_UNPACKED:
                raise DomainError(NOT_OURS)
            names = packed.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise DomainError("表格里含有宏，不能上传。请用本平台下载的表格填写。")
            xml = packed.read("xl/worksheets/sheet1.xml")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if SHEET not in book.sheet_names:
            raise DomainError(NOT_OURS)
        rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
        return Table(rows, _formulas(xml))
    except DomainError:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError,
            NotImplementedError, python_calamine.CalamineError) as error:  # fmt: skip
        raise DomainError(NOT_OURS) from error


def _formulas(xml):
    """Positions of cells with a formula; the reader library shows only their last result."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise DomainError(NOT_OURS)
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    try:
        tree = parse_xml(xml)
    except SyntaxError as error:
        raise DomainError(NOT_OURS) from error
    cells = (cell for cell in tree.iter(f"{space}c") if cell.find(f"{space}f") is not None)
    return {place for cell in cells if (place := _place(cell.get("r", "")))}


def _place(reference):
    """`F7` is row 6, column 5."""
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _check_stamp(table, of):
    stamp, station, month = (str(_at(table, STAMP_ROW, column)).strip() for column in (1, 3, 4))
    if stamp != VERSION:
        old = stamp.startswith("WXVA-RETURN-")
        raise DomainError("这份表格的样式已经更新，请重新下载后填写。" if old else NOT_OURS)
    if station != of.station.code:
        raise DomainError(
            f"这份表格属于别的站点（{station}），本页是{of.station.name}，请换成本站的表格。"
        )
    if month != f"{of.period.month:%Y-%m}":
        raise DomainError(f"这份表格是{month}的，本页是{of.period}，请换成本月的表格。")


def _read_line(filled, table, formulas, position, row):
    code, said, numbers, texts = row.indicator.code, [], {}, {}
    wanted = ("numerator", "denominator") if row.indicator.is_ratio else ("value",)
    for name, column in NUMBERS.items():
        raw = _at(table, position, column)
        label = COLUMNS[column]
        if (position, column) in formulas:
            said.append(f"{label}是公式，请改成算好的数字。")
        elif raw in ("", None):
            continue
        elif name not in wanted:
            said.append(f"{label}这一格不用填，请清空。")
        else:
            numbers[name] = _number(raw)
            texts[column] = _text(raw)
            if numbers[name] is None:
                said.append(f"{label}应为数字，您填了“{_text(raw)[:20]}”。")
    reason = _text(_at(table, position, REASON))
    texts[REASON] = reason
    if (position, REASON) in formulas:
        said.append("说明是公式，请改成文字。")
        reason = ""
    if len(reason) > TEXT_LIMIT:
        said.append(f"说明最多{TEXT_LIMIT}个字，您写了{len(reason)}个。")
    filled.texts[code] = texts
    if said:
        filled.problems[code] = said
    filled.entries[code] = Entry(reason=reason[:TEXT_LIMIT], **numbers)


def _number(raw):
    """A Decimal from a cell: numbers arrive as floats, typed text is read like on the page."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        try:
            number = Decimal(repr(raw))
        except InvalidOperation:
            return None
        return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None
    return read_number(raw) if isinstance(raw, str) else None


def _text(raw):
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else str(raw).replace("\x00", "").strip()


def _whole(raw):
    return int(raw) if isinstance(raw, int | float) and raw == raw and 0 <= raw < 32000 else 0


def _at(table, row, column):
    cells = table.rows[row] if row < len(table.rows) else []
    return cells[column] if column < len(cells) else ""


def _formats(book):
    base = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
    typed = base | {"locked": False, "bg_color": "#FFF9DB"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"}),
        "note": book.add_format({"font_color": "#555C63", "font_name": "宋体"}),
        "head": book.add_format(
            base | {"bold": True, "bg_color": "#F0ECE4", "align": "center", "text_wrap": True}
        ),
        "text": book.add_format(base | {"text_wrap": True}),
        "number": book.add_format(base | {"num_format": "#,##0.##"}),
        "shut": book.add_format(base | {"bg_color": "#F0ECE4"}),
        "typed": book.add_format(typed | {"num_format": "#,##0.##"}),
        "reason": book.add_format(typed | {"text_wrap": True}),
        "wrong": book.add_format(
            base | {"bg_color": "#FDECEA", "font_color": "#7A1710", "text_wrap": True}
        ),
        "wrong_typed": book.add_format(typed | {"bg_color": "#FDECEA", "num_format": "#,##0.##"}),
    }


def _head(sheet, formats, of):
    sheet.set_default_row(20)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, f"{of.station.name} {of.period}月报", formats["title"])
    sheet.write_string(
        1, 1, "只填黄色的格子：数字照实填，没有发生的填0；改动系统数要写说明。不要增删行列。",
        formats["note"],
    )  # fmt: skip
    sheet.write_string(STAMP_ROW, 1, VERSION)
    sheet.write_string(STAMP_ROW, 3, of.station.code)
    sheet.write_string(STAMP_ROW, 4, f"{of.period.month:%Y-%m}")
    sheet.write_number(STAMP_ROW, 5, of.version)
    sheet.set_row(STAMP_ROW, None, None, {"hidden": True})
    for column, (title, width) in enumerate(
        zip(COLUMNS, (9, 34, 7, 11, 11, 13, 11, 11, 34, 40), strict=True)
    ):
        sheet.write_string(HEAD_ROW, column, title, formats["head"])
        sheet.set_column(column, column, width, None, {"hidden": column == CODE})


def _line(sheet, formats, position, row, texts, problems):
    indicator, figure = row.indicator, row.figure
    sheet.write_string(position, CODE, indicator.code, formats["text"])
    sheet.write_string(position, 1, f"{indicator.code} {indicator.name}", formats["text"])
    sheet.write_string(position, 2, indicator.unit, formats["text"])
    _put(sheet, position, SYSTEM, figure.system_value, formats["number"])
    _put(sheet, position, LAST, row.last, formats["number"])
    stored = {
        VALUE: None if indicator.is_ratio else figure.typed_value,
        NUMERATOR: figure.typed_numerator,
        DENOMINATOR: figure.typed_denominator,
    }
    wanted = {NUMERATOR, DENOMINATOR} if indicator.is_ratio else {VALUE}
    for column, value in stored.items():
        shape = "shut"
        if column in wanted:
            shape = "wrong_typed" if problems else "typed"
        if not row.is_open:
            shape = "number" if column in wanted else "shut"
        _put(sheet, position, column, texts.get(column, value), formats[shape])
    reason = texts.get(REASON, figure.reason)
    sheet.write_string(position, REASON, reason, formats["reason" if row.is_open else "text"])
    said = "".join(problems) or (
        f"退回：{figure.returned_reason}" if figure.returned_reason else ""
    )
    sheet.write_string(position, ERROR, said, formats["wrong" if said else "text"])
    if len(indicator.name) > 14 or len(said) > 18:
        sheet.set_row(position, 32)


def _put(sheet, row, column, value, shape):
    """Numbers as numbers, what is no number as the text that was typed, nothing as a blank."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, shape)
        return
    number = value if isinstance(value, Decimal) else read_number(str(value))
    if number is None:
        sheet.write_string(row, column, str(value), shape)
    else:
        sheet.write_number(row, column, float(plain(number)), shape)
