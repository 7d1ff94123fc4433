"""The shape of a self-registration and of a clerk's decision on it."""

from django import forms

from services.forms.fields import DayField, IdNumberField, NameField, StationField
from services.forms.persons import CategoriesField, ServiceDatesMixin, text_field
from veterans_portal import id_number


class RegisterForm(ServiceDatesMixin, forms.Form):
    """What a citizen declares; the address's division was chosen before."""

    name = NameField()
    id_number = IdNumberField()
    address = text_field(
        "详细地址", length=160, required=False, help_text="路名、小区、门牌，例如：幸福路8号201室"
    )
    categories = CategoriesField()
    enlisted_on = DayField(label="入伍时间", help_text="例如 1985-12-01，记不清可以不填")
    discharged_on = DayField(label="退役时间", help_text="例如 1990-03-15，记不清可以不填")
    note = text_field("还想告诉工作人员的话", length=300, rows=3, required=False)
    contact_me = forms.BooleanField(
        label="我同意服务站按我的登记情况主动联系我，介绍适合我的政策和服务",
        required=False,
        help_text="不勾选不影响登记。同意后随时可以在“我的数据”里撤回。",
    )

    def clean(self):
        data = super().clean()
        number = data.get("id_number")
        self.check_dates(id_number.parse(number).birth if number else None)
        return data


class ReturnRequestForm(forms.Form):
    """Why a request goes back, in words the citizen can act on."""

    REASONS = [
        ("姓名或证件号与证件不一致，请核对后重新填写。", "姓名或证件号与证件不一致"),
        ("暂不属于建档立卡的登记范围。", "不属于登记范围"),
        ("请补充填写入伍、退役时间或身份类别。", "内容不全，请补充"),
        ("住址不在本站服务范围，请按实际住址重新登记。", "住址不在本站"),
        ("OTHER", "其他（请写明）"),
    ]
    choice = forms.ChoiceField(
        label="退回原因",
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择退回原因。"},
    )
    detail = text_field("补充说明", length=200, required=False, help_text="本人会看到这里写的话")

    def clean(self):
        data = super().clean()
        if data.get("choice") == "OTHER" and not data.get("detail", "").strip():
            self.add_error("detail", "请写明退回原因。")
        return data

    @property
    def reason(self):
        """The whole sentence for the citizen."""
        choice = self.cleaned_data["choice"].replace("OTHER", "")
        return f"{choice}{self.cleaned_data['detail'].strip()}"[:300]


class ConfirmForm(forms.Form):
    """Which declared facts the file on record takes over."""

    CHOICES = [
        ("phone", "手机号"),
        ("address", "居住地址"),
        ("division_id", "居住地区划"),
        ("enlisted_on", "入伍时间"),
        ("discharged_on", "退役时间"),
    ]
    take_over = forms.MultipleChoiceField(
        label="用本人申报的内容更新档案",
        choices=CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PassOnForm(forms.Form):
    station = StationField(label="转给哪个站点")
