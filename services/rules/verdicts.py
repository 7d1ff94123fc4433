"""Judging one person with reasons, and asking for all persons at once."""

from dataclasses import dataclass

from services.enums import Answer
from services.models.person import IN_FORCE, Person
from services.rules.conditions.person import LIVING, FileStateIs, Reach
from services.rules.tree import All, Any, Group, NoneOf

FILED = FileStateIs(any_of=tuple(str(each) for each in IN_FORCE))
LIVING_FILE = FileStateIs(any_of=tuple(value for value, _ in LIVING))


@dataclass(frozen=True)
class Reason:
    """One condition and whether it is fulfilled, in a sentence. `kind` names the condition
    ("" for several in one sentence); `private` ones are for those who may see health."""

    fulfilled: bool
    words: str
    kind: str = ""
    may_change: bool = False
    private: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one person, and why."""

    answer: str
    reasons: tuple[Reason, ...] = ()

    @property
    def met(self):
        return [each for each in self.reasons if each.fulfilled]

    @property
    def missing(self):
        return [each for each in self.reasons if not each.fulfilled]


def compose(root, *, reach=""):
    """The tree that is really asked: files in force (not ended ones only, when the rule itself asks
    for the state of the file), and within `reach`, a station's path."""
    asks_state = any(isinstance(each, FileStateIs) for each in root.leaves())
    around = [LIVING_FILE if asks_state else FILED]
    if reach:
        around.append(Reach(under=(reach,)))
    return All([*around, root])


def persons(root, *, on, reach=""):
    """All persons whom the rule fits on a day, as one query."""
    return Person.objects.filter(compose(root, reach=reach).query(on))


def verdict(root, facts, *, on, reach=""):
    """Judge one person's `facts` on a day.

    NOT_YET when everything that is missing may still come (a birthday, a card, a verification), NO
    otherwise. The reasons agree with the answer: YES has fulfilled ones only.
    """
    whole = compose(root, reach=reach)
    found = whole.outcome(facts, on)
    missing = Answer.NOT_YET if found.may_change else Answer.NO
    answer = Answer.YES if found.holds else missing
    around = [
        reason
        for each in whole.children[:-1]
        for reason in _explained(each, facts, on, True)
        if not reason.fulfilled
    ]
    return Verdict(answer, (*around, *_explained(root, facts, on, True)))


def _explained(node, facts, on, want):
    """Reasons why the node holds as wanted, or does not."""
    if not isinstance(node, Group):
        found = node.outcome(facts, on)
        return [Reason(found.holds == want, found.words, node.key, found.may_change, node.private)]
    inner = want if not isinstance(node, NoneOf) else not want
    parts = [_explained(each, facts, on, inner) for each in node.children]
    together = want if not isinstance(node, Any) else not want
    if together:
        return [reason for part in parts for reason in part]
    good = [part for part in parts if all(reason.fulfilled for reason in part)]
    if good:
        return [reason for part in good for reason in part]
    return _one_of(parts)


def _one_of(parts):
    """Several ways that all fail, as one sentence."""
    lacking = [[each for each in part if not each.fulfilled] for part in parts]
    if not lacking:
        return [Reason(False, "还没有写条件")]
    words = "；或".join("，".join(each.words for each in part) for part in lacking)
    return [
        Reason(
            False,
            words,
            may_change=any(all(each.may_change for each in part) for part in lacking),
            private=any(each.private for part in lacking for each in part),
        )
    ]
