"""The checks of a return (`domain.md` C.3 rule 5), as sentences for the cell they belong to."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from reports.catalogue import BY_CODE
from veterans_portal.indicators import Indicator, plain, ratio

JUMP = Decimal("0.5")
LARGEST = Decimal(10) ** 12


@dataclass
class Line:
    """One indicator of a return as it would be stored, with last month's value beside it."""

    indicator: Indicator
    system: Decimal | None = None
    typed: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""
    last: Decimal | None = None

    @property
    def value(self):
        return self.system if self.typed is None else self.typed

    @property
    def is_jump(self):
        """A change of more than half against last month (ratios and a first figure excepted)."""
        if self.indicator.is_ratio or not self.last or self.value is None:
            return False
        return abs(self.value - self.last) > self.last * JUMP

    def settle(self):
        """Compute a ratio from its parts; the system's own figure typed again is no override."""
        if self.indicator.is_ratio and self.denominator is not None:
            self.typed = ratio(self.numerator, self.denominator)
        if self.typed is not None and self.typed == self.system:
            self.typed = self.numerator = self.denominator = None


def of_cells(lines):
    """What forbids storing: `{code: [sentence]}`."""
    found = defaultdict(list)
    for line in lines:
        code = line.indicator.code
        found[code] += _of_number(line)
        if line.system is not None and line.typed is not None and not line.reason:
            found[code].append(
                f"填报数{plain(line.typed)}与系统数{plain(line.system)}不同，请在说明里写明原因。"
            )
    return {code: sentences for code, sentences in found.items() if sentences}


def of_filing(lines):
    """What forbids filing, besides `of_cells`: gaps, logic between indicators, unexplained jumps."""
    found = defaultdict(list)
    by_code = {line.indicator.code: line for line in lines}
    for line in lines:
        indicator = line.indicator
        if indicator.core and line.value is None and not _is_empty_ratio(line):
            found[indicator.code].append("请填写；没有发生的填0。")
        if line.is_jump and not line.reason:
            found[indicator.code].append(
                f"本月{plain(line.value)}，上月{plain(line.last)}，变动超过50%，请在说明里写明原因。"
            )
    for code, sentence in _of_logic(by_code):
        found[code].append(sentence)
    return dict(found)


def _of_number(line):
    indicator, said = line.indicator, []
    numbers = (line.numerator, line.denominator) if indicator.is_ratio else (line.typed,)
    if indicator.is_ratio and (line.numerator is None) != (line.denominator is None):
        said.append(f"{indicator.parts[0]}和{indicator.parts[1]}须同时填写。")
    for number in numbers:
        if number is None:
            continue
        places = 0 if indicator.is_ratio else indicator.places
        if number < 0:
            said.append(f"不能小于0，您填了{plain(number)}。")
        elif number >= LARGEST:
            said.append("这个数太大了，请核对是否多打了几位。")
        elif number != round(number, places):
            limit = f"最多{places}位小数" if places else "应为整数"
            said.append(f"{limit}，您填了{plain(number)}。")
    parts = (line.numerator, line.denominator)
    is_part = indicator.is_ratio and not indicator.beyond_whole
    if is_part and None not in parts and parts[0] > parts[1]:
        said.append(f"{indicator.parts[0]}不应大于{indicator.parts[1]}。")
    return said


def _is_empty_ratio(line):
    return line.indicator.is_ratio and (line.indicator.is_automatic or line.denominator is not None)


def _of_logic(by_code):
    values = {code: line.value for code, line in by_code.items()}
    visits, contacts = values.get("SVC-13"), values.get("SVC-12")
    if visits is not None and contacts is not None and visits > contacts:
        yield "SVC-13", f"走访慰问{plain(visits)}人次不应大于联系{plain(contacts)}人次（SVC-12）。"
    people, amount = values.get("SVC-10"), values.get("SVC-11")
    if people and not amount:
        yield "SVC-11", f"有{plain(people)}人追回补偿金（SVC-10），追回金额应大于0。"
    if amount and not people:
        yield "SVC-10", f"追回了{plain(amount)}万元（SVC-11），追回人数应大于0。"


def line_of(figure, last=None):
    """The Line of a stored figure."""
    return Line(
        BY_CODE[figure.code],
        figure.system_value,
        figure.typed_value,
        figure.typed_numerator,
        figure.typed_denominator,
        figure.reason,
        last,
    )
