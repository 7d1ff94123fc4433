"""The figures of a fair as an Excel file: totals, stands, posts, intentions without names."""

import io

import xlsxwriter

from placement import fair_figures
from placement.models import EmploymentIntent
from veterans_portal.masking import mask_name

TOTALS = (
    ("参会单位", "employers", "家"), ("招聘岗位", "vacancies", "种"), ("提供岗位数", "posts", "个"),
    ("登记人数", "registered", "人"), ("到场人数", "came", "人"), ("其中现场登记", "walked_in", "人"),
    ("达成意向", "reached", "人次"),
)  # fmt: skip


def write(fair):
    """The workbook as bytes. Names are masked; texts never become formulas or links."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    bold = book.add_format({"bold": True})
    _totals(book.add_worksheet("总体"), bold, fair)
    _stands(book.add_worksheet("展位"), bold, fair)
    _posts(book.add_worksheet("岗位"), bold, fair)
    _intents(book.add_worksheet("意向"), bold, fair)
    book.close()
    return stream.getvalue()


def _totals(sheet, bold, fair):
    sheet.set_column(0, 0, 18)
    sheet.write_string(0, 0, fair.title, bold)
    sheet.write_string(1, 0, f"{fair.held_on}，{fair.venue}，{fair.get_state_display()}")
    sums = fair_figures.totals(fair)
    rows = [(label, sums[name], unit) for label, name, unit in TOTALS]
    rows += [(f"意向进展：{label}", count, "人次") for label, count in fair_figures.stages(fair)]
    for position, (label, count, unit) in enumerate(rows, start=3):
        sheet.write_string(position, 0, label)
        sheet.write_number(position, 1, count)
        sheet.write_string(position, 2, unit)


def _table(sheet, bold, heads, rows):
    sheet.set_column(0, len(heads) - 1, 18)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for position, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(position, column, value)
            else:
                sheet.write_string(position, column, str(value or ""))


def _stands(sheet, bold, fair):
    rows = [
        (each.stand_number, each.partner.name, each.partner.get_nature_display(), each.vacancies,
         each.posts_offered, each.reached)
        for each in fair_figures.by_employer(fair)
    ]  # fmt: skip
    _table(sheet, bold, ["展位", "单位", "性质", "岗位种类", "提供岗位数", "达成意向"], rows)


def _posts(sheet, bold, fair):
    rows = [
        (each.employer.stand_number, each.vacancy.employer_name, each.vacancy.title,
         each.vacancy.get_field_display(), each.headcount, each.vacancy.division.name,
         each.vacancy.pay_words)
        for each in fair_figures.posts_of(fair)
    ]  # fmt: skip
    _table(sheet, bold, ["展位", "单位", "岗位", "行业", "人数", "工作地", "月薪"], rows)


def _intents(sheet, bold, fair):
    found = EmploymentIntent.objects.filter(fair=fair).select_related("vacancy")
    rows = [
        (mask_name(each.name), each.vacancy.employer_name, each.vacancy.title,
         each.get_stage_display(), each.reached_on, each.interview_on, each.hired_on,
         each.seated_on)
        for each in found.order_by("made_at", "pk")
    ]  # fmt: skip
    heads = ["姓名", "单位", "岗位", "进展", "达成意向", "面试", "录用", "到岗"]
    _table(sheet, bold, heads, rows)
