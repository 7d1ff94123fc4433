"""Checking one row of a roster: what each cell means, or why it has to be mended.

Pure functions: no database. `Context` holds what the rows are checked against.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from services.enums import DisabilityNature, IdentityCategory, PlacementWay, Sex
from services.rosters.columns import COLUMNS, KEYS, POSITION, SEPARATOR, TITLES
from veterans_portal import id_number as id_numbers
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_text

NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+(?:·[\u3400-\u9fff\U00020000-\U0003ffff]+)*"
                  r"|[A-Za-z][A-Za-z .'-]*")  # fmt: skip
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff\ufffe\uffff]")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?|(\d{4})(\d{2})(\d{2})")
PHONE = re.compile(r"1[3-9]\d{9}")
CATEGORIES = {label: value for value, label in IdentityCategory.choices}
EARLIEST = dt.date(1900, 1, 1)
LIMITS = {"name": 50, "address": 160, "evidence": 80}
SHOWN = 200  # characters of a cell that are kept to show it again
NUMERIC_ID = (
    "这一格是数字格式，Excel只保留前15位，后几位已经变成0。请把整列设为文本，再照证件重新填写。"
)


@dataclass(frozen=True)
class Context:
    """Against what rows are checked: stations by code and by name, the default one, the day."""

    by_code: dict
    by_name: dict
    default: int | None
    today: dt.date


@dataclass
class Row:
    """A checked row: `shown` as the file had it, `values` by key, `errors` by key."""

    number: int
    shown: list
    id_index: str = ""
    known: bool = False
    values: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)


def check(number, cells, context):
    """Check one row against the context; returns a Row with values or with errors."""
    row = Row(number, [show(cell) if cell is not None else "" for cell in cells])
    for (key, reader, empty), cell in zip(PLAN, cells, strict=True):
        if cell is None and key not in REQUIRED:
            row.values[key] = empty
            continue
        try:
            row.values[key] = reader(cell, key, context)
        except DomainError as error:
            row.errors[key] = error.message
    _station(row, context)
    _agreement(row)
    return row


def show(cell):
    """A cell as text, for the sheet that comes back."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell[:SHOWN] if cell.isprintable() else CONTROL.sub("", cell[:SHOWN])
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d}" if cell.year >= 1000 else str(cell)
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    return str(cell)


def _text(cell, key, context):
    text = unicodedata.normalize("NFC", show(cell) if not isinstance(cell, str) else cell).strip()
    if not text.isprintable() and CONTROL.search(text):
        raise DomainError(f"{_title(key)}里有看不见的字符，请删掉这一格，重新输入。")
    limit = LIMITS.get(key, 80)
    if len(text) > limit:
        raise DomainError(f"{_title(key)}最多{limit}个字，这里有{len(text)}个，请缩短。")
    return text


def _name(cell, key, context):
    text = _text("" if cell is None else cell, key, context)
    text = text.replace("•", "·").replace("・", "·").replace(" ", "")
    if not text:
        raise DomainError("没有填姓名。")
    if len(text) < 2 or not NAME.fullmatch(text):
        raise DomainError("姓名应为至少2个汉字（少数民族姓名可用“·”），请照身份证填写。")
    return text


def _id_number(cell, key, context):
    if cell is None or cell == "":
        raise DomainError("没有填身份证号。")
    if not isinstance(cell, str):
        raise DomainError(NUMERIC_ID)
    try:
        return id_numbers.parse(cell[:40], today=context.today)
    except DomainError as error:
        raise DomainError(error.message.replace("您填了", "这里有")) from error


def _phone(cell, key, context):
    text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", show(cell)))
    text = text.removeprefix("+86")
    if not text:
        return None
    if not PHONE.fullmatch(text):
        count = len(text)
        raise DomainError(f"手机号应为11位数字、以1开头，这里有{count}位，请核对；没有可以空着。")
    return text


def _date(cell, key, context):
    if cell == "":
        return None
    day = cell.date() if isinstance(cell, dt.datetime) else _date_in(show(cell).strip(), key)
    if not EARLIEST <= day <= context.today:
        raise DomainError(f"{_title(key)}不在1900年到今天之间，请核对。")
    return day


def _date_in(text, key):
    found = DATE.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    try:
        year, month, day = (found[1], found[2], found[3] or 1) if found[1] else found.group(4, 5, 6)
        return dt.date(int(year), int(month), int(day))
    except (TypeError, ValueError):
        raise DomainError(f"{_title(key)}请写成1978-12-01这样，年月日都要是真实的日期。") from None


