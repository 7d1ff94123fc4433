"""The shape of what is typed about training: courses, runs, codes, results, exemptions."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from placement.enums.training import (
    TRAINED_WAYS,
    CourseKind,
    CourseState,
    DutyState,
    ExemptionReason,
)
from placement.forms.fairs import CountField
from placement.models import Course
from services.enums import PartnerRole, PlacementWay
from services.forms.bookings import KeyedForm
from services.forms.fields import DayField, IdNumberField
from services.forms.hours import HourField
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import Partner
from veterans_portal.widgets import CodeInput, NumberInput

FIELDS = ["陶艺", "新媒体", "无人机", "电工电气", "人工智能", "驾驶", "物业管理", "其他"]
WAYS = [(way, PlacementWay(way).label) for way in TRAINED_WAYS]


class CourseForm(forms.ModelForm):
    """What a course is and what it asks for."""

    title = text_field("课程名称", length=40)
    field = forms.ChoiceField(
        label="领域", choices=[(each, each) for each in FIELDS],
        error_messages={"required": "请选择领域。", "invalid_choice": "请从列出的领域里选择。"},
    )  # fmt: skip
    summary = text_field("一句话介绍", length=120)
    description = text_field("学什么", length=1500, rows=5, required=False)
    ways = forms.MultipleChoiceField(
        label="适用的安置方式", choices=WAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="适应性培训按安置方式分开办，请勾选；职业技能培训不用选",
        error_messages={"invalid_choice": "请从列出的安置方式里选择。"},
    )  # fmt: skip
    provider = forms.ModelChoiceField(
        Partner.objects.none(), label="培训机构", required=False, empty_label="本站自己办",
        error_messages={"invalid_choice": "请从列出的机构里选择。"},
    )  # fmt: skip
    hours = CountField(most=2000, what="学时", label="学时", initial=40)
    pass_mark = CountField(most=100, what="合格分", label="合格分（满分100）", initial=60)
    attendance_percent = CountField(most=100, what="最低出勤", label="最低出勤（%）", initial=80)

    class Meta:
        model = Course
        fields = [
            "kind", "title", "field", "summary", "description", "ways", "provider", "hours",
            "pass_mark", "attendance_percent",
        ]  # fmt: skip
        error_messages = {"kind": {"required": "请选择类别。"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        trainers = Partner.objects.acting_as(PartnerRole.TRAINER)
        self.fields["provider"].queryset = trainers.order_by("name_pinyin")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == CourseKind.ADAPTIVE and not cleaned.get("ways"):
            self.add_error("ways", "适应性培训请选适用的安置方式。")
        return cleaned


class RunForm(forms.Form):
    """A run: its name, place and lessons on days that follow each other."""

    title = text_field("班次", length=20, help_text="例如：2026年第3期")
    place = text_field("上课地点", length=120)
    teacher = text_field("授课老师", length=50, required=False)
    places = CountField(most=5000, what="名额", label="名额", initial=30)
    starts_on = DayField(label="第一次课", required=True, past=False)
    days = CountField(most=120, what="上课天数", label="上课天数", initial=5)
    weekends = forms.BooleanField(label="周末也上课", required=False)
    from_ = HourField(label="每天从", required=True, initial="09:00")
    to = HourField(label="每天到", required=True, initial="16:30")
    hours = CountField(most=12, what="每天学时", label="每天学时", initial=8)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("from_"), cleaned.get("to")
        if first and last and last <= first:
            self.add_error("to", "结束时间应晚于开始时间。")
        return cleaned

    def lessons(self):
        """(starts_at, ends_at, hours) of each lesson, aware."""
        data = self.cleaned_data
        day, found = data["starts_on"], []
        while len(found) < data["days"]:
            if data["weekends"] or day.weekday() < 5 or day == data["starts_on"]:
                found.append((_at(day, data["from_"]), _at(day, data["to"]), data["hours"]))
            day += timedelta(days=1)
        return found


def _at(day, time):
    return timezone.make_aware(datetime.combine(day, time))


class CourseFilter(forms.Form):
    """What narrows the lists of courses."""

    q = SearchField(label="课程名称", required=False)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *CourseKind.choices]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *CourseState.choices]
    )

    def value(self, name):
        """A value that is one of the choices, else ""."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class DutyFilter(forms.Form):
    """What narrows the list of who should attend."""

    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "还没有参训的"), ("all", "全部"), *DutyState.choices],
    )  # fmt: skip
    way = forms.ChoiceField(label="安置方式", required=False, choices=[("", "全部"), *WAYS])

    value = CourseFilter.value


class EnrolForm(KeyedForm):
    """Nothing to type: the file knows it all."""


class LessonCodeForm(forms.Form):
    """The code on the screen of the room."""

    code = forms.CharField(
        label="课堂码", max_length=20, widget=CodeInput, help_text="教室屏幕上的6位码",
        error_messages={"required": "请填写课堂码。", "max_length": "课堂码是6位，请核对。"},
    )  # fmt: skip


class DeskEnrolForm(KeyedForm):
    """Whom staff enrol, by ID number."""

    id_number = IdNumberField()


class ScoresForm(forms.Form):
    """A score of 100 for each who attended enough."""

    def __init__(self, *args, people, course, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        for each in people:
            if each.came * 100 >= course.hours * course.attendance_percent:
                self.fields[f"score_{each.pk}"] = forms.DecimalField(
                    label=f"{each.person.name}的成绩", min_value=0, max_value=100, decimal_places=2,
                    widget=NumberInput,
                    error_messages={
                        "required": f"请填写{each.person.name}的成绩。",
                        "invalid": "成绩是0到100的数字。",
                        "min_value": "成绩在0到100之间。",
                        "max_value": "成绩在0到100之间。",
                    },
                )  # fmt: skip

    def scores(self):
        """`{enrolment id: Decimal or None}`."""
        return {each.pk: self.cleaned_data.get(f"score_{each.pk}") for each in self.people}


class ExemptionForm(forms.Form):
    """Why somebody need not attend."""

    reason = forms.ChoiceField(
        label="原因", choices=[("", "请选择"), *ExemptionReason.choices],
        error_messages={"required": "请选择原因。", "invalid_choice": "请从列出的原因里选择。"},
    )  # fmt: skip
    words = text_field("具体情况", length=200, help_text="例如：2026年9月起在江南大学读书")


GRADES = [(5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意")]


class EvaluationForm(forms.Form):
    """What one thinks of a course one finished."""

    grade = forms.TypedChoiceField(
        label="这门课怎么样", choices=GRADES, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选择评价。", "invalid_choice": "请从列出的评价里选择。"},
    )  # fmt: skip
    words = text_field("想说的话", length=300, rows=3, required=False)
