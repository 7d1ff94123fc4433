"""Cards: the whole way by the right tiers, losses, replacements, and what is told."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services import card_rules
from services.actions import cards, matter_files, matters
from services.actions.cards import CardError
from services.enums import CardState, IdentityCategory, MatterState, Outcome
from services.models import Card, CardStep, Matter
from services.tasks.cards import release_losses
from tests.factories.accounts import UserFactory
from tests.factories.papers import CardFactory, CardStepFactory
from tests.factories.persons import IdentityFactory, PersonFactory
from tests.services.card_scene import asked, scene, with_card
from tests.services.paper_makers import portrait, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def card_of(matter):
    return Card.objects.get(matter=matter)


def test_apply__whole_way__each_step_by_its_tier_told_in_words(s):
    matter = asked(s)
    assert card_of(matter).state == CardState.SUBMITTED
    matter_files.add_file(
        matter=matter, by=s.person.account, upload=upload(portrait()), paper=s.photo_paper
    )
    matters.accept(matter=matter, by=s.clerk)
    card = card_of(matter)
    assert card.state == CardState.TOWN_ACCEPTED
    assert card.photo
    for to, by in [
        (CardState.COUNTY_OK, s.county),
        (CardState.CITY_OK, s.head),
        (CardState.PROVINCE_OK, s.county_clerk),
        (CardState.PRODUCING, s.county_clerk),
        (CardState.AT_COUNTY, s.county_clerk),
        (CardState.AT_TOWN, s.clerk),
        (CardState.ISSUED, s.clerk),
    ]:
        card = cards.advance(card=card, to=to, by=by)
    assert card.issued_on == timezone.localdate()
    assert [step.state for step in card.steps.all()] == card_rules.WAY
    told = set(
        Message.objects.filter(
            user=s.person.account, kind__startswith="services.card_"
        ).values_list("kind", flat=True)
    )
    assert told == {f"services.card_{each.lower()}" for each in card_rules.WAY[1:]}
    fetch = Message.objects.filter(kind="services.card_at_town").first().body
    assert f"请带身份证到{s.town.name}" in fetch
    assert AuditEntry.objects.filter(act="services.card_step").count() == len(card_rules.WAY)
    words = [event.public_words for event in matter.events.all()]
    assert any("做好后会送到" in each for each in words)


@pytest.mark.parametrize(
    ("state", "to", "who"),
    [
        (CardState.TOWN_ACCEPTED, CardState.COUNTY_OK, "clerk"),
        (CardState.TOWN_ACCEPTED, CardState.COUNTY_OK, "county_clerk"),
        (CardState.COUNTY_OK, CardState.CITY_OK, "county"),
        (CardState.CITY_OK, CardState.PROVINCE_OK, "clerk"),
        (CardState.PRODUCING, CardState.AT_COUNTY, "clerk"),
        (CardState.AT_COUNTY, CardState.AT_TOWN, "village_clerk"),
        (CardState.AT_TOWN, CardState.ISSUED, "village_clerk"),
        (CardState.TOWN_ACCEPTED, CardState.REJECTED, "clerk"),
    ],
)
def test_advance__by_the_wrong_tier__is_refused(s, state, to, who):
    card = with_card(s, state)
    with pytest.raises(CardError, match="不由您所在的站点登记"):
        cards.advance(card=card, to=to, by=getattr(s, who), note="原因")


def test_advance__out_of_order_by_hand_or_twice__is_refused_or_quiet(s):
    card = with_card(s, CardState.TOWN_ACCEPTED)
    for to in (CardState.CITY_OK, CardState.ISSUED, CardState.TEMP_LOST, CardState.CANCELLED):
        with pytest.raises(CardError):
            cards.advance(card=card, to=to, by=s.head)
    cards.advance(card=card, to=CardState.COUNTY_OK, by=s.county)
    cards.advance(card=card, to=CardState.COUNTY_OK, by=s.county)
    assert card.steps.filter(state=CardState.COUNTY_OK).count() == 1


def test_advance__refusal__wants_a_reason_and_tells_it(s):
    card = with_card(s, CardState.TOWN_ACCEPTED)
    with pytest.raises(CardError, match="原因"):
        cards.advance(card=card, to=CardState.REJECTED, by=s.county)
    cards.advance(card=card, to=CardState.REJECTED, by=s.county, note="材料与档案不符")
    assert "材料与档案不符" in Message.objects.filter(kind="services.card_rejected").first().body
    with pytest.raises(CardError, match="不用再办"):
        cards.advance(card=card, to=CardState.COUNTY_OK, by=s.county)


def test_accept__by_a_village__is_the_towns_to_do(s):
    matter = asked(s)
    with pytest.raises(CardError, match="由镇（街道）服务站受理"):
        matters.accept(matter=matter, by=s.village_clerk)
    assert Matter.objects.get(pk=matter.pk).state == MatterState.SUBMITTED


def test_apply__without_file_or_right_or_twice__says_what_to_do_first(s):
    other = PersonFactory(station=s.village, claimed=True)
    with pytest.raises(CardError, match="没有能申领"):
        asked(s, person=other, key="other-person")
    draft = PersonFactory(station=s.village, claimed=True, draft=True)
    with pytest.raises(CardError, match="建档完成后"):
        asked(s, person=draft, key="draft-person")
    with pytest.raises(CardError, match="没有能申领"):
        asked(s, card_kind="BEREAVED")
    asked(s)
    with pytest.raises(CardError, match="正在办理"):
        asked(s, key="card-matter-2")


def test_apply__two_rights__takes_the_one_that_was_chosen(s):
    IdentityFactory(person=s.person, category=IdentityCategory.MARTYR_FAMILY)
    assert card_rules.kinds_for(["DISCHARGED_SOLDIER", "MARTYR_FAMILY"]) == ["VETERAN", "BEREAVED"]
    assert card_of(asked(s, card_kind="BEREAVED")).kind == "BEREAVED"


def test_apply__ended_identity__gives_no_right(s):
    s.person.identities.update(valid_to=timezone.localdate())
    with pytest.raises(CardError, match="没有能申领"):
        asked(s)


def test_apply__home_visit__for_the_old_and_the_ill():
    young = scene(birth=date(1970, 5, 1))
    with pytest.raises(CardError, match="不到80岁"):
        asked(young, home_reason="AGED")
    assert card_of(asked(young, home_reason="ILL")).home_visit


def test_apply__home_visit__for_who_is_eighty():
    born = timezone.localdate().replace(year=timezone.localdate().year - 85, day=1)
    s = scene(birth=born)
    assert card_of(asked(s, home_reason="AGED")).home_visit


def test_papers__asked_for_and_brought__the_card_waits_and_goes_on(s):
    matter = asked(s)
    matter = matters.ask_supplement(matter=matter, by=s.clerk, wanted="户口本")
    assert card_of(matter).state == CardState.NEED_FIX
    matter = matters.supplement(matter=matter, by=s.person.account)
    assert card_of(matter).state == CardState.SUBMITTED


def test_matter__withdrawn_before_review__cancels_and_frees_the_person(s):
    matter = asked(s)
    matters.withdraw(matter=matter, by=s.person.account, reason="不办了")
    assert card_of(matter).state == CardState.CANCELLED
    assert card_of(asked(s, key="card-matter-2")).state == CardState.SUBMITTED


def test_matter__withdrawn_under_review__is_refused(s):
    matter = matters.accept(matter=asked(s), by=s.clerk)
    cards.advance(card=card_of(matter), to=CardState.COUNTY_OK, by=s.county)
    with pytest.raises(CardError, match="不能撤回"):
        matters.withdraw(matter=matter, by=s.person.account, reason="不办了")


def test_matter__done__refused_ends_the_card_and_granted_lets_it_go_on(s):
    matter = matters.accept(matter=asked(s), by=s.clerk)
    matters.finish(matter=matter, by=s.clerk, outcome=Outcome.REFUSED, result="不符合条件")
    assert card_of(matter).state == CardState.REJECTED
    again = matters.accept(matter=asked(s, key="card-matter-2"), by=s.clerk)
    matters.finish(matter=again, by=s.clerk, outcome=Outcome.GRANTED, result="已报县级审核")
    assert card_of(again).state == CardState.TOWN_ACCEPTED


# --- lost and found


def test_loss__reported__at_once_for_its_days_and_over_by_itself(s):
    card = with_card(s)
    asked(s, s.loss, key="loss-matter-1", loss="TEMPORARY", days=5)
    card.refresh_from_db()
    assert card.state == CardState.TEMP_LOST
    left = card.temp_lost_until - timezone.now()
    assert timedelta(days=4, hours=23) < left <= timedelta(days=5)
    assert cards.release_due() == 0
    assert cards.release_due(now=timezone.now() + timedelta(days=5, minutes=1)) == 1
    card.refresh_from_db()
    assert (card.state, card.temp_lost_until) == (CardState.ISSUED, None)
    assert cards.release_due(now=timezone.now() + timedelta(days=6)) == 0


def test_loss__task__releases_what_is_due(s):
    card = with_card(s)
    cards.report_loss(card=card, by=s.person.account, days=5)
    Card.objects.update(temp_lost_until=timezone.now() - timedelta(minutes=1))
    release_losses()
    assert Card.objects.get(pk=card.pk).state == CardState.ISSUED


@pytest.mark.parametrize("days", [0, 4, 16, 10**6])
def test_loss__days_out_of_range__are_refused(s, days):
    with pytest.raises(CardError, match="5至15天"):
        cards.report_loss(card=with_card(s), by=s.person.account, days=days)


def test_loss__found_again__is_released_by_the_person_not_a_stranger(s):
    card = with_card(s)
    with pytest.raises(CardError, match="只有本人"):
        cards.report_loss(card=card, by=UserFactory())
    cards.report_loss(card=card, by=s.person.account)
    with pytest.raises(CardError, match="只有本人"):
        cards.release(card=card, by=UserFactory())
    cards.release(card=card, by=s.person.account)
    assert cards.release(card=card, by=s.person.account).state == CardState.ISSUED


def test_loss__formal__holds_at_once_and_is_final_when_accepted(s):
    card = with_card(s)
    matter = asked(s, s.loss, key="loss-matter-1", loss="FORMAL", days=None)
    card.refresh_from_db()
    assert card.state == CardState.TEMP_LOST
    matters.accept(matter=matter, by=s.clerk)
    card.refresh_from_db()
    assert card.state == CardState.LOST
    with pytest.raises(CardError, match="由服务站核对"):
        cards.lose_for_good(card=card, by=s.person.account)


def test_loss__without_a_card__says_so(s):
    with pytest.raises(CardError, match="不用挂失"):
        asked(s, s.loss, key="loss-matter-1", loss="TEMPORARY", days=5)


# --- a new one


def test_replace__lost__only_after_the_formal_report_and_the_old_ends(s):
    card = with_card(s)
    with pytest.raises(CardError, match="先正式挂失"):
        asked(s, s.replace, key="new-card-1", reason="LOST")
    cards.lose_for_good(card=card, by=s.clerk)
    matter = matters.accept(matter=asked(s, s.replace, key="new-card-2", reason="LOST"), by=s.clerk)
    card.refresh_from_db()
    new = card_of(matter)
    assert card.state == CardState.REPLACED
    assert (new.state, new.replaces, new.kind) == (CardState.TOWN_ACCEPTED, card, card.kind)


@pytest.mark.parametrize("reason", ["FACTS", "PROVINCE", "OTHER"])
def test_replace__station_reasons__void_the_old_card_when_accepted(s, reason):
    card = with_card(s)
    matter = asked(s, s.replace, key="new-card-1", reason=reason)
    card.refresh_from_db()
    assert card.state == CardState.ISSUED
    matters.accept(matter=matter, by=s.clerk)
    card.refresh_from_db()
    assert card.state == CardState.REPLACED


@pytest.mark.parametrize("reason", ["CHIP", "FACE"])
def test_replace__bank_reasons__are_sent_to_the_bank(s, reason):
    with_card(s)
    with pytest.raises(CardError, match="到发卡银行网点"):
        asked(s, s.replace, key="new-card-1", reason=reason)


def test_replace__other_kind__wants_its_right(s):
    with_card(s)
    with pytest.raises(CardError, match="没有能申领"):
        asked(s, s.replace, key="new-card-1", reason="KIND")
    IdentityFactory(person=s.person, category=IdentityCategory.MARTYR_FAMILY)
    matter = asked(s, s.replace, key="new-card-2", reason="KIND")
    matters.accept(matter=matter, by=s.clerk)
    assert card_of(matter).kind == "BEREAVED"


def test_replace__without_a_card__is_an_application(s):
    with pytest.raises(CardError, match="优待证申领"):
        asked(s, s.replace, key="new-card-1", reason="OTHER")


# --- many at once, and what the database keeps


def test_many__fifty_signed_in__those_not_there_yet_are_named(s):
    ready = [CardFactory(state=CardState.PRODUCING, station=s.village) for _ in range(50)]
    early = CardFactory(state=CardState.COUNTY_OK, station=s.village)
    keys = [card.pk for card in (*ready, early)]
    moved, left = cards.advance_many(cards=keys, to=CardState.AT_COUNTY, by=s.county_clerk)
    assert moved == 50
    assert [card for card, _ in left] == [early]
    nobody = UserFactory(staff=True)
    assert cards.advance_many(cards=keys, to=CardState.AT_TOWN, by=nobody) == (0, [])
    assert CardStep.objects.filter(state=CardState.AT_COUNTY).count() == 50
    again, _ = cards.advance_many(cards=keys, to=CardState.AT_COUNTY, by=s.county_clerk)
    assert again == 0


def test_many__none_or_too_many__is_said(s):
    with pytest.raises(CardError, match="勾选"):
        cards.advance_many(cards=[], to=CardState.AT_COUNTY, by=s.county)
    with pytest.raises(CardError, match="最多办200张"):
        cards.advance_many(cards=range(1, 300), to=CardState.AT_COUNTY, by=s.county)


def test_database__one_card_at_a_time_per_person():
    card = CardFactory()
    with pytest.raises(IntegrityError, match="card_one_at_a_time"), transaction.atomic():
        CardFactory(person=card.person)
    Card.objects.filter(pk=card.pk).update(state=CardState.CANCELLED)
    assert CardFactory(person=card.person).pk


def test_database__issued_has_its_day():
    with pytest.raises(IntegrityError, match="card_issued_has_its_day"), transaction.atomic():
        CardFactory(issued=True, issued_on=None)


def test_database__temporary_loss_has_its_end_and_nothing_else_has():
    with pytest.raises(IntegrityError, match="card_temporary_loss"), transaction.atomic():
        CardFactory(temporarily_lost=True, temp_lost_until=None)
    with pytest.raises(IntegrityError, match="card_temporary_loss"), transaction.atomic():
        CardFactory(temp_lost_until=timezone.now())


def test_database__states_move_legally_and_steps_are_kept():
    card = CardFactory()
    with pytest.raises(InternalError), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(state=CardState.ISSUED)
    step = CardStepFactory(card=card)
    with pytest.raises(InternalError), transaction.atomic():
        CardStep.objects.filter(pk=step.pk).update(note="x")


def test_step_line__each_place_on_the_way__is_told_apart():
    def states(state, reached):
        steps = [CardStep(state=each, at=timezone.now()) for each in reached]
        return [each["state"] for each in card_rules.step_line(state, steps)]

    way = card_rules.WAY
    assert states(way[0], way[:1]) == ["current"] + ["ahead"] * 8
    assert states(way[3], way[:4]) == ["done"] * 3 + ["current"] + ["ahead"] * 5
    assert states(CardState.ISSUED, way) == ["done"] * 9
    assert states(CardState.TEMP_LOST, way) == ["done"] * 9
    assert states(CardState.REJECTED, way[:2]) == ["done"] * 2 + ["ahead"] * 7
