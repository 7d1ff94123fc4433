"""Ratings (好差评, `domain.md` D.8): invited once, given once, never changed; a bad one is mended.

Who rated stays with the rater: the desk sees grade, month and kind of matter until the rectification
is closed; the terms, from which the day follows, are for those who may call back, and whom to call
only for the one who does, and that is written down.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import UserKind
from services import perms
from services.actions.workdays import due_day
from services.enums import (
    Grade,
    RatingReason,
    RectificationOutcome,
    RectificationState,
)
from services.models import (
    ArrivalEvent,
    MatterEvent,
    Rating,
    RatingInvitation,
    Rectification,
)
from services.notices import ratings as notices
from veterans_portal import locking
from veterans_portal.errors import DomainError

ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 12  # 25**12: nobody finds one by trying


class RatingError(DomainError):
    """A rule of ratings refuses."""

    code = "rating_refused"


def invite(*, matter=None, arrival=None):
    """Invite to rate a matter or a visit, once; returns the RatingInvitation.

    Called in the act that ends it. The person of a matter gets the link; of a visit the window's
    own screen shows it, and the phone given there gets it too.
    """
    subject = {"matter": matter} if matter is not None else {"arrival": arrival}
    known = RatingInvitation.objects.filter(**subject).first()
    if known is not None:
        return known
    now = timezone.now()
    invitation = RatingInvitation(
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        station=(matter or arrival).station, created_at=now,
        expires_at=now + timedelta(days=settings.RATING_DAYS), **subject,
    )  # fmt: skip
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        return RatingInvitation.objects.get(**subject)
    notices.invite(invitation)
    return invitation


def open_invitation(code):
    """The invitation with this code, or None; whether it still counts is `refusal_to_rate`'s."""
    rows = RatingInvitation.objects.filter(code=str(code).upper())
    return rows.select_related("matter__kind", "arrival__item", "station", "rating").first()


def invitation_of(*, matter=None, arrival=None):
    """The invitation of a finished matter or visit, or None."""
    rows = RatingInvitation.objects.select_related("matter__kind", "station", "rating")
    if arrival is not None:
        return rows.filter(arrival=arrival).first()
    return rows.filter(matter=matter).first() if matter is not None else None


def refusal_to_rate(invitation, *, now=None):
    """Why it cannot be rated (any more), or None."""
    now = now or timezone.now()
    if hasattr(invitation, "rating"):
        return RatingError("您已经评价过了，谢谢您。", code="rated_before")
    return _over() if invitation.expires_at <= now else None


@transaction.atomic
def rate(*, invitation, grade, channel, reasons=(), words="", taken_down_by=None, now=None):
    """Give the grade, once. A grade of two or one opens a rectification in the same transaction,
    whose terms count from the grade.

    `taken_down_by` is the clerk who wrote it down on the phone: not the one who handled it.
    """
    locked = RatingInvitation.objects.select_for_update(of=("self",), no_key=True)
    invitation = locked.select_related("matter", "arrival", "station").get(pk=invitation.pk)
    if taken_down_by is not None:
        _refuse_taking_down(invitation, taken_down_by)
    now = now or timezone.now()
    if refusal := refusal_to_rate(invitation, now=now):
        raise refusal
    if grade not in Grade.values:
        raise RatingError("请选一个评价。", field="grade")
    rating = Rating.objects.create(
        invitation=invitation, station=invitation.station, grade=grade,
        reasons=[each for each in reasons if each in RatingReason.values],
        words=words.strip()[:300], channel=channel, taken_down_by=taken_down_by,
        rated_at=now,
    )  # fmt: skip
    audit.record(
        "services.rated", rating, by=taken_down_by, station=rating.station,
        detail={"grade": int(grade), "channel": channel},
    )  # fmt: skip
    if rating.is_bad:
        _open_rectification(rating)
    return rating


def _refuse_taking_down(invitation, by):
    """What a clerk is told comes first and is the same whether there is a rating or not."""
    if by.pk in handlers_of(invitation):
        raise RatingError("电话评价由没有经办这件事的同事记录。", code="own_matter")
    if invitation.expires_at <= timezone.now():
        raise _over()


def _over():
    return RatingError(
        f"这次评价已经过了{settings.RATING_DAYS}天，不能再评。有话想说，请拨打12345。",
        code="rating_over",
    )


def handlers_of(invitation):
    """Ids of the staff who handled what is rated: they neither take it down nor mend it."""
    if invitation.matter_id:
        acts = MatterEvent.objects.filter(matter=invitation.matter_id)
        staff = acts.filter(by__kind=UserKind.STAFF).values_list("by", flat=True)
        return {invitation.matter.handler_id, *staff} - {None}
    acts = ArrivalEvent.objects.filter(arrival=invitation.arrival_id)
    return set(acts.values_list("by", flat=True)) - {None}


