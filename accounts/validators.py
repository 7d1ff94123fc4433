"""The rules a password keeps (`domain.md` D.1), as Django password validators with Chinese sentences."""

import string

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.models import PasswordRecord

OWN_DIGITS = 6  # so many digits of the phone in a row give it away


class LongEnough:
    """At least PASSWORD_MIN_LENGTH characters."""

    def validate(self, password, user=None):
        if len(password) < settings.PASSWORD_MIN_LENGTH:
            raise ValidationError(
                f"密码至少要{settings.PASSWORD_MIN_LENGTH}位，您填了{len(password)}位。",
                code="password_too_short",
            )

    def get_help_text(self):
        return f"至少{settings.PASSWORD_MIN_LENGTH}位"


class ThreeOfFourClasses:
    """Three of capital letters, small letters, digits and other signs."""

    def validate(self, password, user=None):
        classes = [
            any(char in string.ascii_uppercase for char in password),
            any(char in string.ascii_lowercase for char in password),
            any(char in string.digits for char in password),
            any(char not in string.ascii_letters + string.digits for char in password),
        ]
        if sum(classes) < 3:
            raise ValidationError(
                "密码要包含大写字母、小写字母、数字、符号中的至少三种，例如 Taihu-2025。",
                code="password_too_plain",
            )

    def get_help_text(self):
        return "大写字母、小写字母、数字、符号至少用三种"


class WithoutOwnNumber:
    """Neither the staff number nor the phone (or six of its digits in a row)."""

    def validate(self, password, user=None):
        if user is None:
            return
        number = (user.staff_number or "").lower()
        if number and number in password.lower():
            raise ValidationError("密码里不能有您的工号。", code="password_holds_number")
        phone = user.phone or ""
        parts = {phone[i : i + OWN_DIGITS] for i in range(len(phone) - OWN_DIGITS + 1)}
        if any(part in password for part in parts):
            raise ValidationError("密码里不能有您的手机号。", code="password_holds_phone")

    def get_help_text(self):
        return "不含您的工号或手机号"


class NotUsedLately:
    """None of the last PASSWORD_HISTORY passwords."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = PasswordRecord.objects.filter(user=user).values_list("password", flat=True)
        if any(check_password(password, each) for each in former[: settings.PASSWORD_HISTORY]):
            raise ValidationError(
                f"这个密码最近用过。请换一个与最近{settings.PASSWORD_HISTORY}次都不同的密码。",
                code="password_used_lately",
            )

    def get_help_text(self):
        return f"与最近{settings.PASSWORD_HISTORY}次用过的不同"


class NotCommon(CommonPasswordValidator):
    """Not on the list of passwords that attackers try first."""

    def get_error_message(self):
        return "这个密码太常见，容易被猜到。请换一个。"

    def get_help_text(self):
        return "不用常见的密码"
