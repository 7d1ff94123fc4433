"""Conditions over what a person holds: identities, the card, the plaque."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from services.enums import CARD_ENDED, CardState, IdentityCategory
from services.models.card import Card
from services.models.person import Identity
from services.rules.conditions.base import Condition
from services.rules.outcome import Outcome
from services.rules.params import Choices, Flag
from veterans_portal.chinese_dates import plain

LOST_FOR_GOOD = (CardState.LOST,)
IN_HAND = (CardState.ISSUED, CardState.TEMP_LOST)
APPLIED = tuple(each for each in CardState if each not in (*CARD_ENDED, *IN_HAND, *LOST_FOR_GOOD))
CARDS = (
    ("none", "没有申领"),
    ("applied", "申领办理中"),
    ("held", "已有优待证"),
    ("lost", "正式挂失后未补领"),
)


class IdentityIs(Condition):
    """An identity that holds today by its dates, verified unless that is not asked for."""

    key, title = "identity", "身份"
    params = (
        Choices("any_of", "身份（任意一种）", choices=tuple(IdentityCategory.choices)),
        Flag("verified", "要求已经核验"),
    )

    def look(self, facts, on):
        mine = [each for each in facts.identities if each.category in self.any_of]
        now = [each for each in mine if each.runs(on)]
        good = [each for each in now if each.verified or not self.verified]
        if good:
            ends = all(each.valid_to is not None for each in good)
            return Outcome(True, ends, f"身份是{_names(good)}")
        if now:
            return Outcome(False, True, f"登记的身份“{_names(now)}”还没有核验")
        later = [each for each in mine if each.valid_from and each.valid_from > on]
        if later:
            first = min(later, key=lambda each: each.valid_from)
            return Outcome(False, True, f"身份“{_names([first])}”从{plain(first.valid_from)}起算")
        return Outcome(False, False, f"档案里没有这些身份：{self.params[0].words(self.any_of)}")

    def query(self, on):
        held = Identity.objects.filter(person=OuterRef("pk"), category__in=self.any_of)
        held = held.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        if self.verified:
            held = held.filter(verified_at__isnull=False)
        return Q(Exists(held))

    def describe(self):
        checked = "（已核验）" if self.verified else "（登记即可）"
        return f"身份是{self.params[0].words(self.any_of)}{checked}"


def _names(held):
    return "、".join(dict.fromkeys(str(IdentityCategory(each.category).label) for each in held))


class CardIs(Condition):
    """Where the person stands with the preferential card."""

    key, title = "card", "优待证"
    params = (Choices("any_of", "优待证", choices=CARDS),)

    def look(self, facts, on):
        stands = card_standing(facts.cards)
        return Outcome(stands in self.any_of, True, f"优待证：{dict(CARDS)[stands]}")

    def query(self, on):
        return reduce(or_, [_STANDING[each]() for each in self.any_of])

    def describe(self):
        return f"优待证：{self.params[0].words(self.any_of)}"


def card_standing(states):
    """One of CARDS for the states of a person's cards that have not ended."""
    if any(each in IN_HAND for each in states):
        return "held"
    if any(each in APPLIED for each in states):
        return "applied"
    return "lost" if any(each in LOST_FOR_GOOD for each in states) else "none"


def _some(*states):
    return Q(Exists(Card.objects.filter(person=OuterRef("pk"), state__in=states)))


_STANDING = {
    "none": lambda: ~_some(*IN_HAND, *APPLIED, *LOST_FOR_GOOD),
    "applied": lambda: _some(*APPLIED) & ~_some(*IN_HAND),
    "held": lambda: _some(*IN_HAND),
    "lost": lambda: _some(*LOST_FOR_GOOD) & ~_some(*IN_HAND, *APPLIED),
}


class PlaqueMissing(Condition):
    """No honour plaque (光荣牌) has been hung yet."""

    key, title = "plaque_missing", "还没有悬挂光荣牌"

    def look(self, facts, on):
        if facts.honour_plaque_on is None:
            return Outcome(True, True, "还没有悬挂光荣牌")
        return Outcome(False, False, f"光荣牌已在{plain(facts.honour_plaque_on)}悬挂")

    def query(self, on):
        return Q(honour_plaque_on__isnull=True)

    def describe(self):
        return "还没有悬挂光荣牌"
