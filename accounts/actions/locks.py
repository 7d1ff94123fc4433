"""Counting failed sign-ins and locking what fails too often (`domain.md` D.1).

The counters stand in the database, so they hold while Redis is away. An attempt is counted before
the password or code is looked at and given back when it was right: however many guesses come at
the same moment, no more than the limit are ever compared.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.audit import client_address, record
from accounts.models import SignInLock
from veterans_portal import crypto
from veterans_portal.errors import DomainError

WHOLE_ADDRESS = "*"
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (a request over a Unix socket)


class SignInLockedError(DomainError):
    """Too many failures. `minutes` is how long the lock still holds."""

    code = "locked"

    def __init__(self, minutes):
        self.minutes = minutes
        super().__init__(
            f"连续输错次数太多，为了保护账号，登录已暂停。请{minutes}分钟后再试。"
            "公众请拨打12345，工作人员请联系本单位的安全管理员解锁。"
        )


def address_of(request):
    """The address that locks count by."""
    return client_address(request) or NO_ADDRESS


def name_index(name):
    """What stands in the lock for a typed name, known or not: its blind index."""
    return crypto.blind_index("sign_in", name)


def take_attempt(name, address, *, request=None):
    """Count an attempt of `name` from `address`; raises SignInLockedError.

    Returns how many attempts are left after this one. Call `give_back` when it succeeds.
    """
    _take(name_index(WHOLE_ADDRESS), address, settings.SIGN_IN_FAILURES_PER_ADDRESS)
    failures = _take(name_index(name), address, settings.SIGN_IN_FAILURES)
    return settings.SIGN_IN_FAILURES - failures


def give_back(name, address):
    """The attempt was right: the name starts afresh, the address loses one failure."""
    SignInLock.objects.filter(name_index=name_index(name), address=address).delete()
    SignInLock.objects.filter(
        name_index=name_index(WHOLE_ADDRESS), address=address, failures__gt=0
    ).update(failures=F("failures") - 1)


def refuse(name, address, *, user, way, request):
    """Write down a wrong name, password or code, and raise when it was the last one allowed."""
    detail = {"way": way}
    record("accounts.sign_in_refused", user, detail=detail, request=request, outcome="REFUSED")
    minutes = minutes_left(name, address)
    if minutes:
        SignInLock.objects.filter(name_index=name_index(name), address=address).update(user=user)
        record("accounts.locked", user, detail=detail, request=request)
        raise SignInLockedError(minutes)


def minutes_left(name, address):
    """Whole minutes the lock of `name` from `address` still holds, 0 when there is none."""
    row = SignInLock.objects.filter(name_index=name_index(name), address=address).first()
    return _minutes(row.locked_until) if row else 0


@transaction.atomic
def unlock(*, lock, by):
    """The security administrator lifts a lock; audited, and told to the person if known."""
    record("accounts.unlocked", lock.user, by=by, detail={"address": lock.address})
    lock.delete()


def forget_old():
    """Remove counters whose window and lock are long over; returns how many."""
    day_ago = timezone.now() - timedelta(days=1)
    over = Q(locked_until__isnull=True) | Q(locked_until__lt=day_ago)
    return SignInLock.objects.filter(over, first_failure_at__lt=day_ago).delete()[0]


def _take(index, address, limit):
    now = timezone.now()
    if not _count(index, address, limit, now):
        row = SignInLock(name_index=index, address=address, first_failure_at=now)
        SignInLock.objects.bulk_create([row], ignore_conflicts=True)
        if not _count(index, address, limit, now):
            row = SignInLock.objects.filter(name_index=index, address=address).first()
            raise SignInLockedError(_minutes(row.locked_until if row else None) or 1)
    row = SignInLock.objects.filter(name_index=index, address=address).first()
    return row.failures if row else 1


def _count(index, address, limit, now):
    """One statement that is check and count at once; 0 when locked or not there yet."""
    window_start = now - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)
    afresh = Q(first_failure_at__lte=window_start) | Q(locked_until__isnull=False)
    locked_until = now + timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    reached = Q(failures__gte=limit - 1) & ~afresh if limit > 1 else Q()
    return (
        SignInLock.objects.filter(name_index=index, address=address)
        .filter(Q(locked_until__isnull=True) | Q(locked_until__lte=now))
        .update(
            failures=Case(When(afresh, then=Value(1)), default=F("failures") + 1),
            first_failure_at=Case(
                When(afresh, then=Value(now)),
                When(failures=0, then=Value(now)),
                default=F("first_failure_at"),
            ),
            locked_until=Case(When(reached, then=Value(locked_until)), default=Value(None)),
        )
    )


def _minutes(locked_until):
    if locked_until is None:
        return 0
    seconds = (locked_until - timezone.now()).total_seconds()
    return max(0, -int(-seconds // 60))
