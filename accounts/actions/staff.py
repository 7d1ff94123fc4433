"""Accounts of staff and administrators, in the hands of two administrators (`domain.md` D.1).

The system administrator creates, resets and deactivates; nothing of it takes effect until the
security administrator grants (`grant_*`, or a posting in `services`). A reset waits for that too:
who hands out a password must not be able to use it alone.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import sessions
from accounts.actions.passwords import store_password, temporary_password
from accounts.audit import record
from accounts.enums import AdminRole, UserKind
from accounts.models import User
from veterans_portal.errors import DomainError


class StaffNumberTakenError(DomainError):
    code = "staff_number_taken"


class OwnAccountError(DomainError):
    code = "own_account"


class LastAdministratorError(DomainError):
    code = "last_administrator"


def create_account(*, kind, name, staff_number, by):
    """Make an account of staff or of an administrator; returns (user, temporary password).

    It cannot be used before the security administrator grants it something.
    """
    user = User(kind=kind, name=name, staff_number=staff_number, must_change_password=True)
    password = temporary_password()
    try:
        with transaction.atomic():
            user.set_unusable_password()
            user.save(force_insert=True)
            _take_temporary(user, password)
            record("accounts.staff_created", user, by=by, detail={"kind": kind})
    except IntegrityError as taken:
        raise StaffNumberTakenError(
            f"工号{staff_number}已有账号，请核对后换一个。", field="staff_number"
        ) from taken
    return user, password


@transaction.atomic
def rename_account(*, user, name, by):
    """Correct the name; the staff number stays what it is for the trail's sake."""
    before, user.name = user.name, name
    user.save(update_fields=["name"])
    record("accounts.staff_changed", user, by=by, detail={"from": before, "to": name})


@transaction.atomic
def reset_password(*, user, by):
    """Give a temporary password; returns it. The account rests until it is granted again."""
    _not_own(user, by, "不能重置自己的密码，请在“账号安全”里修改。")
    password = temporary_password()
    _take_temporary(user, password)
    user.must_change_password, user.granted_at = True, None
    user.save(update_fields=["must_change_password", "granted_at"])
    sessions.end_sessions(user)
    record("accounts.password_reset", user, by=by)
    return password


@transaction.atomic
def deactivate(*, user, by):
    """Close the account: no sign-in, running sessions end."""
    _not_own(user, by, "不能停用自己的账号。")
    _not_last(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_sessions(user)
    record("accounts.staff_disabled", user, by=by)


@transaction.atomic
def reactivate(*, user, by):
    """Open it again; it rests until the security administrator grants it again."""
    user.is_active, user.granted_at = True, None
    user.save(update_fields=["is_active", "granted_at"])
    record("accounts.staff_enabled", user, by=by)


@transaction.atomic
def grant(*, user, by):
    """The security administrator lets the account take effect (first right, or after a reset)."""
    _not_own(user, by, "不能给自己授权，请由另一位安全管理员办理。")
    if not user.is_active:
        raise DomainError("这个账号已停用，请先由系统管理员启用。")
    user.granted_at = timezone.now()
    user.save(update_fields=["granted_at"])
    record("accounts.granted", user, by=by)


@transaction.atomic
def withdraw_grant(*, user, by):
    """Nothing is left that the account may do: it rests, and its sessions end."""
    user.granted_at = None
    user.save(update_fields=["granted_at"])
    sessions.end_sessions(user)
    record("accounts.grant_ended", user, by=by)


@transaction.atomic
def grant_admin_role(*, user, role, by):
    """Make an administrator's account the one of the three roles; it then takes effect."""
    if not user.is_administrator:
        raise DomainError("只有管理员账号才能担任管理员角色。")
    if user.admin_role and user.admin_role != role:
        raise DomainError("一人只能担任一种管理员角色，请先收回原来的角色。")
    user.admin_role = role
    user.save(update_fields=["admin_role"])
    record("accounts.admin_role_granted", user, by=by, detail={"role": role})
    grant(user=user, by=by)


@transaction.atomic
def end_admin_role(*, user, by):
    """Take the role away; one holder of each role must remain."""
    _not_own(user, by, "不能收回自己的角色。")
    _not_last(user)
    role, user.admin_role = user.admin_role, None
    user.save(update_fields=["admin_role"])
    record("accounts.admin_role_ended", user, by=by, detail={"role": role})
    withdraw_grant(user=user, by=by)


def _take_temporary(user, password):
    store_password(user, password)
    user.save(update_fields=["password", "password_changed_at"])


def _not_own(user, by, words):
    if by is not None and user.pk == by.pk:
        raise OwnAccountError(words)


def _not_last(user):
    if not user.admin_role or not user.granted_at:
        return
    others = User.objects.select_for_update(of=("self",), no_key=True).filter(
        kind=UserKind.ADMINISTRATOR,
        admin_role=user.admin_role,
        is_active=True,
        granted_at__isnull=False,
    )
    if not [other for other in others if other.pk != user.pk]:
        label = AdminRole(user.admin_role).label
        raise LastAdministratorError(f"这是最后一位{label}，请先另设一位再办理。")
