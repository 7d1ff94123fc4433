"""The shape of what is typed about a person: collection, correction, identities, disclosure."""

from django import forms
from django.db.models import Q

from accounts.forms.fields import PhoneField
from services.actions.disclosure import Disclosed, DisclosureReason
from services.enums import DisabilityNature, IdentityCategory, PlacementWay, Role
from services.forms.fields import DayField, IdNumberField, NameField
from services.forms.network import CleanTextField
from services.models import Station
from services.perms import scope_of
from veterans_portal import id_number
from veterans_portal.widgets import NumberInput

NOT_SAID = [("", "不填")]


def text_field(label, *, length, rows=0, **kwargs):
    """A text with its own words for what is missing or too long."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    messages = {"required": f"请填写{label}。", "max_length": f"{label}最多{length}个字。"}
    return CleanTextField(
        label=label, max_length=length, widget=widget, error_messages=messages, **kwargs
    )


class CategoriesField(forms.MultipleChoiceField):
    """One or several of the twelve identities."""

    def __init__(self, **kwargs):
        super().__init__(
            label="身份类别",
            choices=IdentityCategory.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text="可以选几项",
            error_messages={
                "required": "请至少选一项身份。",
                "invalid_choice": "请从列出的身份里选择。",
            },
            **kwargs,
        )


class ServiceDatesMixin:
    """Dates that cannot be: discharged before enlisted, enlisted before birth."""

    def check_dates(self, birth=None):
        enlisted = self.cleaned_data.get("enlisted_on")
        discharged = self.cleaned_data.get("discharged_on")
        if enlisted and discharged and discharged < enlisted:
            self.add_error("discharged_on", "退役时间不应早于入伍时间，请核对两个日期。")
        if enlisted and birth and enlisted <= birth:
            self.add_error("enlisted_on", "入伍时间应晚于出生日期，请核对。")


class FactsForm(ServiceDatesMixin, forms.Form):
    """The facts a clerk writes; the widest set, narrowed for the citizen's own correction."""

    name = NameField()
    phone = PhoneField(required=False, help_text="没有手机可以不填")
    address = text_field("居住地址", length=160, required=False, help_text="例如：幸福路8号201室")
    enlisted_on = DayField(label="入伍时间", help_text="记不清具体日子可以不填")
    discharged_on = DayField(label="退役时间")
    placement_way = forms.ChoiceField(
        label="安置方式", choices=NOT_SAID + PlacementWay.choices, required=False
    )
    disability_grade = forms.IntegerField(
        label="残疾等级",
        required=False,
        min_value=1,
        max_value=10,
        widget=NumberInput,
        help_text="1至10级，1级最重",
        error_messages={
            "invalid": "残疾等级是1至10的整数。",
            "min_value": "残疾等级为1至10级。",
            "max_value": "残疾等级为1至10级。",
        },
    )
    disability_nature = forms.ChoiceField(
        label="残疾性质", choices=NOT_SAID + DisabilityNature.choices, required=False
    )
    honour_plaque_on = DayField(label="光荣牌悬挂日期")
    lives_alone = forms.BooleanField(label="独居", required=False)

    def __init__(self, *args, birth=None, health=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.birth = birth
        if not health:
            del self.fields["disability_grade"], self.fields["disability_nature"]

    def clean(self):
        data = super().clean()
        self.check_dates(self.birth)
        for name in ("placement_way", "disability_nature", "phone"):
            if name in data:
                data[name] = data[name] or None
        if "disability_grade" in self.fields and (
            (data.get("disability_grade") is None) != (data.get("disability_nature") is None)
        ):
            self.add_error("disability_grade", "残疾等级和残疾性质要一起填写，或都不填。")
        return data

    def facts(self):
        """Cleaned values by name of the Person's field."""
        return {name: self.cleaned_data[name] for name in FactsForm.base_fields
                if name in self.cleaned_data}  # fmt: skip


class CollectForm(FactsForm):
    """A new file at the counter."""

    id_number = IdNumberField()
    categories = CategoriesField()
    station = forms.ModelChoiceField(
        label="服务站点",
        queryset=Station.objects.none(),
        empty_label=None,
        error_messages={
            "invalid_choice": "请选择您经办的站点。",
            "required": "请选择服务站点。",
        },
    )
    field_order = ["station", "name", "id_number", "phone", "address", "categories"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = _own_stations(user)

    def clean(self):
        number = self.cleaned_data.get("id_number")
        self.birth = id_number.parse(number).birth if number else None
        return super().clean()


def _own_stations(user):
    """Where the clerk collects: own stations and those directly under them."""
    mine = [path for path, role in scope_of(user).postings if role in (Role.CLERK, Role.HEAD)]
    wanted = Q(path__in=mine) | Q(parent__path__in=mine)
    return Station.objects.active().filter(wanted).order_by("path")


class ChangeForm(FactsForm):
    """A correction of a filed file by a clerk: new facts and why."""

    reason = text_field("更正原因", length=200, help_text="例如：核对身份证后更正")


class OwnChangeForm(ServiceDatesMixin, forms.Form):
    """What people correct themselves; the rest they tell their station."""

    name = NameField()
    phone = PhoneField(label="联系电话", required=False)
    address = text_field("居住地址", length=160, required=False)
    enlisted_on = DayField(label="入伍时间")
    discharged_on = DayField(label="退役时间")
    reason = text_field("为什么要更正", length=200, help_text="例如：搬家了；证件上的名字写错了")

    def __init__(self, *args, birth=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.birth = birth

    def clean(self):
        data = super().clean()
        self.check_dates(self.birth)
        if "phone" in data:
            data["phone"] = data["phone"] or None
        return data

    def facts(self):
        """Cleaned values by name of the Person's field, without the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class IdentityForm(forms.Form):
    """An identity a clerk adds."""

    category = forms.ChoiceField(
        label="身份类别",
        choices=IdentityCategory.choices,
        error_messages={"required": "请选择身份类别。", "invalid_choice": "请从列表里选择。"},
    )


class EvidenceForm(forms.Form):
    """The paper that proves an identity."""

    evidence = text_field("证明材料", length=80, help_text="例如：退出现役证、烈士证明书")
    evidence_number = text_field("证明编号", length=60, required=False, help_text="加密保存")
    valid_from = DayField(label="起始日期")


class EndIdentityForm(forms.Form):
    valid_to = DayField(label="截止日期", required=True)
    reason = text_field("终止原因", length=100)


class AnswerForm(forms.Form):
    """Why a correction is not taken; the person reads it."""

    answer = text_field("不采纳的原因", length=200, help_text="本人会看到这句话")


class CloseForm(forms.Form):
    """Moved away or closed for good."""

    how = forms.ChoiceField(
        label="办理",
        choices=[("move", "转出无锡"), ("close", "注销（去世、身份撤销）")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择转出或注销。"},
    )
    reason = text_field("原因", length=100, help_text="例如：户口迁往苏州；本人去世")


class DisclosureForm(forms.Form):
    """Which value is to be shown in clear, and why."""

    what = forms.ChoiceField(
        label="查看哪一项",
        choices=Disclosed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择要查看的内容。"},
    )
    reason = forms.ChoiceField(
        label="查看原因",
        choices=DisclosureReason.choices,
        error_messages={"required": "请选择查看原因。"},
    )
    detail = text_field("说明", length=200, required=False, help_text="选“其他”时必须写明")

    def clean(self):
        data = super().clean()
        if data.get("reason") == DisclosureReason.OTHER and not data.get("detail", "").strip():
            self.add_error("detail", "请写明查看原因。")
        return data
