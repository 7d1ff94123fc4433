"""What the desk writes about a station."""

from django import forms
from django.utils import timezone

from services.forms.hours import staff_label, staff_of
from services.forms.network import CleanTextField, phone_number
from services.models import ServiceItem, Station, Window
from services.models.network import FIVE_HAVES
from veterans_portal.widgets import DateInput, NumberInput


class StationForm(forms.ModelForm):
    """The station's own page. Its place in the network is not for the station to change."""

    class Meta:
        model = Station
        fields = [
            "address", "phone", "opening_hours", "step_free", "latitude", "longitude",
            "head_name", "head_post", "staff_fulltime", "staff_parttime", "staff_veteran",
            *FIVE_HAVES, "model_status", "named_at", "partner",
        ]  # fmt: skip
        field_classes = dict.fromkeys(
            ("address", "phone", "opening_hours", "head_name", "head_post", "partner"),
            CleanTextField,
        )
        help_texts = {
            "address": "写到门牌号，例如：滨湖区河埒街道光荣路18号",
            "phone": "带区号，例如：0510-80001234",
            "opening_hours": "例如：周一至周五 8:30—11:30，13:30—17:00",
            "latitude": "十进制度数，例如：31.57456；与经度一起填写",
            "longitude": "十进制度数，例如：120.30178",
            "head_post": "公众页面只显示职务和姓名",
            "staff_veteran": "专职和兼职人员中的退役军人",
            "named_at": "已命名的须填写",
        }
        error_messages = {
            name: {
                "invalid": "请填写整数，例如：2。",
                "min_value": "人数不能少于0。",
                "max_value": "人数太多了，请核对。",
                "required": "没有的请填0。",
            }
            for name in ("staff_fulltime", "staff_parttime", "staff_veteran")
        } | {
            name: {
                "invalid": "请填写十进制度数，例如：31.57456。",
                "max_digits": "小数点后最多5位。",
                "max_decimal_places": "小数点后最多5位。",
                "max_whole_digits": "经度和纬度须一起填写：纬度在-90到90之间，经度在-180到180之间。",
            }
            for name in ("latitude", "longitude")
        }
        widgets = {
            "staff_fulltime": NumberInput,
            "staff_parttime": NumberInput,
            "staff_veteran": NumberInput,
            "latitude": NumberInput(attrs={"inputmode": "decimal", "class": "input-medium"}),
            "longitude": NumberInput(attrs={"inputmode": "decimal", "class": "input-medium"}),
            "named_at": DateInput,
        }

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone:
            phone_number(phone)
        return phone


class WindowForm(forms.ModelForm):
    items = forms.ModelMultipleChoiceField(
        ServiceItem.objects.all(),
        label="办理的事项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项这个窗口办理的事项。"},
    )

    class Meta:
        model = Window
        fields = ["number", "name", "attendant"]
        labels = {"attendant": "平时谁在这个窗口"}
        field_classes = {"name": CleanTextField}
        widgets = {"number": NumberInput}
        help_texts = {"name": "例如：综合服务窗口"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attendant"].queryset = staff_of(self.instance.station)
        self.fields["attendant"].label_from_instance = staff_label
        self.fields["attendant"].empty_label = "不固定"
        if self.instance.pk:
            self.initial["items"] = list(self.instance.items.values_list("pk", flat=True))

    def _get_validation_exclusions(self):
        """The station is given by the address, and its window numbers must differ."""
        return super()._get_validation_exclusions() - {"station"}


class CloseStationForm(forms.Form):
    on = forms.DateField(
        label="从哪一天起停用",
        widget=DateInput,
        initial=timezone.localdate,
        error_messages={
            "required": "请填写停用日期。",
            "invalid": "请按 2026-11-24 的样子填写停用日期。",
        },
    )
    reason = CleanTextField(
        label="原因",
        max_length=100,
        help_text="例如：与某某社区合并办公",
        error_messages={"required": "请写明停用的原因。"},
    )
