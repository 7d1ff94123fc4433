"""What every act on a loan referral needs: its lock, its clock, its row in the trail."""

from http import HTTPStatus

from django.utils import timezone

from accounts import audit
from placement.models import LoanReferral, LoanTerms
from services.actions.workdays import due_day
from veterans_portal import locking
from veterans_portal.errors import DomainError

CONSENT_TEXT = (
    "2026-11"  # the words under which a person agrees, see templates/placement/me/loan.html
)


class LoanError(DomainError):
    """A rule about loans refuses; the API answers 409."""

    code = "loan_refused"
    status = HTTPStatus.CONFLICT


def locked(referral):
    """Return the referral, locked until the transaction ends, with all that acts read."""
    return locking.locked(LoanReferral.objects.with_all(), getattr(referral, "pk", referral))


def due(step, *, green, now=None):
    """Until when a step is to be done: `verify`, `contact` or `decide`, in working days from today.

    Raises DomainError when no terms are in force.
    """
    today = timezone.localdate(now or timezone.now())
    terms = LoanTerms.objects.on(today)
    name = f"{'green_' if green else ''}{step}_workdays"
    return due_day(getattr(terms, name), after=today)


def record(act, referral, by, **detail):
    """Write the act into the audit trail; for whom, when somebody else does it."""
    own = by.pk == referral.person.account_id
    audit.record(
        f"placement.loan_{act}", referral, by=by, station=referral.station,
        on_behalf_of="" if own else referral.person.name,
        detail={"bank": referral.bank_id} | detail,
    )  # fmt: skip


def expect(referral, states, doing):
    """Raise LoanError when the referral is in none of `states`."""
    if referral.state not in states:
        raise LoanError(
            f"这份推荐现在是“{referral.get_state_display()}”，不能{doing}，请刷新页面再看。",
            code="wrong_state",
        )
