"""Looking before it goes live: how many, where, a masked sample. Then going live."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from placement.actions.outreach.matching import wanting
from services.actions import rules
from services.models import Person, Station
from services.rules import facts_of, parse, persons, verdict, with_facts
from veterans_portal.masking import mask_name

JOB = "placement.outreach_match"
SAMPLE = 8


@dataclass(frozen=True)
class Preview:
    """What a version would do today. `gained` and `lost` compare with the version in force."""

    fits: int
    new: int
    places: list = field(default_factory=list)
    sample: list = field(default_factory=list)
    gained: int | None = None
    lost: int | None = None


def counts(version, *, on):
    """(fits, gained, lost): how many the version fits, and against the version in force (else None)."""
    fits = persons(parse(version.conditions, complete=False), on=on, reach=version.reach)
    before = version.rule.current
    if before is None or before.pk == version.pk:
        return fits.count(), None, None
    old = persons(parse(before.conditions), on=on, reach=before.reach)
    gained = fits.exclude(pk__in=old.values("pk")).count()
    return fits.count(), gained, old.exclude(pk__in=fits.values("pk")).count()


def preview(version, *, on, health=False):
    """How many the version fits, how many it would tell, where (by district or town), and a sample.

    Nothing is written. Without `health` the sample leaves out what tells of disability.
    """
    root = parse(version.conditions, complete=False)
    new = wanting(version, on=on)
    fits, gained, lost = counts(version, on=on)
    places = _by_place(new, version.rule.station)
    return Preview(
        fits=fits, new=sum(row["count"] for row in places), places=places,
        sample=_sample(new, root, version, on, health), gained=gained, lost=lost,
    )  # fmt: skip


def _by_place(found, station):
    """Counts by the stations one tier below the rule's own; its own counters' under its name."""
    below = dict(Station.objects.filter(parent=station).values_list("path", "name"))
    rows = found.order_by().values("station__path").annotate(count=Count("pk"))
    places = {}
    for row in rows.order_by("station__path"):
        path = next((each for each in below if row["station__path"].startswith(each)), "")
        places[path] = places.get(path, 0) + row["count"]
    return [{"name": below.get(path, station.name), "count": n} for path, n in places.items()]


def _sample(found, root, version, on, health):
    """Some of them, the newest files: masked name, age, station, why."""
    keys = list(found.order_by("-pk").values_list("pk", flat=True)[:SAMPLE])
    rows = []
    for person in with_facts(Person.objects.filter(pk__in=keys)).order_by("pk"):
        why = verdict(root, facts_of(person), on=on, reach=version.reach)
        rows.append(
            {
                "name": mask_name(person.name),
                "age": person.age(on),
                "station": person.station.name,
                "why": [each.words for each in why.reasons if health or not each.private],
            }
        )
    return rows


@transaction.atomic
def go_live(*, version, by):
    """Publish the version and have it matched at once in the background; returns the Job.

    None for a version that begins later: the night of that day finds the first.
    """
    version = rules.publish(version=version, by=by)
    if version.valid_from > timezone.localdate():
        return None
    page = reverse("placement:desk_outreach_rule", args=[version.rule_id])
    return jobs.start(JOB, title=f"查找：{version.rule.title}", owner=by,
                      params={"version": version.pk, "page": page}, once=True)  # fmt: skip
