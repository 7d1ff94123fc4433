"""What it costs that rows of a merged file follow to the one that stayed (`follow_merged`).

`python -m benchmarks.following [--rounds N] [--rows N]`. Each table gets its rows one statement each,
as in service, once with its trigger and once without, in turns; every row names a file. Neighbours
in time are compared. The last line is the whole act of booking, committed, with all that it writes.
"""

import argparse
import os
import statistics
import time
from datetime import timedelta

import django

from benchmarks.database import own_database
from veterans_portal import embedded

DATABASE = "portal_bench_following"


def main():
    """Measure and print the lines of the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.following")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--rows", type=int, default=1000)
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with embedded.servers("run"):
        django.setup()
        with own_database(DATABASE):
            print("| insertion | without, µs | with, µs | with / without |\n|---|---|---|---|")
            for title, table, fill in cases(chosen.rows):
                print(line(title, *in_turns(table, fill, chosen)), flush=True)


def cases(rows):
    """(title, table, what fills it once) of everything that follows, then the act of booking."""
    from tests.factories.accounts import UserFactory
    from tests.factories.arrivals import ArrivalFactory
    from tests.factories.bookings import BookingFactory
    from tests.factories.papers import HeldMatterFactory
    from tests.factories.persons import PersonFactory
    from tests.factories.waiting import WaitingEntryFactory

    pattern, by = PersonFactory(), UserFactory(staff=True)
    persons = copies(pattern, rows, "id_index")
    own = {
        BookingFactory: ("code", "client_key", "once_key"),
        HeldMatterFactory: ("number", "client_key"),
        ArrivalFactory: ("ticket", "client_key"),
        WaitingEntryFactory: ("who", "client_key"),
    }
    for factory, unique in own.items():
        row = factory(person=pattern, by=by)
        statement, values = insertion(row, *unique)
        yield row._meta.model_name, row._meta.db_table, filler(statement, values, persons, unique)
    yield "the act of booking", "services_booking", booker(persons)


def copies(row, count, *unique):
    """Make the row `count` times more; returns the keys."""
    from django.db import connection

    statement, values = insertion(row, *unique)
    with connection.cursor() as cursor:
        keys = []
        for number in range(count):
            cursor.execute(statement + " RETURNING id", values | _names(unique, number))
            keys.append(cursor.fetchone()[0])
    return keys


def insertion(row, *unique):
    """The statement that writes a row like this one, and its values as the database prints them."""
    from django.db import connection

    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    table = row._meta.db_table
    with connection.cursor() as cursor:
        printed = ", ".join(f'"{column}"::text' for column in columns)
        cursor.execute(f"SELECT {printed} FROM {table} WHERE id = %s", [row.pk])  # noqa: S608
        values = dict(zip(columns, cursor.fetchone(), strict=True))
    named = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f"%({column})s" for column in columns)
    return f"INSERT INTO {table} ({named}) VALUES ({places})", values  # noqa: S608


def _names(unique, number):
    return dict.fromkeys(unique, f"b{number:06d}")


def filler(statement, values, persons, unique):
    """Writes one row for each file and takes them back; returns seconds for one row."""
    from django.db import connection, transaction

    def fill():
        with transaction.atomic(), connection.cursor() as cursor:
            began = time.perf_counter()
            for number, person in enumerate(persons):
                own = _names(unique, number) | {"person_id": person}
                cursor.execute(statement, values | own)
            took = time.perf_counter() - began
            transaction.set_rollback(True)
        return took / len(persons)

    return fill


def booker(keys):
    """Books once for each file at fresh slots; returns seconds for one booking."""
    from django.utils import timezone

    from services.actions import bookings
    from services.models import Person, Slot
    from tests.factories.accounts import UserFactory
    from tests.factories.bookings import OfferingFactory, SlotFactory

    persons = list(Person.objects.filter(pk__in=keys))
    by, offering, rounds = UserFactory(staff=True), OfferingFactory(), iter(range(1000))

    def fill():
        turn = next(rounds)
        start = timezone.now() + timedelta(days=1 + turn)
        made = SlotFactory(offering=offering, starts_at=start, capacity=len(persons))
        slot = Slot.objects.with_rules().get(pk=made.pk)
        began = time.perf_counter()
        for person in persons:
            key = f"bench-{turn}-{person.pk}"
            bookings.book(slot=slot, heads=1, by=by, client_key=key, person=person, on_behalf=True)
        return (time.perf_counter() - began) / len(persons)

    return fill


def in_turns(table, fill, chosen):
    """Seconds for one row of every round: ([without the trigger], [with it])."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [table, "%follows_a_merged_file%"],
        )
        ((trigger,),) = cursor.fetchall()
    taken = {"DISABLE": [], "ENABLE": []}
    for number in range(chosen.rounds + 1):
        for how in list(taken)[:: -1 if number % 2 else 1]:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
            seconds = fill()
            if number:  # the first one warms up
                taken[how].append(seconds)
    return taken["DISABLE"], taken["ENABLE"]


def line(title, without, with_it):
    middle = [statistics.median(side) * 1e6 for side in (without, with_it)]
    ratio = statistics.median(b / a for a, b in zip(without, with_it, strict=True))
    return f"| {title} | {middle[0]:.0f} | {middle[1]:.0f} | {ratio:.2f} |"


if __name__ == "__main__":
    main()
