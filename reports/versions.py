"""What changed from one version of a return to the next."""

from dataclasses import dataclass
from decimal import Decimal

from reports.catalogue import BY_CODE, CODES
from veterans_portal.indicators import plain

PARTS = {
    "system": "系统数",
    "typed": "填报数",
    "numerator": "分子",
    "denominator": "分母",
    "reason": "说明",
    "returned": "退回原因",
}


@dataclass(frozen=True)
class Change:
    code: str
    name: str
    part: str
    before: str
    after: str


def history_of(of):
    """`[(version, [Change])]`, newest first; the first version has no changes."""
    versions = list(of.versions.select_related("by"))
    before = [*versions, None][1:]
    return [
        (version, differences(old.figures, version.figures) if old else [])
        for version, old in zip(versions, before, strict=True)
    ]


def differences(old, new):
    """The changes between two snapshots, in the order of the catalogue."""
    return [
        Change(code, BY_CODE[code].name, label, _said(was.get(part)), _said(now.get(part)))
        for code in CODES
        for was, now in [(old.get(code, {}), new.get(code, {}))]
        for part, label in PARTS.items()
        if was.get(part) != now.get(part)
    ]


def _said(value):
    if value is None:
        return "—"
    return value if isinstance(value, str) else plain(Decimal(str(value)))
