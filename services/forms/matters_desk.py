"""What the desk types about matters: filters, a matter entered at the counter, each decision."""

from django import forms

from accounts.models import User
from services.enums import Delivery, MatterChannel, MatterForm, MatterState, Outcome, Role
from services.forms.bookings import KeyedForm, MobileField
from services.forms.fields import NameField
from services.forms.hours import staff_label
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import MatterKind, Posting, Station

LIGHTS = [("", "全部"), ("red", "超期"), ("amber", "快到期")]
LONG = 2000
AT_THE_DESK = [MatterChannel.COUNTER, MatterChannel.PHONE, MatterChannel.HOME_VISIT]
# Special procedures, whose time no term counts (`domain.md` D.8: 挂起/特别程序). What the person still
# has to bring or to say is asked for as a supplement, once, before acceptance.
STOPPING = [
    "公示、公告期间",
    "鉴定、勘验或专家评审",
    "等待其他部门核查",
    "等待上级批复",
    "不可抗力",
]


class MatterFilter(forms.Form):
    """Filters of the list. Every value that is no choice is simply left out."""

    q = SearchField(label="姓名或办件编号", required=False)
    state = forms.ChoiceField(label="状态", required=False)
    kind = forms.ChoiceField(label="事项", required=False)
    light = forms.ChoiceField(label="期限", required=False, choices=LIGHTS)
    mine = forms.BooleanField(label="只看我承办的", required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        states = [each for each in MatterState.choices if each[0] != MatterState.DRAFT]
        self.fields["state"].choices = [("", "在办的"), ("all", "全部"), *states]
        self.fields["kind"].choices = [("", "全部"), *((each.code, each.name) for each in kinds)]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None


class KindForm(forms.Form):
    """Which matter is entered."""

    kind = forms.ModelChoiceField(
        MatterKind.objects.open(),
        label="办什么事",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择办什么事。", "invalid_choice": "请从列出的里选择。"},
    )


class EntryForm(KeyedForm):
    """Who applies, where and how it came in; what a file or an arrival says is not asked."""

    name = NameField(label="申请人姓名")
    phone = MobileField(label="联系手机号", required=False, help_text="有手机号才能收到短信。")
    station = forms.ModelChoiceField(
        Station.objects.none(), label="哪个站点办", empty_label=None,
        error_messages={"required": "请选择站点。", "invalid_choice": "请从列出的站点里选择。"},
    )  # fmt: skip
    channel = forms.ChoiceField(
        label="怎么来的", choices=[(each, each.label) for each in AT_THE_DESK],
        widget=forms.RadioSelect, initial=MatterChannel.COUNTER,
        error_messages={"required": "请选择。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    came_for = NameField(
        label="代办人姓名", required=False,
        help_text="不是本人来的，填来的人；有代办关系的，请先在档案里登记。",
    )  # fmt: skip
    answer = text_field(
        "当场答复", length=LONG, rows=4, required=False,
        help_text="当场就能答复的咨询，写下答复，一次办结。",
    )  # fmt: skip

    field_order = ["name", "phone", "came_for", "station", "channel", "answer"]

    def __init__(self, *args, stations, kind, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        self.initial.setdefault("station", stations.first())
        if stations.count() == 1:
            self.fields["station"].widget = forms.HiddenInput()
        if person is not None:
            del self.fields["name"]
        if kind.form != MatterForm.CONSULTATION:
            del self.fields["answer"]


class SupplementForm(forms.Form):
    """Everything that is missing, at once."""

    wanted = text_field(
        "还缺什么", length=LONG, rows=5,
        help_text="一行写一样，一次写全。补正只能告知一次，对方会看到原文。",
    )  # fmt: skip


class SuspendForm(forms.Form):
    """Why the clock stands still, and a word on it."""

    kind = forms.ChoiceField(
        label="为什么停止计时", choices=[(each, each) for each in STOPPING],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个原因。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    words = text_field("具体说明", length=150, required=False, help_text="对方会看到。")

    @property
    def reason(self):
        """The reason in one line."""
        words = self.cleaned_data["words"]
        return f"{self.cleaned_data['kind']}：{words}" if words else self.cleaned_data["kind"]


class ResumeForm(forms.Form):
    reason = text_field("说明", length=200, required=False, help_text="例如：上级已审核通过。")


class NoteForm(forms.Form):
    """How it goes on, in words for each audience."""

    public_words = text_field("告诉本人", length=LONG, rows=3, required=False)
    staff_words = text_field(
        "只给同事看", length=LONG, rows=3, required=False, help_text="本人看不到。"
    )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("public_words") and not cleaned.get("staff_words") and not self.errors:
            self.add_error("public_words", "请写下进展。")
        return cleaned


class HandOverForm(forms.Form):
    """To which colleague."""

    to = forms.TypedChoiceField(
        label="转给谁", empty_value=None,
        error_messages={"required": "请选择同事。", "invalid_choice": "请从列出的同事里选择。"},
    )  # fmt: skip
    note = text_field("说明", length=200, required=False)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        by_number = {str(user.pk): user for user in colleagues}
        self.fields["to"].choices = [
            ("", "请选择"), *((key, staff_label(user)) for key, user in by_number.items()),
        ]  # fmt: skip
        self.fields["to"].coerce = by_number.get


class FinishForm(forms.Form):
    """What came of it, and whether the person has it already."""

    outcome = forms.ChoiceField(
        label="办理结果", choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择办理结果。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    result = text_field("结果说明", length=LONG, rows=5, help_text="对方会看到。")
    delivery = forms.ChoiceField(
        label="已经送到了吗", required=False,
        choices=[("", "还没有，等本人来取或查看"), *Delivery.choices],
        error_messages={"invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip


class DeliverForm(forms.Form):
    """How it came to them."""

    delivery = forms.ChoiceField(
        label="怎么送到的", choices=Delivery.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip


def drop_online(form, *, account):
    """Take 网上查看 out of the choices of a form for somebody without an account to sign in with."""
    for name in ("delivery", "reply_by"):
        if account is None and name in form.fields:
            field = form.fields[name]
            field.choices = [each for each in field.choices if each[0] != Delivery.ONLINE]
    return form


def colleagues_at(station):
    """Users who may handle matters of a station: clerks and heads posted there or above, by number."""
    parts = station.path.split("/")
    paths = ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
    posted = Posting.objects.in_force().filter(
        station__path__in=paths, role__in=[Role.CLERK, Role.HEAD]
    )
    return User.objects.filter(pk__in=posted.values("user")).order_by("staff_number")
