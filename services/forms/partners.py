"""The shape of what is typed about partners: the application, members, keys, the desk's filter."""

from django import forms
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as WrongNumberError

from services.actions.partners import REGISTERED
from services.enums import PartnerNature, PartnerRole, PartnerState, StationKind, Tier
from services.forms.bookings import MobileField
from services.forms.fields import NameField
from services.forms.persons import text_field
from services.models import Partner, Station


def centres():
    """The centres that keep partners: the city's and the districts'."""
    found = Station.objects.active().filter(kind=StationKind.ORDINARY)
    return found.filter(tier__in=[Tier.CITY, Tier.DISTRICT]).select_related("division")


class CreditCodeField(forms.CharField):
    """A 统一社会信用代码 (GB 32100): eighteen signs, the last one a check; stored in capitals."""

    def __init__(self, **kwargs):
        super().__init__(
            label="统一社会信用代码",
            help_text="营业执照或法人证书上的18位代码",
            max_length=40,
            error_messages={"required": "请填写统一社会信用代码。", "unique": REGISTERED},
            **kwargs,
        )

    def clean(self, value):
        text = super().clean(value)
        try:
            return uscc.validate(text)
        except WrongNumberError:
            raise forms.ValidationError(
                f"统一社会信用代码应为18位，最后一位是校验码；您填了{len(text.strip())}位，"
                "请对照执照逐位核对。"
            ) from None


class PartnerForm(forms.ModelForm):
    """An organisation, as it applies or as staff enter it. `station` is the centre that keeps it."""

    name = text_field("单位名称", length=80, help_text="与执照上的一样")
    credit_code = CreditCodeField()
    roles = forms.MultipleChoiceField(
        label="合作内容", choices=PartnerRole.choices, widget=forms.CheckboxSelectMultiple,
        help_text="可以选几项",
        error_messages={
            "required": "请至少选一项合作内容。", "invalid_choice": "请从列出的里选择。",
        },
    )  # fmt: skip
    station = forms.ModelChoiceField(
        label="所在地区", queryset=Station.objects.none(),
        help_text="由这个地区的服务中心与单位对接",
        error_messages={"required": "请选择地区。", "invalid_choice": "请从列出的地区里选择。"},
    )  # fmt: skip
    address = text_field("地址", length=120)
    contact_name = NameField(label="联系人", help_text="")
    contact_phone = MobileField(label="联系人手机号", error_messages={"required": "请填写手机号。"})
    introduction = text_field("单位简介", length=1000, rows=4, required=False)

    class Meta:
        model = Partner
        fields = [
            "name", "credit_code", "nature", "roles", "station", "address", "contact_name",
            "contact_phone", "introduction",
        ]  # fmt: skip
        error_messages = {"nature": {"required": "请选择单位性质。"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = centres()
        self.fields["station"].label_from_instance = lambda station: station.division.name

    def save(self, commit=False):
        """The partner with its place, unsaved: the act saves it."""
        partner = super().save(commit=False)
        partner.division = partner.station.division
        return partner


class ApplyForm(PartnerForm):
    """Online: with the licence."""

    upload = forms.FileField(
        label="营业执照或法人证书", help_text="拍照或PDF都可以",
        error_messages={"required": "请上传执照。", "empty": "这个文件是空的，请重新选择。"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.licence_file:
            self.fields["upload"].required = False
            self.fields["upload"].help_text = "已经传过；要换才再传"


class MemberForm(forms.Form):
    """A colleague, by the mobile number of their account."""

    name = NameField(help_text="")
    phone = MobileField(
        label="手机号", help_text="对方要先用这个手机号登录过一次",
        error_messages={"required": "请填写手机号。"},
    )  # fmt: skip
    is_keeper = forms.BooleanField(label="也可以管理成员", required=False)


class KeyForm(forms.Form):
    """What a key of the API is for."""

    label = text_field("用途", length=40, help_text="例如：信贷系统回传")


class PartnerFilter(forms.Form):
    """What narrows the desk's list."""

    q = forms.CharField(label="名称、拼音或代码", required=False, max_length=80)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *PartnerState.choices]
    )
    role = forms.ChoiceField(
        label="合作内容", required=False, choices=[("", "全部"), *PartnerRole.choices]
    )
    nature = forms.ChoiceField(
        label="性质", required=False, choices=[("", "全部"), *PartnerNature.choices]
    )

    def value(self, name):
        """What was chosen, or "" when nothing sensible was."""
        self.is_valid()
        return self.cleaned_data.get(name, "")
