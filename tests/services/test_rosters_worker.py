"""The roster import under a real worker that is killed in the middle."""

import pytest

from accounts import dispatch, jobs
from accounts.enums import JobState
from accounts.models import Job
from benchmarks.roster_file import people
from services.actions import rosters as acts
from services.enums import ImportState
from services.models import Identity, Person, RosterImport
from services.rosters.columns import KEYS
from tests import live
from tests.services.rosters import clerk, workbook

ROWS = 12_000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_import__worker_killed_in_the_middle__another_goes_on_without_doubling(real_worker):
    dispatch.forget_refusals()
    by, station = clerk()
    cells = people(ROWS, stations=[station.code])
    data = workbook(*[dict(zip(KEYS, row, strict=True)) for row in cells])
    roster = acts.upload(station=station, file_name="名册.xlsx", data=data, by=by)
    live.wait_until(lambda: _state(roster) == ImportState.CHECKED, seconds=200)
    roster.refresh_from_db()
    acts.let_in(roster=roster, by=by)
    live.wait_until(lambda: Person.objects.count() > 0, seconds=120)
    real_worker.kill()
    job = Job.objects.get(kind=acts.IMPORT)
    assert job.state == JobState.RUNNING
    assert 0 < Person.objects.count() < ROWS
    real_worker.start()
    jobs._send(job.pk)
    live.wait_until(lambda: _state(roster) == ImportState.IMPORTED, seconds=200)
    roster.refresh_from_db()
    assert (roster.rows_added, roster.rows_known) == (ROWS, 0)
    assert Person.objects.count() == Identity.objects.count() == ROWS


def _state(roster):
    return RosterImport.objects.values_list("state", flat=True).get(pk=roster.pk)
