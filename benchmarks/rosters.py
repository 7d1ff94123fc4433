"""Roster import measured: 200,000 rows through the check and the import, beside COPY alone.

`python -m benchmarks.rosters [--rows N]`. The baseline encrypts the same rows and COPYs them into
the same tables with the same indexes, in this process, right after. Processor time stands beside
the clock, for a machine that does other things meanwhile.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import django

from veterans_portal import embedded

DATABASE = "portal_bench_rosters"
STATIONS = 40


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.rosters")
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    if chosen.make:
        django.setup()
        _make(chosen.make, chosen.rows)
        return
    with embedded.servers("run"), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        command = [sys.executable, "-m", "benchmarks.rosters", "--make", str(path)]
        subprocess.run([*command, "--rows", str(chosen.rows)], check=True)
        django.setup()
        with _own_database(Path(folder)):
            measure(path.read_bytes(), chosen.rows)


def measure(data, rows):
    """Check, import, baseline; prints a line each."""
    from django.db import connection

    from accounts import jobs
    from services.actions import rosters
    from services.models import Person

    by, station = _world()
    line("start", 0, 0)
    roster = rosters.upload(station=station, file_name="名册.xlsx", data=data, by=by)
    del data
    check = timed("check", lambda: jobs.run(roster.job_id))
    roster.refresh_from_db()
    assert (roster.rows_good, roster.rows_bad) == (rows, 0), roster.job.error
    rosters.let_in(roster=roster, by=by)
    roster.refresh_from_db()
    bring = timed("import", lambda: jobs.run(roster.job_id))
    assert Person.objects.count() == rows
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE services_person, services_rosterrow CASCADE")
    base = timed("COPY + encryption", lambda: _baseline(station, by, rows))
    for kind, name in ((0, "clock"), (1, "processor")):
        ratio = (check[kind] + bring[kind]) / base[kind]
        print(f"check and import to COPY with encryption, by {name}: {ratio:.1f} : 1")


def timed(name, work):
    """Run and print seconds by clock and processor, and this process's peak memory so far."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - clock, time.process_time() - processor
    line(name, *took)
    return took


def line(name, clock, processor):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:20} {clock:7.1f} s clock {processor:7.1f} s processor {peak:6.0f} MB peak")


def _make(path, rows):
    from benchmarks.roster_file import write

    write(path, rows, stations=[_code(number) for number in range(STATIONS)])


def _code(number):
    return f"320281101{number + 1:03d}"


def _world():
    """A district with its villages and a reviewer of the district."""
    from accounts.models import User
    from services.models import Division, Posting, Station

    opened = date(2019, 1, 1)
    province = Division.objects.create(code="320000000000", name="江苏省", level=1)
    top = Division.objects.create(code="320200000000", name="无锡市", level=2, parent=province)
    district = Division.objects.create(code="320281000000", name="江阴市", level=3, parent=top)
    city = Station.objects.create(code="320200000000", name="市中心", tier=1, path="3202/",
                                  division=top, active_from=opened)  # fmt: skip
    station = Station.objects.create(code="320281000000", name="区中心", tier=2, parent=city,
                                     path="3202/320281/", division=district,
                                     active_from=opened)  # fmt: skip
    for number in range(STATIONS):
        code = _code(number)
        place = Division.objects.create(code=code, name=code, level=5, parent=district)
        Station.objects.create(code=code, name=f"{code}站", tier=4, parent=station,
                               path=f"{station.path}{code}/", division=place,
                               active_from=opened)  # fmt: skip
    by = User.objects.create(kind="STAFF", staff_number="B1", name="测量")
    Posting.objects.create(user=by, station=station, role="REVIEWER", since=opened)
    return by, station


def _baseline(station, by, rows):
    """The least that must be done: encrypt the personal fields, COPY persons and identities."""
    from django.utils import timezone

    from benchmarks.roster_file import people
    from services.models import Person, Station
    from services.rosters.columns import KEYS
    from services.rosters.storing import IDENTITY_COLUMNS, PERSON_COLUMNS, copy_rows
    from veterans_portal import crypto

    ids = dict(Station.objects.values_list("code", "pk"))
    now = timezone.now()

    def encrypted():
        for cells in people(rows, stations=list(map(_code, range(STATIONS)))):
            cell = dict(zip(KEYS, cells, strict=True))
            yield (
                cell["name"], "wang", "w", "M", cell["birth"],
                crypto.encrypt(cell["id_number"]), crypto.blind_index("id", cell["id_number"]),
                crypto.encrypt(cell["phone"]), crypto.blind_index("phone", cell["phone"]),
                crypto.encrypt(cell["address"]), ids[cell["station_code"]], cell["enlisted_on"],
                cell["discharged_on"], "SELF_EMPLOYMENT", None, None, None, False, "FILED",
                "ROSTER", now, by.pk, None, None, "", now, "", now,
            )  # fmt: skip

    copy_rows(Person._meta.db_table, PERSON_COLUMNS, encrypted())
    copy_rows(
        "services_identity",
        IDENTITY_COLUMNS,
        (
            (pk, "DISCHARGED_SOLDIER", "退出现役证", "", by.pk, now)
            for pk in Person.objects.values_list("pk", flat=True).iterator()
        ),
    )


class _own_database:  # noqa: N801
    """A database and a folder of files that exist only while we measure."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        settings.PRIVATE_FILES_DIR = self.folder / "files"
        settings.CELERY_TASK_ALWAYS_EAGER = False
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        call_command("migrate", verbosity=0)

    def __exit__(self, *problem):
        from django.db import connection

        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


if __name__ == "__main__":
    main()
