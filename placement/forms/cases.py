"""What is typed about placement files at the desk, and about wishes by the person."""

from django import forms

from placement.enums import (
    PLACING_NATURES,
    CaseState,
    ConfirmedHow,
    EvidenceKind,
    PlacementGround,
)
from placement.models import PlacementTerms
from services.enums import PlacementWay
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import Station

CHOOSE = {"required": "请选择。", "invalid_choice": "请从列出的里选择。"}
CLOCKS = [("", "全部"), ("late", "已超期"), ("soon", "快到期")]


class CaseFilter(forms.Form):
    """Filters of the list. Every value that is no choice is simply left out."""

    q = SearchField(label="姓名、拼音或编号", required=False)
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    way = forms.ChoiceField(
        label="安置方式", required=False, choices=[("", "全部"), *PlacementWay.choices]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "在办的"), ("all", "全部"), *CaseState.choices]
    )
    clock = forms.ChoiceField(label="期限", required=False, choices=CLOCKS)
    mine = forms.BooleanField(label="只看我经办的", required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "全部"), *((each, f"{each}年") for each in years)]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None


class OpenForm(forms.Form):
    """A new placement file; what the person's file says already is not asked."""

    station = forms.ModelChoiceField(
        Station.objects.none(), label="接收单位", empty_label=None, error_messages=CHOOSE
    )
    way = forms.ChoiceField(
        label="安置方式", choices=[("", "请选择"), *PlacementWay.choices], error_messages=CHOOSE
    )
    discharged_on = DayField(label="批准退役日期", past=False, required=True)
    grounds = forms.MultipleChoiceField(
        label="符合安排工作的条件", choices=PlacementGround.choices, required=False,
        widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
        help_text="安排工作的才填，可以之后再补。",
    )  # fmt: skip
    sending_contact = text_field(
        "移交联系人", length=120, required=False,
        help_text="只写姓名和电话，不要写部队番号、代号和驻地。",
    )  # fmt: skip

    def __init__(self, *args, stations, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        own = [each for each in stations if person.station.path.startswith(each.path)]
        self.initial.setdefault("station", own[-1] if own else None)
        if len(stations) == 1:
            self.fields["station"].widget = forms.HiddenInput()
            self.initial["station"] = stations[0]
        if person.placement_way:
            del self.fields["way"]
        if person.discharged_on:
            self.initial.setdefault("discharged_on", person.discharged_on)


class ReportForm(forms.Form):
    on = DayField(label="报到日期", required=True)
    late_cause = text_field(
        "逾期报到的正当理由", length=200, required=False, help_text="超过报到期限才填。"
    )


class MendForm(forms.Form):
    grounds = forms.MultipleChoiceField(
        label="符合安排工作的条件", choices=PlacementGround.choices, required=False,
        widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE,
    )  # fmt: skip
    sending_contact = text_field(
        "移交联系人", length=120, required=False,
        help_text="只写姓名和电话，不要写部队番号、代号和驻地。",
    )  # fmt: skip


class EvidenceForm(forms.Form):
    """A sheet of the original file, with a scan if there is one."""

    kind = forms.ChoiceField(label="类别", choices=EvidenceKind.choices, error_messages=CHOOSE)
    title = text_field("名称", length=60, help_text="例如：三等功登记表。不要写部队番号。")
    place = text_field("档案里的位置", length=60, help_text="例如：第1卷第12页。")
    upload = forms.FileField(
        label="扫描件", required=False, help_text="JPG、PNG 或 PDF，遮住部队番号再传。"
    )


class WishForm(forms.Form):
    """What kind of employer and post somebody would like."""

    natures = forms.MultipleChoiceField(
        label="愿意去的单位", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each, each.label) for each in PLACING_NATURES], error_messages=CHOOSE,
        help_text="可以选几项。",
    )  # fmt: skip
    words = text_field(
        "岗位意愿", length=300, rows=3, required=False,
        help_text="例如：希望在江阴，做设备维护，会开叉车。",
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("natures") and not cleaned.get("words") and not self.errors:
            self.add_error("natures", "请选一项，或写下您的意愿。")
        return cleaned


class ConfirmForm(forms.Form):
    """How the person said at the desk that the points are right."""

    how = forms.ChoiceField(
        label="本人怎么确认的", widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[
            (each, each.label) for each in (ConfirmedHow.IN_PERSON, ConfirmedHow.PROXY)
        ],
    )  # fmt: skip


class TermsForm(forms.ModelForm):
    """New terms from a day on."""

    effective_from = DayField(label="施行日期", past=False, required=True)

    class Meta:
        model = PlacementTerms
        fields = (
            "effective_from", "report_days", "placement_months", "seat_days", "confirm_workdays",
            "publicity_workdays", "answer_workdays", "warn_days", "basis",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in ("effective_from", "basis"):
                field.max_value = 400
                field.validators = [
                    forms.fields.validators.MinValueValidator(1, "至少为1。"),
                    forms.fields.validators.MaxValueValidator(400, "最多为400。"),
                ]
                field.widget.attrs.update(min=1, max=400, **{"class": "input-short"})
        self.fields["basis"] = text_field("依据", length=200)
