"""The Excel by which a bank returns what it lent in a month: the sheet to fill, and its reading."""

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import xlsxwriter

from placement.enums.loans import LOAN_PAID, LOAN_WITH_BANK, LoanProduct
from placement.models import LoanReferral
from placement.models.loans import MOST_MONTHS, MOST_RATE, MOST_YUAN
from services.forms.fields import DATE_FORMATS
from services.rosters import reading
from services.rosters.columns import Column
from veterans_portal.indicators import next_month

SHEET = "名册"  # the sheet that readers look for
MOST_ROWS = 5000
MOST_BYTES = 5 * 1024 * 1024
LEAST_RATE = Decimal("0.3")  # below it, somebody typed a fraction instead of percent
PRODUCTS = f"请写“{'”或“'.join(LoanProduct.labels)}”。"
RECEIPT = re.compile(r"[A-Za-z0-9_./-]{1,40}")
COLUMNS = (
    Column("number", "推荐编号", 20, "经平台推荐的照抄编号；没有推荐的不填。"),
    Column("receipt", "借据号", 24, "贵行的借据编号，每笔不同，整列为文本。", required=True),
    Column("product", "贷款产品", 18, "两种产品分开填。", required=True,
           choices=tuple(LoanProduct.labels)),
    Column("amount", "放款金额", 16, "单位是元，最多两位小数。", required=True),
    Column("rate", "年利率", 10, "百分数，例如2.6表示2.6%。", required=True),
    Column("term_months", "期限", 8, "单位是月，整数。", required=True),
    Column("granted_on", "放款日期", 14, "写成2025-01-15，须在回报的月份里。", required=True),
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: its row in the sheet, its column, what was there, how to mend it."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Row:
    """One loan as the file says it; `referral` is the referral of its number, if it has one."""

    row: int
    referral: LoanReferral | None
    receipt: str
    product: str
    amount: Decimal
    rate: Decimal
    term_months: int
    granted_on: date


def template(bank, month):
    """The sheet of a month as bytes, with the bank's own referrals and what it noted of them."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(SHEET)
    for position, column in enumerate(COLUMNS):
        is_text = column.key in ("number", "receipt", "granted_on")
        sheet.set_column(position, position, column.width, text if is_text else None)
        sheet.write_string(0, position, column.title, bold)
        sheet.write_comment(0, position, column.hint)
        if column.choices:
            sheet.data_validation(
                1,
                position,
                MOST_ROWS,
                position,
                {"validate": "list", "source": list(column.choices)},
            )
    for position, each in enumerate(_known(bank, month), start=1):
        sheet.write_string(position, 0, each.number)
        sheet.write_string(position, 2, each.get_product_display())
        if each.is_paid:
            sheet.write_number(position, 3, float(each.amount))
            sheet.write_number(position, 4, float(each.rate))
            sheet.write_number(position, 5, each.term_months)
            sheet.write_string(position, 6, f"{each.granted_on:%Y-%m-%d}")
    book.close()
    return stream.getvalue()


def granted_in(bank, month):
    """The bank's referrals that it noted as lent in a month."""
    return LoanReferral.objects.filter(
        bank=bank, state__in=LOAN_PAID, granted_on__gte=month, granted_on__lt=next_month(month)
    ).order_by("number")


def read(data, bank, month):
    """Return (rows, problems) of a file; with problems nothing may be kept.

    Raises FileRefused (a DomainError) when it is no workbook or lacks a column.
    """
    found, problems, receipts, numbers = [], [], {}, {}
    by_number = {each.number: each for each in LoanReferral.objects.of_bank(bank)}
    for line, cells in reading.rows(data, COLUMNS):
        if len(found) + len(problems) > MOST_ROWS:
            raise reading.FileRefused(f"一份回报最多{MOST_ROWS}行，请核对文件。")
        if all(value is None for value in cells[3:]) and cells[1] is None:
            continue  # a referral of the sheet that came to nothing this month
        checker = _Checker(line, month, by_number)
        row = checker.row(dict(zip([each.key for each in COLUMNS], cells, strict=True)))
        for name, value, seen in (
            ("借据号", row and row.receipt, receipts),
            ("推荐编号", row and row.referral and row.referral.number, numbers),
        ):
            if value and value in seen:
                checker.wrong(name, value, f"与第{seen[value]}行重复，请核对。")
            elif value:
                seen[value] = line
        problems += checker.problems
        if row and not checker.problems:
            found.append(row)
    if not found and not problems:
        raise reading.FileRefused("回报里没有一笔放款。这个月没有放款的，不用上传。")
    return found, problems


def _known(bank, month):
    open_ = LoanReferral.objects.filter(bank=bank, state__in=LOAN_WITH_BANK).order_by("number")
    return [*granted_in(bank, month), *open_]


class _Checker:
    """Reads one row; every cell that is wrong becomes a Problem."""

    def __init__(self, line, month, by_number):
        self.line, self.month, self.by_number = line, month, by_number
        self.problems = []

    def wrong(self, column, value, message):
        self.problems.append(Problem(self.line, column, _shown(value), message))

    def row(self, cells):
        """The Row, or None when a cell is wrong."""
        made = Row(
            row=self.line,
            referral=self._referral(cells["number"]),
            receipt=self._receipt(cells["receipt"]),
            product=self._product(cells["product"]),
            amount=self._amount(cells["amount"]),
            rate=self._rate(cells["rate"]),
            term_months=self._term(cells["term_months"]),
            granted_on=self._day(cells["granted_on"]),
        )
        return None if self.problems else made

    def _referral(self, value):
        text = _text(value).upper()
        if not text:
            return None
        if text not in self.by_number:
            self.wrong(
                "推荐编号", value, "没有推送给贵行的这个编号，请照推荐单抄写；没有推荐的不填。"
            )
        return self.by_number.get(text)

    def _receipt(self, value):
        text = _text(value)
        if not RECEIPT.fullmatch(text):
            self.wrong("借据号", value, "请填写借据号：字母、数字和 - _ / .，最多40位。")
        return text

    def _product(self, value):
        text = _text(value)
        if text not in LoanProduct.labels:
            self.wrong("贷款产品", value, PRODUCTS)
            return ""
        return next(each.value for each in LoanProduct if each.label == text)

    def _amount(self, value):
        number = _decimal(value)
        if number is None:
            self.wrong("放款金额", value, "请只写数字，单位是元，例如 300000。")
        elif not 0 < number <= MOST_YUAN:
            self.wrong("放款金额", value, "金额应大于0、不超过1亿元，单位是元。")
        elif number != number.quantize(Decimal("0.01")):
            self.wrong("放款金额", value, "金额最多两位小数。")
        return number

    def _rate(self, value):
        number = _decimal(value)
        if number is None:
            self.wrong("年利率", value, "请只写数字，例如 2.6 表示2.6%。")
        elif 0 < number < LEAST_RATE:
            self.wrong("年利率", value, "请写百分数：2.6%写2.6，单元格不要设成百分比格式。")
        elif not 0 <= number <= MOST_RATE or number != number.quantize(Decimal("0.0001")):
            self.wrong("年利率", value, f"年利率为0至{MOST_RATE}，最多四位小数。")
        return number

    def _term(self, value):
        number = _decimal(value)
        if number is None or number != int(number) or not 1 <= number <= MOST_MONTHS:
            self.wrong("期限", value, f"期限为1至{MOST_MONTHS}的整数，单位是月。")
            return 0
        return int(number)

    def _day(self, value):
        day = _day(value)
        if day is None:
            self.wrong("放款日期", value, "请写成年-月-日，例如 2025-01-15。")
        elif day.replace(day=1) != self.month:
            self.wrong(
                "放款日期", value, f"不在{self.month.year}年{self.month.month}月里，请核对。"
            )
        return day


def _text(value):
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return "" if value is None else str(value).replace("\x00", "").strip()


def _shown(value):
    return _text(value)[:40]


def _decimal(value):
    if isinstance(value, (bool, datetime)) or value is None:
        return None
    text = repr(value) if isinstance(value, float) else str(value)
    try:
        number = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def _day(value):
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return None
    for shape in DATE_FORMATS:
        try:
            return datetime.strptime(value.strip(), shape).date()
        except ValueError:
            continue
    return None
