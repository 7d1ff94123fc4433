"""The shape of what is typed about bookings: the citizen's form, the desk's forms, offerings."""

import re
import unicodedata
import uuid

from django import forms
from django.core.exceptions import ValidationError

from services.actions.bookings import Contact, normal_code
from services.forms.fields import NameField
from services.forms.hours import clean_spans
from services.models import Offering, Slot
from veterans_portal.widgets import NumberInput, PhoneInput

OFFER_MINUTES = Offering._meta.get_field("offer_minutes").default
CLIENT_KEY = re.compile(r"[A-Za-z0-9_.-]{8,64}")


def clean_mobile(text):
    """An 11 digit mobile number without spaces and dashes; "" stays "".

    Raises ValidationError with the number of digits that were typed.
    """
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text or ""))
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError("手机号只含数字，例如 13812345678。")
    if len(digits) != 11:
        raise ValidationError(f"手机号应为11位数字，您填了{len(digits)}位。")
    if not re.fullmatch(r"1[3-9]\d{9}", digits):
        raise ValidationError("手机号应以13至19开头，请核对。")
    return digits


class MobileField(forms.CharField):
    """A mobile number as people type it."""

    widget = PhoneInput

    def __init__(self, **kwargs):
        super().__init__(max_length=40, **kwargs)

    def clean(self, value):
        return clean_mobile(super().clean(value))


class HeadsField(forms.IntegerField):
    """A number of people; the offering's own limits are the engine's to say."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "人数")
        kwargs.setdefault("initial", 1)
        super().__init__(min_value=1, max_value=5000, widget=NumberInput, **kwargs)
        self.error_messages |= {
            "required": "请填写人数，例如 1。",
            "invalid": "人数应为整数，例如 1。",
            "min_value": "人数至少为1人。",
            "max_value": "人数太多了，请核对；团体预约请直接联系站点。",
        }


class KeyedForm(forms.Form):
    """A form whose hidden key makes a double click one booking."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("client_key", uuid.uuid4().hex)

    def clean_client_key(self):
        key = self.cleaned_data["client_key"]
        if not CLIENT_KEY.fullmatch(key):
            raise ValidationError("页面信息不完整，请回到选时段的页面重新开始。")
        return key


class BookingForm(KeyedForm):
    """A citizen's booking: how many, and who comes when there is no file yet."""

    heads = HeadsField(help_text="连您本人在内一共几位。")
    contact_name = NameField(label="来办事的人", help_text="按身份证上的姓名填写，例如 王建国。")
    contact_phone = MobileField(
        label="联系手机号", help_text="站点有事时联系用。预约短信发到您登录用的手机号。",
        error_messages={"required": "请填写手机号，方便站点联系您。"},
    )  # fmt: skip
    note = forms.CharField(
        label="想说明的事", max_length=200, required=False, help_text="例如 坐轮椅、需要手语。",
        error_messages={"max_length": "最多200个字，请写短一些。"},
    )  # fmt: skip

    field_order = ["heads", "contact_name", "contact_phone", "note"]

    def __init__(self, *args, offering, person=None, user=None, **kwargs):
        initial = {"contact_name": user.name, "contact_phone": user.phone} if user else {}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.person = person
        if person is not None:
            del self.fields["contact_name"], self.fields["contact_phone"]
        if offering.party_max == 1:
            self.fields["heads"].widget = forms.HiddenInput()
        elif offering.party_min > 1:
            self.initial["heads"] = offering.party_min
        limits = f"每次{offering.party_min}至{offering.party_max}人"
        self.fields["heads"].help_text += f"{limits}。"

    @property
    def contact(self):
        """The contact typed, or None when the booking is for a file."""
        if self.person is not None:
            return None
        return Contact(self.cleaned_data["contact_name"], self.cleaned_data["contact_phone"])


