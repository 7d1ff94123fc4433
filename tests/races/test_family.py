"""Acting for another ends while the agent books, and while two colleagues decide.

With the guard off (the right is looked at once, before the statement) a place is taken after the end.
"""

import pytest

from services.actions import bookings, proxies
from services.actions.bookings import taking
from services.booking_rules import BookingRefusedError
from services.enums import ProxyState, Role
from services.models import Booking, Proxy
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.proxies import ProxyFactory
from tests.races.arena import after, all_at_once, miscounted
from tests.services.booking_scene import with_rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def ended_in_between(monkeypatch, proxy):
    """Book for the person; the proxy ends after it was looked at and before the place is taken."""
    look = taking._answer_to_pass

    def end_then(*args):
        proxies.end(proxy=proxy, by=proxy.agent)
        return look(*args)

    monkeypatch.setattr(taking, "_answer_to_pass", end_then)
    return bookings.book(
        slot=with_rules(SlotFactory()), heads=1, by=proxy.agent, client_key="ended-in-between",
        person=proxy.person, proxy=proxy,
    )  # fmt: skip


def test_book__proxy_ends_in_between_without_the_guard__takes_the_place(monkeypatch):
    monkeypatch.setattr(taking, "_while_acting", lambda _booking, _params: "")
    assert ended_in_between(monkeypatch, ProxyFactory()).pk


def test_book__proxy_ends_in_between__is_refused_and_takes_nothing(monkeypatch):
    with pytest.raises(BookingRefusedError) as refused:
        ended_in_between(monkeypatch, ProxyFactory())
    assert refused.value.code == "no_proxy"
    assert not Booking.objects.exists()
    assert miscounted() == 0


def test_book_and_end__at_once__leave_one_true_count():
    proxy, slot = ProxyFactory(), with_rules(SlotFactory())
    booked, ended = all_at_once(
        lambda: bookings.book(slot=slot, heads=1, by=proxy.agent, client_key="book-and-end",
                              person=proxy.person, proxy=proxy),
        lambda: proxies.end(proxy=proxy, by=proxy.agent),
    )  # fmt: skip
    assert ended.state == ProxyState.ENDED
    assert isinstance(booked, (Booking, BookingRefusedError))
    assert Booking.objects.count() == isinstance(booked, Booking)
    assert miscounted() == 0


def test_decide__confirmed_and_refused_at_once__is_decided_once(late_commit):
    late_commit.update({"services.proxy_confirmed", "services.proxy_refused"})
    proxy = ProxyFactory(asked=True)
    one, other = (
        PostingFactory(station=proxy.person.station, role=Role.CLERK).user for _ in range(2)
    )
    first, second = all_at_once(
        lambda: proxies.confirm(proxy=proxy, by=one),
        after(0.05, lambda: proxies.refuse(proxy=proxy, by=other, reason="没有联系上本人")),
    )
    assert isinstance(first, Proxy)
    assert isinstance(second, proxies.ProxyError)
    assert Proxy.objects.get().state == ProxyState.ACTIVE


def test_ask__two_taps__is_one_request():
    mother, agent = ProxyFactory().person, UserFactory()
    ends_on = Proxy.objects.get().ends_on
    deed = lambda: proxies.ask(  # noqa: E731
        person=mother, by=agent, agent=agent, relation="CHILD", proof="HOUSEHOLD", ends_on=ends_on
    )
    results = all_at_once(deed, deed)
    assert sum(isinstance(each, proxies.ProxyError) for each in results) == 1
    assert Proxy.objects.filter(agent=agent).count() == 1
