"""One-time codes: six digits to a phone, five minutes, three tries, one use.

Whether the phone is known is not asked here, so sending tells nothing about accounts.
"""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts import messages
from accounts.enums import Channel, CodePurpose
from accounts.models import OneTimeCode
from veterans_portal import crypto
from veterans_portal.errors import DomainError

WORDS = {
    CodePurpose.SIGN_IN: "您正在登录无锡市退役军人服务平台",
    CodePurpose.NEW_PHONE: "您正在把这个手机号绑定到退役军人服务平台账号",
}


class TooManyCodesError(DomainError):
    code = "too_many_codes"


class WrongCodeError(DomainError):
    code = "wrong_code"


class SpentCodeError(DomainError):
    """The code is used, too old, or tried too often: a new one is needed."""

    code = "spent_code"


@transaction.atomic
def send_code(*, phone, address, purpose=CodePurpose.SIGN_IN, user=None):
    """Send a code to `phone`; returns the OneTimeCode. Raises TooManyCodesError."""
    now = timezone.now()
    digits = f"{secrets.randbelow(10**6):06d}"
    code = OneTimeCode(
        id=uuid.uuid4(),
        purpose=purpose,
        phone=phone,
        user=user,
        address=address,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.SIGN_IN_CODE_MINUTES),
    )
    code.digest = _digest(code, digits)
    _hold_back(crypto.blind_index("phone", phone), address, now)
    code.save(force_insert=True)
    messages.tell(
        phone=phone,
        kind=messages.SIGN_IN_CODE,
        title="登录验证码",
        body=(
            f"验证码{digits}，{settings.SIGN_IN_CODE_MINUTES}分钟内有效。{WORDS[purpose]}。"
            "工作人员不会向您索要验证码，请不要告诉任何人。"
        ),
        not_after=code.expires_at,
        channels=[Channel.SMS],
    )
    return code


def pending(code_id):
    """The code a session waits for; raises SpentCodeError when there is none any more."""
    code = OneTimeCode.objects.filter(pk=code_id).first() if code_id else None
    if code is None:
        raise SpentCodeError("这个验证码已失效，请重新获取。")
    return code


def use_code(*, code_id, digits, purpose):
    """Take a try at a code; returns the OneTimeCode, now used. Raises WrongCodeError, SpentCodeError."""
    now = timezone.now()
    usable = OneTimeCode.objects.filter(
        pk=code_id, purpose=purpose, used_at__isnull=True, expires_at__gt=now
    )
    if not usable.filter(tries__lt=settings.SIGN_IN_CODE_TRIES).update(tries=F("tries") + 1):
        raise SpentCodeError("这个验证码已失效，请重新获取。")
    code = OneTimeCode.objects.get(pk=code_id)
    if not crypto.same(code.digest, _digest(code, digits)):
        left = settings.SIGN_IN_CODE_TRIES - code.tries
        if left <= 0:
            raise SpentCodeError("验证码输错了三次，已失效，请重新获取。")
        raise WrongCodeError(f"验证码不对，请核对短信里的6位数字，还可以再试{left}次。")
    if not usable.update(used_at=now):
        raise SpentCodeError("这个验证码已经用过，请重新获取。")
    return code


def forget_old():
    """Remove codes of more than a day ago: until then they count against the limits."""
    day_ago = timezone.now() - timedelta(days=1)
    return OneTimeCode.objects.filter(created_at__lt=day_ago).delete()[0]


def _digest(code, digits):
    return crypto.blind_index("one_time_code", f"{code.pk}:{digits}")


def _hold_back(phone_index, address, now):
    """Refuse too many codes; the lock makes parallel requests for one phone or address queue."""
    with connection.cursor() as cursor:
        for text in sorted((phone_index, address)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [text])
    hour_ago = now - timedelta(hours=1)
    to_phone = OneTimeCode.objects.filter(phone_index=phone_index)
    if to_phone.filter(created_at__date=timezone.localdate(now)).count() >= settings.CODES_PER_DAY:
        raise TooManyCodesError("这个手机号今天获取验证码的次数已用完，请明天再试，或拨打12345。")
    sent = to_phone.filter(created_at__gt=hour_ago)
    last = sent.order_by("-created_at").first()
    if last is not None:
        wait = settings.SIGN_IN_CODE_PAUSE_SECONDS - int((now - last.created_at).total_seconds())
        if wait > 0:
            raise TooManyCodesError(f"刚刚已发过验证码，请{wait}秒后再获取。")
    if sent.count() >= settings.SIGN_IN_CODES_PER_PHONE_AND_HOUR:
        raise TooManyCodesError(
            "这个手机号一小时内获取验证码次数太多，请一小时后再试，或拨打12345。"
        )
    from_here = OneTimeCode.objects.filter(address=address, created_at__gt=hour_ago)
    if from_here.count() >= settings.SIGN_IN_CODES_PER_ADDRESS_AND_HOUR:
        raise TooManyCodesError("这个网络一小时内获取验证码次数太多，请一小时后再试，或拨打12345。")
