"""The shape of what is typed about enterprises and the start-up bundle."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as WrongCode

from placement.enums.fairs import JobField
from placement.enums.startups import EnterpriseState, ItemState
from placement.forms.jobs import places
from placement.models import BundleKind, StartupBundle, VeteranEnterprise
from services.forms.bookings import KeyedForm, MobileField
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.persons import text_field
from services.models import Division
from veterans_portal.widgets import NumberInput


class EnterpriseForm(forms.ModelForm):
    """What everybody will read of an enterprise."""

    name = text_field("企业名称", length=80, help_text="与营业执照一致")
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=40, help_text="18位，在营业执照上",
        error_messages={"required": "请填写统一社会信用代码。", "max_length": "代码是18位。"},
    )  # fmt: skip
    division = forms.ModelChoiceField(
        Division.objects.none(), label="所在地",
        error_messages={"required": "请选择所在地。", "invalid_choice": "请从列出的地区里选择。"},
    )  # fmt: skip
    introduction = text_field(
        "企业介绍", length=500, rows=5, help_text="不写部队番号、驻地和服役细节"
    )
    products = text_field("产品和服务", length=200, help_text="例如：冷链配送、净菜加工")
    address = text_field("地址", length=120)
    phone = MobileField(label="对外手机号", error_messages={"required": "请填写对外手机号。"})
    agreed = forms.BooleanField(
        label="我同意把上面的内容公开在军创企业名录里",
        error_messages={"required": "请先同意公开，再提交。"},
    )

    class Meta:
        model = VeteranEnterprise
        fields = ["name", "credit_code", "division", "field", "introduction", "products",
                  "address", "phone"]  # fmt: skip
        error_messages = {
            "field": {"required": "请选择行业。", "invalid_choice": "请从列出的行业里选择。"}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = places()
        self.fields["division"].label_from_instance = lambda each: each.name

    def clean_credit_code(self):
        text = unicodedata.normalize("NFKC", self.cleaned_data["credit_code"])
        try:
            return uscc.validate(text.replace("\x00", ""))
        except WrongCode as wrong:
            raise ValidationError("统一社会信用代码不对，请照营业执照核对18位。") from wrong


class PublishForm(forms.Form):
    """Until when it is shown."""

    valid_until = DayField(label="展示到", past=False, required=True, help_text="最长三年")


class EnterpriseFilter(forms.Form):
    """What narrows the directory."""

    q = SearchField(label="名称、拼音或产品", required=False)
    division = forms.ModelChoiceField(
        Division.objects.none(), label="地区", required=False, empty_label="全部"
    )
    field = forms.ChoiceField(
        label="行业", required=False, choices=[("", "全部"), *JobField.choices]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = places()
        self.fields["division"].label_from_instance = lambda each: each.name

    def narrow(self, rows):
        """The rows that fit."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            rows = rows.matching(wanted["q"])
        if wanted.get("division"):
            rows = rows.filter(division=wanted["division"])
        return rows.filter(field=wanted["field"]) if wanted.get("field") else rows


class EnterpriseDeskFilter(forms.Form):
    """What narrows the desk's list of enterprises."""

    q = SearchField(label="企业名称", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *EnterpriseState.choices]
    )

    def narrow(self, rows):
        """The rows that fit."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            rows = rows.matching(wanted["q"])
        return rows.filter(state=wanted["state"]) if wanted.get("state") else rows


class BundleForm(forms.ModelForm, KeyedForm):
    """One form for several departments."""

    kinds = forms.ModelMultipleChoiceField(
        BundleKind.objects.none(), label="要办哪些事", widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一项。", "invalid_choice": "请从列出的事项里选择。",
            "invalid_pk_value": "请从列出的事项里选择。", "invalid_list": "请从列出的事项里选择。",
        },
    )  # fmt: skip
    business_name = text_field("企业或店铺名称", length=80, help_text="还没起好可以写拟用的名称")
    business = text_field("经营项目", length=60, help_text="例如：生鲜配送")
    address = text_field("经营地址", length=120, help_text="还没定可以写大概的地方")

    class Meta:
        model = StartupBundle
        fields = ["business_name", "business", "address"]

    field_order = ["kinds", "business_name", "business", "address"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = BundleKind.objects.filter(is_offered=True)
        self.fields["kinds"].label_from_instance = lambda each: (
            f"{each.title}（{each.department}，{each.workdays}个工作日）"
            + (f"，需要{each.needs}" if each.needs else "")
        )


class ItemForm(forms.Form):
    """How an item goes."""

    state = forms.ChoiceField(
        label="进展", widget=forms.RadioSelect,
        error_messages={"required": "请选择进展。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    result = text_field(
        "结果", length=200, required=False, help_text="办好或不予办理时写，本人会看到"
    )

    def __init__(self, *args, item, **kwargs):
        kwargs.setdefault("auto_id", f"item{item.pk}_%s")
        super().__init__(*args, **kwargs)
        steps = [ItemState.HANDED, ItemState.DONE, ItemState.REFUSED]
        self.fields["state"].choices = [
            (each.value, each.label) for each in steps if each != item.state
        ]


class KindForm(forms.ModelForm):
    """An item of the dictionary."""

    title = text_field("事项", length=40)
    department = text_field("办理部门", length=40)
    needs = text_field("要准备的", length=200, required=False)
    workdays = forms.IntegerField(
        label="承诺工作日", min_value=1, max_value=120, widget=NumberInput,
        error_messages={
            "required": "请填写几个工作日。", "invalid": "请写整数，例如 5。",
            "min_value": "至少1个工作日。", "max_value": "最多120个工作日。",
        },
    )  # fmt: skip
    position = forms.IntegerField(
        label="次序", min_value=0, max_value=999, widget=NumberInput, initial=0,
        error_messages={
            "required": "请填写次序。", "invalid": "请写整数，例如 1。",
            "min_value": "次序为0至999。", "max_value": "次序为0至999。",
        },
    )  # fmt: skip

    class Meta:
        model = BundleKind
        fields = ["title", "department", "workdays", "needs", "position", "is_offered"]
