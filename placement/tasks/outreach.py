"""Rules are matched: all of them every night, one of them when it goes live."""

from celery import shared_task
from django.utils import timezone

from accounts import jobs
from placement.actions import outreach
from placement.actions.outreach.publishing import JOB
from services import perms
from services.models import RuleVersion


@shared_task
def match_rules():
    """Every rule in force; those matched today already are left alone."""
    outreach.nightly()


def _may(row):
    version = _version(row)
    return version is not None and perms.may_publish_rules(row.owner, version.rule.station)


def _version(row):
    rows = RuleVersion.objects.select_related("rule__station")
    return rows.filter(pk=row.params["version"]).first()


@jobs.job(JOB, allowed=_may)
def match_version(row):
    """One version at once after it went live; takes up where a worker that died left it."""
    version, day = _version(row), timezone.localdate()
    total = outreach.wanting(version, on=day).count()
    jobs.progress(row, 0, total, "正在查找")
    run = outreach.match(version, day=day, progress=lambda done: jobs.progress(row, done))
    return {"found": run.found}
