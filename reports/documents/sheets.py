"""The consolidated Excel: the monthly columns of `domain.md` C.2, and every station's figures."""

import xlsxwriter

from reports import rollup
from reports.catalogue import INDICATORS
from reports.rollup import EMPTY, shown
from services.models import Station

SUMMARY_HEAD = [
    "代码", "指标", "单位", "本期数", "报告用语", "本年累计", "上年同期累计", "同比±%",
    "完成年度目标%", "数据来源", "说明",
]  # fmt: skip
ROW = 19  # points
BY_PERSON = "须按人核对"
FEW = "不足5件"
NO_TARGET = "未下达"


def write(report, target, *, progress):
    """Write the workbook of a Report to the path or stream `target`.

    `progress(done, total)` is called after every hundred stations.
    """
    book = xlsxwriter.Workbook(
        target,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    formats = _formats(book)
    _summary(book.add_worksheet("汇总表"), formats, report)
    _stations(book.add_worksheet("各站点"), formats, report, progress)
    book.close()


def _summary(sheet, formats, report):
    sheet.set_default_row(ROW)
    sheet.write_string(0, 0, f"{report.station.name}{report.months}综合报表", formats["title"])
    sheet.write_string(
        1,
        0,
        f"已报{report.filed}份，应报{report.due}份。内部使用；对外提供时，小于5的数写作“<5”。",
        formats["note"],
    )
    widths = (9, 36, 7, 12, 18, 12, 14, 10, 14, 12, 70)
    for column, (title, width) in enumerate(zip(SUMMARY_HEAD, widths, strict=True)):
        sheet.write_string(3, column, title, formats["head"])
        sheet.set_column(column, column, width)
    for row, indicator in enumerate(INDICATORS, start=4):
        now, year, before = (
            figures[indicator.code]
            for figures in (report.figures, report.this_year, report.last_year)
        )
        sheet.write_string(row, 0, indicator.code, formats["text"])
        sheet.write_string(row, 1, indicator.name, formats["text"])
        sheet.write_string(row, 2, indicator.unit, formats["text"])
        _put(sheet, row, 3, now, formats)
        sheet.write_string(row, 4, indicator.printed(now.value), formats["text"])
        _put(sheet, row, 5, year, formats)
        _put(sheet, row, 6, before, formats)
        change = change_of(year, before)
        sheet.write_string(row, 7, "—" if change is None else f"{change:+.1f}", formats["right"])
        sheet.write_string(row, 8, NO_TARGET, formats["right"])
        sheet.write_string(row, 9, "自动" if indicator.is_automatic else "人工", formats["text"])
        sheet.write_string(row, 10, indicator.hint, formats["text"])
    _for_print(sheet, head=3)


def _stations(sheet, formats, report, progress):
    cells = rollup.every_station(report.station, report.first, report.last)
    stations = list(Station.objects.under(report.station).active(on=report.last).order_by("path"))
    above = {station.parent_id for station in stations}
    sheet.set_default_row(ROW)
    sheet.write_string(0, 0, f"{report.station.name}{report.months}各站点指标", formats["title"])
    heads = ["站点", "口径", *(f"{i.code}\n{i.name}\n（{i.unit}）" for i in INDICATORS)]
    sheet.set_row(2, 78)
    for column, title in enumerate(heads):
        sheet.write_string(2, column, title, formats["head"])
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, len(heads), 12)
    row, floor = 3, report.station.path.count("/")
    for done, station in enumerate(stations, start=1):
        level = min(station.path.count("/") - floor, 7)
        if station.pk in above:
            sheet.set_row(row, ROW, None, {"level": level})
            _station(sheet, row, station.name, "含下级", station.path, "under", cells, formats)
            row += 1
        sheet.set_row(row, ROW, None, {"level": min(level + (station.pk in above), 7)})
        _station(sheet, row, station.name, "本级", station.path, "own", cells, formats)
        row += 1
        if done % 100 == 0 or done == len(stations):
            progress(done, len(stations))
    sheet.freeze_panes(3, 2)
    _for_print(sheet, head=2)


def _station(sheet, row, name, scope, path, part, cells, formats):
    kind = "bold" if part == "under" else "text"
    sheet.write_string(row, 0, name, formats[kind])
    sheet.write_string(row, 1, scope, formats[kind])
    for column, indicator in enumerate(INDICATORS, start=2):
        _put(
            sheet,
            row,
            column,
            shown(indicator, cells.get((path, indicator.code, part), EMPTY)),
            formats,
        )


def _put(sheet, row, column, cell, formats):
    if cell.by_person:
        sheet.write_string(row, column, BY_PERSON, formats["right"])
    elif cell.value is None:
        sheet.write_string(row, column, FEW if cell.few else "—", formats["right"])
    else:
        whole = cell.value == int(cell.value)
        sheet.write_number(row, column, float(cell.value), formats["number" if whole else "parts"])


def change_of(now, before):
    """Year on year in percent; None without a base."""
    if now.value is None or not before.value:
        return None
    return (now.value / before.value - 1) * 100


def _for_print(sheet, *, head):
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&C第&P页，共&N页")


def _formats(book):
    base = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
    return {
        "title": book.add_format({"font_name": "宋体", "font_size": 16, "bold": True}),
        "note": book.add_format({"font_name": "宋体", "font_color": "#555C63"}),
        "head": book.add_format(
            base | {"bold": True, "bg_color": "#F0ECE4", "align": "center", "text_wrap": True}
        ),
        "text": book.add_format(base),
        "bold": book.add_format(base | {"bold": True}),
        "right": book.add_format(base | {"align": "right"}),
        "number": book.add_format(base | {"num_format": "#,##0"}),
        "parts": book.add_format(base | {"num_format": "#,##0.00"}),
    }
