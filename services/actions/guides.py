"""Guides (办事指南): laid down from data once, afterwards kept by the city's heads."""

from django.db import transaction

from accounts import audit
from services import matter_kinds, perms
from services.enums import Tier
from services.models import MatterKind, RequiredPaper, Station
from veterans_portal.errors import DomainError


class GuideError(DomainError):
    """A rule about guides refuses."""

    code = "guide_refused"


@transaction.atomic
def lay_down_guides():
    """Create the kinds of matters that the data file names and the database lacks.

    Kinds that exist are left alone with their papers: the bureau keeps them. Needs the service
    items. Returns how many were created.
    """
    known = set(MatterKind.objects.values_list("code", flat=True))
    new = [
        (position, row)
        for position, row in enumerate(matter_kinds.rows())
        if row["code"] not in known
    ]
    MatterKind.objects.bulk_create([_kind(position * 10, row) for position, row in new])
    RequiredPaper.objects.bulk_create(
        [
            RequiredPaper(kind_id=row["code"], position=position * 10, **paper)
            for _, row in new
            for position, paper in enumerate(row["papers"])
        ]
    )
    return len(new)


def _kind(position, row):
    plain = {name: value for name, value in row.items() if name not in ("item", "papers")}
    lines = {name: "\n".join(row[name]) for name in ("conditions", "steps")}
    return MatterKind(item_id=row["item"], position=position, **(plain | lines))


@transaction.atomic
def change_guide(*, kind, by, values, request=None):
    """Write a guide's words, terms and whether it is open; returns the labels of what changed.

    Heads of the city only. Matters under way keep the terms they were accepted with.
    """
    if not perms.may_keep_guides(by):
        raise GuideError("办事指南由市级负责人修改，您没有这一权限。", code="not_allowed")
    kind = MatterKind.objects.select_for_update(of=("self",), no_key=True).get(pk=kind.pk)
    changed = [name for name, value in values.items() if getattr(kind, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(kind, name, values[name])
    kind.save(update_fields=changed)
    city = Station.objects.filter(tier=Tier.CITY).order_by("path").first()
    audit.record("services.guide_changed", kind, by=by, station=city, request=request,
                 detail={"fields": sorted(changed)})  # fmt: skip
    return [MatterKind._meta.get_field(name).verbose_name for name in changed]
