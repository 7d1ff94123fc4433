"""Signing in, by password or by code; signing up is signing in with a phone nobody has yet."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import codes, locks
from accounts.audit import record
from accounts.enums import CodePurpose, UserKind
from accounts.models import User
from veterans_portal.errors import DomainError

PHONE, STAFF_NUMBER = "phone", "username"  # allauth's names for the two kinds of credentials


class SignInRefusedError(DomainError):
    code = "sign_in_refused"


def sign_in_with_password(*, request, by, name, password, then):
    """Sign in by `by` (PHONE or STAFF_NUMBER); returns the redirect to `then` or the person's start.

    Unknown name, wrong password and an account without a password read the same. Raises
    SignInRefusedError, SignInLockedError.
    """
    address = locks.address_of(request)
    left = locks.take_attempt(f"{by}:{name}", address)
    user = get_adapter().authenticate(request, **{by: name, "password": password})
    if user is None:
        known = User.objects.filter(staff_number=name) if by == STAFF_NUMBER else _citizens(name)
        locks.refuse(f"{by}:{name}", address, user=known.first(), way="password", request=request)
        noun = "手机号" if by == PHONE else "工号"
        raise SignInRefusedError(f"{noun}或密码不对，请核对后再试。还可以再试{left}次。")
    locks.give_back(f"{by}:{name}", address)
    return _enter(request, user, then=then)


def sign_in_with_code(*, request, code_id, digits, then, then_new):
    """Sign in with a code, making the account when the phone has none (it leads to `then_new`).

    Raises WrongCodeError, SpentCodeError, SignInLockedError, SignInRefusedError.
    """
    code = codes.pending(code_id)
    address = locks.address_of(request)
    name = f"{PHONE}:{code.phone}"
    locks.take_attempt(name, address)
    try:
        code = codes.use_code(code_id=code_id, digits=digits, purpose=CodePurpose.SIGN_IN)
    except (codes.WrongCodeError, codes.SpentCodeError):
        locks.refuse(name, address, user=_citizens(code.phone).first(), way="code", request=request)
        raise
    locks.give_back(name, address)
    user, is_new = _account_of(code.phone, request)
    request.signed_in_by_code = True
    return _enter(request, user, then=then_new if is_new else then)


def _enter(request, user, *, then):
    """allauth's pipeline from here: its stages (a second factor, one day), then the session."""
    if not user.is_active:
        raise SignInRefusedError(
            "这个账号已停用。公众请拨打12345，工作人员请联系本单位的系统管理员。"
        )
    if not user.is_citizen and not user.granted_at:
        raise SignInRefusedError("您的账号已建好，还没有授予岗位。请联系安全管理员授权后再登录。")
    return perform_login(request, user, email_verification="none", redirect_url=then or None)


def _account_of(phone, request):
    user = _citizens(phone).first()
    if user is not None:
        return user, False
    try:
        with transaction.atomic():
            user = User(kind=UserKind.CITIZEN, phone=phone, phone_verified_at=timezone.now())
            user.set_unusable_password()
            user.save(force_insert=True)
            record("accounts.signed_up", user, by=user, request=request)
    except IntegrityError:  # two taps at once: the other one made it
        return _citizens(phone).get(), False
    return user, True


def _citizens(phone):
    return User.objects.with_phone(phone).filter(kind=UserKind.CITIZEN)
