"""The shape of what is typed about fairs: the plan, an application, the door, the stand."""

from django import forms

from placement.enums.fairs import FairState, VacancyState
from placement.models import JobFair, Vacancy
from services.forms.bookings import HeadsField, KeyedForm, MobileField
from services.forms.fields import DayField, NameField
from services.forms.hours import HourField, clean_spans
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import Partner
from veterans_portal.widgets import CodeInput, NumberInput


class CountField(forms.IntegerField):
    """A whole number within bounds, e.g. stands or visitors."""

    def __init__(self, *, most, what, **kwargs):
        super().__init__(min_value=1, max_value=most, widget=NumberInput, **kwargs)
        self.error_messages |= {
            "required": f"请填写{what}。",
            "invalid": f"{what}应为整数，例如 50。",
            "min_value": f"{what}至少为1。",
            "max_value": f"{what}最多{most}，请核对。",
        }


class CodeField(forms.CharField):
    """A booking code as it is read out or scanned."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=40, widget=CodeInput, error_messages={"required": "请填写预约码。"}, **kwargs
        )


class FairForm(forms.ModelForm):
    """What a fair is, when, where, and how many fit. `spans` are its sessions."""

    title = text_field("名称", length=50, help_text="例如：2027年春季退役军人专场招聘会")
    venue = text_field("地点", length=120, help_text="写到楼层，例如：体育中心一楼东厅")
    co_hosts = text_field("协办单位", length=120, required=False)
    held_on = DayField(label="举办日期", past=False, required=True)
    apply_by = DayField(label="单位报名截止", past=False, required=True, help_text="不晚于举办日期")
    morning_start = HourField(label="第一场从", initial="09:00", required=True)
    morning_end = HourField(label="第一场到", initial="11:30", required=True)
    afternoon_start = HourField(label="第二场从", help_text="只有一场就不填")
    afternoon_end = HourField(label="第二场到")
    places = CountField(most=5000, what="每场人数", label="每场人数", initial=200)
    stands = CountField(most=500, what="展位数", label="展位数", initial=30)
    introduction = text_field("说明", length=1000, rows=4, required=False)

    class Meta:
        model = JobFair
        fields = ["title", "venue", "co_hosts", "held_on", "apply_by", "introduction"]

    field_order = [
        "title", "venue", "co_hosts", "held_on", "apply_by", "morning_start", "morning_end",
        "afternoon_start", "afternoon_end", "places", "stands", "introduction",
    ]  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        self.spans = clean_spans(
            self, cleaned, [("morning_start", "morning_end"), ("afternoon_start", "afternoon_end")]
        )
        held_on, apply_by = cleaned.get("held_on"), cleaned.get("apply_by")
        if held_on and apply_by and apply_by > held_on:
            self.add_error("apply_by", "单位报名截止不应晚于举办日期。")
        return cleaned


class FairFilter(forms.Form):
    """What narrows the desk's list of fairs."""

    q = SearchField(label="名称或地点", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *FairState.choices]
    )

    def value(self, name):
        """A value that is one of the choices, else ""."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class ApplyForm(KeyedForm):
    """An employer's application: which vacancies it brings."""

    vacancies = forms.ModelMultipleChoiceField(
        Vacancy.objects.none(), label="带哪些岗位", widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一个岗位。", "invalid_choice": "请从列出的岗位里选择。",
            "invalid_pk_value": "请从列出的岗位里选择。", "invalid_list": "请从列出的岗位里选择。",
        },
    )  # fmt: skip
    note = text_field("想说明的事", length=200, required=False, help_text="例如：需要电源")

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        mine = partner.vacancies.filter(state__in=[VacancyState.SUBMITTED, VacancyState.OPEN])
        self.fields["vacancies"].queryset = mine
        self.fields["vacancies"].label_from_instance = lambda each: (
            f"{each.title}（{each.headcount}人，{each.pay_words}，{each.get_state_display()}）"
        )


class DeskApplyForm(forms.Form):
    """For which employer staff apply; the vacancies are chosen on the next step."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(), label="单位",
        error_messages={"required": "请选择单位。", "invalid_choice": "请从列出的单位里选择。"},
    )  # fmt: skip


class SignInForm(forms.Form):
    """The code of whoever stands at the door."""

    code = CodeField(label="预约码", help_text="请对方出示手机或预约单，也可以扫码")


class WalkInForm(KeyedForm):
    """Who came without registering."""

    name = NameField(help_text="")
    phone = MobileField(
        label="手机号", required=False, help_text="填了手机号，已建档的会自动对上档案"
    )
    heads = HeadsField()


class StandForm(forms.Form):
    """At the stand: the visitor's code, and for which of the vacancies."""

    vacancy = forms.ModelChoiceField(
        Vacancy.objects.none(), label="哪个岗位", widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "请选择岗位。", "invalid_choice": "请从列出的岗位里选择。"},
    )  # fmt: skip
    code = CodeField(label="对方的预约码", help_text="请对方出示；出示就表示愿意让您联系")
    agreed = forms.BooleanField(
        label="双方都有意，对方同意登记",
        error_messages={"required": "请先当面确认，再勾选。"},
    )

    def __init__(self, *args, employer, **kwargs):
        super().__init__(*args, **kwargs)
        brought = Vacancy.objects.filter(at_fairs__employer=employer)
        self.fields["vacancy"].queryset = brought.order_by("pk")
        self.fields["vacancy"].label_from_instance = lambda each: (
            f"{each.title}（{each.pay_words}）"
        )
