"""What a clerk fills in to write a rule: one small form per condition, no signs or code anywhere."""

import re
import unicodedata

from django import forms
from django.urls import NoReverseMatch, reverse

from services.enums import (
    Answer,
    CardState,
    DisabilityNature,
    IdentityCategory,
    Occasion,
    PlacementWay,
    Role,
    Tier,
)
from services.forms.fields import DayField, StationField, add_refusal
from services.forms.persons import CategoriesField, text_field
from services.models import Station
from services.perms import scope_of
from services.rules import Facts, RuleError, parse
from services.rules.conditions import KINDS
from services.rules.conditions.base import SENTENCE
from services.rules.conditions.holding import CARDS
from services.rules.conditions.person import name_of
from services.rules.facts import HeldIdentity
from services.rules.params import Choice, Choices, Flag, Paths, Whole, Wholes
from veterans_portal.widgets import NumberInput

NOT_SAID = [("", "不填")]
YES_NO = [("yes", "是"), ("no", "否")]
# Pages a message may lead to, by the name of their address.
PAGES = (
    ("", "不加链接"),
    ("services:my_card", "我的优待证"),
    ("services:guides", "办事指南"),
    ("services:my_file", "我的档案"),
    ("services:stations", "找服务站预约"),
    ("work", "就业创业"),
)
CARD_STATES = {"none": (), "applied": (CardState.SUBMITTED,), "held": (CardState.ISSUED,),
               "lost": (CardState.LOST,)}  # fmt: skip
PICK = {"required": "请选择。", "invalid_choice": "请从列出的里选择。"}


def page_address(name):
    """The address of one of PAGES; "" when there is none."""
    try:
        return reverse(name) if name in dict(PAGES) and name else ""
    except NoReverseMatch:
        return ""


def number_field(label, *, low, high, **kwargs):
    """A whole number with words for what is wrong."""
    between = f"{label}应在{low}到{high}之间。"
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, widget=NumberInput,
        error_messages={"invalid": f"{label}应是整数。", "required": f"请填写{label}。",
                        "min_value": between, "max_value": between},
        **kwargs,
    )  # fmt: skip


