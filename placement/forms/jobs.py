"""The shape of what is typed about vacancies, CVs and intentions, and how the list is narrowed."""

from decimal import Decimal

from django import forms

from placement.enums.fairs import (
    INTENT_ROAD,
    Education,
    IntentStage,
    JobField,
    PostKind,
    VacancyState,
)
from placement.models import Cv, Vacancy
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.partners import centres
from services.forms.persons import text_field
from services.models import Division
from veterans_portal.widgets import NumberInput

MOST_PAY = Decimal(1_000_000)
PAY_STEPS = [("", "不限"), ("4000", "4000元以上"), ("6000", "6000元以上"), ("8000", "8000元以上"),
             ("10000", "10000元以上")]  # fmt: skip


def places():
    """The city and its districts, as places of work."""
    return Division.objects.filter(pk__in=centres().values("division")).order_by("code")


class PayField(forms.DecimalField):
    """Yuan a month, to the fen at most."""

    def __init__(self, **kwargs):
        super().__init__(
            max_digits=14, decimal_places=2, min_value=Decimal(1), max_value=MOST_PAY,
            required=False, widget=NumberInput, **kwargs,
        )  # fmt: skip
        self.error_messages |= {
            "invalid": "请只写数字，例如 6000。",
            "min_value": "月薪应大于0。",
            "max_value": "月薪太高了，请核对单位是元。",
            "max_digits": "数字太长了，请核对。",
            "max_whole_digits": "数字太长了，请核对。",
            "max_decimal_places": "最多写到分。",
        }


