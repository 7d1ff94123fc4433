"""The Word draft in the official format of Party and government papers (`domain.md` D.9)."""

from django.utils import timezone
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.catalogue import INDICATORS
from reports.documents import wording
from reports.documents.sheets import BY_PERSON, FEW, change_of
from services.enums import Tier
from veterans_portal.indicators import plain

BODY, TITLE, HEADING, SUBHEADING, SONG = (
    "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体",
)  # fmt: skip
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
LINE = Pt(28.95)  # 225 mm for 22 lines
NUMERALS = "一二三四五六七八九十"
NUMBER = "{issuer}退役军人发〔{year}〕×号"
TABLE_HEAD = ["指标", "单位", "本期数", "本年累计", "上年同期", "同比±%"]
TABLE_WIDTHS = (56, 14, 22, 22, 22, 20)


def write(report, target):
    """Write the draft of a Report to the path or stream `target`."""
    document = Document()
    _page(document)
    _text(document, _number(report), align="center", indent=False)
    _text(document, "", indent=False)
    for line in _title_lines(report):
        _text(document, line, font=TITLE, size=SIZE_2, align="center", indent=False)
    _text(document, "", indent=False)
    _text(document, "（主送机关）：", indent=False)
    _text(document, wording.lead(report))
    sections = wording.paragraphs(report)
    for position, (heading, text) in enumerate(sections):
        _text(document, f"{NUMERALS[position]}、{heading}", font=HEADING, keep=True)
        _text(document, text)
    _text(document, f"{NUMERALS[len(sections)]}、数据说明", font=HEADING, keep=True)
    _text(document, wording.data_note(report))
    _text(document, "", indent=False)
    _text(document, f"附件：1. {report.months}主要指标表")
    _text(document, "", indent=False)
    _sign(document, report, timezone.localdate())
    document.add_page_break()
    _attachment(document, report)
    document.core_properties.title = report.name
    document.core_properties.author = report.issuer
    document.save(target)


def _number(report):
    """The place of the document number; only the city's short name is known."""
    return NUMBER.format(
        issuer="锡" if report.station.tier == Tier.CITY else "×", year=report.last.year
    )


def _title_lines(report):
    """The title as a diamond: short, long, short, without a full stop."""
    return [report.issuer, f"关于{report.months}退役军人服务保障", "工作情况的报告"]


def _page(document):
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, SIZE_3
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer, align):
    """— 1 —, odd pages right, even pages left, one character from the edge."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    side = "right_indent" if align == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, side, SIZE_4)
    _run(paragraph, "— ", SONG, SIZE_4)
    run = _run(paragraph, "", SONG, SIZE_4)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)
    _run(paragraph, " —", SONG, SIZE_4)


def _text(document, text, *, font=BODY, size=SIZE_3, align="justify", indent=True, keep=False):
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.space_before = layout.space_after = Pt(0)
    layout.keep_with_next = keep
    paragraph.alignment = {
        "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    if indent:
        layout.first_line_indent = size * 2
    if text:
        _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph, text, font, size):
    """A run whose Chinese face is set too: `font.name` alone reaches Latin letters only."""
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, LATIN if font == BODY else font
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and dashes are Chinese ones
    return run


def _sign(document, report, today):
    """Issuer above the date; the date four characters from the right edge."""
    issuer = _text(document, report.issuer, align="right", indent=False)
    issuer.paragraph_format.right_indent = SIZE_3 * 2
    day = _text(
        document, f"{today.year}年{today.month}月{today.day}日", align="right", indent=False
    )
    day.paragraph_format.right_indent = SIZE_3 * 4


def _attachment(document, report):
    _text(document, "附件1", font=HEADING, indent=False)
    _text(
        document,
        f"{report.months}主要指标表",
        font=TITLE,
        size=SIZE_2,
        align="center",
        indent=False,
    )
    table = document.add_table(rows=1, cols=len(TABLE_HEAD))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, TABLE_WIDTHS, strict=True):
        column.width = Mm(width)
    _row(table.rows[0], TABLE_HEAD, font=HEADING)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for indicator in INDICATORS:
        now, year, before = (
            figures[indicator.code]
            for figures in (report.figures, report.this_year, report.last_year)
        )
        change = change_of(year, before)
        _row(
            table.add_row(),
            [
                indicator.name,
                indicator.unit,
                _said(now),
                _said(year),
                _said(before),
                "—" if change is None else f"{change:+.1f}",
            ],
        )


def _row(row, texts, *, font=BODY):
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)
    for position, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = Mm(TABLE_WIDTHS[position])
        paragraph = cell.paragraphs[0]
        layout = paragraph.paragraph_format
        layout.space_before = layout.space_after = Pt(2)
        layout.line_spacing = 1.0
        if font == HEADING or position == 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif position > 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, text, font, SIZE_5)


def _said(cell):
    if cell.by_person:
        return BY_PERSON
    if cell.few:
        return FEW
    return "—" if cell.value is None else plain(cell.value)
