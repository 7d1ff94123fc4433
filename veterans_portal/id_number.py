"""The 18 digit resident ID number: checked by rule, never by a list of regions.

Old veterans carry region codes that no longer exist, so an unknown region is a warning
(`domain.md` B.2); date and check digit decide.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.cn.ric import calc_check_digit

from veterans_portal.errors import DomainError

PROVINCES = {
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
    *("65", "71", "81", "82", "83"),
}
OLDEST_AGE_YEARS = 120


@dataclass(frozen=True)
class IdNumber:
    """A valid number and what it says: birth date, sex (M/F), and a warning or ''."""

    text: str
    birth: date
    sex: str
    warning: str


def normalise(raw):
    """Return the number as it is stored: half width, upper case X, no spaces or dashes."""
    text = unicodedata.normalize("NFKC", str(raw or ""))
    return re.sub(r"[\s\-\u200b]", "", text).upper()


def parse(raw, *, today=None):
    """Check a number as typed and return an IdNumber.

    Raises DomainError whose message says which part is wrong; it never repeats the number.
    """
    text = normalise(raw)
    if len(text) != 18:
        raise DomainError(f"身份证号应为18位，您填了{len(text)}位，请核对。", code="id_length")
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        raise DomainError("身份证号前17位应为数字，最后一位是数字或X，请核对。", code="id_shape")
    birth = _birth(text, today or date.today())
    if calc_check_digit(text) != text[-1]:
        raise DomainError(
            "身份证号的最后一位（校验位）对不上，多半是有一位写错了，请对照证件逐位核对。",
            code="id_check_digit",
        )
    warning = "" if text[:2] in PROVINCES else "身份证号开头的地区代码少见，请核对证件。"
    return IdNumber(text, birth, "M" if int(text[16]) % 2 else "F", warning)


def _birth(text, today):
    try:
        birth = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise DomainError(
            "身份证号第7至14位应是出生日期，这里不是一个真实的日期，请核对。", code="id_birth"
        ) from None
    if not today.year - OLDEST_AGE_YEARS <= birth.year or birth > today:
        raise DomainError("身份证号里的出生日期不合常理，请核对。", code="id_birth")
    return birth
