"""The shape of hours: two spans a day, closures, absences."""

from django import forms
from django.db.models import Q

from accounts.models import User
from services.enums import ClosureKind, DayKind
from services.forms.fields import DayField
from services.forms.network import CleanTextField
from services.models import Closure, Posting, Window


class HourField(forms.TimeField):
    """A time of day, `09:00`."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        widget = forms.TimeInput(attrs={"type": "time", "class": "input-short"}, format="%H:%M")
        super().__init__(
            widget=widget, error_messages={"invalid": "请写成 时:分，例如 09:00。"}, **kwargs
        )


def clean_spans(form, cleaned, pairs):
    """The (start, end) spans typed into pairs of fields, with errors set where they do not fit."""
    spans = []
    for start, end in pairs:
        first, last = cleaned.get(start), cleaned.get(end)
        if bool(first) != bool(last) and start not in form.errors and end not in form.errors:
            form.add_error(end if first else start, "开始和结束要一起填。")
        elif first and last and first >= last:
            form.add_error(end, "结束时间应晚于开始时间。")
        elif first and last:
            spans.append((first, last))
    if len(spans) == 2 and spans[1][0] < spans[0][1]:
        form.add_error(pairs[1][0], "下午的开始不应早于上午的结束。")
    return spans


class OpeningHoursForm(forms.Form):
    """Hours of working days and of days of rest; both empty: the offerings' own hours stand."""

    workday_morning_start = HourField(label="上午从")
    workday_morning_end = HourField(label="上午到")
    workday_afternoon_start = HourField(label="下午从")
    workday_afternoon_end = HourField(label="下午到")
    restday_morning_start = HourField(label="上午从")
    restday_morning_end = HourField(label="上午到")
    restday_afternoon_start = HourField(label="下午从")
    restday_afternoon_end = HourField(label="下午到")

    def __init__(self, *args, hours=None, **kwargs):
        """`hours` are those in force, `{DayKind: [(start, end), …]}`, to begin with."""
        super().__init__(*args, **kwargs)
        for kind, stretches in (hours or {}).items():
            for pair, span in zip(self._pairs(kind), stretches, strict=False):
                self.initial.update(zip(pair, span, strict=True))

    @staticmethod
    def _pairs(kind):
        day = kind.lower()
        return [
            (f"{day}_morning_start", f"{day}_morning_end"),
            (f"{day}_afternoon_start", f"{day}_afternoon_end"),
        ]

    def clean(self):
        cleaned = super().clean()
        cleaned["hours"] = {
            kind.value: clean_spans(self, cleaned, self._pairs(kind)) for kind in DayKind
        }
        if not any(cleaned["hours"].values()) and not self.errors:
            self.add_error("workday_morning_start", "请至少填写工作日的开放时间。")
        return cleaned


class WindowChoice(forms.ModelChoiceField):
    def label_from_instance(self, window):
        return str(window)


def staff_label(user):
    """A colleague as choices name them."""
    return f"{user.name}（{user.staff_number}）"


class StaffChoice(forms.TypedChoiceField):
    """One of the colleagues, read once for all choices of a form."""

    def __init__(self, *, empty_label, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        self.empty_label = empty_label

    def offer(self, people):
        """Let these users be chosen."""
        by_number = {str(user.pk): user for user in people}
        self.choices = [("", self.empty_label)]
        self.choices += [(number, staff_label(user)) for number, user in by_number.items()]
        self.coerce = by_number.get


class ClosureForm(forms.Form):
    """A closed stretch of the whole station or one window."""

    first_day = DayField(label="第一天", required=True, past=False)
    last_day = DayField(
        label="最后一天", required=False, past=False, help_text="只停一天的不用填。"
    )
    start = HourField(label="从几点", help_text="全天停的不用填。")
    end = HourField(label="到几点")
    window = WindowChoice(
        Window.objects.none(), label="哪个窗口", required=False, empty_label="全站",
        error_messages={"invalid_choice": "请从列出的窗口里选。"},
    )  # fmt: skip
    reason = CleanTextField(
        label="原因",
        max_length=100,
        help_text="已预约的人会看到，例如：国庆节放假、窗口检修。",
        error_messages={"required": "请写明原因，已预约的人会看到。"},
    )

    kind = ClosureKind.CLOSED

    def __init__(self, *args, station, **kwargs):
        super().__init__(*args, **kwargs)
        self.station = station
        self.fields["window"].queryset = station.windows.all()

    def clean(self):
        cleaned = super().clean()
        clean_spans(self, cleaned, [("start", "end")])
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "最后一天不应早于第一天。")
        return cleaned

    def closure(self):
        """The closure as typed, not saved."""
        data = self.cleaned_data
        return Closure(
            station=self.station, kind=self.kind, window=data["window"], reason=data["reason"],
            first_day=data["first_day"], last_day=data["last_day"] or data["first_day"],
            start=data["start"], end=data["end"],
            staff=data.get("staff"), stand_in=data.get("stand_in"),
        )  # fmt: skip


class AbsenceForm(ClosureForm):
    """Somebody is away from a window; with a stand-in it stays open."""

    staff = StaffChoice(
        label="谁不在岗", empty_label="请选择",
        error_messages={"required": "请选择不在岗的人。", "invalid_choice": "请从列出的人里选。"},
    )  # fmt: skip
    stand_in = StaffChoice(
        label="谁来顶岗", required=False, empty_label="没有人顶岗，窗口停办",
        help_text="有人顶岗的，预约照常。",
        error_messages={"invalid_choice": "请从列出的人里选。"},
    )  # fmt: skip

    kind = ClosureKind.ABSENCE
    field_order = ["staff", "window", "stand_in", "first_day", "last_day", "start", "end", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["window"].required = True
        self.fields["window"].empty_label = "请选择"
        self.fields["window"].error_messages["required"] = "请选择这个人在哪个窗口。"
        self.fields["reason"].help_text = "群众只看到“窗口人员不在岗”，例如：年假、培训。"
        colleagues = list(staff_of(self.station))
        self.fields["staff"].offer(colleagues)
        self.fields["stand_in"].offer(colleagues)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("staff") and cleaned.get("staff") == cleaned.get("stand_in"):
            self.add_error("stand_in", "顶岗人员不能是不在岗的人本人。")
        return cleaned


def staff_of(station):
    """Who may serve at a station's windows: those posted there, by name."""
    posted = Posting.objects.in_force().filter(station=station).values("user")
    attendants = Window.objects.filter(station=station, attendant__isnull=False).values("attendant")
    return User.objects.filter(Q(pk__in=posted) | Q(pk__in=attendants)).order_by("staff_number")
