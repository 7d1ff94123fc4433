"""What the days do by themselves: papers that never came, warnings, the archive. May run again."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import private_files
from services.actions.matters import effects
from services.actions.matters.trail import end, locked, record, record_event
from services.enums import MatterAct, MatterState
from services.matter_rules import lights
from services.models import Matter
from services.notices import matters as notices

ENDINGS = [
    MatterState.DELIVERED,
    MatterState.NOT_ACCEPTED,
    MatterState.RETURNED,
    MatterState.WITHDRAWN,
    MatterState.ENDED,
]
AT_ONCE = 500
LOOK_AHEAD = 90  # days; a fifth of the longest term of 250 working days is less


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
    reason = f"到{notices.spoken_day(matter.supplement_by)}没有补齐材料"
    end(matter, MatterState.RETURNED, reason)
    effects.run("ended", matter, by=None)
    record_event(
        matter, MatterAct.RETURNED, by=None,
        public="材料没有按期补齐，先退回给您。备齐以后可以重新申请。",
    )  # fmt: skip
    record(MatterAct.RETURNED, matter, by=None)
    notices.tell(matter, notices.returned(matter), urgent=True)
    return 1


def warn_of_terms(*, today=None):
    """Tell handlers once when it turns amber and once when it is over, and the people who have not
    handed in what was asked for, when few days remain. Returns how many matters it is about."""
    today = today or timezone.localdate()
    running = Matter.objects.filter(state__in=[MatterState.ACCEPTED, MatterState.SUPPLEMENT])
    rows = list(running.filter(_soon(today)).with_all().order_by("due_on", "pk"))
    shown = lights(rows, today=today)
    rows = [each for each in rows if shown[each.pk].tone in ("warning", "error")]
    for matter in rows:
        if matter.state == MatterState.SUPPLEMENT:
            notices.tell(
                matter, notices.supplement_due(matter),
                not_after=notices.end_of(matter.supplement_by),
                dedupe=f"supplement:{matter.pk}:{matter.supplement_by}", urgent=True,
            )  # fmt: skip
            continue
        light = shown[matter.pk]
        notices.tell_handler(
            matter, notices.term(matter, light),
            dedupe=f"term:{matter.pk}:{matter.due_on}:{light.tone}",
        )  # fmt: skip
    return len(rows)


def _soon(today):
    """What might be amber or red: the longest term's fifth is some weeks."""
    until = today + timedelta(days=LOOK_AHEAD)
    papers = Q(state=MatterState.SUPPLEMENT, supplement_by__gte=today, supplement_by__lte=until)
    return Q(state=MatterState.ACCEPTED, due_on__lte=until) | papers


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
    stored = list(matter.files.kept().values_list("stored_as", flat=True))
    matter.files.kept().update(removed_at=now, removed_by=matter.by)
    matter.state, matter.ended_at, matter.details = MatterState.WITHDRAWN, now, ""
    matter.ended_reason = "草稿长期没有提交，内容已清除"
    matter.save()
    record_event(matter, MatterAct.WITHDRAWN, by=None, public=matter.ended_reason)
    record(MatterAct.WITHDRAWN, matter, by=None, draft=True)
    transaction.on_commit(lambda: [private_files.remove(each) for each in stored])
    return 1
