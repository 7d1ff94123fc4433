"""Fields that several forms about persons share; each error says how to mend it."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from services.models import Station
from veterans_portal import id_number
from veterans_portal.errors import DomainError
from veterans_portal.widgets import DateInput, IdNumberInput

NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffffA-Za-z][\u3400-\u9fff\U00020000-\U0003ffffA-Za-z·. ]*"
)
NAME_LENGTH = 50
TOO_LONG = f"姓名最多{NAME_LENGTH}个字，请核对。"
LAST_YEAR = 2100  # no plan reaches further; the calendar of the machine ends in 9999
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]


def clean_name(text):
    """A person's name in its normal form; "" stays "". Raises ValidationError saying how to mend it.

    Only letters and Han characters pass: nothing invisible, no picture, no markup.
    """
    text = unicodedata.normalize("NFKC", text).replace("•", "·")
    text = re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", text).strip()
    if text and not NAME.fullmatch(text):
        raise ValidationError("姓名只能是汉字或字母，少数民族姓名中间用“·”。")
    if len(text) == 1:
        raise ValidationError("姓名只有1个字，请填写完整的姓名。")
    if len(text) > NAME_LENGTH:
        raise ValidationError(TOO_LONG)
    return text


class NameField(forms.CharField):
    """A person's name as on the ID card."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "姓名")
        kwargs.setdefault("help_text", "与身份证上的一样，例如：王建国")
        super().__init__(
            max_length=NAME_LENGTH,
            error_messages={"required": "请填写姓名。", "max_length": TOO_LONG},
            widget=forms.TextInput(attrs={"class": "input-medium", "autocomplete": "name"}),
            **kwargs,
        )

    def clean(self, value):
        return clean_name(super().clean(value))


class IdNumberField(forms.CharField):
    """A resident ID number; comes out as it is stored. `warning` of the number is not an error."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "身份证号")
        kwargs.setdefault("help_text", "18位，最后一位可能是X")
        super().__init__(
            max_length=60,
            error_messages={
                "required": "请填写身份证号。",
                "max_length": "身份证号为18位，请核对。",
            },
            widget=IdNumberInput,
            **kwargs,
        )

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return text
        try:
            return id_number.parse(text, today=timezone.localdate()).text
        except DomainError as wrong:
            raise ValidationError(wrong.message, code=wrong.code) from wrong


class DayField(forms.DateField):
    """A day, written in any of the usual ways."""

    def __init__(self, *, past=True, **kwargs):
        self.past = past
        kwargs.setdefault("required", False)
        super().__init__(
            input_formats=DATE_FORMATS,
            widget=DateInput,
            error_messages={
                "invalid": "请写成年-月-日，例如 1985-12-01。",
                "required": "请填写日期。",
            },
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(" ", "")
        return super().to_python(value)

    def clean(self, value):
        day = super().clean(value)
        if day and self.past and day > timezone.localdate():
            raise ValidationError("这个日期还没有到，请核对。")
        if day and day.year < 1900:
            raise ValidationError("年份应在1900年以后，请核对。")
        if day and day.year > LAST_YEAR:
            raise ValidationError(f"年份应在{LAST_YEAR}年以前，请核对。")
        return day


class StationField(forms.CharField):
    """A station in service by its code or (part of) its name.

    Where several fit, they are offered to choose from; with `by_code` (where no form draws the
    field) the error names their codes.
    """

    OFFERED = 8

    def __init__(self, *, by_code=False, **kwargs):
        self.by_code = by_code
        kwargs.setdefault("label", "站点")
        kwargs.setdefault("help_text", "站点名称或代码，例如：澄江街道")
        super().__init__(
            max_length=80,
            error_messages={"required": "请填写站点名称或代码。"},
            widget=forms.TextInput(attrs={"class": "input-wide", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value)).strip()
        if not text:
            return None
        stations = Station.objects.active()
        found = list(stations.filter(code=text.upper())[:1])
        found = found or list(stations.filter(name=text)[:2])
        found = found or list(
            stations.filter(name__contains=text).order_by("tier", "path")[: self.OFFERED]
        )
        if not found:
            raise ValidationError("没有找到这个站点，请核对名称，或填写站点代码。")
        if len(found) > 1:
            raise ValidationError(self._ask_which(text, found))
        return found[0]

    def _ask_which(self, text, found):
        """Turn the control into the choice of those found; returns what to say."""
        if self.by_code:
            names = "、".join(f"{each.name}（{each.code}）" for each in found)
            return f"有几个站点都叫这个名字：{names}。请填写代码。"
        choices = [(each.code, f"{each.name}（{each.address or each.code}）") for each in found]
        self.widget = forms.RadioSelect(choices=[*choices, ("", "都不是，重新填写")])
        return f"名称里有“{text}”的站点有几个，请点选是哪一个。"


def add_refusal(form, refused):
    """Put an act's refusal beside its field, or on top of the form when it has no such field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
