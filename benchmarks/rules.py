"""Matching 160,000 made-up files against 200 rules, beside one hand-written statement per rule.

`python -m benchmarks.rules [--files N] [--rules N]`. Rule by rule the engine's query and the
statement a person would write for it fetch the ids of all whom it fits, in turns; both must find as
many. Then two nights of the whole run (the second finds nobody new), and one person against
500 rules in Python. Cards stand without their matters here: nothing reads those.
"""

import argparse
import os
import random
import resource
import statistics
import time
from datetime import date, timedelta

import django

from benchmarks.database import own_database
from benchmarks.duplicates import people
from veterans_portal import embedded

DATABASE = "portal_bench_rules"
ON = date(2026, 11, 24)
DISTRICTS, VILLAGES, CHUNK = 8, 15, 5000
WAYS = ["SELF_EMPLOYMENT", "SELF_EMPLOYMENT", "SELF_EMPLOYMENT", "ARRANGED_JOB", "RETIRED", None]
CATEGORIES = ["DISCHARGED_SOLDIER"] * 7 + ["TRANSFERRED_CADRE", "MARTYR_FAMILY", "DISABLED_SOLDIER"]
CARDS = ["ISSUED"] * 4 + ["PRODUCING", "LOST"]
SELECT = (
    "SELECT p.id FROM services_person p JOIN services_station s ON s.id = p.station_id "
    "WHERE p.state IN ('FILED', 'CHANGE_PENDING') AND"
)
NO_CARD = ("NOT EXISTS (SELECT FROM services_card c WHERE c.person_id = p.id "
           "AND c.state NOT IN ('REJECTED', 'REPLACED', 'CANCELLED'))")  # fmt: skip


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.rules")
    options.add_argument("--files", type=int, default=160_000)
    options.add_argument("--rules", type=int, default=200)
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with embedded.servers("run"):
        django.setup()
        with own_database(DATABASE):
            _fill(chosen.files)
            rules = list(cases(chosen.rules))
            in_turns(rules)
            nights(rules)
            one_person(rules)


