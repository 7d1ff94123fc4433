"""What the station decides: papers to add, accepted or not, how it goes on, what came of it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import messages
from services import perms
from services.actions import ratings
from services.actions.matters import effects
from services.actions.matters.papers import issue
from services.actions.matters.trail import (
    did,
    end,
    expect,
    locked,
    record,
    record_event,
    require_handler,
    required,
)
from services.actions.workdays import due_day
from services.enums import OPEN_MATTERS, DocumentKind, MatterAct, MatterState, Outcome
from services.matter_rules import MatterError, days_over
from services.notices import matters as notices

LONG_WORDS = 2000
FINISHED = [MatterState.DONE, MatterState.DELIVERED]


@transaction.atomic
def ask_supplement(*, matter, by, wanted, workdays=None):
    """Ask for papers, once and completely; `wanted` lists all of them, `workdays` is the term.

    Raises MatterError on a second ask: the law allows one (`domain.md` D.8).
    """
    matter = locked(matter)
    require_handler(matter, by)
    if matter.supplement_asked_at is not None:
        raise MatterError(
            "补正只能告知一次，这件事已经告知过。请按现有材料受理，或写明原因不予受理。",
            code="asked_before",
        )
    expect(matter, [MatterState.SUBMITTED], "告知补正")
    matter.supplement_list = required(
        wanted, "wanted", "请一次写清要补的全部材料。", longest=LONG_WORDS
    )
    matter.state, matter.supplement_asked_at = MatterState.SUPPLEMENT, timezone.now()
    matter.supplement_by = due_day(workdays or settings.MATTER_SUPPLEMENT_WORKDAYS)
    matter.save()
    effects.run("supplement_asked", matter, by=by)
    record_event(
        matter, MatterAct.SUPPLEMENT_ASKED, by=by,
        public=f"请在{notices.spoken_day(matter.supplement_by)}前补齐：{notices.in_one_line(matter.supplement_list)}",
    )  # fmt: skip
    record(MatterAct.SUPPLEMENT_ASKED, matter, by=by)
    issue(matter, DocumentKind.SUPPLEMENT, by=by)
    notices.tell(
        matter, notices.supplement_asked(matter), urgent=True,
        not_after=notices.end_of(matter.supplement_by),
    )  # fmt: skip
    return matter


@transaction.atomic
def accept(*, matter, by, handler=None):
    """Accept: the clock starts today, the acceptance notice is issued, `handler` (or `by`) handles."""
    matter = locked(matter)
    require_handler(matter, by)
    if matter.state == MatterState.ACCEPTED and did(matter, MatterAct.ACCEPTED, by):
        return matter
    expect(matter, [MatterState.SUBMITTED], "受理")
    return take_up(matter, by, handler=handler)


def take_up(matter, by, *, handler=None, quietly=False):
    """Accept a locked matter; `quietly` without the notice and the message, when more follows."""
    matter.state, matter.accepted_at = MatterState.ACCEPTED, timezone.now()
    matter.handler = _colleague(matter, handler) if handler else by
    matter.due_on = due_day(matter.kind.promised_days)
    matter.statutory_due_on = due_day(matter.kind.statutory_days)
    matter.save()
    effects.run("accepted", matter, by=by)
    record_event(
        matter, MatterAct.ACCEPTED, by=by,
        public="" if quietly else f"已受理，承诺在{notices.spoken_day(matter.due_on)}前办好。",
        staff=f"承办人：{matter.handler.name}。",
    )  # fmt: skip
    record(MatterAct.ACCEPTED, matter, by=by, due_on=matter.due_on.isoformat())
    if not quietly:
        issue(matter, DocumentKind.ACCEPTANCE, by=by)
        messages.withdraw(matter)
        notices.tell(matter, notices.accepted(matter))
    return matter


@transaction.atomic
def refuse_acceptance(*, matter, by, reason):
    """Not accept, with the reason and where to ask; a paper says so."""
    matter = locked(matter)
    require_handler(matter, by)
    expect(matter, [MatterState.SUBMITTED], "不予受理")
    end(
        matter,
        MatterState.NOT_ACCEPTED,
        required(reason, "reason", "请写明不予受理的原因，对方会看到。"),
    )
    effects.run("ended", matter, by=by)
    record_event(matter, MatterAct.NOT_ACCEPTED, by=by, public=f"不能受理：{matter.ended_reason}")
    record(MatterAct.NOT_ACCEPTED, matter, by=by, reason=matter.ended_reason)
    issue(matter, DocumentKind.REFUSAL, by=by)
    messages.withdraw(matter)
    notices.tell(matter, notices.not_accepted(matter), urgent=True)
    return matter


@transaction.atomic
def note(*, matter, by, public_words="", staff_words=""):
    """Write how it goes on: words for the person, words for the desk, or both."""
    matter = locked(matter)
    require_handler(matter, by)
    expect(matter, OPEN_MATTERS, "记进展")
    public_words, staff_words = public_words.strip()[:LONG_WORDS], staff_words.strip()[:LONG_WORDS]
    if not public_words and not staff_words:
        raise MatterError("请写下进展。", code="words_missing", field="public_words")
    record_event(matter, MatterAct.STEP, by=by, public=public_words, staff=staff_words)
    record(MatterAct.STEP, matter, by=by)
    return matter


@transaction.atomic
def hand_over(*, matter, by, to, note=""):
    """Give the matter to a colleague who may handle it; the clock runs on."""
    matter = locked(matter)
    require_handler(matter, by)
    expect(matter, [MatterState.ACCEPTED, MatterState.SUSPENDED, MatterState.DONE], "转办")
    to = _colleague(matter, to)
    if to.pk == matter.handler_id:
        raise MatterError("这件事已经由此人承办，请选择别的同事。", code="same_handler", field="to")
    before, matter.handler = matter.handler, to
    matter.save()
    words = f"{before.name}转给{to.name}。{note.strip()[:200]}"
    record_event(matter, MatterAct.HANDED_OVER, by=by, staff=words)
    record(MatterAct.HANDED_OVER, matter, by=by, to=to.staff_number)
    notices.tell_handler(matter, notices.handed_over(matter, by))
    return matter


@transaction.atomic
def finish(*, matter, by, outcome, result, delivery=None):
    """Done, with an outcome and words on it; with `delivery` it is delivered in the same act.

    `late_days` is written now: working days over the promise. Raises MatterError, or what the
    form's own act refuses.
    """
    matter = locked(matter)
    require_handler(matter, by)
    if matter.state in FINISHED and did(matter, MatterAct.DONE, by):
        return matter
    expect(matter, [MatterState.ACCEPTED], "办结")
    return conclude(matter, by, outcome=outcome, result=result, delivery=delivery)


def conclude(matter, by, *, outcome, result, delivery=None):
    """Finish a locked, accepted matter, and deliver its result when `delivery` says how."""
    matter.result = required(result, "result", "请写明办理结果，对方会看到。", longest=LONG_WORDS)
    matter.outcome, matter.done_at = Outcome(outcome), timezone.now()
    matter.late_days = days_over(matter.due_on, today=timezone.localdate())
    matter.state = MatterState.DONE
    matter.save()
    effects.run("done", matter, by=by)
    record_event(
        matter, MatterAct.DONE, by=by,
        public=f"{matter.get_outcome_display()}：{matter.result}",
        staff=f"超期{matter.late_days}个工作日。" if matter.late_days else "",
    )  # fmt: skip
    record(MatterAct.DONE, matter, by=by, outcome=matter.outcome, late_days=matter.late_days)
    if matter.outcome != Outcome.ANSWERED:
        issue(matter, DocumentKind.RESULT, by=by)
    messages.withdraw(matter)
    if delivery is None:
        notices.tell(matter, notices.done(matter), urgent=True)
    else:
        _deliver(matter, by, delivery)
    ratings.invite(matter=matter)
    return matter


@transaction.atomic
def deliver(*, matter, by, delivery):
    """Note that the person has the result, and how it came to them."""
    matter = locked(matter)
    require_handler(matter, by)
    if matter.state == MatterState.DELIVERED and did(matter, MatterAct.DELIVERED, by):
        return matter
    expect(matter, [MatterState.DONE], "记为送达")
    return _deliver(matter, by, delivery)


def _deliver(matter, by, delivery):
    matter.state, matter.delivered_at, matter.delivery = (
        MatterState.DELIVERED, timezone.now(), delivery,
    )  # fmt: skip
    matter.save()
    record_event(
        matter,
        MatterAct.DELIVERED,
        by=by,
        public=f"结果已送达（{matter.get_delivery_display()}）。",
    )
    record(MatterAct.DELIVERED, matter, by=by, delivery=delivery)
    notices.tell(matter, notices.delivered(matter))
    return matter


def _colleague(matter, user):
    if not user.is_active or not perms.may_handle_matters(user, matter.station):
        raise MatterError(
            "请选择本站点或上级站点的经办人、负责人。", code="not_a_colleague", field="to"
        )
    return user