class EditsMixin(forms.Form):
    """Carries how often the draft had been changed when the page was shown."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class OfferForm(forms.Form):
    """What is offered to whoever the rule finds, and when."""

    offer_title = text_field(
        "告诉本人的标题", length=40, help_text="例如：您可以申领优待证了"
    )  # fmt: skip
    offer_words = text_field(
        "告诉本人的话", length=300, rows=4,
        help_text="写清是什么、怎么办、带什么。会发到站内消息和手机短信，请不要写病情、残疾等级。",
    )  # fmt: skip
    offer_url = forms.ChoiceField(
        label="点开到哪个页面", choices=PAGES, required=False, error_messages=PICK
    )
    occasion = forms.ChoiceField(
        label="同一个人找几次", choices=Occasion.choices, widget=forms.RadioSelect,
        error_messages=PICK, initial=Occasion.ONCE,
    )  # fmt: skip
    visit = forms.BooleanField(label="请服务站上门或打电话", required=False)
    visit_workdays = number_field(
        "几个工作日内", low=1, high=60, required=False, help_text="要上门的才填，例如：10"
    )
    valid_from = DayField(label="起用日期", past=False, required=True)
    valid_to = DayField(label="停用日期", past=False, help_text="长期有效的不填")

    def clean(self):
        data = super().clean()
        if data.get("visit") and data.get("visit_workdays") is None and "visit_workdays" in data:
            self.add_error("visit_workdays", "要上门的，请写明几个工作日内。")
        if not data.get("visit"):
            data["visit_workdays"] = None
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "停用日期不应早于起用日期。")
        return data


class NewRuleForm(OfferForm):
    """A rule and its first offer."""

    title = text_field("规则名称", length=60, help_text="工作人员看的，例如：高龄独居老兵上门看望")
    station = forms.ModelChoiceField(
        Station.objects.none(), label="适用范围", empty_label=None,
        help_text="本级和下级站点的档案都会查", error_messages=PICK,
    )  # fmt: skip
    field_order = ["title", "station"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = writable_stations(user)


def writable_stations(user):
    """The city's and districts' stations for which the reader may write rules."""
    mine = [path for path, role in scope_of(user).postings if role in (Role.CLERK, Role.HEAD)]
    upper = Station.objects.active().filter(tier__in=[Tier.CITY, Tier.DISTRICT])
    found = Station.objects.none()
    for path in mine:
        found |= upper.filter(path__startswith=path)
    return found.order_by("path")


class EditedOfferForm(EditsMixin, OfferForm):
    """The offer of a draft."""


class ConditionForm(EditsMixin):
    """The values of one kind of condition, made from its parameters."""

    def __init__(self, *args, kind, condition=None, **kwargs):
        self.kind = KINDS[kind]
        if condition is not None:
            kwargs["initial"] = kwargs.get("initial", {}) | _initial(condition)
        super().__init__(*args, **kwargs)
        for param in self.kind.params:
            self.fields[param.name] = _field(param)
        for name, label, hint in (
            ("met", "符合时怎样对本人说", "可以不填，平台会自己写"),
            ("missing", "不符合时怎样对本人说", "可以不填"),
        ):
            self.fields[name] = text_field(label, length=SENTENCE, required=False, help_text=hint)

    def clean(self):
        """Read as a rule would be read, so that what does not go together is said here."""
        data = super().clean()
        if not self.errors:
            try:
                self.node = parse({"all": [self._node(data)]}).children[0].to_data()
            except RuleError as refused:
                add_refusal(self, refused)
        return data

    def _node(self, data):
        node = {"is": self.kind.key, "met": data["met"], "missing": data["missing"]}
        for param in self.kind.params:
            value = data[param.name]
            if isinstance(param, Flag):
                value = value == "yes"
            node[param.name] = value if value not in ("", []) else None
        return node


def _initial(condition):
    values = {"met": condition.met, "missing": condition.missing}
    for param in condition.params:
        value = getattr(condition, param.name)
        if isinstance(param, Flag):
            value = "yes" if value else "no"
        elif isinstance(param, Wholes):
            value = "，".join(map(str, value))
        elif isinstance(param, Paths):
            value = "\n".join(name_of(path) or path for path in value)
        values[param.name] = value
    return values


def _field(param):
    common = {"label": param.label, "help_text": param.hint, "required": param.required}
    if isinstance(param, Whole):
        return number_field(low=param.low, high=param.high, initial=param.default, **common)
    if isinstance(param, Wholes):
        return WholesField(low=param.low, high=param.high, **common)
    if isinstance(param, Flag):
        return forms.ChoiceField(
            **common | {"required": True}, choices=YES_NO, widget=forms.RadioSelect,
            error_messages=PICK, initial="yes" if param.default else "no",
        )  # fmt: skip
    if isinstance(param, Choice):
        return forms.ChoiceField(
            **common, choices=param.choices, widget=forms.RadioSelect, error_messages=PICK
        )
    if isinstance(param, Choices):
        return forms.MultipleChoiceField(
            **common, choices=param.choices, widget=forms.CheckboxSelectMultiple,
            error_messages=PICK,
        )  # fmt: skip
    return StationsField(**common)


class WholesField(forms.CharField):
    """Some whole numbers between commas, written in any usual way."""

    def __init__(self, *, low, high, **kwargs):
        self.low, self.high = low, high
        super().__init__(max_length=80, **kwargs)
        self.error_messages["required"] = "请至少写一个数。"
        self.error_messages["max_length"] = "写得太长了，请少写几个。"

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value))
        parts = [each for each in re.split(r"[,、;\s]+", text) if each]
        if not all(re.fullmatch(r"[0-9]{1,4}", each) for each in parts):
            raise forms.ValidationError("请只写整数，中间用逗号隔开，例如：70，80，90。")
        return [int(each) for each in parts]


class StationsField(forms.CharField):
    """Stations by name or code, one in a line; comes out as paths."""

    def __init__(self, **kwargs):
        kwargs["help_text"] = "每行一个，写名称或代码，例如：江阴市退役军人服务中心"
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)
        self.error_messages["required"] = "请至少写一个站点。"
        self.error_messages["max_length"] = "写得太长了，请少写几个。"

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > 20:
            raise forms.ValidationError("最多写20个站点。")
        return [StationField(by_code=True).clean(line).path for line in lines]


class CaseForm(EditsMixin):
    """A made-up person, and what the rule must say of them."""

    title = text_field("给例子起个名", length=60, help_text="例如：72岁独居、没有优待证")
    on = DayField(label="在哪一天看", past=False, required=True)
    expected = forms.ChoiceField(
        label="规则应当说", choices=Answer.choices, widget=forms.RadioSelect, error_messages=PICK
    )
    birth = DayField(label="出生日期", required=True)
    identities = CategoriesField(required=False)
    verified = forms.BooleanField(label="身份已经核验", required=False, initial=True)
    enlisted_on = DayField(label="入伍时间", past=False)
    discharged_on = DayField(label="退役时间", past=False)
    placement_way = forms.ChoiceField(
        label="安置方式", choices=NOT_SAID + PlacementWay.choices, required=False,
        error_messages=PICK,
    )  # fmt: skip
    disability_grade = number_field("残疾等级", low=1, high=10, required=False)
    disability_nature = forms.ChoiceField(
        label="残疾性质", choices=NOT_SAID + DisabilityNature.choices, required=False,
        error_messages=PICK,
    )  # fmt: skip
    card = forms.ChoiceField(label="优待证", choices=CARDS, initial="none", error_messages=PICK)
    honour_plaque_on = DayField(label="光荣牌悬挂日期", past=False)
    lives_alone = forms.BooleanField(label="独居", required=False)
    station = StationField(label="服务站", required=False, help_text="不填就是规则适用的站点")

    def facts(self, version):
        """The facts; the file is in force, at the rule's own station unless another is named."""
        data = self.cleaned_data
        station = data["station"] or version.rule.station
        return Facts(
            birth=data["birth"], station_path=station.path, enlisted_on=data["enlisted_on"],
            discharged_on=data["discharged_on"], placement_way=data["placement_way"] or None,
            disability_grade=data["disability_grade"],
            disability_nature=data["disability_nature"] or None,
            honour_plaque_on=data["honour_plaque_on"], lives_alone=data["lives_alone"],
            identities=tuple(
                HeldIdentity(each, data["verified"])
                for each in IdentityCategory.values if each in data["identities"]
            ),
            cards=CARD_STATES[data["card"]],
        )  # fmt: skip

    def clean(self):
        data = super().clean()
        graded, nature = data.get("disability_grade"), data.get("disability_nature")
        if bool(graded) != bool(nature) and not self.errors:
            self.add_error("disability_nature", "残疾等级和残疾性质请一起填写。")
        return data
