"""What comes back: done with a result, declined for good, called off. Each locks the person's file first."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.outreach import (
    ContactWay,
    LeadState,
    RefusalChannel,
    VisitResult,
    VisitState,
)
from placement.models import OutreachLead, OutreachRefusal, OutreachTask
from services.models import Person
from services.models.person import IN_FORCE
from veterans_portal import locking
from veterans_portal.errors import DomainError


class OutreachError(DomainError):
    """A rule of going out to people refuses."""

    code = "outreach_refused"


@transaction.atomic
def finish(*, task, by, contact, result, done_on, note=""):
    """Write down that somebody was reached, and what came of it; counts for EMP-15 unless UNREACHED."""
    task = _locked(task, by)
    if contact not in ContactWay.values:
        raise OutreachError("请选择怎样联系的。", field="contact")
    if result not in VisitResult.values:
        raise OutreachError("请选择结果。", field="result")
    found_on = timezone.localdate(task.lead.found_at)
    if not found_on <= done_on <= timezone.localdate():
        raise OutreachError("联系日期应在任务产生那天到今天之间。", field="done_on")
    now = timezone.now()
    task.state, task.contact, task.result = VisitState.DONE, contact, result
    task.done_on, task.done_by, task.note, task.ended_at = done_on, by, note.strip()[:1000], now
    task.save()
    reached = result != VisitResult.UNREACHED
    _end_lead(task.lead, LeadState.DONE if reached else LeadState.ENDED, now)
    _record("done", task, by, contact=contact, result=result)
    return task


@transaction.atomic
def cancel(*, task, by, reason):
    """Nobody needs to go: it is settled already, or the file was wrong; with the reason."""
    task = _locked(task, by)
    if not reason.strip():
        raise OutreachError("请写明为什么不用去。", field="reason")
    now = timezone.now()
    task.state, task.note, task.done_by, task.ended_at = (
        VisitState.CANCELLED, reason.strip()[:1000], by, now,
    )  # fmt: skip
    task.save()
    _end_lead(task.lead, LeadState.ENDED, now)
    _record("cancelled", task, by, reason=reason.strip()[:100])
    return task


@transaction.atomic
def decline(*, person, by, rule=None):
    """The person does not want to be found by `rule` (None: by any) any more; open ones end with it.

    By themselves, or by staff of their station whom they told. Twice is the same as once.
    """
    person = _hold(person)
    own = person.account_id is not None and person.account_id == by.pk
    if not own and not perms.may_go_out(by, person.station):
        raise OutreachError("由本人，或由本人所在站点的工作人员登记。", code="not_allowed")
    refusals = OutreachRefusal.objects.standing().filter(person=person)
    already = refusals.filter(Q(rule=rule) | Q(rule__isnull=True)).first()
    refusal = already or OutreachRefusal.objects.create(
        person=person, rule=rule, by=by, channel=RefusalChannel.SELF if own else RefusalChannel.DESK
    )
    now = timezone.now()
    leads = OutreachLead.objects.filter(person=person, state=LeadState.OPEN)
    if rule is not None:
        leads = leads.filter(rule=rule)
    keys = list(leads.values_list("pk", flat=True))
    OutreachTask.objects.filter(lead__in=keys, state=VisitState.OPEN).update(
        state=VisitState.DECLINED, ended_at=now, done_by=None if own else by
    )
    OutreachLead.objects.filter(pk__in=keys).update(state=LeadState.DECLINED, ended_at=now)
    if already is None or keys:
        audit.record(
            "placement.outreach_declined", refusal, by=by, station=person.station,
            on_behalf_of=person, detail={"rule": rule.code if rule else "", "ended": len(keys)},
        )  # fmt: skip
    return refusal


@transaction.atomic
def accept_again(*, refusal, by):
    """The person wants to be found again; only themselves, or staff of their station whom they told."""
    person = _hold(refusal.person)
    own = person.account_id is not None and person.account_id == by.pk
    if not own and not perms.may_go_out(by, person.station):
        raise OutreachError("由本人，或由本人所在站点的工作人员登记。", code="not_allowed")
    ended = OutreachRefusal.objects.standing().filter(pk=refusal.pk).update(ended_at=timezone.now())
    if ended:
        audit.record("placement.outreach_accepted_again", refusal, by=by, station=person.station,
                     on_behalf_of=person)  # fmt: skip


def _hold(person):
    """The person, locked: the order of every act here is file, task, lead."""
    return locking.locked(Person.objects.select_related("station"), person.pk)


def _locked(task, by):
    _hold(task.lead.person)
    rows = OutreachTask.objects.select_related("station", "lead__person__station", "lead__version")
    task = locking.locked(rows, task.pk)
    if not perms.may_go_out(by, task.station):
        raise OutreachError("由任务所在站点或上级的工作人员办理。", code="not_allowed")
    if task.state != VisitState.OPEN:
        raise OutreachError(
            f"这项任务现在是“{task.get_state_display()}”，请刷新页面查看。", code="wrong_state"
        )
    if task.lead.person.state not in IN_FORCE:
        raise OutreachError("这份档案已经转出或注销，不用再去。", code="file_ended")
    return task


def _end_lead(lead, state, now):
    OutreachLead.objects.filter(pk=lead.pk, state=LeadState.OPEN).update(state=state, ended_at=now)


def _record(deed, task, by, **detail):
    audit.record(
        f"placement.outreach_{deed}", task, by=by, station=task.station,
        on_behalf_of=task.lead.person, detail=detail,
    )  # fmt: skip
