"""The shape of what is typed about loans: the wish, consents, banks' answers, monthly returns."""

from datetime import date
from decimal import Decimal
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from placement.bank_sheets import MOST_BYTES
from placement.enums.loans import AnswerKind, LoanProduct, LoanState
from placement.models import LoanReferral, LoanTerms
from placement.models.loans import MOST_MONTHS, MOST_RATE, MOST_YUAN
from services.enums import PartnerRole
from services.forms.bookings import KeyedForm
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import Partner
from veterans_portal.indicators import previous_month
from veterans_portal.widgets import NumberInput

MONTHS_BACK = 24


class YuanField(forms.DecimalField):
    """An amount in yuan, to the fen at most; commas between thousands may be typed."""

    def __init__(self, **kwargs):
        super().__init__(
            min_value=Decimal("0.01"), max_value=MOST_YUAN, decimal_places=2, max_digits=11,
            widget=NumberInput, **kwargs,
        )  # fmt: skip
        wide = "金额不超过1亿元，单位是元，请核对。"
        self.error_messages |= {
            "required": "请填写金额，单位是元。", "invalid": "请只写数字，单位是元，例如 300000。",
            "min_value": "金额应大于0。", "max_value": wide, "max_digits": wide,
            "max_whole_digits": wide, "max_decimal_places": "最多两位小数。",
        }  # fmt: skip

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(",", "").replace("，", "").replace("\x00", "").strip()
        return super().to_python(value)


