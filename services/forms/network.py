"""What people type to find a station, to be called back, and to keep a station's page."""

import math
import re
import unicodedata

from django import forms

from services.enums import StationKind, Tier
from services.models import ServiceItem
from veterans_portal.widgets import PhoneInput

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")


def clean_text(text):
    """`text` without control and format characters, as CleanTextField leaves it."""
    return "".join(
        each
        for each in text
        if unicodedata.category(each) not in ("Cc", "Cf", "Cs") or each in "\n\t"
    )


class CleanTextField(forms.CharField):
    """Text without control and format characters; those typed or pasted are dropped, not scolded."""

    default_error_messages = {
        "max_length": "最多%(limit_value)d个字，您写了%(show_value)d个字，请写短一些。"
    }

    def to_python(self, value):
        text = clean_text(super().to_python(value) or "")
        return text.strip() if self.strip else text


class SearchField(CleanTextField):
    """Words to search for: never an error, a very long text is cut."""

    longest = 40

    def to_python(self, value):
        return " ".join(super().to_python(value).split())[: self.longest]


class StationSearchForm(forms.Form):
    """Filters of the station list. Every value that is no choice is simply left out."""

    KINDS = (
        ("", "全部"),
        *((f"tier-{value}", label) for value, label in Tier.choices),
        *((value, label) for value, label in StationKind.choices if value != StationKind.ORDINARY),
    )

    q = SearchField(label="名称、拼音或地址", required=False)
    district = forms.ChoiceField(label="市（县）区", required=False)
    town = forms.ChoiceField(label="镇（街道）", required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS, required=False)
    item = forms.ChoiceField(label="服务事项", required=False)
    step_free = forms.BooleanField(label="无障碍出入（轮椅可进）", required=False)

    def __init__(self, data, *, districts, towns):
        """`districts` and `towns` are stations; without towns that filter is left out."""
        self.areas = {area.code: area for area in (*districts, *towns)}
        choices = {
            "district": [("", "全市"), *_named(districts)],
            "town": [("", "全部"), *_named(towns)],
            "kind": self.KINDS,
            "item": [("", "全部"), *ServiceItem.objects.values_list("code", "name")],
        }
        kept = {"q": SearchField(required=False).clean(data.get("q"))}
        kept |= {n: v for n in choices if (v := data.get(n)) and v in dict(choices[n])}
        if data.get("step_free"):
            kept["step_free"] = "on"
        super().__init__(kept)
        for name, options in choices.items():
            self.fields[name].choices = options
        if not towns:
            del self.fields["town"]

    def narrow(self, stations):
        """The stations that fit all values."""
        self.is_valid()
        chosen = self.cleaned_data
        for word in chosen.get("q", "").split():
            stations = stations.matching(word)
        area = self.areas.get(chosen.get("town") or chosen.get("district"))
        if area:
            stations = stations.in_area(area)
        if kind := chosen.get("kind"):
            tier = kind.removeprefix("tier-")
            stations = stations.filter(tier=tier) if tier != kind else stations.filter(kind=kind)
        if item := chosen.get("item"):
            stations = stations.doing(item)
        if chosen.get("step_free"):
            stations = stations.filter(step_free=True)
        return stations


def _named(stations):
    return [(station.code, station.division.name) for station in stations]


class AddressForm(forms.Form):
    address = CleanTextField(
        label="您住在哪里",
        help_text="写上街道（镇）和社区（村），例如：滨湖区河埒街道溪南社区",
        max_length=120,
        error_messages={"required": "请写上您所在的街道或社区，例如：河埒街道溪南社区。"},
        widget=forms.TextInput(attrs={"class": "input-wide", "autocomplete": "street-address"}),
    )


class PositionForm(forms.Form):
    """A position from the device, in degrees (WGS-84); used for one answer and forgotten."""

    lat = forms.FloatField(min_value=-90, max_value=90)
    lng = forms.FloatField(min_value=-180, max_value=180)

    def clean(self):
        values = super().clean()
        if any(not math.isfinite(value) for value in values.values()):
            raise forms.ValidationError("没有读懂您的位置，请填写街道或社区的名称。")
        return values


def phone_number(text):
    """The digits of a mobile or landline number, or a sentence about what is wrong with it."""
    number = re.sub(r"[\s—–-]", "", unicodedata.normalize("NFKC", text))
    number = number.removeprefix("+86")
    if MOBILE.fullmatch(number) or LANDLINE.fullmatch(number):
        return number
    if number.isdigit() and number.startswith("1"):
        raise forms.ValidationError(f"手机号应为11位数字，您填了{len(number)}位，请核对。")
    raise forms.ValidationError("请填写11位手机号，或带区号的座机号，例如 0510-80001234。")


class HelpForm(forms.Form):
    """Somebody asks to be called back."""

    name = CleanTextField(
        label="怎么称呼您",
        max_length=20,
        help_text="例如：王建国，或者：王老伯",
        error_messages={"required": "请告诉我们怎么称呼您。"},
        widget=forms.TextInput(attrs={"class": "input-medium", "autocomplete": "name"}),
    )
    phone = CleanTextField(
        label="打哪个电话找您",
        max_length=30,
        help_text="手机号，或带区号的座机号",
        error_messages={"required": "请留一个能找到您的电话。"},
        widget=PhoneInput(),
    )
    place = CleanTextField(
        label="您住在哪个街道、社区",
        max_length=120,
        help_text="例如：河埒街道溪南社区。我们请离您最近的服务站给您打电话。",
        error_messages={"required": "请写上街道或社区，我们好请离您最近的服务站打给您。"},
        widget=forms.TextInput(attrs={"class": "input-wide", "autocomplete": "street-address"}),
    )
    matter = CleanTextField(
        label="想办什么事",
        required=False,
        help_text="一句话就可以，不用写身份证号",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, station=None, **kwargs):
        """With a station chosen already nobody is asked where they live."""
        super().__init__(*args, **kwargs)
        if station is not None:
            del self.fields["place"]

    def clean_phone(self):
        return phone_number(self.cleaned_data["phone"])