class DeskBookingForm(KeyedForm):
    """A booking made at the counter or by phone, for a file or for whoever stands there."""

    slot = forms.ModelChoiceField(
        queryset=Slot.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": "请先选择时段。", "invalid_choice": "请重新选择时段。"},
    )  # fmt: skip
    heads = HeadsField()
    contact_name = NameField(help_text="")
    contact_phone = MobileField(
        label="手机号", required=False, help_text="有手机号才能收到短信提醒。"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    field_order = ["contact_name", "contact_phone", "heads", "note"]

    def __init__(self, *args, slots, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["slot"].queryset = slots
        if person is not None:
            del self.fields["contact_name"], self.fields["contact_phone"]

    @property
    def contact(self):
        """The contact typed, or None when the booking is for a file."""
        if self.person is not None:
            return None
        return Contact(self.cleaned_data["contact_name"], self.cleaned_data["contact_phone"])


class CitizenCancelForm(forms.Form):
    """Why a citizen does not come: one tap is enough."""

    REASONS = ["时间不便", "事情已经办好", "身体不适", "想换一个站点", "其他原因"]
    reason = forms.ChoiceField(
        label="为什么取消", choices=[(each, each) for each in REASONS], initial=REASONS[0],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个原因。", "invalid_choice": "请从所列原因里选一个。"},
    )  # fmt: skip


class CodeForm(forms.Form):
    """One field for a booking code, typed or scanned."""

    code = forms.CharField(
        label="预约码", max_length=40,
        error_messages={"required": "请输入或扫描预约码。", "max_length": "预约码是10位字母和数字。"},
        widget=forms.TextInput(attrs={
            "class": "input-medium figures", "autocomplete": "off", "autofocus": True,
            "autocapitalize": "characters", "spellcheck": "false",
        }),
    )  # fmt: skip

    def clean_code(self):
        code = normal_code(self.cleaned_data["code"])
        if len(code) != 10:
            raise ValidationError(f"预约码是10位字母和数字，您输入了{len(code)}位。")
        return code


class OfferingForm(forms.ModelForm):
    """What is offered and by which rules; hours as two spans of the day."""

    morning_start = forms.TimeField(label="上午从", required=False)
    morning_end = forms.TimeField(label="上午到", required=False)
    afternoon_start = forms.TimeField(label="下午从", required=False)
    afternoon_end = forms.TimeField(label="下午到", required=False)

    class Meta:
        model = Offering
        fields = [
            "title", "description", "bring", "window", "item", "is_open",
            "slot_minutes", "capacity", "workdays_only",
            "horizon_days", "lead_minutes", "cancel_minutes", "party_min", "party_max",
            "once_per", "season", "season_from", "season_to", "needs_review",
            "waiting_list", "offer_minutes",
        ]  # fmt: skip
        labels = {"window": "窗口", "item": "服务事项"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("season", "season_from", "season_to", "offer_minutes"):
            self.fields[name].required = False
        self.fields[
            "offer_minutes"
        ].help_text = "有名额时为候补的人保留多久，例如 120。不填按120分钟。"
        station = self.instance.station
        self.fields["window"].queryset = station.windows.all()
        self.fields["window"].empty_label = "不限窗口"
        self.fields["item"].empty_label = "不限事项"
        for name in ("season_from", "season_to"):
            self.fields[name].widget = forms.DateInput(
                attrs={"type": "date", "class": "input-medium"}, format="%Y-%m-%d"
            )
        for part in self.HOURS:
            for name in part:
                self.fields[name].widget = forms.TimeInput(
                    attrs={"type": "time", "class": "input-short"}, format="%H:%M"
                )
        if self.instance.pk and not self.is_bound:
            self._show_hours()

    HOURS = (("morning_start", "morning_end"), ("afternoon_start", "afternoon_end"))

    def _show_hours(self):
        for names, hours in zip(self.HOURS, self.instance.hours.all()[:2], strict=False):
            self.initial.update(dict(zip(names, (hours.start, hours.end), strict=True)))

    def clean_offer_minutes(self):
        return self.cleaned_data["offer_minutes"] or OFFER_MINUTES

    def clean(self):
        cleaned = super().clean()
        spans = clean_spans(self, cleaned, self.HOURS)
        if not spans and not self.errors:
            self.add_error("morning_start", "请至少填写上午或下午的服务时间。")
        cleaned["hours"] = spans
        return cleaned
