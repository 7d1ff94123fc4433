"""Automatic figures against SQL written by hand from `domain.md` C.5, and as of their moment."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports import counting
from reports.catalogue import BY_CODE
from services.enums import ModelStatus
from tests.factories.arrivals import ArrivalFactory
from tests.factories.bookings import BookingFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import ServiceItemFactory
from tests.factories.persons import PersonFactory
from tests.reports.conftest import JUNE
from veterans_portal.indicators import Span

SPAN = Span.month(JUNE)


def at(*parts):
    return timezone.make_aware(datetime(*parts))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def consultation(station, when, *, heads=1, counts=True, booked=False, **state):
    """A visit that was served; another trait of ArrivalFactory instead: `left=True`."""
    item = ServiceItemFactory(
        code="policy" if counts else "card", is_consultation=counts, name="政策咨询"
    )
    values = {"day": timezone.localdate(when), "arrived_at": when, "item": item, "heads": heads}
    if booked:
        values["booking"] = BookingFactory(slot__offering__station=station)
    return ArrivalFactory(station=station, **values | (state or {"served": True}))


def test_stations__at_the_end_of_the_month__count_those_in_service_then(city):
    city.a1x.active_to = date(2025, 6, 30)
    city.a1x.save()
    city.a1y.active_to = date(2025, 7, 1)
    city.a1y.save()
    city.b1x.active_from = date(2025, 7, 1)
    city.b1x.save()
    found = counting.total(SPAN, city.city, BY_CODE["SVC-01"])
    by_hand = sql(
        "SELECT count(*) FROM services_station WHERE tier BETWEEN 1 AND 4"
        " AND active_from <= '2025-06-30' AND (active_to IS NULL OR active_to > '2025-06-30')"
    )
    assert found.value == by_hand[0] == 8
    assert counting.total(SPAN, city.city, BY_CODE["SVC-02"]).value == 1


def test_model_share__named_later__does_not_change_the_month_before(city):
    for station, day in ((city.a1x, date(2025, 6, 30)), (city.a2x, date(2025, 7, 1))):
        station.model_status, station.named_at = ModelStatus.NAMED, day
        station.save()
    found = counting.total(SPAN, city.city, BY_CODE["SVC-03"])
    assert (found.numerator, found.denominator) == (1, 10)
    assert str(found.value) == "10.00"


def test_files__closed_after_the_month__still_count_in_it(city):
    PersonFactory(station=city.a1x, filed_at=at(2025, 6, 30, 23, 59))
    PersonFactory(station=city.a1x, filed_at=at(2025, 7, 1, 0, 0))
    PersonFactory(
        station=city.a1x, closed=True, filed_at=at(2025, 1, 5), closed_at=at(2025, 6, 30, 23, 59)
    )
    PersonFactory(
        station=city.a1y, closed=True, filed_at=at(2025, 1, 5), closed_at=at(2025, 7, 1, 0, 0)
    )
    PersonFactory(station=city.a1x, draft=True)
    found = counting.total(SPAN, city.city, BY_CODE["SVC-04"])
    by_hand = sql(
        "SELECT count(DISTINCT id) FROM services_person WHERE filed_at < %s"
        " AND (closed_at IS NULL OR closed_at >= %s)",
        at(2025, 7, 1),
        at(2025, 7, 1),
    )
    assert found.value == found.rows == by_hand[0] == 2


def test_consultations__served_in_the_month__sum_heads_and_nothing_else(city):
    consultation(city.a1x, at(2025, 6, 1, 9), heads=2)
    consultation(city.a1x, at(2025, 6, 30, 16), heads=3, booked=True)
    consultation(city.a1y, at(2025, 5, 31, 23, 30), heads=4)
    consultation(city.a1y, at(2025, 7, 1, 0, 0), heads=4)
    consultation(city.a1y, at(2025, 6, 10, 9), heads=4, counts=False)
    consultation(city.a1y, at(2025, 6, 10, 9), heads=4, left=True)
    consultation(city.a1y, at(2025, 6, 10, 9), heads=4, serving=True)
    MatterFactory(station=city.a1x, done=True, done_at=at(2025, 6, 10, 9))  # answered online
    found = counting.total(SPAN, city.city, BY_CODE["SVC-08"])
    by_hand = sql(
        "SELECT sum(heads) FROM services_arrival JOIN services_serviceitem i ON i.code = item_id"
        " WHERE state = 'SERVED' AND is_consultation AND day BETWEEN '2025-06-01' AND '2025-06-30'"
    )
    assert (found.value, found.rows) == (by_hand[0], 2) == (5, 2)
    assert counting.total(SPAN, city.a1x, BY_CODE["SVC-08"], own=True).value == 5
    assert counting.total(SPAN, city.b, BY_CODE["SVC-08"]).value == 0


def test_matters__done_in_the_month__are_on_time_by_what_was_written_when_done(city):
    for station, when, late in (
        (city.a1x, at(2025, 6, 1, 0), 0),
        (city.a1x, at(2025, 6, 30, 23), 0),
        (city.a1y, at(2025, 6, 10, 9), 2),
        (city.a1y, at(2025, 5, 31, 23), 0),
        (city.a1y, at(2025, 7, 1, 0), 0),
    ):
        MatterFactory(station=station, done=True, done_at=when, late_days=late)
    found = counting.total(SPAN, city.city, BY_CODE["SVC-16"])
    by_hand = sql(
        "SELECT count(*) FILTER (WHERE late_days = 0), count(*) FROM services_matter"
        " WHERE done_at >= '2025-06-01 00:00+08' AND done_at < '2025-07-01 00:00+08'"
    )
    assert by_hand == (2, 3)
    assert (found.numerator, found.denominator, found.rows) == (2, 3, 3)


def test_by_child__any_station__agrees_with_the_totals_of_its_children(city):
    PersonFactory(station=city.a, filed_at=at(2025, 1, 1))
    PersonFactory.create_batch(2, station=city.a1x, filed_at=at(2025, 1, 1))
    PersonFactory(station=city.a2, filed_at=at(2025, 1, 1))
    found = counting.by_child(SPAN, city.a)
    for child in (city.a1, city.a2, city.campus):
        for indicator in counting.AUTOMATIC:
            whole = counting.total(SPAN, child, indicator)
            part = found.get((child.path, indicator.code))
            assert (part.value if part else 0) == (whole.value or 0), (child, indicator)
    assert found[city.a.path, "SVC-04"].value == 1


def test_by_station__whole_city__asks_each_table_once(city):
    with CaptureQueriesContext(connection) as asked:
        counting.by_station(SPAN)
    asked_of = [query["sql"].partition(" FROM ")[2].split(" ")[0] for query in asked]
    tables = {f'"{i.counted.records().model._meta.db_table}"' for i in counting.AUTOMATIC}
    assert sorted(asked_of) == sorted(tables)


def test_records__indicators_of_one_pass__are_the_same_but_for_their_condition():
    for first, *others in counting._tables(counting.AUTOMATIC):
        for other in others:
            one, two = (i.counted.records().select_related(None) for i in (first, other))
            assert str(one.query) == str(two.query), (first.code, other.code)


@pytest.mark.parametrize("code", [i.code for i in counting.AUTOMATIC])
def test_figure__each_automatic_indicator__equals_the_length_of_its_list(city, code):
    PersonFactory(station=city.a1x, filed_at=at(2025, 1, 1))
    consultation(city.a1x, at(2025, 6, 2, 9), heads=2)
    counted = BY_CODE[code].counted
    listed = counted.behind(SPAN).filter(**{f"{counted.path}__startswith": city.a.path})
    assert counting.total(SPAN, city.a, BY_CODE[code]).rows == listed.count()
