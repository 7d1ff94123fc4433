"""What the days do by themselves: papers that never came, warnings, the archive. May run again."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from services.actions.matters import effects
from services.actions.matters.trail import locked, record, record_event
from services.actions.workdays import due_day
from services.enums import MatterAct, MatterState
from services.matter_rules import lights
from services.models import Matter
from services.notices import matters as notices

ENDINGS = [
    MatterState.DELIVERED,
    MatterState.NOT_ACCEPTED,
    MatterState.RETURNED,
    MatterState.WITHDRAWN,
]
AT_ONCE = 500


def return_unsupplemented(*, today=None):
    """Send back what was not mended in its term, kindly; returns how many."""
    today = today or timezone.localdate()
    late = Matter.objects.filter(state=MatterState.SUPPLEMENT, supplement_by__lt=today)
    return sum(_return(pk, today) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _return(pk, today):
    matter = locked(pk)
    if matter.state != MatterState.SUPPLEMENT or matter.supplement_by >= today:
        return 0
    matter.state, matter.ended_at = MatterState.RETURNED, timezone.now()
    matter.ended_reason = f"到{notices.spoken_day(matter.supplement_by)}没有补齐材料"
    matter.save()
    effects.run("ended", matter, by=None)
    record_event(
        matter, MatterAct.RETURNED, by=None,
        public="材料没有按期补齐，先退回给您。备齐以后可以重新申请。",
    )  # fmt: skip
    record(MatterAct.RETURNED, matter, by=None)
    notices.tell(matter, notices.returned(matter))
    return 1


def warn_of_terms(*, today=None):
    """Tell handlers of what is due by the next working day or over; once a day each."""
    today = today or timezone.localdate()
    soon = due_day(1, after=today)
    due = Matter.objects.filter(state=MatterState.ACCEPTED, due_on__lte=soon).with_all()
    rows = list(due.order_by("due_on", "pk"))
    shown = lights(rows, today=today)
    for matter in rows:
        notices.tell_handler(
            matter, notices.term(matter, shown[matter.pk]), dedupe=f"term:{matter.pk}:{today}"
        )
    return len(rows)


def archive_old(*, now=None):
    """Archive what ended MATTER_ARCHIVE_DAYS ago; returns how many."""
    now = now or timezone.now()
    before = now - timedelta(days=settings.MATTER_ARCHIVE_DAYS)
    delivered = Matter.objects.filter(state=MatterState.DELIVERED, delivered_at__lt=before)
    ended = Matter.objects.filter(state__in=ENDINGS, ended_at__lt=before)
    return sum(
        _archive(pk, now) for pk in delivered.union(ended).values_list("pk", flat=True)[:AT_ONCE]
    )


@transaction.atomic
def _archive(pk, now):
    matter = locked(pk)
    if matter.state not in ENDINGS:
        return 0
    matter.state, matter.archived_at = MatterState.ARCHIVED, now
    matter.save()
    record_event(matter, MatterAct.ARCHIVED, by=None, public="已存档，随时可以查看。")
    record(MatterAct.ARCHIVED, matter, by=None)
    return 1


def forget_drafts(*, now=None):
    """Empty drafts nobody came back to in MATTER_DRAFT_DAYS, their papers too; returns how many."""
    now = now or timezone.now()
    before = now - timedelta(days=settings.MATTER_DRAFT_DAYS)
    old = Matter.objects.filter(state=MatterState.DRAFT, created_at__lt=before)
    return sum(_forget(pk, now) for pk in old.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _forget(pk, now):
    matter = locked(pk)
    if matter.state != MatterState.DRAFT:
        return 0
    matter.files.kept().update(removed_at=now, removed_by=matter.by)
    matter.state, matter.ended_at, matter.details = MatterState.WITHDRAWN, now, ""
    matter.ended_reason = "草稿长期没有提交，内容已清除"
    matter.save()
    record_event(matter, MatterAct.WITHDRAWN, by=None, public=matter.ended_reason)
    record(MatterAct.WITHDRAWN, matter, by=None, draft=True)
    return 1
