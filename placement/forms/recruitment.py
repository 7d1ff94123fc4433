"""The shape of what is typed about directed recruitment: the notice, an application, results."""

from django import forms

from placement.enums.recruitment import SCORED, RecruitStep
from placement.forms.jobs import places
from placement.models import DirectedRecruitment, Vacancy
from services.forms.fields import DayField
from services.forms.persons import text_field
from services.models import Division
from veterans_portal.widgets import NumberInput


class NoticeForm(forms.ModelForm):
    """A notice with the days of its steps; a step without a day is left out."""

    title = text_field("公告标题", length=80)
    host = text_field("招聘单位", length=80, help_text="例如：江阴市教育局")
    division = forms.ModelChoiceField(
        Division.objects.none(), label="面向地区",
        error_messages={"required": "请选择地区。", "invalid_choice": "请从列出的地区里选择。"},
    )  # fmt: skip
    requirements = text_field("报名条件", length=1000, rows=4, help_text="一行写一条")
    notice = text_field("公告内容", length=3000, rows=8)
    apply_from = DayField(label="报名开始", past=False, required=True)
    apply_until = DayField(label="报名截止", past=False, required=True)

    class Meta:
        model = DirectedRecruitment
        fields = [
            "kind", "title", "host", "division", "requirements", "notice", "apply_from",
            "apply_until",
        ]  # fmt: skip
        error_messages = {"kind": {"required": "请选择类别。"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = places()
        self.fields["division"].label_from_instance = lambda each: each.name

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("apply_from"), cleaned.get("apply_until")
        if first and last and last < first:
            self.add_error("apply_until", "报名截止不应早于报名开始。")
        return cleaned


class StepsForm(forms.Form):
    """The days of the steps, one row a step. `steps` is what the act wants."""

    def __init__(self, *args, recruitment=None, **kwargs):
        super().__init__(*args, **kwargs)
        known = {}
        if recruitment is not None and recruitment.pk:
            known = {each.step: each for each in recruitment.steps.all()}
        for step in RecruitStep:
            there = known.get(step)
            self.fields[f"on_{step}"] = DayField(label=f"{step.label}：开始", past=False)
            self.fields[f"until_{step}"] = DayField(label=f"{step.label}：结束", past=False)
            self.fields[f"note_{step}"] = text_field(
                f"{step.label}：地点和说明", length=200, required=False
            )
            if there:
                self.initial |= {
                    f"on_{step}": there.on, f"until_{step}": there.until, f"note_{step}": there.note,
                }  # fmt: skip

    def rows(self):
        """`[(label, on, until, note)]` as bound fields."""
        return [
            (step.label, self[f"on_{step}"], self[f"until_{step}"], self[f"note_{step}"])
            for step in RecruitStep
        ]

    def clean(self):
        cleaned = super().clean()
        self.steps, before = {}, None
        for step in RecruitStep:
            on, until = cleaned.get(f"on_{step}"), cleaned.get(f"until_{step}")
            note = cleaned.get(f"note_{step}") or ""
            if on is None:
                if until or note:
                    self.add_error(f"on_{step}", "请填写这一步的开始日期。")
                continue
            if until and until < on:
                self.add_error(f"until_{step}", "结束不应早于开始。")
            if before and on < before:
                self.add_error(f"on_{step}", "不应早于上一步的开始。")
            before = on
            self.steps[step] = (on, until, note)
        return cleaned


class ApplyForm(forms.Form):
    """A person's application: which post, and why they fit."""

    post = forms.ModelChoiceField(
        Vacancy.objects.none(), label="报哪个岗位", widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择岗位。", "invalid_choice": "请从列出的岗位里选择。"},
    )  # fmt: skip
    statement = text_field(
        "符合条件的说明", length=500, rows=4, help_text="例如：本科，有初级中学体育教师资格证"
    )

    def __init__(self, *args, recruitment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = recruitment.posts.order_by("pk")
        self.fields["post"].label_from_instance = lambda each: f"{each.title}（{each.headcount}人）"


class ResultForm(forms.Form):
    """How a step went."""

    passed = forms.TypedChoiceField(
        label="结果", choices=[("1", "通过"), ("0", "没有通过")], coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结果。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    score = forms.DecimalField(
        label="成绩", max_digits=5, decimal_places=2, min_value=0, max_value=200, required=False,
        widget=NumberInput,
        error_messages={
            "invalid": "请只写数字，例如 82.5。", "max_value": "成绩为0至200分。",
            "min_value": "成绩为0至200分。", "max_digits": "成绩为0至200分。",
            "max_decimal_places": "最多两位小数。", "max_whole_digits": "成绩为0至200分。",
        },
    )  # fmt: skip
    reason = text_field("没有通过的原因", length=100, required=False, help_text="本人会看到")

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        if step not in SCORED:
            del self.fields["score"]


class ListForm(forms.Form):
    """From when to when the proposed list stands on the public page."""

    first = DayField(label="公示开始", past=False, required=True)
    last = DayField(label="公示结束", past=False, required=True, help_text="一般不少于5个工作日")