class MonthsField(forms.IntegerField):
    """A stretch of time in months."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=MOST_MONTHS, widget=NumberInput, **kwargs)
        self.error_messages |= {
            "required": "请填写期限，单位是月。", "invalid": "请写整数，单位是月，例如 36。",
            "min_value": "期限至少1个月。", "max_value": f"期限最多{MOST_MONTHS}个月。",
        }  # fmt: skip


class RateField(forms.DecimalField):
    """Percent a year."""

    def __init__(self, **kwargs):
        super().__init__(
            min_value=0, max_value=MOST_RATE, decimal_places=4, max_digits=6, widget=NumberInput,
            **kwargs,
        )  # fmt: skip
        wide = f"年利率为0至{MOST_RATE}，例如 2.6。"
        self.error_messages |= {
            "required": "请填写年利率。", "invalid": "请只写数字，例如 2.6。", "min_value": wide,
            "max_value": wide, "max_digits": wide, "max_whole_digits": wide,
            "max_decimal_places": "最多四位小数。",
        }  # fmt: skip


class BankField(forms.ModelChoiceField):
    """A bank that works with the bureau today."""

    def __init__(self, **kwargs):
        super().__init__(
            Partner.objects.none(),
            error_messages={"required": "请选择银行。", "invalid_choice": "请从列出的银行里选择。"},
            **kwargs,
        )


class WishForm(forms.ModelForm, KeyedForm):
    """What a person wishes for, and the one bank they name."""

    bank = BankField(
        label="意向银行", widget=forms.RadioSelect, empty_label=None,
        help_text="只能选一家，申请只告诉这一家银行",
    )  # fmt: skip
    business = text_field("经营项目", length=60, help_text="例如：生鲜配送")
    purpose = text_field(
        "贷款用途", length=200, rows=3, help_text="只能用于本人的生产经营，不能买房或投资"
    )
    wanted = YuanField(label="想贷多少（元）", help_text="例如 300000")
    wanted_months = MonthsField(label="想贷多久（月）", help_text="例如 36")

    class Meta:
        model = LoanReferral
        fields = ["product", "borrower", "bank", "business", "purpose", "wanted", "wanted_months"]
        widgets = {"product": forms.RadioSelect, "borrower": forms.RadioSelect}
        error_messages = {
            "product": {"required": "请选择贷款产品。", "invalid_choice": "请从列出的里选择。"},
            "borrower": {"required": "请选择申请类型。", "invalid_choice": "请从列出的里选择。"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = Partner.objects.acting_as(PartnerRole.BANK).order_by("name")
        for name in ("product", "borrower"):
            field = self.fields[name]
            field.choices = [each for each in field.choices if each[0]]


class AgreeForm(forms.Form):
    """The separate consent that names the bank."""

    agreed = forms.BooleanField()

    def __init__(self, *args, referral, **kwargs):
        super().__init__(*args, **kwargs)
        bank = referral.bank.name
        self.fields["agreed"].label = f"我同意把上面这些内容告诉{bank}，只用于这次贷款申请"
        self.fields["agreed"].error_messages["required"] = f"请先同意告诉{bank}，再提交。"


class WrittenForm(forms.Form):
    """At the counter: where the consent lies that the person signed."""

    written_consent = text_field(
        "书面同意书", length=60, help_text="写编号或存放处，例如：同意书2026-015，存站点档案柜"
    )


class VerifyForm(forms.Form):
    """The identity is right; with a reason it goes through the green channel."""

    green_reason = text_field(
        "开绿色通道的原因", length=100, required=False,
        help_text="不开就不填。例如：立二等功，项目已签订单",
    )  # fmt: skip


class AnswerForm(KeyedForm):
    """What the bank answers; money is asked for when it lent."""

    kind = forms.ChoiceField(
        label="进展", widget=forms.RadioSelect,
        error_messages={"required": "请选择进展。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    on = DayField(label="日期", required=True)
    amount = YuanField(label="放款金额（元）", required=False, help_text="放款时填写")
    rate = RateField(label="年利率（%）", required=False, help_text="放款时填写，例如 2.6")
    term_months = MonthsField(label="期限（月）", required=False, help_text="放款时填写")
    note = text_field(
        "说明", length=200, rows=2, required=False, help_text="没有通过时请写原因，本人会看到"
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.value, each.label) for each in kinds]
        if AnswerKind.GRANTED not in kinds:
            for name in ("amount", "rate", "term_months"):
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == AnswerKind.GRANTED:
            for name in ("amount", "rate", "term_months"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


class TermsForm(forms.ModelForm):
    """Working days for each step, from a day on."""

    effective_from = DayField(label="施行日期", past=False, required=True)
    basis = text_field("依据", length=200)

    class Meta:
        model = LoanTerms
        fields = [
            "effective_from", "verify_workdays", "contact_workdays", "decide_workdays",
            "green_verify_workdays", "green_contact_workdays", "green_decide_workdays", "basis",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name.endswith("_workdays"):
                field.min_value, field.max_value = 1, 120
                field.validators = [_workdays]
                field.widget = NumberInput()
                field.help_text = "工作日"
                field.error_messages |= {
                    "required": "请填写几个工作日。", "invalid": "请写整数，例如 3。",
                }  # fmt: skip

    def clean_effective_from(self):
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise ValidationError("施行日期已经过去，请从今天或以后开始。")
        return day


def _workdays(value):
    if not 1 <= value <= 120:
        raise ValidationError("应为1至120个工作日。")


def months():
    """The months that may be returned, newest first, as choices."""
    found, month = [], timezone.localdate().replace(day=1)
    for _ in range(MONTHS_BACK):
        found.append((f"{month:%Y-%m}", f"{month.year}年{month.month}月"))
        month = previous_month(month)
    return found


def month_of(text):
    """The first of a month that is one of `months`, else None."""
    if text not in dict(months()):
        return None
    year, month = text.split("-")
    return date(int(year), int(month), 1)


class ReturnForm(forms.Form):
    """A bank's workbook of a month."""

    month = forms.ChoiceField(
        label="月份",
        error_messages={"required": "请选择月份。", "invalid_choice": "请从列出的月份里选择。"},
    )
    file = forms.FileField(
        label="回报文件", help_text="用平台的表格填写的.xlsx文件，最大5MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "请选择要上传的文件。", "empty": "这个文件是空的，请填好后再上传。",
        },
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months()
        self.initial.setdefault("month", months()[1][0])

    def clean_month(self):
        return month_of(self.cleaned_data["month"])

    def clean_file(self):
        """Refuse by size and name; what is inside is read by the act."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("文件超过5MB，请核对是不是放错了。")
        if PurePath(file.name).suffix.lower() != ".xlsx":
            raise ValidationError("请上传.xlsx文件：在Excel里选“另存为”，类型选“Excel工作簿”。")
        return file


class DeskReturnForm(ReturnForm):
    """A return that came another way, uploaded for the bank."""

    bank = BankField(label="银行")
    field_order = ["bank", "month", "file"]

    def __init__(self, *args, banks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks


class DecideForm(forms.Form):
    """Whose figure counts, and why."""

    decision = forms.ChoiceField(
        label="决定", widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样计入。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    reason = text_field("理由", length=200, required=False)

    def __init__(self, *args, line, **kwargs):
        kwargs.setdefault("auto_id", f"line{line.pk}_%s")
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = line.choices


class LoanFilter(forms.Form):
    """What narrows the lists of referrals."""

    q = SearchField(label="姓名或推荐编号", required=False)
    state = forms.ChoiceField(label="状态", required=False)
    product = forms.ChoiceField(label="产品", required=False)
    green = forms.ChoiceField(
        label="绿色通道", required=False, choices=[("", "全部"), ("1", "只看绿色通道")]
    )

    def __init__(self, *args, states=LoanState, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *((s.value, s.label) for s in states)]
        self.fields["product"].choices = [("", "全部"), *LoanProduct.choices]

    def narrow(self, rows, *, names=True):
        """The rows that fit; with `names` the words are looked for in names too."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            found = rows.filter(number__icontains=wanted["q"])
            rows = found | rows.filter(person__name__contains=wanted["q"]) if names else found
        for name in ("state", "product"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        return rows.filter(green_channel=True) if wanted.get("green") else rows
