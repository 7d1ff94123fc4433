"""Intentions: a person's wish, a word at the stand, and how far the two came (`domain.md` A116)."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.consents import give_consent
from placement import perms
from placement.enums.fairs import INTENT_ROAD, EndedAs, FairEmployerState, IntentStage
from placement.models import Cv, EmploymentIntent
from placement.notices import fairs as notices
from services.actions import bookings
from services.actions.partners import is_member
from services.booking_rules import refusal_by_file
from services.enums import CAME_STATES
from services.models import Booking
from services.perms import may_keep_file
from veterans_portal import locking
from veterans_portal.errors import DomainError

CV_TEXT = "2026-11"
DAYS = {
    IntentStage.FIRST: "reached_on",
    IntentStage.INTERVIEW: "interview_on",
    IntentStage.HIRED: "hired_on",
    IntentStage.SEATED: "seated_on",
}


class IntentError(DomainError):
    """A rule about intentions refuses."""

    code = "intent_refused"


def locked(intent):
    """Return the intention, locked until the transaction ends, with all that acts read."""
    return locking.locked(EmploymentIntent.objects.with_all(), getattr(intent, "pk", intent))


def cv_purpose(vacancy):
    """The purpose of the consent that lets this employer read the CV."""
    return f"向{vacancy.employer_name}提供求职简历"[:60]


@transaction.atomic
def save_cv(*, cv, by):
    """Write down what a person says of themselves; by them, or by staff who keep the file."""
    if not (cv.person.account_id == by.pk or may_keep_file(by, cv.person.station)):
        raise IntentError("简历由本人或服务站填写。", code="not_yours")
    cv.updated_by = by
    cv.save()
    audit.record("placement.cv_saved", cv.person, by=by, station=cv.person.station)
    return cv


@transaction.atomic
def read_phone(*, intent, by, request=None):
    """The whole phone of whoever is interested, for the employer to call; who looked is kept."""
    _require_side(intent, by)
    if not intent.is_open:
        raise IntentError("这个意向已经结束，不能再查看电话。", code="wrong_stage")
    audit.record(
        "placement.intent_phone_read", intent, by=by, station=intent.station,
        on_behalf_of=intent.name, detail={"vacancy": intent.vacancy_id}, request=request,
    )  # fmt: skip
    return intent.phone


@transaction.atomic
def wish(*, vacancy, person, by, share_cv=False, fair=None, now=None):
    """Tell an employer that the person is interested; it counts once the employer says so too.

    By the person, who names the employer in the consent when the CV goes along, or by staff who keep
    the file (no CV then). Raises IntentError.
    """
    now = now or timezone.now()
    own = person.account_id == by.pk
    if not (own or may_keep_file(by, person.station)):
        raise IntentError("请由本人登记，或请服务站代办。", code="not_yours")
    if refusal := refusal_by_file(person):
        raise refusal
    if vacancy.is_directed:
        raise IntentError("定向岗位请在公告页面报名。", code="directed")
    if not vacancy.is_open(timezone.localdate(now)):
        raise IntentError("这个岗位已经停止招聘，请看看别的岗位。", code="closed")
    consent = None
    if share_cv and own:
        if not Cv.objects.filter(person=person).exists():
            raise IntentError("请先填好简历，再同意提供。", code="no_cv", field="share_cv")
        consent = give_consent(user=by, purpose=cv_purpose(vacancy), text_version=CV_TEXT)
    intent = _create(
        vacancy=vacancy, station=fair.station if fair else vacancy.station, fair=fair, person=person,
        name=person.name, phone=person.phone, stage=IntentStage.WISHED, cv_consent=consent, by=by,
        made_at=now,
    )  # fmt: skip
    _record("wished", intent, by, cv=consent is not None)
    notices.tell_partner(vacancy.partner, notices.wished(intent), about=intent)
    return intent


@transaction.atomic
def at_stand(*, employer, vacancy, code, by, now=None):
    """Write down at a stand that both sides are interested; the visitor showed their code for it.

    A wish that the person had sent before becomes the first intention. Returns the intention.
    """
    now = now or timezone.now()
    fair, partner = employer.fair, employer.partner
    if not is_member(by, partner) and not perms.may_receive_at_fairs(by, fair.station):
        raise IntentError("请由展位的单位成员或主办站点登记。", code="not_yours")
    if employer.state != FairEmployerState.ACCEPTED:
        raise IntentError("贵单位在这场招聘会没有展位。", code="no_stand")
    if not employer.posts.filter(vacancy=vacancy).exists():
        raise IntentError("这个岗位不在本场招聘会，请重新选择。", field="vacancy")
    today = timezone.localdate(now)
    if today < fair.held_on:
        raise IntentError("招聘会当天才能登记意向。", code="ahead")
    visitor = Booking.objects.select_related("person__account").filter(
        slot__offering=fair.visits_id, code=bookings.normal_code(code)
    )
    booking = visitor.first()
    if booking is None:
        raise IntentError("这个码不是本场招聘会的，请请对方再出示一次。", field="code")
    if booking.state not in CAME_STATES:
        raise IntentError("对方还没有签到，请先到签到处签到。", code="not_here", field="code")
    wished = EmploymentIntent.objects.filter(
        vacancy=vacancy, person=booking.person_id, stage=IntentStage.WISHED
    )
    if booking.person_id and (earlier := wished.first()):
        intent = locked(earlier)
        intent.fair, intent.station, intent.booking = fair, fair.station, booking
        intent.stage, intent.reached_on = IntentStage.FIRST, today
        intent.save()
    else:
        intent = _create(
            vacancy=vacancy, station=fair.station, fair=fair, booking=booking,
            person=booking.person, name=booking.contact_name, phone=booking.contact_phone,
            stage=IntentStage.FIRST, reached_on=today, by=by, made_at=now,
        )  # fmt: skip
    _record("reached", intent, by, fair=fair.pk)
    notices.tell_person(intent, notices.reached(intent))
    return intent


def _create(**facts):
    try:
        with transaction.atomic():
            return EmploymentIntent.objects.create(**facts)
    except IntegrityError as twice:
        if "intent_open_once" not in str(twice):
            raise
        raise IntentError("对这个岗位已经登记过意向，不用重复登记。", code="twice") from twice


@transaction.atomic
def advance(*, intent, stage, by, on=None, now=None):
    """Note that they came a step further on a day: by the employer, or by staff for it.

    Steps may be left out, not gone back; a day is not ahead, nor before the step before it.
    """
    now = now or timezone.now()
    intent = locked(intent)
    _require_side(intent, by)
    today = timezone.localdate(now)
    on = on or today
    if stage not in DAYS:
        raise IntentError("请选择进展。", field="stage")
    if not intent.is_open or INTENT_ROAD.index(stage) <= INTENT_ROAD.index(intent.stage):
        raise IntentError(
            f"现在是“{intent.get_stage_display()}”，不能记为“{IntentStage(stage).label}”。",
            code="wrong_stage", field="stage",
        )  # fmt: skip
    if on > today:
        raise IntentError("这个日期还没有到，请核对。", field="on")
    before = [getattr(intent, name) for name in DAYS.values() if getattr(intent, name)]
    earliest = max(before, default=timezone.localdate(intent.made_at))
    if on < earliest:
        raise IntentError(f"不应早于上一步的日期（{earliest:%Y-%m-%d}）。", field="on")
    intent.stage = stage
    setattr(intent, DAYS[stage], on)
    intent.reached_on = intent.reached_on or on
    intent.save()
    _record("advanced", intent, by, stage=stage, on=f"{on}")
    notices.tell_person(intent, notices.advanced(intent))
    return intent


@transaction.atomic
def end(*, intent, by, reason="", now=None):
    """Nothing came of it: by the person, or by the employer with a reason. What was reached stays."""
    now = now or timezone.now()
    intent = locked(intent)
    own = intent.person is not None and intent.person.account_id == by.pk
    if not own:
        _require_side(intent, by)
    if not intent.is_open:
        raise IntentError(
            f"这个意向现在是“{intent.get_stage_display()}”，不用再结束。", code="wrong_stage"
        )
    reason = reason.strip()[:100]
    if not own and not reason:
        raise IntentError("请写明原因，对方会看到。", field="reason")
    intent.stage, intent.ended_on = IntentStage.ENDED, timezone.localdate(now)
    intent.ended_as = EndedAs.PERSON if own else EndedAs.EMPLOYER
    intent.reason = reason
    intent.save()
    _record("ended", intent, by, **{"as": intent.ended_as})
    if own:
        notices.tell_partner(intent.vacancy.partner, notices.given_up(intent), about=intent)
    else:
        notices.tell_person(intent, notices.not_chosen(intent))
    return intent


def _require_side(intent, by):
    """A member of the employer, or staff of the station that keeps the intention."""
    partner = intent.vacancy.partner
    if by.is_staff_member:
        allowed = perms.may_keep_jobs(by, intent.station)
    else:
        allowed = partner is not None and is_member(by, partner)
    if not allowed:
        raise IntentError("请由招聘单位或主办站点办理。", code="not_yours")


def _record(act, intent, by, **detail):
    audit.record(
        f"placement.intent_{act}", intent, by=by, station=intent.station,
        on_behalf_of=intent.name if by.pk != getattr(intent.person, "account_id", None) else "",
        detail={"vacancy": intent.vacancy_id} | detail,
    )  # fmt: skip
