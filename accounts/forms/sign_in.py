"""The forms of the sign-in pages."""

from django import forms

from accounts.forms.fields import CodeField, PasswordField, PhoneField


class PhoneForm(forms.Form):
    """Where the code goes."""

    phone = PhoneField()


class PhonePasswordForm(forms.Form):
    phone = PhoneField()
    password = PasswordField()


class StaffPasswordForm(forms.Form):
    staff_number = forms.CharField(
        label="工号",
        max_length=20,
        help_text="单位发给您的工号，例如 CS001",
        error_messages={"required": "请填写工号。"},
        widget=forms.TextInput(
            attrs={"class": "input-medium", "autocomplete": "username", "spellcheck": "false"}
        ),
    )
    password = PasswordField()

    def clean_staff_number(self):
        return self.cleaned_data["staff_number"].strip().upper()


class CodeForm(forms.Form):
    one_time_code = CodeField()
