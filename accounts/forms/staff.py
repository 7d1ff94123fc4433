"""The system administrator's forms."""

from django import forms
from django.core.validators import RegexValidator

from accounts.enums import UserKind

CREATED = [
    (UserKind.STAFF, "工作人员（在服务站点办事）"),
    (UserKind.ADMINISTRATOR, "管理员（系统、安全或审计，不办业务）"),
]
STATES = [
    ("", "全部状态"),
    ("waiting", "待安全管理员授权"),
    ("active", "在用"),
    ("disabled", "已停用"),
]


class AccountFilter(forms.Form):
    q = forms.CharField(label="姓名或工号", required=False, max_length=50)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class NewAccountForm(forms.Form):
    kind = forms.ChoiceField(
        label="账号类别", choices=CREATED, widget=forms.RadioSelect, initial=UserKind.STAFF
    )
    name = forms.CharField(label="姓名", max_length=50, error_messages={"required": "请填写姓名。"})
    staff_number = forms.CharField(
        label="工号",
        max_length=20,
        help_text="4到20位大写字母和数字，例如 JY0231；建好后不能改",
        error_messages={"required": "请填写工号。"},
        validators=[
            RegexValidator(r"^[A-Z0-9]{4,20}$", "工号由4到20位大写字母和数字组成，例如 JY0231。")
        ],
        widget=forms.TextInput(attrs={"class": "input-medium", "autocomplete": "off"}),
    )

    def clean_name(self):
        return self.cleaned_data["name"].strip()


class RenameForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=50, error_messages={"required": "请填写姓名。"})


class LockSearchForm(forms.Form):
    name = forms.CharField(
        label="工号或手机号",
        max_length=20,
        help_text="按完整的工号或手机号查；锁定名单里不显示公众的手机号",
        error_messages={"required": "请填写完整的工号或手机号。"},
        widget=forms.TextInput(attrs={"class": "input-medium", "autocomplete": "off"}),
    )

    def clean_name(self):
        return self.cleaned_data["name"].strip().upper()
