"""Conditions over what stands in the file itself."""

import time
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Q

from services.enums import DisabilityNature, FileState, PlacementWay
from services.models.network import Station
from services.models.person import ENDED
from services.rules.conditions.base import Condition
from services.rules.days import birthday, years_before
from services.rules.outcome import Outcome, RuleError
from services.rules.params import Choices, Paths, Whole
from veterans_portal.chinese_dates import plain

OLDEST = 130
KEPT = 600
LIVING = tuple((str(each), each.label) for each in FileState if each not in ENDED)


class AgeIs(Condition):
    """Whole years of age, both bounds included."""

    key, title = "age", "年龄"
    params = (
        Whole("min", "最小（周岁）", "例如：70；不限可以不填", required=False, high=OLDEST),
        Whole("max", "最大（周岁）", "不限可以不填", required=False, high=OLDEST),
    )

    @classmethod
    def check(cls, values):
        low, high = values["min"], values["max"]
        if low is None and high is None:
            raise RuleError("最小和最大年龄请至少填一个。", field="min")
        if low is not None and high is not None and low > high:
            raise RuleError("最大年龄不能小于最小年龄。", field="max")

    def look(self, facts, on):
        if self.min is not None and facts.birth > years_before(on, self.min):
            reached = birthday(facts.birth, self.min)
            return Outcome(False, True, f"还不满{self.min}周岁，{plain(reached)}满")
        if self.max is not None and facts.birth <= years_before(on, self.max + 1):
            return Outcome(False, False, f"已超过{self.max}周岁")
        age = on.year - facts.birth.year
        age -= (on.month, on.day) < (facts.birth.month, facts.birth.day)
        return Outcome(True, self.max is not None, f"今年{age}周岁")

    def query(self, on):
        found = Q()
        if self.min is not None:
            found &= Q(birth__lte=years_before(on, self.min))
        if self.max is not None:
            found &= Q(birth__gt=years_before(on, self.max + 1))
        return found

    def describe(self):
        if self.max is None:
            return f"年满{self.min}周岁"
        if self.min is None:
            return f"不超过{self.max}周岁"
        return f"{self.min}至{self.max}周岁"


class DisabilityIs(Condition):
    """The grade (1 is the gravest) and, if wanted, the nature."""

    key, title, private = "disability", "残疾等级和性质", True
    params = (
        Whole("min", "从几级", "1级最重", low=1, high=10, required=False, default=1),
        Whole("max", "到几级", low=1, high=10, required=False, default=10),
        Choices("natures", "残疾性质", "不限可以不选", required=False,
                choices=tuple(DisabilityNature.choices)),
    )  # fmt: skip

    @classmethod
    def check(cls, values):
        if values["min"] > values["max"]:
            raise RuleError("到几级不能小于从几级。", field="max")

    def look(self, facts, on):
        grade, nature = facts.disability_grade, facts.disability_nature
        if grade is None:
            return Outcome(False, False, "档案没有登记残疾等级")
        said = f"残疾等级{grade}级"
        if nature:
            said += f"（{DisabilityNature(nature).label}）"
        if self.min <= grade <= self.max and (not self.natures or nature in self.natures):
            return Outcome(True, False, said)
        return Outcome(False, False, f"{said}，不是{self.describe()}")

    def query(self, on):
        found = Q(disability_grade__isnull=False, disability_grade__range=(self.min, self.max))
        if self.natures:
            found &= Q(disability_nature__isnull=False, disability_nature__in=self.natures)
        return found

    def describe(self):
        grades = f"{self.min}级" if self.min == self.max else f"{self.min}至{self.max}级"
        return f"残疾{grades}{self.params[2].words(self.natures)}"


class WayIs(Condition):
    """How the person was placed after service."""

    key, title = "way", "安置方式"
    params = (Choices("any_of", "安置方式", choices=tuple(PlacementWay.choices)),)

    def look(self, facts, on):
        if not facts.placement_way:
            return Outcome(False, True, "档案还没有登记安置方式")
        said = PlacementWay(facts.placement_way).label
        return Outcome(facts.placement_way in self.any_of, False, f"安置方式是{said}")

    def query(self, on):
        return Q(placement_way__isnull=False, placement_way__in=self.any_of)

    def describe(self):
        return f"安置方式是{self.params[0].words(self.any_of)}"


class LivesAlone(Condition):
    """Noted as living alone."""

    key, title = "lives_alone", "独居"

    def look(self, facts, on):
        said = "独自居住" if facts.lives_alone else "档案没有登记独居"
        return Outcome(facts.lives_alone, True, said)

    def query(self, on):
        return Q(lives_alone=True)

    def describe(self):
        return "独居"


def _read_name(path):
    return Station.objects.filter(path=path).values_list("name", flat=True).first() or ""


@lru_cache(maxsize=4096)
def _kept_name(path, _while):
    return _read_name(path)


def name_of(path):
    """The name of the station with this path, at most KEPT seconds old; "" when there is none."""
    return _kept_name(path, time.monotonic() // KEPT) or _read_name(path)


class PlaceIs(Condition):
    """The file is kept at one of these stations or under them."""

    key, title = "place", "所在地区或站点"
    params = (Paths("under", "地区或站点", "含下级站点"),)

    def look(self, facts, on):
        inside = any(facts.station_path.startswith(path) for path in self.under)
        return Outcome(inside, False, f"服务站{'在' if inside else '不在'}{self._names()}")

    def query(self, on):
        return reduce(or_, [Q(station__path__startswith=path) for path in self.under])

    def describe(self):
        return f"服务站在{self._names()}"

    def _names(self):
        return "、".join(name_of(path) or path for path in self.under)


class Reach(PlaceIs):
    """Where a rule applies at all: the station it belongs to, and everything under it."""

    def _names(self):
        return "这条规则适用的地区"


class FileStateIs(Condition):
    """Where the file stands. A rule with this condition also considers files not in force yet."""

    key, title = "file_state", "档案状态"
    params = (Choices("any_of", "档案状态", choices=LIVING),)

    def look(self, facts, on):
        state = FileState(facts.state)
        return Outcome(str(state) in self.any_of, state not in ENDED, f"档案状态是“{state.label}”")

    def query(self, on):
        return Q(state__in=self.any_of)

    def describe(self):
        return f"档案状态是{self.params[0].words(self.any_of)}"