class PostForm(forms.ModelForm):
    """A post: an employer's vacancy; without `open_until` that of a directed recruitment."""

    title = text_field("岗位名称", length=60, help_text="例如：数控车工")
    headcount = forms.IntegerField(
        label="招聘人数", min_value=1, max_value=9999, widget=NumberInput,
        error_messages={
            "required": "请填写招聘人数。", "invalid": "人数应为整数，例如 5。",
            "min_value": "至少招1人。", "max_value": "最多9999人，请核对。",
        },
    )  # fmt: skip
    division = forms.ModelChoiceField(
        Division.objects.none(), label="工作地",
        error_messages={"required": "请选择工作地。", "invalid_choice": "请从列出的地区里选择。"},
    )  # fmt: skip
    address = text_field("工作地址", length=120, required=False)
    pay_from = PayField(label="月薪从（元）", help_text="不填就写“面议”")
    pay_to = PayField(label="月薪到（元）")
    age_to = forms.IntegerField(
        label="年龄不超过", min_value=18, max_value=70, required=False, widget=NumberInput,
        help_text="没有要求就不填",
        error_messages={
            "invalid": "请写整数，例如 45。", "min_value": "年龄上限为18至70岁。",
            "max_value": "年龄上限为18至70岁。",
        },
    )  # fmt: skip
    requirements = text_field("其他要求", length=500, rows=3, required=False)
    duties = text_field("工作内容", length=1000, rows=4, required=False)
    open_until = DayField(label="招聘截止", past=False, required=True)

    class Meta:
        model = Vacancy
        fields = [
            "title", "field", "headcount", "division", "address", "pay_from", "pay_to",
            "education", "age_to", "requirements", "duties", "veterans_only", "open_until",
        ]  # fmt: skip
        error_messages = {"field": {"required": "请选择行业。"}}

    def __init__(self, *args, directed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = places()
        self.fields["division"].label_from_instance = lambda each: each.name
        if directed:
            del self.fields["open_until"], self.fields["veterans_only"]

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("pay_from"), cleaned.get("pay_to")
        if high and not low and "pay_from" not in self.errors:
            self.add_error("pay_from", "请也填写最低月薪。")
        elif low and high and high < low:
            self.add_error("pay_to", "最高月薪不应低于最低月薪。")
        return cleaned


class JobFilter(forms.Form):
    """What narrows the public list. Every value that is no choice is simply left out."""

    q = SearchField(label="岗位、单位或拼音", required=False)
    district = forms.ChoiceField(label="地区", required=False)
    pay = forms.ChoiceField(label="月薪", required=False, choices=PAY_STEPS)
    field = forms.ChoiceField(
        label="行业", required=False, choices=[("", "不限"), *JobField.choices]
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "不限"), *PostKind.choices]
    )
    veterans = forms.BooleanField(label="只看专招退役军人的", required=False)
    closed = forms.BooleanField(label="也看已结束的", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        districts = [(each.code, each.name) for each in places()]
        self.fields["district"].choices = [("", "不限"), *districts]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None

    def narrow(self, found):
        """The vacancies of `found` that fit."""
        if not self.value("closed"):
            found = found.open()
        if text := self.value("q"):
            found = found.matching(text)
        if code := self.value("district"):
            found = found.filter(division__code=code)
        if pay := self.value("pay"):
            # what is paid up to reaches the wish; "negotiable" does not say so
            found = found.filter(pay_to__gte=pay) | found.filter(
                pay_to__isnull=True, pay_from__gte=pay
            )
        if field := self.value("field"):
            found = found.filter(field=field)
        if kind := self.value("kind"):
            found = found.filter(kind=kind)
        if self.value("veterans"):
            found = found.filter(veterans_only=True)
        return found


class VacancyFilter(forms.Form):
    """What narrows the desk's list of vacancies."""

    q = SearchField(label="岗位、单位或拼音", required=False)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "待核对"), *VacancyState.choices[1:], ("all", "全部")],
    )

    def value(self, name):
        """A value that is one of the choices, else ""."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class CvForm(forms.ModelForm):
    """What the file does not say of somebody who looks for work."""

    education = forms.TypedChoiceField(
        label="学历", coerce=int, choices=[each for each in Education.choices if each[0]],
        error_messages={"required": "请选择学历。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    skills = text_field(
        "技能证书", length=300, rows=2, required=False, help_text="例如：电工证、A2驾照"
    )
    experience = text_field(
        "工作经历", length=500, rows=4, required=False,
        help_text="写做过什么、做了多久。请不要写部队番号和驻地。",
    )  # fmt: skip
    wanted_fields = forms.MultipleChoiceField(
        label="想做的行业", choices=JobField.choices, widget=forms.CheckboxSelectMultiple,
        required=False, help_text="可以选几项",
        error_messages={"invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    division = forms.ModelChoiceField(
        Division.objects.none(), label="想在哪里工作", required=False, empty_label="都可以",
        error_messages={"invalid_choice": "请从列出的地区里选择。"},
    )  # fmt: skip
    pay_from = PayField(label="期望月薪（元）")

    class Meta:
        model = Cv
        fields = ["education", "skills", "experience", "wanted_fields", "division", "pay_from"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = places()
        self.fields["division"].label_from_instance = lambda each: each.name


class WishForm(forms.Form):
    """A person's wish, with the consent that names the employer when the CV goes along."""

    told = forms.BooleanField(
        error_messages={"required": "单位要能联系您，请勾选同意；不同意可以打电话给服务站。"}
    )
    share_cv = forms.BooleanField(required=False)

    def __init__(self, *args, vacancy, has_cv, **kwargs):
        super().__init__(*args, **kwargs)
        name = vacancy.employer_name
        self.fields["told"].label = f"同意把我的姓名和手机号告诉{name}"
        self.fields["share_cv"].label = f"同意{name}查看我的求职简历"
        self.fields["share_cv"].help_text = "以后可以在“我的数据”里撤回"
        if not has_cv:
            del self.fields["share_cv"]


class StepForm(forms.Form):
    """How far an intention came, and when."""

    stage = forms.ChoiceField(
        label="进展到",
        error_messages={"required": "请选择进展。", "invalid_choice": "请从列出的里选择。"},
    )
    on = DayField(label="日期", required=False, help_text="不填就是今天")

    def __init__(self, *args, intent, **kwargs):
        super().__init__(*args, **kwargs)
        ahead = INTENT_ROAD[INTENT_ROAD.index(intent.stage) + 1 :] if intent.is_open else []
        self.fields["stage"].choices = [(each.value, IntentStage(each).label) for each in ahead]
