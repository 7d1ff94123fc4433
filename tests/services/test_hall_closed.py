"""A closed station and a window that rests take in nobody new, but finish with those who came."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from services import opening
from services.actions import arrivals, hours
from services.actions.network import extend_calendar
from services.arrival_rules import ArrivalRefusedError
from services.enums import ArrivalState, DayKind
from services.models import Arrival
from tests.factories.accounts import UserFactory
from tests.factories.hours import ClosureFactory, OpeningHoursFactory
from tests.services import hall_scene
from tests.services.hall_scene import walk_in
from veterans_portal import chinese_dates

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)
SATURDAY, TUESDAY = MONDAY - timedelta(days=2), MONDAY + timedelta(days=1)
WHY = "从外地赶来，今天要返程"


def at(hour, minute=0, day=MONDAY):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def hall():
    hall = hall_scene.build()
    for start, end in (("09:00", "12:00"), ("13:00", "17:00")):
        OpeningHoursFactory(station=hall.station, start=start, end=end)
    extend_calendar(today=MONDAY - timedelta(days=10))
    return hall


def close(hall, *, entered=None, **values):
    """A closure of the station, or of `window`; entered a week ahead unless told."""
    values = {
        "first_day": MONDAY,
        "created_at": entered or at(8, day=MONDAY - timedelta(7)),
    } | values
    return ClosureFactory(station=hall.station, **values)


def comes(hall, moment, name="王建国", **more):
    return walk_in(hall, name, now=moment, **more)


def refused(code, act, **values):
    with pytest.raises(ArrivalRefusedError) as refusal:
        act(**values)
    assert refusal.value.code == code
    return refusal.value.message


# tickets


def test_arrive__while_the_station_is_closed__names_the_next_opening(hall):
    close(hall, start=time(9), end=time(15), reason="停电检修")
    with pytest.raises(ArrivalRefusedError) as refusal:
        comes(hall, at(10))
    assert (refusal.value.code, refusal.value.field) == ("closed", "closed_reason")
    assert f"停电检修，{chinese_dates.day(MONDAY)} 下午3:00恢复" in refusal.value.message
    assert not Arrival.objects.exists()
    assert comes(hall, at(15)).ticket == "A001"


def test_arrive__closed_but_with_a_reason__is_taken_in_and_audited(hall):
    close(hall, reason="停电检修")
    mine = comes(hall, at(10), closed_reason=f" {WHY} ", client_key="closed-key-1")
    again = comes(hall, at(10), closed_reason=WHY, client_key="closed-key-1")
    assert (mine.closed_reason, again) == (WHY, mine)
    assert mine.events.get().note == WHY
    entry = AuditEntry.objects.get(act="services.arrival_while_closed")
    assert entry.detail == {"closed": "停电检修", "reason": WHY}


def test_arrive__repeated_after_the_closure_fell__is_the_same_party(hall):
    mine = comes(hall, at(10), client_key="key-before-1")
    close(hall, entered=at(10, 5))
    assert comes(hall, at(10, 6), client_key="key-before-1") == mine


@pytest.mark.parametrize("reason", ["", "   "])
def test_arrive__reason_of_spaces__is_none(hall, reason):
    close(hall)
    refused("closed", comes, hall=hall, moment=at(10), closed_reason=reason)


@pytest.mark.parametrize(
    ("moment", "says"),
    [(at(17), f"今天已经下班，{chinese_dates.day(TUESDAY)} 上午9:00恢复"),
     (at(10, day=SATURDAY), f"今天休息，{chinese_dates.day(MONDAY)} 上午9:00恢复")],
)  # fmt: skip
def test_arrive__after_hours_or_on_a_day_of_rest__is_refused(hall, moment, says):
    assert says in refused("closed", comes, hall=hall, moment=moment)
    assert comes(hall, moment, closed_reason=WHY).closed_reason == WHY


@pytest.mark.parametrize("moment", [at(8, 30), at(12, 30), at(16, 59)])
def test_arrive__before_the_doors_open_again_that_day__gets_a_ticket(hall, moment):
    assert comes(hall, moment, closed_reason="不需要").closed_reason == ""


def test_arrive__without_hours_as_data__only_a_closure_refuses(hall):
    hall.station.hours.all().delete()
    assert comes(hall, at(23)).ticket == "A001"
    close(hall, first_day=MONDAY, last_day=MONDAY + timedelta(days=1))
    assert f"{chinese_dates.day(MONDAY + timedelta(days=2))}恢复" in refused(
        "closed", comes, hall=hall, moment=at(23, 5)
    )


def test_arrive__for_a_window_that_rests__is_refused__for_another_not(hall):
    one, two, _ = hall.windows
    close(hall, window=one, absence=True)
    assert "窗口人员不在岗" in refused("closed", comes, hall=hall, moment=at(10), window=one)
    assert comes(hall, at(10), window=two).window == two


def test_arrive__for_an_item_whose_only_window_rests__is_refused(hall):
    close(hall, window=hall.windows[0], absence=True)
    refused("closed", comes, hall=hall, moment=at(10), item=hall.policy)
    assert comes(hall, at(10), item=hall.card).ticket == "A001"
    hall.windows[2].items.add(hall.policy)  # somebody else does it
    assert comes(hall, at(10, 1), item=hall.policy).ticket == "A002"


@pytest.mark.parametrize("change", ["stand_in", "lifted", "other_day"])
def test_arrive__closure_that_does_not_hold__changes_nothing(hall, change):
    values = {
        "stand_in": {"absence": True, "window": hall.windows[0],
                     "stand_in": UserFactory(staff=True)},
        "lifted": {"lifted_at": at(8), "lifted_by": hall.clerk},
        "other_day": {"first_day": MONDAY + timedelta(days=1)},
    }[change]  # fmt: skip
    close(hall, **values)
    assert comes(hall, at(10), window=hall.windows[0]).ticket == "A001"
    assert arrivals.call_next(window=hall.windows[0], by=hall.clerk, now=at(10, 1))


# calling


def test_call_next__window_without_its_attendant__calls_nobody_new(hall):
    one = hall.windows[0]
    close(hall, window=one, absence=True, start=time(9), end=time(12))
    comes(hall, at(10))
    says = refused("closed", arrivals.call_next, window=one, by=hall.clerk, now=at(10, 5))
    assert f"这个窗口现在不接待：窗口人员不在岗，{chinese_dates.day(MONDAY)} 下午1:00恢复" in says
    assert arrivals.call_next(window=hall.windows[2], by=hall.clerk, now=at(10, 6))


def test_call_next__those_who_came_before_the_closure__are_still_served(hall):
    one, two, _ = hall.windows
    before = [comes(hall, at(9, n), f"先来{n}") for n in range(3)]
    close(hall, entered=at(9, 30), reason="停电检修")
    late = comes(hall, at(9, 40), "后来", closed_reason=WHY)
    mine = arrivals.call_next(window=one, by=hall.clerk, now=at(9, 41))
    assert mine == before[0]
    arrivals.begin(arrival=mine, by=hall.clerk, now=at(9, 42))
    arrivals.hand_over(arrival=mine, to_window=two, by=hall.clerk, now=at(9, 43))
    assert arrivals.call_next(window=two, by=hall.clerk, now=at(9, 44)) == mine
    for expected in before[1:]:
        called = arrivals.call_next(window=one, by=hall.clerk, now=at(9, 45))
        assert called == expected
        arrivals.finish(arrival=called, by=hall.clerk, now=at(9, 46))
    # whoever was taken in with a reason needs no second one
    assert arrivals.call_next(window=one, by=hall.clerk, now=at(9, 47)) == late
    assert AuditEntry.objects.filter(act="services.arrival_while_closed").count() == 1


def test_call_next__with_a_reason__calls_whoever_came_later_and_is_audited(hall):
    one = hall.windows[0]
    close(hall, window=one, absence=True)
    comes(hall, at(10))
    mine = arrivals.call_next(window=one, by=hall.clerk, closed_reason=WHY, now=at(10, 5))
    mine.refresh_from_db()
    assert (mine.state, mine.closed_reason) == (ArrivalState.CALLED, WHY)
    assert AuditEntry.objects.get(act="services.arrival_while_closed").actor == hall.clerk
    assert mine.events.get(act="CALLED").note == WHY


def test_call_next__repeated_after_the_closure_fell__stays_with_the_called(hall):
    one = hall.windows[0]
    comes(hall, at(9, 50))
    mine = arrivals.call_next(window=one, by=hall.clerk, now=at(10))
    close(hall, entered=at(10, 1))
    assert arrivals.call_next(window=one, by=hall.clerk, now=at(10, 2)) == mine


def test_finish_and_call__at_a_window_that_rests__finishes_and_says_why_no_more(hall):
    one = hall.windows[0]
    comes(hall, at(9, 50))
    mine = arrivals.call_next(window=one, by=hall.clerk, now=at(10))
    close(hall, window=one, absence=True, entered=at(10, 1))
    comes(hall, at(10, 5), "后来")
    refused("closed", arrivals.finish_and_call, arrival=mine, window=one, by=hall.clerk,
            now=at(10, 6))  # fmt: skip
    mine.refresh_from_db()
    assert mine.state == ArrivalState.SERVED


def test_hand_over__to_a_window_that_rests__is_refused_with_its_return(hall):
    one, two, _ = hall.windows
    mine = comes(hall, at(9, 50))
    close(hall, window=two, absence=True)
    says = refused("window_closed", arrivals.hand_over, arrival=mine, to_window=two,
                   by=hall.clerk, now=at(10))  # fmt: skip
    assert f"{chinese_dates.day(TUESDAY)} 上午9:00恢复" in says
    arrivals.hand_over(arrival=mine, to_window=one, by=hall.clerk, now=at(10))


def test_closing_of__nothing_closed_today__is_one_query(hall, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert opening.closing_of(hall.windows[0], now=at(10)) is None


def test_shut__longer_than_announced__says_so(hall):
    close(hall, last_day=MONDAY + timedelta(days=40))
    assert opening.opening_of(hall.station, now=at(10)).shut(at(10)).when == "14天内不恢复"


# pages


@pytest.fixture
def today(hall):
    """Open all day, so that only closures close."""
    hall.station.hours.all().delete()
    for kind in DayKind:
        OpeningHoursFactory(station=hall.station, on=kind, start="00:00", end="23:59:59.999999")


@pytest.mark.usefixtures("today")
def test_reception__closed__says_why_and_takes_in_with_a_reason(client, hall):
    client.force_login(hall.clerk)
    url = reverse("services:desk_reception", args=[hall.station.code])
    assert "停止服务仍接待的原因" not in client.get(url).content.decode()
    closure = close(hall, first_day=timezone.localdate(), reason="停电检修")
    page = client.get(url).content.decode()
    assert "停电检修" in page
    assert "停止服务仍接待的原因" in page
    form = {"do": "walk-in", "name": "王建国", "heads": "1", "client_key": "page-key-1"}
    page = client.post(url, form).content.decode()
    assert "请写明原因" in page
    assert "王建国" in page
    assert client.post(url, form | {"closed_reason": WHY}).status_code == 302
    mine = Arrival.objects.get()
    assert WHY in client.get(mine.get_absolute_url()).content.decode()
    hours.lift(closure=closure, by=hall.clerk)
    assert "现在不接待" not in client.get(url).content.decode()


@pytest.mark.usefixtures("today")
def test_window_page__resting__says_so_and_calls_with_a_reason_only(client, hall):
    client.force_login(hall.clerk)
    one = hall.windows[0]
    close(hall, window=one, absence=True, first_day=timezone.localdate())
    walk_in(hall)
    url = reverse("services:desk_hall_window", args=[one.pk])
    page = client.get(url).content.decode()
    assert "窗口人员不在岗" in page
    assert "仍然叫下一位" in page
    call = reverse("services:desk_hall_call", args=[one.pk])
    key = {"client_key": "press-one-1"}
    assert "请写明原因" in client.post(call, key, follow=True).content.decode()
    assert Arrival.objects.get().state == ArrivalState.WAITING
    client.post(call, key | {"reason": WHY})
    assert Arrival.objects.get().state == ArrivalState.CALLED
