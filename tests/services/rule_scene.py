"""People and trees made up at random, for the properties of the rules engine."""

from datetime import date

from hypothesis import strategies as st

from services.enums import (
    CARD_ENDED,
    CardState,
    DisabilityNature,
    FileState,
    IdentityCategory,
    PlacementWay,
)
from services.models.person import ENDED
from services.rules import Facts
from services.rules.facts import HeldIdentity

# Leap days and ends of months are where two ways of counting part.
EDGES = [
    date(2026, 2, 28),
    date(2028, 2, 29),
    date(2026, 3, 1),
    date(2026, 3, 31),
    date(2026, 12, 31),
]
days = st.one_of(st.sampled_from(EDGES), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
births = st.one_of(
    st.sampled_from([date(1956, 2, 29), date(1956, 2, 28), date(1956, 3, 1), date(1960, 2, 29)]),
    st.dates(date(1920, 1, 1), date(2008, 1, 1)),
)
some = {"min_size": 1, "max_size": 3, "unique": True}
CATEGORIES = list(IdentityCategory.values)[:3]
LIVING = [each for each in FileState.values if each not in ENDED]
CURRENT = [each for each in CardState.values if each not in CARD_ENDED]


def may_be(strategy):
    return st.one_of(st.none(), strategy)


@st.composite
def held_identities(draw):
    first, last = draw(may_be(days)), draw(may_be(days))
    if first and last and last < first:
        first, last = last, first
    return HeldIdentity(draw(st.sampled_from(CATEGORIES)), draw(st.booleans()), first, last)


def by_category(held):
    """At most one open identity of each category, as the database has it."""
    kept, open_ = [], set()
    for each in held:
        if each.valid_to is None and each.category in open_:
            continue
        if each.valid_to is None:
            open_.add(each.category)
        kept.append(each)
    return tuple(kept)


@st.composite
def people(draw, paths):
    """The facts of somebody whose file is at one of the paths."""
    grade = draw(may_be(st.integers(1, 10)))
    enlisted, discharged = draw(may_be(days)), draw(may_be(days))
    if enlisted and discharged and discharged < enlisted:
        enlisted, discharged = discharged, enlisted
    cards = draw(st.lists(st.sampled_from(CURRENT), max_size=1))
    if draw(st.booleans()) and cards != ["LOST"]:
        cards.append("LOST")
    return Facts(
        birth=draw(births),
        state=draw(st.sampled_from([*LIVING, "FILED", "FILED", "FILED", "CLOSED"])),
        station_path=draw(st.sampled_from(paths)),
        enlisted_on=enlisted,
        discharged_on=discharged,
        placement_way=draw(may_be(st.sampled_from(PlacementWay.values))),
        disability_grade=grade,
        disability_nature=None if grade is None else draw(st.sampled_from(DisabilityNature.values)),
        honour_plaque_on=draw(may_be(days)),
        lives_alone=draw(st.booleans()),
        identities=by_category(draw(st.lists(held_identities(), max_size=3))),
        cards=tuple(cards),
    )


def _pair(low, high, names):
    """Two bounds in order, as data; either may be missing but not both."""
    return (
        st.tuples(may_be(st.integers(low, high)), may_be(st.integers(low, high)))
        .filter(lambda pair: pair != (None, None))
        .map(lambda pair: pair if None in pair else tuple(sorted(pair)))
        .map(lambda pair: {k: v for k, v in zip(names, pair, strict=True) if v is not None})
    )


def leaves(paths):
    return st.one_of(
        st.builds(lambda c, v: {"is": "identity", "any_of": c, "verified": v},
                  st.lists(st.sampled_from(CATEGORIES), **some), st.booleans()),
        _pair(15, 100, ("min", "max")).map(lambda pair: {"is": "age", **pair}),
        st.builds(lambda a, b, c: {"is": "birthday", "ages": a, "before": b, "after": c},
                  st.lists(st.integers(20, 100), **some), st.integers(0, 180), st.integers(0, 180)),
        st.builds(lambda pair, d, u: {"is": "since", "date": d, "unit": u, "at_least": 0, **pair},
                  _pair(0, 40, ("at_least", "at_most")),
                  st.sampled_from(["discharged_on", "enlisted_on"]),
                  st.sampled_from(["days", "months"])),
        st.lists(st.sampled_from(PlacementWay.values), **some).map(
            lambda ways: {"is": "way", "any_of": ways}),
        st.builds(lambda pair, n: {"is": "disability", "min": min(pair), "max": max(pair), "natures": n},
                  st.tuples(st.integers(1, 10), st.integers(1, 10)),
                  st.lists(st.sampled_from(DisabilityNature.values), max_size=2, unique=True)),
        st.lists(st.sampled_from(["none", "applied", "held", "lost"]), **some).map(
            lambda each: {"is": "card", "any_of": each}),
        st.just({"is": "lives_alone"}),
        st.just({"is": "plaque_missing"}),
        st.lists(st.sampled_from(paths), **some).map(lambda each: {"is": "place", "under": each}),
        st.lists(st.sampled_from(LIVING), **some).map(
            lambda each: {"is": "file_state", "any_of": each}),
    )  # fmt: skip


def trees(paths):
    """The data of rules with up to three layers of groups."""

    def group(inner):
        return st.builds(
            lambda key, children: {key: children},
            st.sampled_from(["all", "any", "not"]),
            st.lists(inner, min_size=1, max_size=3),
        )

    leaf = leaves(paths)
    return group(st.one_of(leaf, group(st.one_of(leaf, group(leaf)))))
