"""After a proxy's end: the person's matters, bookings and waiting are told to the person or to nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import bookings, duplicates, matters, merging, proxies, ratings, waiting
from services.booking_rules import BookingRefusedError
from services.enums import BookingState, ProxyState, Role, WaitingState
from services.models import Booking, Matter, Proxy
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.duplicates import DuplicateFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.waiting_scene import acts_on, cancel, fresh, full_slot, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def daughter():
    return UserFactory(name="王小梅")


@pytest.fixture
def mother(station):
    """With a phone of her own and no account."""
    return PersonFactory(station=station, name="李秀英")


@pytest.fixture
def silent(station):
    """Neither account nor phone."""
    return PersonFactory(station=station, name="李桂英", phone=None)


def proxy_of(person, daughter, **more):
    return ProxyFactory(person=person, agent=daughter, **more)


def matter_of(proxy):
    return MatterFactory(
        station=proxy.person.station, person=proxy.person, proxy=proxy, by=proxy.agent,
        on_behalf=True, applicant_name=proxy.person.name, applicant_phone=proxy.agent.phone,
    )  # fmt: skip


def over(proxy, how):
    """Its end by an act, or by its last day."""
    if how == "ended":
        proxies.end(proxy=proxy, by=proxy.agent)
    else:
        yesterday = timezone.localdate() - timedelta(days=1)
        Proxy.objects.filter(pk=proxy.pk).update(starts_on=yesterday, ends_on=yesterday)


def to_agent(proxy):
    own = Message.objects.exclude(kind="services.proxy")
    by_phone = own.filter(phone_index=proxy.agent.phone_index)
    return (own.filter(user=proxy.agent) | by_phone).count()


# --- matters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_matter__proxy_over__goes_to_the_persons_phone_never_to_the_agents(
    mother, daughter, clerk, how
):
    proxy = proxy_of(mother, daughter)
    matter = matter_of(proxy)
    over(proxy, how)
    matters.accept(matter=matter, by=clerk)
    assert to_agent(proxy) == 0
    assert Message.objects.get(kind="services.matter").phone == mother.phone


@pytest.mark.parametrize("of_agent", ["account", "written down"])
def test_matter__file_knows_the_agents_phone_only__the_clerk_is_told_there_is_nobody(
    station, daughter, clerk, of_agent
):
    phone = daughter.phone if of_agent == "account" else "13812349999"
    mother = PersonFactory(station=station, phone=phone)
    proxy = proxy_of(mother, daughter, agent_phone=phone)
    matter = matter_of(proxy)
    over(proxy, "ended")
    Message.objects.all().delete()
    matters.accept(matter=matter, by=clerk)
    told = Message.objects.get()
    assert (told.user, told.channel, told.kind) == (clerk, "INBOX", "services.matter_desk")
    assert "没有本人的" in told.body
    assert matter.number in told.body


def test_matter__proxy_over_and_nobody_handles_it__the_stations_clerks_are_told(
    silent, daughter, clerk
):
    proxy = proxy_of(silent, daughter)
    matter = matter_of(proxy)
    over(proxy, "ended")
    matters.withdraw(matter=matter, by=clerk, reason="本人来电不办了")
    told = Message.objects.get(kind="services.matter_desk")
    assert told.user == clerk


def test_rating__proxy_over__is_not_asked_of_the_agent(mother, daughter, clerk):
    proxy = proxy_of(mother, daughter)
    matter = MatterFactory(
        done=True, station=mother.station, person=mother, proxy=proxy, by=daughter, on_behalf=True,
        applicant_phone=daughter.phone,
    )  # fmt: skip
    over(proxy, "ended")
    ratings.invite(matter=Matter.objects.get(pk=matter.pk))
    assert to_agent(proxy) == 0
    assert Message.objects.get(kind="services.rating_invited").phone == mother.phone


# --- bookings ---------------------------------------------------------------------------------


def test_booking__proxy_over__its_cancelling_is_told_to_the_person(mother, daughter):
    proxy = proxy_of(mother, daughter)
    booking = bookings.book(
        slot=SlotFactory(), heads=1, by=daughter, client_key="over-1", person=mother, proxy=proxy
    )
    over(proxy, "ended")
    Message.objects.all().delete()
    booking = Booking.objects.get(pk=booking.pk)
    bookings.cancel(booking=booking, by=None, reason="临时停电", as_="STATION")
    assert to_agent(proxy) == 0
    assert Message.objects.get().phone == mother.phone


# --- the waiting list -------------------------------------------------------------------------


def waits(proxy):
    """The person waits by their agent, in a full slot: the entry and the booking in its way."""
    slot, taken = full_slot()
    entry = join(slot, proxy.agent, person=proxy.person, proxy=proxy)
    return entry, taken[0]


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_waiting__proxy_over__the_offer_goes_to_the_person(mother, daughter, how):
    proxy = proxy_of(mother, daughter)
    entry, in_the_way = waits(proxy)
    Message.objects.all().delete()
    over(proxy, how)
    waiting.sweep()
    cancel(in_the_way)
    assert fresh(entry).state == WaitingState.OFFERED
    assert to_agent(proxy) == 0
    assert Message.objects.get(kind="services.waiting_offer").phone == mother.phone


def test_waiting__proxy_ended_and_nobody_else_can_be_told__is_taken_off_with_its_reason(
    silent, daughter
):
    proxy = proxy_of(silent, daughter)
    entry, in_the_way = waits(proxy)
    over(proxy, "ended")
    assert fresh(entry).state == WaitingState.LEFT
    assert acts_on(entry)[-1] == "services.waiting_ended"
    cancel(in_the_way)
    assert not Booking.objects.filter(state=BookingState.OFFERED).exists()


def test_waiting__proxy_expired_and_nobody_else_can_be_told__the_sweep_takes_it_off(
    silent, daughter
):
    proxy = proxy_of(silent, daughter)
    entry, _ = waits(proxy)
    over(proxy, "expired")
    waiting.sweep()
    waiting.sweep()
    assert fresh(entry).state == WaitingState.LEFT


def test_offer__proxy_ends_meanwhile__is_the_persons_and_no_longer_the_agents(mother, daughter):
    proxy = proxy_of(mother, daughter)
    entry, in_the_way = waits(proxy)
    cancel(in_the_way)
    assert to_agent(proxy) > 0
    over(proxy, "ended")
    offers = Message.objects.filter(kind="services.waiting_offer", state="PENDING")
    assert [each.phone for each in offers] == [mother.phone]
    with pytest.raises(BookingRefusedError, match="代办关系"):
        waiting.accept(entry=entry, by=daughter)
    clerk = PostingFactory(station=entry.station, role=Role.CLERK).user
    assert waiting.accept(entry=entry, by=clerk).state == BookingState.CONFIRMED


def test_offer__proxy_ends_and_nobody_else_can_be_told__the_place_goes_to_the_next(
    silent, daughter
):
    proxy = proxy_of(silent, daughter)
    entry, in_the_way = waits(proxy)
    other = join(in_the_way.slot, UserFactory())
    cancel(in_the_way)
    over(proxy, "ended")
    assert fresh(entry).state == WaitingState.LEFT
    assert fresh(other).state == WaitingState.OFFERED
    assert Proxy.objects.get(pk=proxy.pk).state == ProxyState.ENDED


def test_offer__proxy_expires_overnight__the_sweep_tells_the_person_once(mother, daughter):
    proxy = proxy_of(mother, daughter)
    _, in_the_way = waits(proxy)
    cancel(in_the_way)
    over(proxy, "expired")
    waiting.sweep()
    waiting.sweep()
    offers = Message.objects.filter(kind="services.waiting_offer", state="PENDING")
    assert [each.phone for each in offers] == [mother.phone]


# --- files that are merged ----------------------------------------------------------------------


@pytest.fixture
def reviewer(station):
    return PostingFactory(station=station.parent, role=Role.REVIEWER).user


def claimed_and_other(station):
    claimed = PersonFactory(station=station, phone="19900201111", claimed=True)
    other = PersonFactory(station=station)
    return DuplicateFactory(first=claimed, second=other), claimed, other


@pytest.mark.parametrize("agent", ["stays", "goes"])
def test_merge__agent_is_the_person__ends_the_proxy_until_undone(station, reviewer, agent):
    """A daughter acts for "her mother", whose file turns out to be her own."""
    pair, claimed, other = claimed_and_other(station)
    counter = ProxyFactory(person=other, agent=None, agent_name="王小梅", agent_phone="",
                           asked_by=reviewer)  # fmt: skip
    proxy = ProxyFactory(person=other, agent=claimed.account)
    duplicates.propose(
        pair=pair, survivor=claimed if agent == "stays" else other, by=reviewer, reason="同一人"
    )
    proxy.refresh_from_db()
    assert (proxy.state, proxy.ended_by) == (ProxyState.ENDED, reviewer)
    assert "就是本人" in proxy.reason
    counter.refresh_from_db()
    assert counter.state == ProxyState.ACTIVE
    assert not Message.objects.filter(kind="services.proxy").exists()
    _, left = merging.undo(pair=pair, by=reviewer, reason="弄错了")
    proxy.refresh_from_db()
    assert (proxy.state, proxy.person, proxy.ended_at, proxy.reason, left) == (
        ProxyState.ACTIVE, other, None, "", [],
    )  # fmt: skip
    assert AuditEntry.objects.about(proxy).filter(act="services.proxy_restored").exists()


def test_undo__another_proxy_asked_meanwhile__stays_and_says_so(station, reviewer):
    pair, claimed, other = claimed_and_other(station)
    old = ProxyFactory(person=other, agent=claimed.account)
    duplicates.propose(pair=pair, survivor=claimed, by=reviewer, reason="同一人")
    ProxyFactory(person=other, agent=claimed.account, asked=True)
    _, left = merging.undo(pair=pair, by=reviewer, reason="弄错了")
    old.refresh_from_db()
    assert old.state == ProxyState.ENDED
    assert "代办" in "".join(left)