def _open_rectification(rating):
    day = timezone.localdate(rating.rated_at)
    rectification = Rectification.objects.create(
        rating=rating, station=rating.station, opened_at=rating.rated_at,
        call_by=due_day(settings.RATING_CALL_WORKDAYS, after=day),
        close_by=due_day(settings.RATING_MEND_WORKDAYS, after=day),
    )  # fmt: skip
    notices.tell_menders(rectification)
    return rectification


def locked(rectification):
    """Return the rectification's row, locked until the transaction ends."""
    rows = Rectification.objects.select_related(
        "station__parent", "rating__invitation__matter__by", "rating__invitation__arrival"
    )
    return locking.locked(rows, getattr(rectification, "pk", rectification))


def may_mend(user, rectification):
    """Reviewers and heads of the station that has to act or above, never who handled the matter."""
    invitation = rectification.rating.invitation
    return perms.may_mend_ratings(user, rectification.station) and user.pk not in handlers_of(
        invitation
    )


@transaction.atomic
def disclose(*, rectification, by, reason, request=None):
    """Whom to call: `(name, phone)`, for the one who calls back; written down (`domain.md` D.5)."""
    rectification = _mine(rectification, by)
    invitation = rectification.rating.invitation
    subject = invitation.matter or invitation.arrival
    name = subject.applicant_name if invitation.matter_id else subject.name
    phone = subject.applicant_phone if invitation.matter_id else subject.phone
    audit.record(
        "services.rater_disclosed", rectification, by=by, station=rectification.station,
        on_behalf_of=name, detail={"reason": reason}, request=request,
    )  # fmt: skip
    return name, phone or ""


@transaction.atomic
def call_back(*, rectification, by, note, satisfied):
    """Write what the call brought. Still unhappy: it goes up a tier with a new term, if there is one."""
    rectification = _mine(rectification, by)
    _expect(rectification, RectificationState.OPEN, "登记回访")
    if not note.strip():
        raise RatingError("请写下回访的情况。", field="note")
    rectification.called_by, rectification.called_at = by, timezone.now()
    rectification.call_note, rectification.satisfied = note.strip()[:1000], satisfied
    rectification.state = RectificationState.CALLED_BACK
    rectification.save()
    _record("called_back", rectification, by, satisfied=satisfied)
    if not satisfied and rectification.station.parent_id is not None:
        _send_up(rectification, by)
    return rectification


def _send_up(rectification, by):
    rectification.station = rectification.station.parent
    rectification.state = RectificationState.OPEN
    rectification.times_sent_up += 1
    rectification.call_by = due_day(settings.RATING_CALL_WORKDAYS)
    rectification.close_by = due_day(settings.RATING_MEND_WORKDAYS)
    rectification.save()
    _record("sent_up", rectification, by, station=rectification.station.code)
    notices.tell_menders(rectification)


@transaction.atomic
def close(*, rectification, by, outcome, measure):
    """Close it: what was done. "Unfounded" is for the tier above the rated station to say."""
    rectification = _mine(rectification, by)
    _expect(rectification, RectificationState.CALLED_BACK, "办结")
    if outcome not in RectificationOutcome.values:
        raise RatingError("请选择整改结果。", field="outcome")
    if not measure.strip():
        raise RatingError("请写明做了什么。", field="measure")
    above = perms.may_mend_ratings_above(by, rectification.rating.station)
    if outcome == RectificationOutcome.UNFOUNDED and not above:
        raise RatingError("“与事实不符”由上一级核实后认定。", field="outcome")
    rectification.state, rectification.outcome = RectificationState.CLOSED, outcome
    rectification.measure = measure.strip()[:300]
    rectification.closed_by, rectification.closed_at = by, timezone.now()
    rectification.save()
    _record("closed", rectification, by, outcome=outcome)
    notices.tell_result(rectification)
    return rectification


def warn_of_terms(*, today=None):
    """Tell who may mend of what is due by the next working day or over, once a day; how many."""
    today = today or timezone.localdate()
    due = Rectification.objects.open().filter(close_by__lte=due_day(1, after=today))
    due = due | Rectification.objects.filter(
        state=RectificationState.OPEN, call_by__lte=due_day(1, after=today)
    )
    rows = list(due.select_related("station"))
    for rectification in rows:
        notices.tell_menders(rectification, dedupe=f"rectification:{rectification.pk}:{today}")
    return len(rows)


def _mine(rectification, by):
    rectification = locked(rectification)
    if not may_mend(by, rectification):
        raise RatingError("由本站或上级没有经办过这件事的审核人、负责人处理。", code="not_allowed")
    return rectification


def _expect(rectification, state, deed):
    if rectification.state != state:
        raise RatingError(
            f"这件整改现在是“{rectification.get_state_display()}”，不能{deed}。请刷新页面查看。",
            code="wrong_state",
        )


def _record(deed, rectification, by, **detail):
    audit.record(
        f"services.rectification_{deed}", rectification, by=by, station=rectification.station,
        detail=detail,
    )  # fmt: skip
