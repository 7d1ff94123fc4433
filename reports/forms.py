"""The shapes of input: a return's table, a reviewer's reasons, filters, an uploaded workbook."""

import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.validators import FileExtensionValidator

from reports.actions.returns import Entry
from reports.enums import ReturnState
from services.enums import Tier
from veterans_portal.indicators import plain
from veterans_portal.widgets import NumberInput

OVERDUE = "OVERDUE"
SAME = "同系统数"
LONGEST = 16


class FigureField(forms.CharField):
    """A number as people type it: full-width digits, commas and spaces are understood."""

    widget = NumberInput

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text)
        if number is None:
            raise forms.ValidationError(f"请填数字，例如 12。您填了“{text[:20]}”。")
        return number


def read_number(text):
    """The Decimal that a person typed, or None when it is no plain number."""
    text = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("，", "")
    if not text or len(text) > LONGEST or not all(c in "0123456789.-+" for c in text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


class ReturnForm(forms.Form):
    """The open cells of a return: `value`, or a ratio's two parts, and `reason` per indicator."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, rows, **kwargs):
        self.rows = [row for row in rows if row.is_open]
        super().__init__(*args, **kwargs)
        for row in self.rows:
            self._add(row)

    def _add(self, row):
        code, figure, name = row.indicator.code, row.figure, row.indicator.name
        if row.indicator.is_ratio:
            for part, label, stored in zip(
                ("numerator", "denominator"),
                row.indicator.parts,
                (figure.typed_numerator, figure.typed_denominator),
                strict=True,
            ):
                self._number(f"{part}-{code}", f"{name}：{label}", stored)
        else:
            hint = SAME if row.indicator.is_automatic else ""
            self._number(f"value-{code}", f"{name}填报数", figure.typed_value, hint=hint)
        self.fields[f"reason-{code}"] = forms.CharField(
            label=f"{name}的说明", max_length=200, required=False, initial=figure.reason
        )

    def _number(self, name, label, stored, *, hint=""):
        initial = plain(stored) if stored is not None else None
        self.fields[name] = FigureField(label=label, required=False, initial=initial)
        if hint:
            self.fields[name].widget.attrs["placeholder"] = hint

    def cells(self, row):
        """The bound number fields of a row, with their short labels."""
        code = row.indicator.code
        if row.indicator.is_ratio:
            names = (f"numerator-{code}", f"denominator-{code}")
            return [
                (self[name], label) for name, label in zip(names, row.indicator.parts, strict=True)
            ]
        return [(self[f"value-{code}"], "")]

    def reason(self, row):
        return self[f"reason-{row.indicator.code}"]

    def entries(self, *, blanks_are_nought=False):
        """`{code: Entry}` of the open cells; `blanks_are_nought` fills what nobody typed."""
        made = {}
        for row in self.rows:
            code = row.indicator.code
            numbers = [self.cleaned_data.get(f"{part}-{code}") for part in self._parts(row)]
            if blanks_are_nought and not row.indicator.is_automatic:
                numbers = [Decimal(0) if number is None else number for number in numbers]
            named = dict(zip(self._parts(row), numbers, strict=True))
            made[code] = Entry(reason=self.cleaned_data.get(f"reason-{code}", ""), **named)
        return made

    def refuse(self, problems):
        """Put what the act refused beside its cells."""
        ratios = {row.indicator.code for row in self.rows if row.indicator.is_ratio}
        for code, sentences in problems.items():
            name = f"numerator-{code}" if code in ratios else f"value-{code}"
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    @staticmethod
    def _parts(row):
        return ("numerator", "denominator") if row.indicator.is_ratio else ("value",)


class ReviewForm(forms.Form):
    """Why each indicator goes back; all empty means none does."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        for row in rows:
            self.fields[f"back-{row.indicator.code}"] = forms.CharField(
                label=f"{row.indicator.name}的退回原因", max_length=200, required=False
            )

    def reason(self, row):
        return self[f"back-{row.indicator.code}"]

    def reasons(self):
        """`{code: why}` of the indicators that go back."""
        prefix = "back-"
        return {
            name.removeprefix(prefix): why
            for name, why in self.cleaned_data.items()
            if name.startswith(prefix) and why
        }


class ReturnFilter(forms.Form):
    """What the list of returns shows."""

    month = forms.ChoiceField(label="月份", required=False)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部状态"), (OVERDUE, "逾期未报"), *ReturnState.choices],
    )
    tier = forms.ChoiceField(
        label="层级", required=False, choices=[("", "全部层级"), *Tier.choices, ("0", "特设站点")]
    )
    q = forms.CharField(
        label="站点名称",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"data-search": True}),
    )

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [
            *((f"{period.month:%Y-%m}", str(period)) for period in periods),
            ("all", "全部月份"),
        ]


class SpanForm(forms.Form):
    """From which month to which; wrong order is mended by swapping."""

    first = forms.ChoiceField(label="从", required=False)
    last = forms.ChoiceField(label="到", required=False)

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(f"{period.month:%Y-%m}", str(period)) for period in periods]
        self.fields["first"].choices = self.fields["last"].choices = choices


class UploadForm(forms.Form):
    """The portal's own workbook of one return, filled in."""

    LIMIT = 2 * 1024 * 1024

    workbook = forms.FileField(
        label="填好的表格",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="请上传从本页下载、填好的 .xlsx 表格，不超过2MB。",
        validators=[
            FileExtensionValidator(
                ["xlsx"], message="请上传 .xlsx 格式的表格（从本页下载的那一份）。"
            )
        ],
        error_messages={
            "required": "请先选择填好的表格。",
            "empty": "这个文件是空的，请重新选择填好的表格。",
        },
    )

    def clean_workbook(self):
        file = self.cleaned_data["workbook"]
        if file.size > self.LIMIT:
            raise forms.ValidationError("文件超过了2MB，请上传从本页下载的那一份表格。")
        return file
