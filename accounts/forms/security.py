"""The forms of the security page: password, phone."""

from django import forms
from django.contrib.auth import password_validation

from accounts.forms.fields import PasswordField, PhoneField


class NewPasswordForm(forms.Form):
    """A new password, twice. The old one is asked for unless the person has just shown the phone."""

    old = PasswordField(label="现在的密码", error_messages={"required": "请填写现在的密码。"})
    new = PasswordField(new=True, label="新密码", error_messages={"required": "请填写新密码。"})
    again = PasswordField(
        new=True, label="再填一次新密码", error_messages={"required": "请把新密码再填一次。"}
    )

    def __init__(self, *args, user, ask_old, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = "；".join(
            password_validation.password_validators_help_texts()
        )
        if not ask_old:
            del self.fields["old"]

    def clean_new(self):
        new = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new

    def clean(self):
        data = super().clean()
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次填写的新密码不一样，请重新填写。")
        return data


class NewPhoneForm(forms.Form):
    phone = PhoneField(label="新的手机号")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone == self.user.phone:
            raise forms.ValidationError("这就是您现在用的手机号，不需要更换。")
        return phone