def cases(count):
    """(conditions as data, statement, parameters) of so many rules in eight shapes."""
    shapes = (_birthday, _disabled, _recent, _plaque, _family, _card_wish, _way, _village)
    for number in range(count):
        data, where, values = shapes[number % len(shapes)](number // len(shapes))
        yield (
            {"all": data},
            f"{SELECT} {where}",
            values,
        )


def _years_back(years):
    return ON.replace(year=ON.year - years)


def _birthday(n):
    age, near = 60 + n, timedelta(days=30)
    first, last = ON - near, ON + near
    return (
        [{"is": "birthday", "ages": [age], "before": 30, "after": 30}, {"is": "lives_alone"}],
        "p.birth BETWEEN %s AND %s AND p.lives_alone",
        [first.replace(year=first.year - age), last.replace(year=last.year - age)],
    )


def _disabled(n):
    top, district = 1 + n % 6, _district(n)
    return (
        [{"is": "disability", "min": 1, "max": top}, {"is": "card", "any_of": ["none"]},
         {"is": "place", "under": [district]}],
        f"p.disability_grade BETWEEN 1 AND %s AND {NO_CARD} AND s.path LIKE %s",
        [top, f"{district}%"],
    )  # fmt: skip


def _recent(n):
    first, last = _months_back(n + 1), _months_back(n)
    return (
        [{"is": "since", "date": "discharged_on", "at_least": n, "at_most": n + 1, "unit": "months"},
         {"any": [{"is": "way", "any_of": ["SELF_EMPLOYMENT"]}, {"is": "age", "max": 30}]}],
        "p.discharged_on BETWEEN %s AND %s AND (p.placement_way = 'SELF_EMPLOYMENT' OR p.birth > %s)",
        [first, last, _years_back(31)],
    )  # fmt: skip


def _plaque(n):
    return (
        [{"is": "plaque_missing"}, {"is": "age", "min": 50 + n, "max": 50 + n}],
        "p.honour_plaque_on IS NULL AND p.birth <= %s AND p.birth > %s",
        [_years_back(50 + n), _years_back(51 + n)],
    )


def _family(n):
    return (
        [{"is": "identity", "any_of": ["MARTYR_FAMILY"], "verified": True},
         {"is": "age", "min": 40 + n, "max": 41 + n}],
        "p.birth <= %s AND p.birth > %s AND EXISTS (SELECT FROM services_identity i "
        "WHERE i.person_id = p.id AND i.category = 'MARTYR_FAMILY' AND i.verified_at IS NOT NULL "
        "AND (i.valid_from IS NULL OR i.valid_from <= %s) AND (i.valid_to IS NULL OR i.valid_to >= %s))",
        [_years_back(40 + n), _years_back(42 + n), ON, ON],
    )  # fmt: skip


def _card_wish(n):
    return (
        [{"any": [{"is": "card", "any_of": ["lost"]}, {"is": "card", "any_of": ["none"]}]},
         {"is": "age", "min": 60 + n, "max": 60 + n}, {"is": "lives_alone"}],
        f"p.birth <= %s AND p.birth > %s AND p.lives_alone AND ({NO_CARD} OR (SELECT "  # noqa: S608
        "bool_or(c.state = 'LOST') AND bool_and(c.state = 'LOST') FROM services_card c WHERE "
        "c.person_id = p.id AND c.state NOT IN ('REJECTED', 'REPLACED', 'CANCELLED')))",
        [_years_back(60 + n), _years_back(61 + n)],
    )  # fmt: skip


def _way(n):
    district = _district(n)
    return (
        [{"not": [{"is": "way", "any_of": ["SELF_EMPLOYMENT", "ARRANGED_JOB"]},
                  {"is": "card", "any_of": ["held", "applied"]}]},
         {"is": "age", "min": 45 + n, "max": 46 + n}, {"is": "place", "under": [district]}],
        "(p.placement_way IS NULL OR p.placement_way NOT IN ('SELF_EMPLOYMENT', 'ARRANGED_JOB')) "
        "AND NOT EXISTS (SELECT FROM services_card c WHERE c.person_id = p.id AND c.state IN "
        "('ISSUED', 'TEMP_LOST', 'PRODUCING')) AND p.birth <= %s AND p.birth > %s AND s.path LIKE %s",
        [_years_back(45 + n), _years_back(47 + n), f"{district}%"],
    )  # fmt: skip


def _village(n):
    village = f"{_district(n)}{n % DISTRICTS + 1:02d}{n % VILLAGES + 1:03d}/"
    return (
        [{"is": "place", "under": [village]}, {"is": "age", "min": 65}, {"not": [{"is": "lives_alone"}]}],
        "s.path LIKE %s AND p.birth <= %s AND NOT p.lives_alone",
        [f"{village}%", _years_back(65)],
    )  # fmt: skip


def _district(n):
    return f"3202/{n % DISTRICTS + 1:02d}/"


def _months_back(months):
    index = ON.year * 12 + ON.month - 1 - months
    return date(index // 12, index % 12 + 1, ON.day)


def in_turns(rules):
    """Each rule by the engine and by hand, the order changing; prints both sums and the ratio."""
    from services.rules import parse, persons

    took, ratios, fits = [0.0, 0.0], [], 0
    for number, (data, statement, values) in enumerate(rules):
        root = parse(data)
        sides = [lambda r=root: _count(persons(r, on=ON).order_by().values_list("pk").iterator()),
                 lambda q=statement, v=values: _count(_by_hand(q, v))]  # fmt: skip
        spent, sizes = [0.0, 0.0], [0, 0]
        for side in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            sizes[side] = sides[side]()
            spent[side] = time.perf_counter() - began
        assert sizes[0] == sizes[1], (data, sizes)
        fits += sizes[0]
        ratios.append(spent[0] / spent[1])
        took = [a + b for a, b in zip(took, spent, strict=True)]
    print(f"{len(rules)} rules fit {fits} times; engine {took[0]:.1f} s, by hand {took[1]:.1f} s, "
          f"ratio of the sums {took[0] / took[1]:.2f}, median of the ratios "
          f"{statistics.median(ratios):.2f}, {_peak():.0f} MB peak", flush=True)  # fmt: skip


def _by_hand(statement, values):
    from django.db import connection, transaction

    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _count(rows):
    return sum(1 for _ in rows)


def nights(rules):
    """The whole run twice with every rule in force; prints what each night found and took."""
    from django.utils import timezone

    from accounts.models import User
    from placement.actions import outreach
    from placement.models import OutreachLead
    from services.models import Rule, RuleVersion, Station

    by = [User.objects.create(kind="STAFF", staff_number=f"B{n}", name="测量") for n in range(2)]
    city = Station.objects.get(path="3202/")
    for number, (data, _, _) in enumerate(rules):
        rule = Rule.objects.create(code=f"r{number}", kind="OUTREACH", title="测量", station=city)
        RuleVersion.objects.create(
            rule=rule, number=1, state="PUBLISHED", conditions=data, valid_from=date(2025, 1, 1),
            offer_title="测量", offer_words="测量。", author=by[0], published_by=by[1],
            published_at=timezone.now(),
        )  # fmt: skip
    for night, title in enumerate(("first night", "every night")):
        before, began, processor = _peak(), time.perf_counter(), time.process_time()
        outreach.nightly(day=ON + timedelta(days=night))
        print(f"{title}: {OutreachLead.objects.count()} found in all, "
              f"{time.perf_counter() - began:.1f} s clock, {time.process_time() - processor:.1f} s "
              f"processor here, {before:.0f} → {_peak():.0f} MB peak", flush=True)  # fmt: skip


def one_person(rules):
    """Everything one person is judged by on a page: 500 rules read and judged, reasons included."""
    from services.models import Person
    from services.rules import facts_of, parse, verdict, with_facts

    facts = facts_of(with_facts(Person.objects.all())[0])
    many = [rules[number % len(rules)][0] for number in range(500)]
    for data in many:
        verdict(parse(data), facts, on=ON)
    began = time.perf_counter()
    for data in many:
        verdict(parse(data), facts, on=ON)
    print(f"one person against 500 rules: {(time.perf_counter() - began) * 1000:.0f} ms")


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(count):
    """Stations in eight districts, the files, one identity each, a card for two in three."""
    from django.db import connection
    from django.utils import timezone

    from services.models import Card, Identity, Person

    rng, now, stations = random.Random(7), timezone.now(), _stations()  # noqa: S311  sample data
    rows = []

    def write():
        Person.objects.bulk_create(rows)
        Identity.objects.bulk_create(
            Identity(person=each, category=rng.choice(CATEGORIES), evidence="证件",
                     verified_at=now if rng.random() < 0.8 else None)
            for each in rows
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            Card.objects.bulk_create(
                Card(person=each, station=each.station, matter_id=each.pk, kind="VETERAN",
                     state=rng.choice(CARDS), issued_on=ON)
                for each in rows if rng.random() < 0.66
            )  # fmt: skip
            cursor.execute("SET session_replication_role = DEFAULT")
        rows.clear()

    for name, number, birth, _ in people(count):
        graded = rng.random() < 0.05
        left = _months_back(rng.randrange(1, 480))
        rows.append(
            Person(
                name=name, sex="M", birth=birth, id_number=number, station=rng.choice(stations),
                state="FILED", source="ROSTER", filed_at=now, discharged_on=left,
                placement_way=rng.choice(WAYS), lives_alone=rng.random() < 0.1,
                disability_grade=rng.randrange(1, 11) if graded else None,
                disability_nature="WAR" if graded else None,
                honour_plaque_on=date(2020, 5, 1) if rng.random() < 0.8 else None,
            )
        )  # fmt: skip
        rows[-1].set_search_keys()
        if len(rows) == CHUNK:
            write()
    write()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE services_person, services_identity, services_card")
    print(f"{Person.objects.count()} files, {len(stations)} stations, {_peak():.0f} MB", flush=True)


def _stations():
    from services.models import Division

    province = Division.objects.create(code="320000000000", name="江苏省", level=1)
    city = _station("3202", 1, None, province)
    made = []
    for d in range(1, DISTRICTS + 1):
        district = _station(f"{d:02d}", 2, city, city.division)
        made += [
            _station(f"{d:02d}{v:03d}", 4, district, district.division)
            for v in range(1, VILLAGES + 1)
        ]
    return made


def _station(code, tier, parent, above):
    from services.models import Division, Station

    place = Division.objects.create(code=code, name=code, level=tier + 1, parent=above)
    return Station.objects.create(
        code=code, name=f"{code}站", tier=tier, parent=parent, division=place,
        path=f"{parent.path if parent else ''}{code}/", active_from=date(2019, 1, 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
