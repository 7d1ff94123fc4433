"""Conditions over time: how long ago, and how near to a birthday."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from services.rules.conditions.base import Condition
from services.rules.days import back, birthday, first_day_when_past, years_before
from services.rules.outcome import Outcome, RuleError
from services.rules.params import Choice, Whole, Wholes
from veterans_portal.chinese_dates import plain

DAYS = (("discharged_on", "退役"), ("enlisted_on", "入伍"))
UNITS = (("months", "个月"), ("days", "天"))
LONGEST = 1200


class SinceDay(Condition):
    """A day in the file lies between so many and so many days or months back from today."""

    key, title = "since", "退役或入伍以来的时间"
    params = (
        Choice("date", "从哪一天算", choices=DAYS),
        Whole("at_least", "到今天已满", "不限可以填0", high=LONGEST, required=False, default=0),
        Whole("at_most", "到今天不超过", "不限可以不填", high=LONGEST, required=False),
        Choice("unit", "单位", choices=UNITS),
    )

    @classmethod
    def check(cls, values):
        most = values["at_most"]
        if most is not None and most < values["at_least"]:
            raise RuleError("“不超过”不能小于“已满”。", field="at_most")

    def _span(self, on):
        """The first (or None) and the last day that count."""
        first = None if self.at_most is None else back(on, self.at_most, self.unit)
        return first, back(on, self.at_least, self.unit)

    def look(self, facts, on):
        day, name = getattr(facts, self.date), dict(DAYS)[self.date]
        if day is None:
            return Outcome(False, True, f"档案里没有{name}时间")
        first, last = self._span(on)
        if day > last:
            starts = first_day_when_past(day, self.at_least, self.unit)
            return Outcome(False, True, f"{plain(day)}{name}，{plain(starts)}起")
        if first is not None and day < first:
            return Outcome(False, False, f"{plain(day)}{name}，已超过{self.at_most}{self._unit()}")
        return Outcome(True, first is not None, f"{plain(day)}{name}")

    def query(self, on):
        first, last = self._span(on)
        found = Q(**{f"{self.date}__isnull": False, f"{self.date}__lte": last})
        return found if first is None else found & Q(**{f"{self.date}__gte": first})

    def describe(self):
        name = dict(DAYS)[self.date]
        if self.at_most is None:
            return f"{name}已满{self.at_least}{self._unit()}"
        if not self.at_least:
            return f"{name}不超过{self.at_most}{self._unit()}"
        return f"{name}满{self.at_least}{self._unit()}、不超过{self.at_most}{self._unit()}"

    def _unit(self):
        return dict(UNITS)[self.unit]


class BirthdayNear(Condition):
    """One of these birthdays lies so many days behind or ahead at most."""

    key, title = "birthday", "临近某个生日"
    params = (
        Wholes("ages", "几周岁生日", "可以写几个，用逗号隔开，例如：70，80，90", low=1, high=120),
        Whole("before", "提前几天", high=180, required=False, default=0),
        Whole("after", "过后几天", high=180, required=False, default=0),
    )

    def look(self, facts, on):
        near = [(birthday(facts.birth, age), age) for age in self.ages]
        soonest, latest = on - timedelta(days=self.after), on + timedelta(days=self.before)
        for day, age in near:
            if soonest <= day <= latest:
                return Outcome(True, True, f"{plain(day)}满{age}周岁")
        ahead = [pair for pair in near if pair[0] > latest]
        if ahead:
            day, age = ahead[0]
            return Outcome(False, True, f"{plain(day)}满{age}周岁，还没有到")
        return Outcome(False, False, f"{self._ages()}周岁生日已经过了")

    def query(self, on):
        before_first = on - timedelta(days=self.after + 1)
        latest = on + timedelta(days=self.before)
        near = [
            Q(birth__lte=years_before(latest, age), birth__gt=years_before(before_first, age))
            for age in self.ages
        ]
        return reduce(or_, near)

    def describe(self):
        near = f"前{self.before}天、后{self.after}天内"
        return f"{self._ages()}周岁生日{near}"

    def _ages(self):
        return "、".join(str(age) for age in self.ages)
