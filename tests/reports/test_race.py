"""Two people at once on one return, over two real connections."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import AuditEntry
from reports.actions import periods
from reports.actions import returns as acts
from reports.actions.returns import Entry, StaleReturnError
from reports.enums import ReturnState
from reports.models import Return, ReturnVersion
from services.enums import Role
from tests.reports.conftest import JUNE
from tests.reports.test_returns import fill
from veterans_portal.errors import DomainError

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*acts_):
    """Run the acts in threads that start together; returns what each gave or refused with."""
    gate, results = threading.Barrier(len(acts_)), [None] * len(acts_)

    def run(position, act):
        gate.wait()
        try:
            results[position] = act()
        except DomainError as error:
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts_)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_accept_against_send_back__of_the_same_version__one_wins_and_one_is_told(june, staff):
    reviewer, other = staff("a1", Role.REVIEWER), staff("a", Role.HEAD)
    for _ in range(5):
        of = june.of("a1x")
        if of.is_editable:
            of = fill(of, staff("a1x"))
        version = of.version
        results = at_once(
            lambda of=of, v=version: acts.accept_return(of=of, version=v, by=reviewer),
            lambda of=of, v=version: acts.send_back(
                of=of, version=v, reasons={"SVC-06": "改"}, by=other
            ),
        )
        stale = [result for result in results if isinstance(result, StaleReturnError)]
        assert len(stale) == 1
        of = june.of("a1x")
        assert of.version == version + 1
        if of.state == ReturnState.ACCEPTED:
            acts.send_back(of=of, version=of.version, reasons={"SVC-06": "改"}, by=other)


def test_accept_against_re_file__never_accepts_figures_nobody_looked_at(june, staff):
    clerk, reviewer = staff("a1x"), staff("a1", Role.REVIEWER)
    seen = fill(june.of("a1x"), clerk)
    acts.send_back(of=seen, version=seen.version, reasons={"SVC-06": "改"}, by=reviewer)
    back = june.of("a1x")
    entries = {"SVC-06": Entry(Decimal(9))}
    results = at_once(
        lambda: acts.file_return(of=back, version=back.version, entries=entries, by=clerk),
        lambda: acts.accept_return(of=seen, version=seen.version, by=reviewer),
    )
    assert isinstance(results[1], StaleReturnError)
    assert june.of("a1x").state == ReturnState.FILED


def test_two_clerks__save_the_same_version__second_is_refused_and_versions_stay_in_line(
    june, staff
):
    one, two = staff("a1x"), staff("a1x")
    of = june.of("a1x")
    results = at_once(
        *(
            lambda who=who, n=n: acts.save_return(
                of=of, version=of.version, entries={"SVC-06": Entry(Decimal(n))}, by=who
            )
            for n, who in enumerate((one, two), start=1)
        )
    )
    assert sum(isinstance(result, StaleReturnError) for result in results) == 1
    numbers = ReturnVersion.objects.filter(of=of).values_list("number", flat=True)
    assert sorted(numbers) == [1, 2]


def test_open_period__twice_at_once__makes_one_return_per_station(city, calendar):
    at_once(*[lambda: periods.open_period(month=JUNE)] * 3)
    assert Return.objects.count() == 11
    assert ReturnVersion.objects.count() == 11
    assert AuditEntry.objects.filter(act="reports.period_opened").count() == 1
