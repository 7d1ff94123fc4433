"""Noting the steps of cards at the desk: one card, or many at once."""

from django import forms

from services.card_rules import BY_HAND
from services.enums import CardState

NOTE_LENGTH = 200


def _states(states):
    return [(str(each), CardState(each).label) for each in states]


class StepForm(forms.Form):
    """The next state of one card, out of those that are the reader's to note."""

    to = forms.ChoiceField(
        label="到了哪一步",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择到了哪一步。",
            "invalid_choice": "这一步不能从现在的状态登记，请刷新页面看看最新的进度。",
        },
    )
    note = forms.CharField(
        label="说明",
        help_text="不予发放时必须写明原因，本人会看到",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.TextInput(attrs={"class": "input-wide"}),
        error_messages={"max_length": f"说明最多{NOTE_LENGTH}个字。"},
    )

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = _states(states)
        if len(states) == 1:
            self.fields["to"].initial = str(states[0])

    def clean_note(self):
        return " ".join(self.cleaned_data["note"].split())


class ManyForm(forms.Form):
    """One state for many cards. A refusal is written card by card, with its own reason."""

    to = forms.ChoiceField(
        choices=_states(each for each in BY_HAND if each != CardState.REJECTED),
        error_messages={
            "required": "请选择到了哪一步。",
            "invalid_choice": "请从列出的步骤里选择。",
        },
    )
    cards = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "请先勾选要办的卡。"}
    )

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        sent = [each for each in data.getlist("cards") if each.isascii() and each.isdigit()]
        self.fields["cards"].choices = [(each, each) for each in sent if len(each) < 19]


class FilterForm(forms.Form):
    """Which cards the list shows."""

    state = forms.ChoiceField(
        label="进度",
        required=False,
        choices=[("", "在办的"), *CardState.choices],
    )
