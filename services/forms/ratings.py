"""The shape of a rating, of a rating taken down by phone, and of mending a bad one."""

from django import forms

from services.enums import Grade, RatingReason, RectificationOutcome
from services.forms.network import CleanTextField
from services.forms.persons import text_field

GRADES = sorted(Grade.choices, reverse=True)


class RatingForm(forms.Form):
    """One grade; reasons and words if one likes."""

    grade = forms.TypedChoiceField(
        label="您觉得怎么样", choices=GRADES, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选一个评价。", "invalid_choice": "请从五个评价里选一个。"},
    )  # fmt: skip
    reasons = forms.MultipleChoiceField(
        label="主要是因为", choices=RatingReason.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    words = CleanTextField(
        label="想说的话", max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="请不要写证件号、银行卡号。",
    )  # fmt: skip


class PhoneRatingForm(RatingForm):
    """What somebody said on the phone, taken down by a colleague who did not handle the matter.

    Without a number when the `visit` it is about is known.
    """

    number = CleanTextField(
        label="办件编号", max_length=20, help_text="例如 20261124K7M2Q9",
        error_messages={"required": "请填写办件编号。"},
    )  # fmt: skip
    field_order = ["number", "grade", "reasons", "words"]

    def __init__(self, *args, visit=None, **kwargs):
        super().__init__(*args, **kwargs)
        if visit is not None:
            del self.fields["number"]

    def clean_number(self):
        return self.cleaned_data["number"].replace(" ", "").upper()


class DiscloseForm(forms.Form):
    """Why the one who calls back looks up whom to call."""

    reason = text_field("查看原因", length=100, help_text="例如：回访差评")


class CallBackForm(forms.Form):
    """What the call brought."""

    note = text_field("回访情况", length=1000, rows=4)
    satisfied = forms.TypedChoiceField(
        label="本人对处理满意吗", choices=[("yes", "满意"), ("no", "仍不满意，转上一级")],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        error_messages={"required": "请选择。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip


class CloseForm(forms.Form):
    """What was done about it."""

    outcome = forms.ChoiceField(
        label="整改结果", choices=RectificationOutcome.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择整改结果。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    measure = text_field("做了什么", length=300, rows=3, help_text="本人会看到。")
