"""At the door of a fair: who registered signs in by code, who did not is entered and signed in."""

from django.db import transaction
from django.utils import timezone

from placement import perms
from placement.actions.fairs.planning import FairError
from placement.enums.fairs import FairState
from services.actions import bookings
from services.actions.bookings import Contact
from services.booking_rules import BookingConflictError
from services.models import Booking, Person, Slot


def sign_in(*, fair, code, by, now=None):
    """Check in whoever shows this code, visitor or employer; returns the Booking.

    Raises FairError or the engine's refusals.
    """
    _require(fair, by)
    found = Booking.objects.with_slot().filter(
        slot__offering__in=[fair.visits_id, fair.stands_id], code=bookings.normal_code(code)
    )
    booking = found.first()
    if booking is None:
        raise FairError(
            "这个码不是本场招聘会的。请核对，或为来人现场登记。", code="unknown_code", field="code"
        )
    return bookings.check_in(booking=booking, by=by, now=now)


@transaction.atomic
def walk_in(*, fair, name, by, client_key, phone="", heads=1, now=None):
    """Register whoever stands at the door for the session of now, and check them in at once.

    A phone and a name that fit one file in reach lead to that file. Returns the Booking.
    """
    now = now or timezone.now()
    _require(fair, by)
    session = session_now(fair, now=now)
    if session is None:
        raise FairError("现在没有进行中的场次，不能登记。", code="no_session")
    try:
        booking = bookings.book(
            slot=session, heads=heads, by=by, client_key=client_key,
            person=_file(by, name, phone), contact=Contact(name, phone), on_behalf=True, now=now,
        )  # fmt: skip
    except BookingConflictError as clash:
        if clash.code != "slot_full":
            raise
        raise FairError(
            "这一场的名额已满。场地容得下的话，请先在“修改”里增加每场人数，再来登记。",
            code="hall_full",
        ) from clash
    if booking.replayed:
        return booking
    return bookings.check_in(booking=booking, by=by, now=now)


def session_now(fair, *, now=None):
    """The session that goes on, or the next of the fair's day; None when all are over."""
    now = now or timezone.now()
    ahead = Slot.objects.with_rules().filter(offering=fair.visits_id, ends_at__gt=now)
    return ahead.order_by("starts_at").first()


def _file(by, name, phone):
    if not phone:
        return None
    same = Person.objects.visible_to(by).filed().with_phone(phone).filter(name=name)
    found = list(same.select_related("account")[:2])
    return found[0] if len(found) == 1 else None


def _require(fair, by):
    if not perms.may_receive_at_fairs(by, fair.station):
        raise FairError("请由主办站点的工作人员签到。", code="not_yours")
    if fair.state != FairState.OPEN:
        raise FairError(
            f"这场招聘会现在是“{fair.get_state_display()}”，不能签到。", code="wrong_state"
        )
