"""What staff note about a visit, and what a person says about being found."""

from django import forms

from placement.enums.outreach import ContactWay, VisitResult, VisitState
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.persons import text_field

PICK = {"required": "请选择。", "invalid_choice": "请从列出的里选择。"}


class TaskFilter(forms.Form):
    """Filters of the list. Every value that is no choice is simply left out."""

    q = SearchField(label="姓名", required=False)
    state = forms.ChoiceField(label="状态", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ended = [each for each in VisitState.choices if each[0] != VisitState.OPEN]
        self.fields["state"].choices = [("", "待联系"), *ended]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None


class FinishForm(forms.Form):
    """How, when, with what result."""

    contact = forms.ChoiceField(
        label="怎样联系的",
        choices=ContactWay.choices,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    done_on = DayField(label="哪一天", required=True)
    result = forms.ChoiceField(
        label="结果", choices=VisitResult.choices, widget=forms.RadioSelect, error_messages=PICK
    )
    note = text_field("情况", length=1000, rows=3, required=False)


class DeclineForm(forms.Form):
    """What the person said they do not want."""

    what = forms.ChoiceField(
        label="本人的意思", widget=forms.RadioSelect, error_messages=PICK,
        choices=[("rule", "这一项以后不用再找我"), ("all", "所有主动服务都不用再找我")],
    )  # fmt: skip
