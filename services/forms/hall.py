"""The shape of what is typed in the hall: walk-ins, and the words of acts at a window."""

from django import forms
from django.core.exceptions import ValidationError

from services.enums import ArrivalState
from services.forms.bookings import CLIENT_KEY, HeadsField, KeyedForm, MobileField
from services.forms.fields import NameField
from services.forms.network import CleanTextField, SearchField
from services.models import Proxy, ServiceItem, Window


class ActForm(forms.Form):
    """What comes with a press of a button: which request, from which window, why, where to."""

    client_key = forms.CharField(max_length=64, required=False)
    reason = CleanTextField(max_length=120, required=False)
    window = forms.TypedChoiceField(required=False, empty_value=None)
    to = forms.TypedChoiceField(
        required=False, empty_value=None,
        error_messages={"invalid_choice": "请从本站的窗口里选。"},
    )  # fmt: skip

    def __init__(self, *args, station, **kwargs):
        """`station` (or its id) is where the windows are; they are read once."""
        super().__init__(*args, **kwargs)
        windows = {str(each.pk): each for each in Window.objects.filter(station=station)}
        for name in ("window", "to"):
            self.fields[name].choices = [(number, number) for number in windows]
            self.fields[name].coerce = windows.get

    def clean_client_key(self):
        key = self.cleaned_data["client_key"]
        if key and not CLIENT_KEY.fullmatch(key):
            raise ValidationError("页面信息不完整，请刷新页面再办。")
        return key


class WindowChoice(forms.ModelChoiceField):
    """A window by its number and name."""

    def label_from_instance(self, window):
        return str(window)


class ProxyChoice(forms.ModelChoiceField):
    """Who may act for the person."""

    def label_from_instance(self, proxy):
        return f"{proxy.agent_name}（{proxy.get_relation_display()}）"


class WalkInForm(KeyedForm):
    """Whoever walks in: three fields, and the rest for those who need it.

    With a file (`person`) the name is the file's, and whoever may act for them can be chosen.
    """

    name = NameField(label="姓名", help_text="来办事的人；家人代办的写本人姓名。")
    item = forms.ModelChoiceField(
        ServiceItem.objects.none(), label="办什么", required=False,
        empty_label="说不清，哪个窗口都可以",
        error_messages={"invalid_choice": "请从列出的事项里选。"},
    )  # fmt: skip
    phone = MobileField(label="手机号", required=False)
    proxy = ProxyChoice(
        Proxy.objects.none(), label="谁来代办", required=False, empty_label="本人来的，或没有登记",
        error_messages={"invalid_choice": "这份代办关系不在有效期内，请重新选择。"},
    )  # fmt: skip
    came_for = CleanTextField(
        label="代办的人和关系", max_length=50, required=False, help_text="例如：王小明（儿子）"
    )
    heads = HeadsField()
    window = WindowChoice(
        Window.objects.none(), label="指定窗口", required=False, empty_label="不指定",
        error_messages={"invalid_choice": "请从本站的窗口里选。"},
    )  # fmt: skip
    needs_care = forms.BooleanField(label="需要照顾（行动不便、高龄）", required=False)
    note = CleanTextField(label="说明", max_length=120, required=False)
    closed_reason = CleanTextField(
        label="停止服务仍接待的原因",
        max_length=120,
        required=False,
        help_text="现在不接待新来的人。确实要现在办的写明原因，会记入审计；例如：从外地赶来，今天要返程。",
    )

    def __init__(self, *args, station, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["window"].queryset = station.windows.all()
        done_here = ServiceItem.objects.filter(windows__station=station).distinct()
        self.fields["item"].queryset = done_here
        if person is None:
            del self.fields["proxy"]
            return
        del self.fields["name"], self.fields["phone"]
        proxies = Proxy.objects.in_force().filter(person=person)
        self.fields["proxy"].queryset = proxies
        if not proxies:
            del self.fields["proxy"]

    def asked(self):
        """Keyword arguments for `arrivals.arrive`."""
        data = dict(self.cleaned_data)
        if self.person is not None:
            data |= {"name": self.person.name, "phone": self.person.phone or ""}
        return data | {"person": self.person}


class HallDayForm(forms.Form):
    """Filters of the day's list; what is no choice is left out."""

    WAYS = [("", "全部"), ("booked", "预约"), ("walked", "现场"), ("proxy", "代办")]

    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), *ArrivalState.choices], required=False
    )
    way = forms.ChoiceField(label="来的方式", choices=WAYS, required=False)
    q = SearchField(label="号或姓名", required=False)
