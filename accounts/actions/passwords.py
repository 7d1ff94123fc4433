"""Setting passwords: the rules, the history, and what happens to other sessions."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.utils import timezone

from accounts import sessions
from accounts.audit import record
from accounts.models import PasswordRecord

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # nothing that reads like something else
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


def password_due(user):
    """Whether the next page must be the new password: first sign-in, or older than 90 days (staff)."""
    if user.must_change_password:
        return True
    if user.is_citizen or user.password_changed_at is None:
        return False
    age = timezone.now() - user.password_changed_at
    return age > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


@transaction.atomic
def change_password(*, user, password, request):
    """Take a new password that passed the validators; every other session of the account ends."""
    store_password(user, password)
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    update_session_auth_hash(request, user)
    user.session_key = request.session.session_key
    user.save(update_fields=["session_key"])
    sessions.end_sessions(user, except_key=user.session_key)
    record("accounts.password_changed", user, by=user, request=request)


def store_password(user, password):
    """Hash the password onto `user` (unsaved) and remember the hash; `user` must have its id."""
    user.set_password(password)
    user.password_changed_at = timezone.now()
    PasswordRecord.objects.create(user=user, password=user.password)
    kept = PasswordRecord.objects.filter(user=user).values("pk")[: settings.PASSWORD_HISTORY]
    PasswordRecord.objects.filter(user=user).exclude(
        pk__in=list(kept.values_list("pk", flat=True))
    ).delete()


def temporary_password():
    """A password to read out once: three groups of four, without letters that look alike."""
    pick = secrets.choice
    groups = [
        pick(CAPITALS) + "".join(pick(LETTERS) for _ in range(3)),
        "".join(pick(DIGITS) for _ in range(4)),
        "".join(pick(LETTERS) for _ in range(3)) + pick(CAPITALS),
    ]
    return "-".join(groups)
