"""The network as data files say it: divisions, functional areas, special stations, items.

`services/data/` holds the files. A new yearly division table is put in the place of the old one
and loaded again; nothing here knows Wuxi by name.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from services.enums import DivisionKind, DivisionLevel, Tier
from veterans_portal import pinyin

DATA = Path(__file__).parent / "data"
CODE_DIGITS = {
    DivisionLevel.PROVINCE: 2,
    DivisionLevel.CITY: 4,
    DivisionLevel.DISTRICT: 6,
    DivisionLevel.TOWN: 9,
    DivisionLevel.VILLAGE: 12,
}
TIERS = {
    DivisionLevel.CITY: Tier.CITY,
    DivisionLevel.DISTRICT: Tier.DISTRICT,
    DivisionLevel.TOWN: Tier.TOWN,
    DivisionLevel.VILLAGE: Tier.VILLAGE,
}
# What the statistics append to a community's or a village's name, and what people say instead.
COMMITTEES = (
    ("居民社区委员会", "社区"),
    ("居民委员会", "社区"),
    ("居民委员", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
)

# Characters that place names here read otherwise than the dictionary does (长泾, 圩, 查桥).
PLACE_READINGS = {"长": "chang", "圩": "wei", "查": "zha"}


@dataclass(frozen=True)
class DivisionRow:
    code: str
    name: str
    short_name: str
    level: DivisionLevel
    kind: DivisionKind
    parent_code: str


@dataclass(frozen=True)
class FunctionalArea:
    """An area that reports like a district without being one, and the towns that report to it."""

    division: DivisionRow
    towns: tuple[str, ...] = field(default_factory=tuple)


def read(name):
    """The rows of a CSV file in `services/data/` as dictionaries."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def divisions():
    """The official divisions, province first."""
    return [
        DivisionRow(
            code=row["code"],
            name=row["name"],
            short_name=spoken_name(row["name"]),
            level=DivisionLevel(int(row["level"])),
            kind=kind_of(row["code"], int(row["level"])),
            parent_code=row["parent_code"],
        )
        for row in read("wuxi_divisions.csv")
    ]


def functional_areas():
    return [
        FunctionalArea(
            division=DivisionRow(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                level=DivisionLevel.DISTRICT,
                kind=DivisionKind.FUNCTIONAL_AREA,
                parent_code=row["parent_code"],
            ),
            towns=tuple(row["towns"].split()),
        )
        for row in read("functional_areas.csv")
    ]


def kind_of(code, level):
    """A 7th digit of 4 or 5 marks a development zone that the statistics count as a town."""
    if level == DivisionLevel.TOWN and code[6] in "45":
        return DivisionKind.DEVELOPMENT_ZONE
    return DivisionKind.ORDINARY


def spoken_name(name):
    """溪南社区居委会 -> 溪南社区, 白丹山村委会 -> 白丹山村, 甘露居委会 -> 甘露社区."""
    for committee, ending in COMMITTEES:
        stem = name.removesuffix(committee)
        if stem != name:
            return stem if stem.endswith(ending) else stem + ending
    return name


def station_name(short_name, tier):
    """Centre for city and district, station below (`domain.md` B.1)."""
    return f"{short_name}退役军人服务{'中心' if tier <= Tier.DISTRICT else '站'}"


def segment(code, level, suffix=""):
    """A division's own part of a station path; special stations add their suffix."""
    return code[: CODE_DIGITS[level]] + (f"-{suffix}" if suffix else "")


def reading(place):
    """What a place is found and ordered by: 长泾镇 -> `changjingzhen cjz`."""
    syllables = pinyin.syllables(place, person=False)
    if len(syllables) == len(place):  # digits and letters run together
        syllables = [
            PLACE_READINGS.get(character, syllable)
            for character, syllable in zip(place, syllables, strict=True)
        ]
    return f"{''.join(syllables)} {''.join(part[:1] for part in syllables)}".lower()[:200]
