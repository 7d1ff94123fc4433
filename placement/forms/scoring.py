"""What is typed about points: schemes, rules, lines, objections, publications."""

from decimal import Decimal

from django import forms

from placement.enums import QuantitySource, RuleGroup
from placement.models import ScoringRule, ScoringScheme
from placement.models.cases import FIRST_YEAR, LAST_YEAR
from services.forms.bookings import MobileField
from services.forms.fields import DayField, NameField
from services.forms.persons import text_field

CHOOSE = {"required": "请选择。", "invalid_choice": "请从列出的里选择。"}
NUMBER = {"invalid": "请填写数字，例如 10 或 0.5。", "max_digits": "数字太长，请核对。",
          "max_decimal_places": "最多两位小数。", "max_whole_digits": "数字太大，请核对。"}  # fmt: skip


def station_choice(stations, *, label="单位"):
    """One of a few centres; hidden when there is only one."""
    field = forms.ModelChoiceField(stations, label=label, empty_label=None, error_messages=CHOOSE)
    found = list(stations[:2])
    if found:
        field.initial = found[0]
    if len(found) == 1:
        field.widget = forms.HiddenInput()
    return field


def year_field(**kwargs):
    return forms.IntegerField(
        label="安置年度", min_value=FIRST_YEAR, max_value=LAST_YEAR,
        error_messages={
            "required": "请填写年度。", "invalid": "请填写四位数的年度，例如 2026。",
            "min_value": f"年度在{FIRST_YEAR}至{LAST_YEAR}之间。",
            "max_value": f"年度在{FIRST_YEAR}至{LAST_YEAR}之间。",
        }, **kwargs,
    )  # fmt: skip


class SchemeForm(forms.ModelForm):
    effective_from = DayField(label="适用于此日起退役的人员", past=False, required=True)
    effective_until = DayField(
        label="适用至", past=False, required=False, help_text="一直适用的不填。"
    )

    class Meta:
        model = ScoringScheme
        fields = ("station", "name", "basis", "effective_from", "effective_until", "part_months",
                  "short_part", "long_part")  # fmt: skip
        error_messages = {"short_part": NUMBER, "long_part": NUMBER}

    def __init__(self, *args, stations=None, **kwargs):
        super().__init__(*args, **kwargs)
        if stations is None:
            del self.fields["station"]
        else:
            self.fields["station"] = station_choice(stations, label="制定单位")
        self.fields["name"] = text_field("名称", length=80)
        self.fields["basis"] = text_field("依据", length=200)


class RuleForm(forms.ModelForm):
    """One rule: what the source does not need is left out of what is stored."""

    class Meta:
        model = ScoringRule
        fields = ("group", "name", "condition", "points", "per_unit", "unit", "cap", "places_first",
                  "source", "from_year", "to_year", "nature", "grade", "position")  # fmt: skip
        error_messages = {"points": NUMBER, "cap": NUMBER, "group": CHOOSE}
        labels = {"from_year": "服役满几年以后", "to_year": "到满几年为止"}
        help_texts = {
            "points": "减分也写正数，类别选“减分”。",
            "cap": "这一项合计最多多少分，不限的不填。",
            "source": "服役年限和残疾等级由平台按人员档案算出，不用重复填写。",
            "position": "不填排在最后。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = text_field("项目", length=60)
        self.fields["condition"] = text_field("条件", length=200, required=False)
        self.fields["unit"] = text_field("单位", length=8)
        self.fields["unit"].initial = "次"
        self.fields["position"].required = False

    def clean_position(self):
        return self.cleaned_data.get("position") or 0

    def clean(self):
        cleaned = super().clean()
        source = cleaned.get("source")
        if source != QuantitySource.SERVICE_YEARS:
            cleaned["from_year"] = cleaned["to_year"] = None
        elif cleaned.get("from_year") is None and "from_year" not in self.errors:
            cleaned["from_year"] = 0
        if source != QuantitySource.DISABILITY:
            cleaned["nature"] = cleaned["grade"] = None
        elif not self.errors and not (cleaned.get("nature") and cleaned.get("grade")):
            self.add_error("nature", "请写明残疾性质和等级（1至10级）。")
        self.instance.is_deduction = cleaned.get("group") == RuleGroup.DEDUCTION
        return cleaned


class TieForm(forms.Form):
    """The chain that tells equal totals apart: up to four groups, the first first."""

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        there = [step.group for step in scheme.tie_steps.all()]
        for place in range(1, 5):
            self.fields[f"group_{place}"] = forms.ChoiceField(
                label=f"第{place}步比较", required=False, error_messages=CHOOSE,
                choices=[("", "不再比较"), *RuleGroup.choices],
                initial=there[place - 1] if place <= len(there) else "",
            )  # fmt: skip

    @property
    def groups(self):
        return [value for value in self.cleaned_data.values() if value]


class LineForm(forms.Form):
    """A line of a sheet: rule, evidence, and the quantity where the file does not say it."""

    rule = forms.ModelChoiceField(
        ScoringRule.objects.none(), label="项目", empty_label="请选择", error_messages=CHOOSE
    )
    quantity = forms.DecimalField(
        label="数量", required=False, max_digits=6, decimal_places=2, min_value=Decimal("0.01"),
        error_messages={**NUMBER, "min_value": "数量要大于0。"},
        help_text="服役年限、残疾等级不用填，由平台按人员档案算出。",
    )  # fmt: skip
    evidence = forms.ModelChoiceField(
        None, label="档案依据", empty_label="请选择", error_messages=CHOOSE
    )

    def __init__(self, *args, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = sheet.scheme.rules.all()
        self.fields["evidence"].queryset = sheet.case.evidence.kept()


class WordsForm(forms.Form):
    """The objection of the person."""

    words = text_field(
        "异议内容", length=1000, rows=5, help_text="请写明哪一项不对、为什么。不要写部队番号。"
    )


class OthersForm(forms.Form):
    """An objection that somebody else brought, by name."""

    name = NameField(label="提出人姓名")
    phone = MobileField(label="联系电话", required=False)
    words = text_field("异议内容", length=1000, rows=4)


class AnswerForm(forms.Form):
    answer = text_field("复核意见", length=1000, rows=5, help_text="提出人会看到。")


class PrepareForm(forms.Form):
    """Which year's scores are published, and how names are shown."""

    year = year_field()
    names = forms.ChoiceField(
        label="姓名", widget=forms.RadioSelect, initial="full", error_messages=CHOOSE,
        choices=[("full", "显示全名"), ("masked", "隐去一个字")],
    )  # fmt: skip

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"] = station_choice(stations, label="公示单位")
        self.order_fields(["station", "year", "names"])


class StartForm(forms.Form):
    starts_on = DayField(label="公示开始", past=False, required=False, help_text="不填从今天起。")
