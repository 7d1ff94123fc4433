"""Forms of sessions, letters, seats and visits."""

from datetime import datetime

from django import forms
from django.utils import timezone

from placement.enums.selection import VisitBy
from placement.models import SelectionRules
from services.forms.fields import DATE_FORMATS
from services.forms.persons import text_field
from veterans_portal.widgets import DateInput


def _day(label, **more):
    return forms.DateField(label=label, widget=DateInput, input_formats=DATE_FORMATS, **more)


class SessionForm(forms.Form):
    """When and where a session takes place; order, posts and rules are frozen, not typed."""

    title = text_field("名称", length=60)
    venue = text_field("地点", length=120, help_text="例如：市民中心三楼报告厅")
    day = _day("日期")
    time = forms.TimeField(
        label="时间", help_text="例如：9:00", widget=forms.TextInput(attrs={"class": "input-short"}),
        error_messages={"invalid": "请填写时间，例如：9:00。"},
    )  # fmt: skip

    def starts_at(self):
        """The moment in the portal's zone."""
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(moment)


class RulesForm(forms.ModelForm):
    """Rules that hold from a day on."""

    class Meta:
        model = SelectionRules
        fields = [
            "effective_from", "turn_minutes", "late_minutes", "missed", "wage_percent",
            "living_allowance", "visit_days", "basis",
        ]  # fmt: skip
        widgets = {"effective_from": DateInput}


class AuthorityForm(forms.Form):
    """A written authority brought to the session."""

    agent_name = text_field("受托人姓名", length=50, required=False)
    upload = forms.FileField(label="委托书照片或扫描件", required=False)


class SeatForm(forms.Form):
    """The first day at work."""

    on = _day("上岗日期")
    contract_words = text_field(
        "合同", length=120, required=False, help_text="例如：聘用合同三年，2026年1月1日起"
    )


class VisitForm(forms.Form):
    """What a visit found."""

    on = _day("回访日期")
    way = forms.ChoiceField(label="方式", choices=VisitBy)
    still_there = forms.TypedChoiceField(
        label="是否仍在岗", choices=(("1", "仍在岗"), ("0", "已离岗")), coerce=lambda v: v == "1"
    )
    words = text_field("情况", length=500, rows=3)


class MonthForm(forms.Form):
    """A month of the list of allowances."""

    month = forms.CharField(label="月份", required=False, help_text="例如：2026-03", max_length=7)

    def first(self):
        """The first day of the month asked for; of this month when none or no such."""
        today = timezone.localdate().replace(day=1)
        text = self.data.get("month", "")
        try:
            return datetime.strptime(text, "%Y-%m").date() if text else today
        except ValueError:
            return today
