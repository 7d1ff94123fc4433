"""What a person changes about their own account: the phone, other sessions, how pages are drawn."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import messages, sessions
from accounts.actions.codes import use_code
from accounts.audit import record
from accounts.enums import CodePurpose
from accounts.models import User
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_phone


class PhoneTakenError(DomainError):
    code = "phone_taken"


def change_phone(*, user, code_id, digits, request):
    """Sign in by a new phone from now on; the old one is told. Raises DomainError.

    Only who holds the new phone, and so got its code, learns that it has an account already.
    """
    code = use_code(code_id=code_id, digits=digits, purpose=CodePurpose.NEW_PHONE)
    if code.user_id != user.pk:
        raise DomainError("这个验证码不是发给您的，请重新获取。")
    old = user.phone
    try:
        with transaction.atomic():
            user.phone, user.phone_verified_at = code.phone, timezone.now()
            user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
            detail = {"from": mask_phone(old), "to": mask_phone(code.phone)}
            record("accounts.phone_changed", user, by=user, detail=detail, request=request)
            _tell_old_phone(user, old, code)
    except IntegrityError as taken:
        user.refresh_from_db()
        raise PhoneTakenError(
            "这个手机号已经有账号了，请退出后用它登录；要合并账号，请拨打12345。"
        ) from taken


def end_other_sessions(*, user, request):
    """Sign the account out everywhere but here; returns how many sessions ended."""
    ended = sessions.end_sessions(user, except_key=request.session.session_key)
    record("accounts.sessions_ended", user, by=user, detail={"ended": ended}, request=request)
    return ended


def set_display(*, user, senior=None, contrast=None):
    """Keep how the person wants pages drawn; None leaves a switch as it is."""
    changes = {"senior_mode": senior, "high_contrast": contrast}
    User.objects.filter(pk=user.pk).update(
        **{field: on for field, on in changes.items() if on is not None}
    )


def _tell_old_phone(user, old, code):
    if not old:
        return
    messages.tell(
        phone=old,
        kind="accounts.phone_changed",
        title="登录手机号已更换",
        body=(
            f"您的退役军人服务平台账号已改用尾号{code.phone[-4:]}的手机号登录。"
            "如果不是您本人操作，请马上拨打12345。"
        ),
    )
