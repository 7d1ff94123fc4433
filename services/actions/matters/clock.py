"""The clock stands still, and runs on: terms move by the working days in between (`domain.md` D.8)."""

from django.db import transaction
from django.utils import timezone

from services.actions.matters.trail import (
    expect,
    locked,
    record,
    record_event,
    require_handler,
    required,
)
from services.actions.workdays import due_day
from services.enums import MatterAct, MatterState
from services.matter_rules import days_left
from services.notices import matters as notices


@transaction.atomic
def suspend(*, matter, by, reason):
    """Stop the clock, with a reason the person reads (a check elsewhere, a special procedure)."""
    matter = locked(matter)
    require_handler(matter, by)
    expect(matter, [MatterState.ACCEPTED], "挂起")
    matter.suspended_reason = required(
        reason, "reason", "请写明为什么停止计时，对方会看到。", longest=200
    )
    matter.state, matter.suspended_at = MatterState.SUSPENDED, timezone.now()
    matter.save()
    record_event(matter, MatterAct.SUSPENDED, by=by, public=f"暂停计时：{matter.suspended_reason}")
    record(MatterAct.SUSPENDED, matter, by=by, reason=matter.suspended_reason)
    notices.tell(matter, notices.suspended(matter))
    return matter


@transaction.atomic
def resume(*, matter, by, reason=""):
    """Let the clock run on; both terms move on by the working days it stood still."""
    matter = locked(matter)
    require_handler(matter, by)
    expect(matter, [MatterState.SUSPENDED], "恢复计时")
    stood = days_left(timezone.localdate(), today=timezone.localdate(matter.suspended_at))
    matter.due_on = _later(matter.due_on, stood)
    matter.statutory_due_on = _later(matter.statutory_due_on, stood)
    matter.state, matter.suspended_at = MatterState.ACCEPTED, None
    matter.save()
    words = f"{reason.strip()[:200]}。" if reason.strip() else ""
    record_event(
        matter, MatterAct.RESUMED, by=by,
        public=f"恢复计时，现在承诺在{notices.spoken_day(matter.due_on)}前办好。{words}",
        staff=f"停了{stood}个工作日。",
    )  # fmt: skip
    record(MatterAct.RESUMED, matter, by=by, workdays=stood)
    notices.tell(matter, notices.resumed(matter))
    return matter


def _later(day, workdays):
    return due_day(workdays, after=day) if workdays else day
