"""The parameters of conditions: how each is read from data; the editor's form asks by them."""

import re
from dataclasses import dataclass

from services.rules.outcome import RuleError

PATH = re.compile(r"(?=.{1,120}\Z)(?:[0-9A-Za-z-]+/)+")


@dataclass(frozen=True)
class Param:
    """A value a condition is made with. `read` returns it clean or raises RuleError."""

    name: str
    label: str
    hint: str = ""
    required: bool = True

    def read(self, value):
        raise NotImplementedError

    def missing(self):
        if self.required:
            raise RuleError(f"请填写“{self.label}”。", field=self.name)


@dataclass(frozen=True)
class Whole(Param):
    """A whole number between two bounds, or None."""

    low: int = 0
    high: int = 150
    default: int | None = None

    def read(self, value):
        if value is None:
            if self.default is not None:
                return self.default
            return self.missing()
        if not isinstance(value, int) or isinstance(value, bool):
            raise RuleError(f"“{self.label}”应是整数。", field=self.name)
        if not self.low <= value <= self.high:
            raise RuleError(f"“{self.label}”应在{self.low}到{self.high}之间。", field=self.name)
        return value


@dataclass(frozen=True)
class Wholes(Param):
    """Some whole numbers, each once, in order."""

    low: int = 0
    high: int = 150
    most: int = 12

    def read(self, value):
        if not isinstance(value, list) or not value:
            return self.missing() or ()
        each = Whole(self.name, self.label, low=self.low, high=self.high)
        if len(value) > self.most:
            raise RuleError(f"“{self.label}”最多{self.most}个。", field=self.name)
        return tuple(sorted({each.read(one) for one in value}))


@dataclass(frozen=True)
class Flag(Param):
    """Yes or no."""

    default: bool = True

    def read(self, value):
        if value is None:
            return self.default
        if not isinstance(value, bool):
            raise RuleError(f"“{self.label}”应是“是”或“否”。", field=self.name)
        return value


@dataclass(frozen=True)
class Choice(Param):
    """One of a list of (value, words)."""

    choices: tuple = ()

    def read(self, value):
        if value is None:
            return self.missing()
        if not isinstance(value, str) or value not in dict(self.choices):
            raise RuleError(f"“{self.label}”请从列出的里选择。", field=self.name)
        return value


@dataclass(frozen=True)
class Choices(Param):
    """Some of a list of (value, words); the order of the list is kept."""

    choices: tuple = ()

    def read(self, value):
        if value is None or value == []:
            return self.missing() or ()
        known = dict(self.choices)
        if not isinstance(value, list) or any(
            not isinstance(each, str) or each not in known for each in value
        ):
            raise RuleError(f"“{self.label}”请从列出的里选择。", field=self.name)
        return tuple(each for each in known if each in value)

    def words(self, values):
        """The chosen ones in words."""
        known = dict(self.choices)
        return "、".join(known[each] for each in values)


@dataclass(frozen=True)
class Paths(Param):
    """Paths of stations whose subtrees are meant. That they exist is asked when a rule is written
    (`tree.require_places`): a rule stays readable whatever becomes of a station."""

    most: int = 20

    def read(self, value):
        if not isinstance(value, list) or not value:
            return self.missing() or ()
        if len(value) > self.most:
            raise RuleError(f"“{self.label}”最多{self.most}个。", field=self.name)
        if not all(isinstance(each, str) and PATH.fullmatch(each) for each in value):
            raise RuleError(f"“{self.label}”里有平台没有的站点。", field=self.name)
        return tuple(dict.fromkeys(value))