def _choice(enum):
    by_label = {label: value for value, label in enum.choices}

    def read(cell, key, context):
        text = _text(cell, key, context)
        if not text:
            return None
        if text not in by_label:
            raise DomainError(f"{_title(key)}只能填：{SEPARATOR.join(by_label)}。")
        return by_label[text]

    return read


def _categories(cell, key, context):
    # A list of categories is longer than other texts, so it has its own limit.
    text = unicodedata.normalize("NFC", show(cell)).strip()
    parts = [part.strip() for part in re.split(r"[、,，;；/\n]", text) if part.strip()]
    if not parts:
        raise DomainError("没有填身份类别。")
    strange = [part for part in parts if part not in CATEGORIES]
    if strange:
        raise DomainError(
            f"没有“{mask_text(strange[0][:20])}”这种身份类别。可填：{SEPARATOR.join(CATEGORIES)}；几种之间用顿号隔开。"
        )
    return [CATEGORIES[part] for part in dict.fromkeys(parts)]


def _grade(cell, key, context):
    text = _text(cell, key, context).removesuffix("级")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 10):
        raise DomainError("残疾等级应为1至10的数字。")
    return int(text)


def _yes(cell, key, context):
    text = _text(cell, key, context)
    if text not in ("", "是", "否"):
        raise DomainError(f"{_title(key)}只能填是或否。")
    return text == "是"


def _station(row, context):
    """The station by code, by name, by both, or the village station the roster is for."""
    if {"station_code", "station_name"} & row.errors.keys():
        return
    code, name = row.values["station_code"], row.values["station_name"]
    if not code and not name:
        if context.default is None:
            row.errors["station_code"] = "没有填站点：站点代码和站点名称请填一项。"
        row.values["station"] = context.default
        return
    named = context.by_name.get(name, ()) if name else ()
    if code:
        found = context.by_code.get(code)
        if found is None:
            row.errors["station_code"] = "您负责的范围内没有这个代码的站点，请核对。"
        elif name and found not in named:
            row.errors["station_name"] = "站点名称与站点代码不是同一个站点，请核对，或只留一项。"
    elif not named:
        row.errors["station_name"] = "您负责的范围内没有叫这个名称的站点，请照站点页面写全称。"
    elif len(named) > 1:
        row.errors["station_name"] = f"有{len(named)}个站点叫这个名称，请改填站点代码。"
    row.values["station"] = context.by_code.get(code) if code else next(iter(named), None)


def _agreement(row):
    """What two cells say must fit together."""
    values, errors = row.values, row.errors
    number = values.get("id_number")
    if number:
        if values.get("sex") not in (None, number.sex):
            errors["sex"] = f"身份证号表示{Sex(number.sex).label}，与所填性别不符，请核对。"
        if values.get("birth") not in (None, number.birth):
            errors["birth"] = "与身份证号里的出生日期不符，请核对。"
        if values.get("enlisted_on") and values["enlisted_on"] <= number.birth:
            errors["enlisted_on"] = "入伍时间早于出生日期，请核对。"
    joined, left = values.get("enlisted_on"), values.get("discharged_on")
    if joined and left and left < joined:
        errors["discharged_on"] = "退役时间早于入伍时间，请核对。"
    grade, nature = values.get("disability_grade"), values.get("disability_nature")
    if grade and not nature and "disability_nature" not in errors:
        errors["disability_nature"] = "填了残疾等级，还须填残疾性质。"
    if nature and not grade and "disability_grade" not in errors:
        errors["disability_grade"] = "填了残疾性质，还须填残疾等级。"


def _title(key):
    return TITLES[POSITION[key]]


READERS = {
    "name": _name,
    "id_number": _id_number,
    "sex": _choice(Sex),
    "birth": _date,
    "phone": _phone,
    "address": _text,
    "station_code": _text,
    "station_name": _text,
    "categories": _categories,
    "evidence": _text,
    "enlisted_on": _date,
    "discharged_on": _date,
    "placement_way": _choice(PlacementWay),
    "disability_grade": _grade,
    "disability_nature": _choice(DisabilityNature),
    "honour_plaque_on": _date,
    "lives_alone": _yes,
}
REQUIRED = {column.key for column in COLUMNS if column.required}
EMPTY = dict.fromkeys(("address", "station_code", "station_name", "evidence"), "") | {
    "lives_alone": False
}
PLAN = [(key, READERS[key], EMPTY.get(key)) for key in KEYS]
