"""Corrections of files in force: asked for by the person or a clerk, decided by somebody else."""

import json
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, messages
from services import perms
from services.actions.persons import FACTS, FileError, locked, tell_person
from services.actions.workdays import due_day
from services.enums import ChangeState, FileState
from services.models import ChangeRequest, Person


@transaction.atomic
def ask_change(*, person, by, wanted, reason, matter=None, request=None):
    """Ask for facts of a filed file to be corrected; the file is CHANGE_PENDING meanwhile.

    `wanted` maps names of FACTS to new values; what is no change is left out. Asked for by the
    person themselves or a clerk, who may do so for a `matter` that then waits for the decision.
    Raises FileError; returns the ChangeRequest.
    """
    person = locked(person)
    if person.account_id != by.pk and not perms.may_keep_file(by, person.station):
        raise FileError("您不是这个站点的经办人，不能申请变更。", code="not_allowed")
    changes = {
        field: value
        for field, value in wanted.items()
        if field in FACTS and getattr(person, field) != value
    }
    if not changes:
        raise FileError("没有填写与现在不同的内容，请填写要更正的项目。", code="no_change")
    if person.state == FileState.CHANGE_PENDING:
        raise FileError("这份档案已有一份变更申请在办理，请等它办完再提出。", code="one_open")
    if person.state != FileState.FILED:
        raise FileError(f"档案现在是“{person.get_state_display()}”，建档后才能申请变更。")
    try:
        with transaction.atomic():
            change = ChangeRequest.objects.create(
                person=person,
                wanted=json.dumps(changes, default=_iso, ensure_ascii=False),
                reason=reason,
                by=by,
                due_on=due_day(settings.CHANGE_WORKDAYS),
                matter=matter,
            )
    except IntegrityError as clash:
        raise FileError("这份档案已有一份变更申请在办理，请等它办完再提出。") from clash
    person.state = FileState.CHANGE_PENDING
    person.save()
    audit.record("services.change_asked", person, by=by, on_behalf_of=person, request=request,
                 detail={"fields": sorted(changes)})  # fmt: skip
    return change


@transaction.atomic
def accept_change(*, change, by, request=None):
    """Write the corrected facts into the file; the one who asked cannot accept."""
    change, person = _open(change, by)
    for field, value in change.changes.items():
        setattr(person, field, Person._meta.get_field(field).to_python(value))
    person.state = FileState.FILED
    try:
        person.clean_fields(exclude=[each.name for each in Person._meta.fields
                                     if each.attname not in change.changes])  # fmt: skip
        person.validate_constraints()
    except ValidationError as problem:
        raise FileError(f"更正后的内容有矛盾：{' '.join(problem.messages)}") from problem
    person.save()
    _decide(change, ChangeState.ACCEPTED, by)
    audit.record("services.change_accepted", person, by=by, on_behalf_of=person, request=request,
                 detail={"fields": sorted(change.changes)})  # fmt: skip
    tell_person(person, kind="services.change_accepted", title="档案信息已更正",
                body="您的档案信息已按申请更正，可在“我的档案”查看。", about=change)  # fmt: skip
    return person


@transaction.atomic
def refuse_change(*, change, by, answer, request=None):
    """Leave the file as it is and say why."""
    change, person = _open(change, by)
    _decide(change, ChangeState.REFUSED, by, answer)
    person.state = FileState.FILED
    person.save()
    audit.record("services.change_refused", person, by=by, on_behalf_of=person, request=request,
                 detail={"reason": answer})  # fmt: skip
    tell_person(person, kind="services.change_refused", title="更正申请没有采纳",
                body=f"您的档案更正申请没有采纳：{answer} 有疑问请拨打"
                     f"{person.station.phone or '12345'}。", about=change)  # fmt: skip
    return person


@transaction.atomic
def withdraw_change(*, change, by, request=None):
    """Take back one's own request."""
    change, person = _locked(change)
    if change.by_id != by.pk:
        raise FileError("只有提出申请的人才能撤回。", code="not_allowed")
    return _withdrawn(change, person, by, request)


@transaction.atomic
def drop_change(*, change, by):
    """Take back a request because its matter ended without it; whoever may end that may this."""
    change, person = _locked(change)
    return _withdrawn(change, person, by, None)


def _withdrawn(change, person, by, request):
    _decide(change, ChangeState.WITHDRAWN, by)
    person.state = FileState.FILED
    person.save()
    audit.record("services.change_withdrawn", person, by=by, on_behalf_of=person, request=request)
    return person


def _locked(change):
    person = locked(change.person_id)
    change = ChangeRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
    if change.state != ChangeState.OPEN:
        raise FileError(
            f"这份变更申请{change.get_state_display()}，请刷新页面查看。", code="wrong_state"
        )
    return change, person


def _open(change, by):
    change, person = _locked(change)
    if not perms.may_review_file(by, person.station):
        raise FileError("变更由上一级审核人办理，您没有这一权限。", code="not_allowed")
    if change.by_id == by.pk:
        raise FileError("这份变更是您提出的，请同事审核。", code="same_person")
    return change, person


def _decide(change, state, by, answer=""):
    change.state, change.answer = state, answer
    change.decided_by, change.decided_at = by, timezone.now()
    change.save()
    if change.matter_id is not None and state != ChangeState.WITHDRAWN:
        _tell_asker(change)


def _tell_asker(change):
    """The clerk whose matter waited for the decision can go on."""
    said = change.get_state_display() + (f"：{change.answer}" if change.answer else "")
    messages.tell(
        to=change.by, kind="services.change_decided", title="档案变更已审核，请办结",
        body=f"办件 {change.matter.number} 的档案变更{said}，请接着办结。",
        about=change.matter, url=change.matter.get_absolute_url(),
    )  # fmt: skip


def _iso(value):
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in a change")
