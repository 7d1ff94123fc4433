"""Tickets, turns, calling and the end of a visit, one rule each."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry
from services.actions import arrivals, bookings
from services.arrival_rules import ArrivalRefusedError
from services.enums import ArrivalAct, ArrivalState, BookingState, ProxyState
from services.models import Arrival, Booking, RatingInvitation
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.network import WindowFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.services import hall_scene
from tests.services.hall_scene import booked, call, walk_in

pytestmark = pytest.mark.django_db
State = ArrivalState


@pytest.fixture
def hall():
    return hall_scene.build()


def acts_of(arrival):
    return list(arrival.events.values_list("act", flat=True))


# tickets


def test_arrive__one_after_another__counts_booked_and_walked_in_apart(hall):
    tickets = [walk_in(hall).ticket, booked(hall).ticket, walk_in(hall).ticket]
    assert tickets == ["A001", "B001", "A002"]
    yesterday = timezone.now() - timedelta(days=1)
    assert walk_in(hall, now=yesterday, client_key="old-one").ticket == "A001"
    assert AuditEntry.objects.filter(act="services.arrival_arrived").count() == 4


def test_arrive__repeated_with_its_key__is_the_same_party(hall):
    first = walk_in(hall, client_key="key-one-1")
    assert walk_in(hall, client_key="key-one-1") == first
    assert Arrival.objects.count() == 1
    with pytest.raises(ArrivalRefusedError) as refusal:
        walk_in(hall, name="李卫国", client_key="key-one-1")
    assert refusal.value.code == "client_key_reused"


def test_arrive__past_999__numbers_go_on(hall):
    Arrival.objects.bulk_create(
        Arrival(
            station=hall.station, ticket=f"A{n:03d}", name="甲", by=hall.clerk, client_key=f"n{n}"
        )
        for n in range(1, 1000)
    )
    assert [walk_in(hall).ticket, walk_in(hall).ticket] == ["A1000", "A1001"]


def test_arrive__undone__leaves_no_gap(hall):
    with transaction.atomic():
        walk_in(hall)
        transaction.set_rollback(True)
    assert walk_in(hall).ticket == "A001"


@pytest.mark.parametrize("name", ["", "   "])
def test_arrive__without_a_name__is_refused(hall, name):
    with pytest.raises(ArrivalRefusedError, match="姓名"):
        walk_in(hall, name=name)


def test_arrive__at_another_stations_window__is_refused(hall):
    with pytest.raises(ArrivalRefusedError) as refusal:
        walk_in(hall, window=WindowFactory())
    assert refusal.value.code == "other_station"


def proxy_of(person, clerk, **more):
    from services.models import Proxy

    today = timezone.localdate()
    values = {
        "agent_name": "王小明", "relation": "CHILD", "proof": Proxy._meta.get_field("proof").choices[0][0],
        "state": ProxyState.ACTIVE, "starts_on": today, "ends_on": today, "asked_by": clerk,
        "decided_by": clerk, "decided_at": timezone.now(),
    }  # fmt: skip
    return Proxy.objects.create(person=person, **values | more)


def test_arrive__by_a_relative__is_marked_by_whom(hall):
    person = PersonFactory(station=hall.station)
    proxy = proxy_of(person, hall.clerk)
    mine = walk_in(hall, name=person.name, person=person, proxy=proxy)
    assert mine.came_for == f"王小明（{proxy.get_relation_display()}）"
    assert mine.events.get().note == mine.came_for


def test_arrive__by_a_proxy_out_of_force_or_of_another__is_refused(hall):
    person = PersonFactory(station=hall.station)
    today = timezone.localdate()
    over = proxy_of(
        person, hall.clerk, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    with pytest.raises(ArrivalRefusedError) as refusal:
        walk_in(hall, person=person, proxy=over)
    assert refusal.value.code == "proxy_not_in_force"
    with pytest.raises(ArrivalRefusedError) as refusal:
        walk_in(hall, person=PersonFactory(station=hall.station), proxy=over)
    assert refusal.value.code == "proxy_of_another"


# booked people


def test_check_in__offering_with_an_item__makes_the_arrival(hall):
    mine = booked(hall, minutes=30, contact_name="李卫国", heads=2, note="坐轮椅")
    assert (mine.ticket, mine.name, mine.heads, mine.item) == ("B001", "李卫国", 2, hall.policy)
    assert mine.turn_at == mine.booking.slot.starts_at
    assert mine.state == State.WAITING
    assert acts_of(mine) == [ArrivalAct.ARRIVED]


def test_check_in__offering_without_window_and_item__makes_none(hall):
    booking = BookingFactory(slot=SlotFactory(starts_at=timezone.now()))
    bookings.check_in(booking=booking, by=hall.clerk)
    assert not Arrival.objects.exists()


def test_check_in__after_the_slot__waits_from_its_coming(hall):
    mine = booked(hall, minutes=-60)
    assert mine.turn_at == mine.arrived_at


def test_serve__whoever_has_a_ticket__is_finished_with_in_the_hall_too(hall):
    mine = booked(hall)
    bookings.serve(booking=mine.booking, by=hall.clerk)
    mine.refresh_from_db()
    assert (mine.state, mine.booking.state) == (State.SERVED, BookingState.SERVED)


def test_finish__a_booked_visit__serves_the_booking_in_the_same_breath(hall):
    mine = booked(hall)
    window = hall.windows[0]
    assert call(window, hall.clerk) == mine
    arrivals.begin(arrival=mine, by=hall.clerk, window=window)
    arrivals.finish(arrival=mine, by=hall.clerk, window=window)
    assert Booking.objects.get(pk=mine.booking_id).state == BookingState.SERVED
    assert acts_of(mine) == ["ARRIVED", "CALLED", "BEGUN", "SERVED"]


# whose turn it is


def test_turn__booked_now_then_in_order_then_early_ones(hall):
    early = booked(hall, minutes=60, contact_name="早到")
    walker = walk_in(hall, "先来", minutes=30)
    late = booked(hall, minutes=-60, came=20, contact_name="迟到")
    soon = booked(hall, minutes=4, contact_name="快到")
    now_ = booked(hall, minutes=-10, contact_name="到点")
    last = walk_in(hall, "后来", minutes=1)
    line = Arrival.objects.waiting().in_turn()
    assert [each.name for each in line] == [
        "到点", "快到", "先来", "迟到", "后来", "早到"
    ]  # fmt: skip
    assert {early, walker, late, soon, now_, last} == set(line)


def test_turn__needs_care__drawn_before_the_walk_ins_with_a_note_only(hall):
    first = walk_in(hall, "先来", minutes=30)
    frail = walk_in(hall, "老人", needs_care=True)
    on_time = booked(hall, contact_name="预约")
    with pytest.raises(ArrivalRefusedError, match="为什么"):
        arrivals.draw_forward(arrival=frail, by=hall.clerk, reason=" ")
    with pytest.raises(ArrivalRefusedError) as refusal:
        arrivals.draw_forward(arrival=first, by=hall.clerk, reason="赶时间")
    assert refusal.value.code == "needs_no_care"
    arrivals.draw_forward(arrival=frail, by=hall.clerk, reason="88岁，站不住")
    line = list(Arrival.objects.waiting().in_turn())
    assert line == [on_time, frail, first]
    assert frail.events.get(act="FORWARD").note == "88岁，站不住"


def test_for_window__assigned_or_its_items_or_anybodys(hall):
    one, two, three = hall.windows
    mine = walk_in(hall, "指定三号", window=three, item=hall.policy)
    policy = walk_in(hall, "咨询", item=hall.policy)
    card = walk_in(hall, "办证", item=hall.card)
    nobodys = walk_in(hall, "别的")

    def names(window):
        return {each.name for each in Arrival.objects.for_window(window)}

    assert names(one) == {policy.name, nobodys.name}
    assert names(two) == {card.name, nobodys.name}
    assert names(three) == {mine.name, nobodys.name}
    assert names(WindowFactory()) == set()


def test_for_window__an_item_that_no_window_does__is_everybodys(hall):
    hall.windows[1].items.clear()
    walk_in(hall, "办证", item=hall.card)
    assert all(Arrival.objects.for_window(window).count() == 1 for window in hall.windows)


# calling


def test_call_next__nobody_waits__is_none(hall):
    assert call(hall.windows[0], hall.clerk) is None


def test_call_next__tapped_again__keeps_who_was_called(hall):
    walk_in(hall)
    walk_in(hall)
    first = call(hall.windows[0], hall.clerk, client_key="tap-1")
    assert call(hall.windows[0], hall.clerk, client_key="tap-1") == first
    assert call(hall.windows[0], hall.clerk, client_key="tap-2") == first
    assert Arrival.objects.filter(state=State.CALLED).count() == 1
    assert acts_of(first).count("CALLED") == 1


def test_call_next__repeated_after_the_visit_ended__calls_nobody_new(hall):
    walk_in(hall)
    walk_in(hall)
    first = call(hall.windows[0], hall.clerk, client_key="tap-1")
    arrivals.finish(arrival=first, by=hall.clerk)
    assert call(hall.windows[0], hall.clerk, client_key="tap-1") == first
    assert Arrival.objects.waiting().count() == 1


def test_call_next__left_standing_from_yesterday__is_settled_first(hall):
    yesterday = timezone.now() - timedelta(days=1)
    old = walk_in(hall, now=yesterday, client_key="old-1")
    call(hall.windows[0], hall.clerk, now=yesterday)
    new = walk_in(hall)
    assert call(hall.windows[0], hall.clerk) == new
    old.refresh_from_db()
    assert (old.state, old.events.last().note) == (State.LEFT, "当天没有办，下班后由系统结束")


def test_recall__counts_once_per_request(hall):
    walk_in(hall)
    mine = call(hall.windows[0], hall.clerk)
    for key in ("r-1", "r-1", "r-2"):
        arrivals.recall(arrival=mine, by=hall.clerk, client_key=key)
    mine.refresh_from_db()
    assert mine.calls == 3


def test_skip__then_back_in_line__waits_behind_the_walk_ins(hall):
    passed, other = walk_in(hall, "没来", minutes=20), walk_in(hall, "别人", minutes=10)
    call(hall.windows[0], hall.clerk)
    arrivals.skip(arrival=passed, by=hall.clerk, window=hall.windows[0])
    arrivals.skip(arrival=passed, by=hall.clerk)  # the same again
    arrivals.back_in_line(arrival=passed, by=hall.clerk)
    arrivals.back_in_line(arrival=passed, by=hall.clerk)
    assert list(Arrival.objects.waiting().in_turn()) == [other, passed]
    assert acts_of(passed) == ["ARRIVED", "CALLED", "SKIPPED", "BACK"]


def test_hand_over__keeps_history_and_place(hall):
    one, two, _ = hall.windows
    mine, other = walk_in(hall, "先来", minutes=9), walk_in(hall, "后来", minutes=5)
    call(one, hall.clerk)
    arrivals.begin(arrival=mine, by=hall.clerk)
    arrivals.hand_over(arrival=mine, to_window=two, by=hall.clerk, note="要办证", window=one)
    arrivals.hand_over(arrival=mine, to_window=two, by=hall.clerk, note="要办证")
    assert call(two, hall.clerk) == mine
    assert call(one, hall.clerk) == other
    mine.refresh_from_db()
    assert acts_of(mine) == ["ARRIVED", "CALLED", "BEGUN", "HANDED_OVER", "CALLED"]
    assert mine.events.get(act="HANDED_OVER").note == "1号窗口→2号窗口：要办证"


def test_hand_over__to_itself_or_another_station__is_refused(hall):
    one = hall.windows[0]
    walk_in(hall)
    mine = call(one, hall.clerk)
    for window, code in ((one, "same_window"), (WindowFactory(), "other_station")):
        with pytest.raises(ArrivalRefusedError) as refusal:
            arrivals.hand_over(arrival=mine, to_window=window, by=hall.clerk)
        assert refusal.value.code == code


def test_acts__asked_at_another_window__are_refused(hall):
    walk_in(hall)
    mine, elsewhere = call(hall.windows[0], hall.clerk), hall.windows[1]
    for act in (arrivals.recall, arrivals.skip, arrivals.begin, arrivals.finish):
        with pytest.raises(ArrivalRefusedError) as refusal:
            act(arrival=mine, by=hall.clerk, window=elsewhere)
        assert refusal.value.code == "at_another_window"


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("waiting", arrivals.recall), ("waiting", arrivals.skip), ("waiting", arrivals.begin),
        ("skipped", arrivals.finish), ("left", arrivals.finish), ("served", arrivals.skip),
        ("served", arrivals.begin), ("served", arrivals.back_in_line),
    ],
)  # fmt: skip
def test_acts__in_the_wrong_state__are_refused_in_words(hall, state, act):
    from tests.factories.arrivals import ArrivalFactory

    traits = {} if state == "waiting" else {state: True}
    with pytest.raises(ArrivalRefusedError, match="不能这样办"):
        act(arrival=ArrivalFactory(station=hall.station, **traits), by=hall.clerk)


# the end of a visit


def test_finish__without_calling__counts_as_begun_now(hall):
    mine = walk_in(hall)
    arrivals.finish(arrival=mine, by=hall.clerk)
    arrivals.finish(arrival=mine, by=hall.clerk)
    mine.refresh_from_db()
    assert (mine.state, mine.begun_at) == (State.SERVED, mine.ended_at)
    assert acts_of(mine) == ["ARRIVED", "SERVED"]


def test_finish_and_call__repeated__calls_one_only(hall):
    first, second, third = (walk_in(hall, minutes=9 - n) for n in range(3))
    window = hall.windows[0]
    call(window, hall.clerk)
    for _ in range(2):
        called = arrivals.finish_and_call(
            arrival=first, window=window, by=hall.clerk, client_key="next-1"
        )
        assert called == second
    assert list(Arrival.objects.waiting()) == [third]


def test_leave__with_a_reason__ends_the_visit(hall):
    mine = walk_in(hall)
    with pytest.raises(ArrivalRefusedError, match="原因"):
        arrivals.leave(arrival=mine, by=hall.clerk, reason="")
    arrivals.leave(arrival=mine, by=hall.clerk, reason="等不及，改天来")
    arrivals.leave(arrival=mine, by=hall.clerk, reason="等不及，改天来")
    mine.refresh_from_db()
    assert mine.state == State.LEFT
    assert acts_of(mine) == ["ARRIVED", "LEFT"]


def test_settle__after_the_day__leaves_nobody_in_the_hall(hall):
    yesterday = timezone.now() - timedelta(days=1)
    people = [walk_in(hall, now=yesterday, client_key=f"old-{n}") for n in range(4)]
    today = walk_in(hall)
    one, two, three = hall.windows
    served = call(one, hall.clerk, now=yesterday)
    arrivals.begin(arrival=served, by=hall.clerk, now=yesterday)
    skipped = call(two, hall.clerk, now=yesterday)
    arrivals.skip(arrival=skipped, by=hall.clerk)
    call(three, hall.clerk, now=yesterday)
    assert arrivals.settle(before=timezone.localdate()) == 4
    assert arrivals.settle(before=timezone.localdate()) == 0
    states = Arrival.objects.filter(pk__in=[each.pk for each in people])
    assert sorted(states.values_list("state", flat=True)) == ["LEFT", "LEFT", "LEFT", "SERVED"]
    assert list(Arrival.objects.in_the_hall()) == [today]
    served.refresh_from_db()
    assert served.events.last().note == "下班时仍在办理，由系统记为办完"


@pytest.mark.parametrize("key", ["", "press-1"])
def test_finish__without_a_matter__invites_to_rate_the_visit_once(hall, key):
    mine = walk_in(hall)
    for _ in range(2):
        arrivals.finish(arrival=mine, by=hall.clerk, client_key=key)
    assert RatingInvitation.objects.get().arrival == mine


def test_finish__with_a_matter__leaves_the_rating_to_the_matter(hall):
    person = PersonFactory(station=hall.station, claimed=True)
    matter = HeldMatterFactory(station=hall.station, person=person)
    arrivals.finish(arrival=walk_in(hall, person=person, matter=matter), by=hall.clerk)
    assert not RatingInvitation.objects.exists()


def test_settle__who_was_still_being_served__is_not_asked_at_night(hall):
    yesterday = timezone.now() - timedelta(days=1)
    walk_in(hall, now=yesterday, client_key="old-1")
    mine = call(hall.windows[0], hall.clerk, now=yesterday)
    arrivals.begin(arrival=mine, by=hall.clerk, now=yesterday)
    arrivals.settle(before=timezone.localdate())
    assert not RatingInvitation.objects.exists()
