"""Fields that several forms of accounts share."""

import re

from django import forms

from veterans_portal.widgets import CodeInput, PhoneInput

MOBILE = re.compile(r"1[3-9]\d{9}")
CODE_LENGTH = 6
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


class PhoneField(forms.CharField):
    """A mainland mobile number; spaces, hyphens, +86 and full-width digits are forgiven."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "手机号")
        kwargs.setdefault("help_text", "11位数字，例如 13800000000")
        kwargs.setdefault("error_messages", {"required": "请填写手机号。"})
        super().__init__(widget=PhoneInput(), **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return value
        digits = re.sub(r"[\s-]", "", value.translate(FULL_WIDTH)).removeprefix("+86")
        if not digits.isdigit() or len(digits) != 11:
            told = f"，您填了{len(digits)}位" if digits.isdigit() else "，不含字母和符号"
            raise forms.ValidationError(f"手机号应为11位数字{told}。", code="phone_length")
        if not MOBILE.fullmatch(digits):
            raise forms.ValidationError(
                "请填写以1开头的手机号码，固定电话收不到验证码。", code="phone_kind"
            )
        return digits


class CodeField(forms.CharField):
    """The six digits of a message."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "短信验证码")
        kwargs.setdefault("help_text", "6位数字，在刚收到的短信里")
        kwargs.setdefault("error_messages", {"required": "请填写短信里的6位验证码。"})
        super().__init__(widget=CodeInput(), **kwargs)

    def clean(self, value):
        digits = re.sub(r"\s", "", super().clean(value).translate(FULL_WIDTH))
        if not digits.isdigit() or len(digits) != CODE_LENGTH:
            raise forms.ValidationError("验证码是6位数字，请核对短信。", code="code_shape")
        return digits


class PasswordField(forms.CharField):
    """A password as typed: nothing is stripped, nothing is shown again."""

    def __init__(self, *, new=False, **kwargs):
        kwargs.setdefault("label", "密码")
        kwargs.setdefault("error_messages", {"required": "请填写密码。"})
        attrs = {
            "autocomplete": "new-password" if new else "current-password",
            "class": "input-medium",
        }
        super().__init__(widget=forms.PasswordInput(attrs=attrs), strip=False, **kwargs)
