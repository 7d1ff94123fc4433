"""Papers sent twice at once, cards noted by two colleagues, a loss that ends while it is released.

With the guard off (the row is read but not locked) the same thing happens twice; on, it holds.
"""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import audit, private_files
from services.actions import cards, matter_files, matters
from services.actions.cards import moving
from services.enums import CardState, MatterAct
from services.models import Card, CardStep
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.races.arena import after, all_at_once
from tests.services.card_scene import asked, scene
from tests.services.paper_makers import picture, upload

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOLD = 0.25  # seconds an act stays between its last write and its commit


@pytest.fixture
def _late_commit(monkeypatch):
    """Steps and files wait before they commit, so that others come in between."""
    record = audit.record

    def slow_record(act, *args, **kwargs):
        entry = record(act, *args, **kwargs)
        if act in ("services.card_step", "services.matter_file_added"):
            time.sleep(HOLD)
        return entry

    monkeypatch.setattr(audit, "record", slow_record)


def unlocked(card):
    """The guard off: the row as it was, without its lock."""
    rows = Card.objects.select_related("person__account", "station", "matter")
    return rows.get(pk=getattr(card, "pk", card))


def signed_in_twice(s, card):
    deed = lambda: cards.advance(card=card, to=CardState.AT_COUNTY, by=s.county_clerk)  # noqa: E731
    all_at_once(deed, after(0.05, deed))
    return CardStep.objects.filter(card=card, state=CardState.AT_COUNTY).count()


@pytest.mark.usefixtures("_late_commit")
def test_step__two_colleagues_without_the_lock__is_written_twice(monkeypatch):
    s = scene()
    card = CardFactory(state=CardState.PRODUCING, station=s.village)
    monkeypatch.setattr(moving, "locked", unlocked)
    assert signed_in_twice(s, card) == 2


@pytest.mark.usefixtures("_late_commit")
def test_step__two_colleagues_at_once__is_written_once():
    s = scene()
    assert signed_in_twice(s, CardFactory(state=CardState.PRODUCING, station=s.village)) == 1


@pytest.mark.usefixtures("_late_commit")
def test_many__two_colleagues_with_lists_that_overlap__each_card_moves_once():
    s = scene()
    keys = [CardFactory(state=CardState.PRODUCING, station=s.village).pk for _ in range(6)]

    def sign_in(order):
        return cards.advance_many(cards=order, to=CardState.AT_COUNTY, by=s.county_clerk)

    results = all_at_once(lambda: sign_in(keys), lambda: sign_in(keys[::-1]))
    assert sum(moved for moved, _ in results) == 6
    assert CardStep.objects.filter(state=CardState.AT_COUNTY).count() == 6


@pytest.mark.usefixtures("_late_commit")
def test_file__same_picture_from_two_taps__is_one_and_leaves_one(settings):
    matter, data = HeldMatterFactory(), picture()
    deed = lambda: matter_files.add_file(matter=matter, by=matter.by, upload=upload(data))  # noqa: E731
    first, second = all_at_once(deed, deed)
    assert first == second
    assert matter.files.count() == 1
    assert matter.events.filter(act=MatterAct.FILE_ADDED).count() == 1
    folder = settings.PRIVATE_FILES_DIR / private_files.LASTING
    assert len(list(folder.glob("lasting.*"))) == 1


@pytest.mark.usefixtures("_late_commit")
def test_files__many_at_once__keep_to_the_limit(settings):
    settings.MATTER_FILES_MAX = 3
    matter = HeldMatterFactory()
    sizes = [(300, 200 + each) for each in range(6)]
    all_at_once(*[
        lambda size=size: matter_files.add_file(
            matter=matter, by=matter.by, upload=upload(picture(size))
        )
        for size in sizes
    ])  # fmt: skip
    assert matter.files.kept().count() == 3


def test_application__two_at_once_for_one_person__is_one():
    s = scene()
    deeds = [
        lambda key=key: asked(s, key=f"two-at-once-{key}", by=s.person.account) for key in "ab"
    ]
    results = all_at_once(*deeds)
    assert sum(isinstance(each, cards.CardError) for each in results) == 1
    assert Card.objects.filter(person=s.person).count() == 1


def test_loss__released_by_the_person_and_the_clock_at_once__is_released_once():
    s = scene()
    matter = matters.accept(matter=asked(s), by=s.clerk)
    with transaction.atomic():
        card = Card.objects.get(matter=matter)
    for to, by in [
        (CardState.COUNTY_OK, s.county), (CardState.CITY_OK, s.head),
        (CardState.PROVINCE_OK, s.head), (CardState.PRODUCING, s.head),
        (CardState.AT_COUNTY, s.head), (CardState.AT_TOWN, s.head), (CardState.ISSUED, s.head),
    ]:  # fmt: skip
        cards.advance(card=card, to=to, by=by)
    cards.report_loss(card=card, by=s.person.account, days=5)
    late = timezone.now() + timedelta(days=6)
    all_at_once(
        lambda: cards.release(card=card, by=s.person.account),
        lambda: cards.release_due(now=late),
    )
    assert Card.objects.get(pk=card.pk).state == CardState.ISSUED
    assert CardStep.objects.filter(card=card, state=CardState.ISSUED).count() == 2
