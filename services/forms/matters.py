"""The questions of each kind of matter: five forms, some of them in variants by kind.

A form asks only what the portal does not know: name, phone and file come with the matter. `answers`
are plain values for `Matter.answers`; `services.matter_words` says them back.
"""

from datetime import date

from django import forms

from accounts.forms.fields import PhoneField
from services import matter_kinds
from services.enums import CardKind, IdentityCategory, MatterForm
from services.forms.fields import DayField
from services.forms.persons import text_field
from veterans_portal.widgets import NumberInput

DRAFT_LENGTH = 2000


def choice(label, choices, **kwargs):
    """One of a few, shown as radio buttons."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": f"请选择{label}。", "invalid_choice": "请从列出的里选择。"},
        **kwargs,
    )


class MatterAnswersForm(forms.Form):
    """What all of them share. `person` is the file the matter is for, or None.

    `needs_file` says that the matter makes no sense without a registration file.
    """

    needs_file = False

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    @property
    def answers(self):
        """The cleaned values by field name, dates in ISO form; what was left empty is left out."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if name in self.fields and value not in (None, "", [], False)
        }

    def draft_answers(self):
        """What was typed, right or wrong, for a draft: texts (cut at 2,000) and lists of them."""
        self.is_valid()
        kept = {}
        for name, field in self.fields.items():
            if name in self.cleaned_data:
                continue
            typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            if isinstance(typed, str):
                kept[name] = typed.replace("\0", "")[:DRAFT_LENGTH]
        return self.answers | kept


class ConsultationForm(MatterAnswersForm):
    """政策咨询: what about, the question, and how to answer."""

    TOPICS = [
        ("PLACEMENT", "安置"),
        ("EMPLOYMENT", "就业创业"),
        ("BENEFITS", "优待"),
        ("PENSION", "抚恤补助"),
        ("CARD", "优待证"),
        ("RETIRED", "军休服务"),
        ("RIGHTS", "权益和法律"),
        ("OTHER", "其他"),
    ]
    topic = choice("咨询哪方面", TOPICS)
    question = text_field(
        "您的问题",
        length=1000,
        rows=6,
        help_text="例如：我2008年退伍，60岁以后有没有生活补助？怎么办？",
    )
    reply_by = choice("怎样答复您", [("ONLINE", "网上查看"), ("PHONE", "打电话告诉我")])


class CardForm(MatterAnswersForm):
    """优待证申领 (`domain.md` B.4)."""

    needs_file = True
    HOME = [("AGED", "80岁以上"), ("ILL", "重病"), ("BEDRIDDEN", "卧床、行动不便")]
    card_kind = choice("申领哪种优待证", CardKind.choices,
                       help_text="两种都符合的选一种，所有身份都会写入卡内。")  # fmt: skip
    home_reason = forms.ChoiceField(
        label="需要上门办理吗",
        choices=[("", "不需要，我到站里办"), *HOME],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请从列出的里选择。"},
    )
    note = text_field("想说明的事", length=300, rows=3, required=False,
                      help_text="例如：在常住地申领，户口在苏州")  # fmt: skip


class CardReplaceForm(MatterAnswersForm):
    """优待证补领、换领: a lost card, or one of the six reasons (`domain.md` B.4)."""

    needs_file = True
    REASONS = [
        ("LOST", "丢失，补领（先要正式挂失）"),
        ("CHIP", "芯片读不出（到银行网点办理）"),
        ("FACE", "卡面损坏（到银行网点办理）"),
        ("FACTS", "卡面信息变了，例如改名"),
        ("PROVINCE", "跨省迁移"),
        ("KIND", "换另一种优待证"),
        ("OTHER", "其他原因"),
    ]
    reason = choice("为什么补领或换领", REASONS)
    note = text_field("想说明的事", length=300, rows=3, required=False)

    def clean(self):
        data = super().clean()
        if data.get("reason") == "OTHER" and not data.get("note"):
            self.add_error("note", "请写明是什么原因。")
        return data


class CardLossForm(MatterAnswersForm):
    """优待证挂失: temporary for 5 to 15 days, or for good (`domain.md` B.4)."""

    needs_file = True
    loss = choice(
        "挂失方式",
        [("TEMPORARY", "临时挂失，到期自动解除"), ("FORMAL", "正式挂失，旧卡不能再用")],
    )
    days = forms.IntegerField(
        label="临时挂失几天",
        required=False,
        min_value=5,
        max_value=15,
        widget=NumberInput,
        help_text="5至15天；正式挂失不用填",
        error_messages={
            "invalid": "天数应为整数，例如 15。",
            "min_value": "临时挂失最少5天。",
            "max_value": "临时挂失最多15天。",
        },
    )
    lost_on = DayField(label="什么时候发现丢的", required=False)
    note = text_field("想说明的事", length=300, rows=3, required=False,
                      help_text="例如：在公交车上丢的")  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("loss") == "FORMAL":
            data["days"] = None
        elif data.get("loss") == "TEMPORARY" and not data.get("days") and "days" not in self.errors:
            self.add_error("days", "请填写临时挂失的天数，5至15天。")
        return data


class HardshipForm(MatterAnswersForm):
    """困难帮扶: no income or bank account is asked for (`domain.md` B.2, D.4)."""

    KINDS = [
        ("LIVING", "生活"),
        ("MEDICAL", "医疗"),
        ("HOUSING", "住房"),
        ("EDUCATION", "子女教育"),
        ("WORK", "就业"),
        ("DISASTER", "灾害、意外"),
        ("OTHER", "其他"),
    ]
    kinds = forms.MultipleChoiceField(
        label="遇到哪方面的困难",
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text="可以选几项",
        error_messages={"required": "请至少选一项。", "invalid_choice": "请从列出的里选择。"},
    )
    situation = text_field(
        "具体情况", length=1000, rows=6, help_text="例如：去年做了手术，家里没有人能上班"
    )
    household = forms.IntegerField(
        label="家里几口人",
        required=False,
        min_value=1,
        max_value=20,
        widget=NumberInput,
        error_messages={
            "invalid": "人数应为整数，例如 3。",
            "min_value": "至少1人。",
            "max_value": "最多填20人，请核对。",
        },
    )
    visit = choice(
        "怎样了解情况", [("HOME", "可以上门"), ("PHONE", "先打电话"), ("STATION", "我到站里说")]
    )


class AddressForm(MatterAnswersForm):
    """档案地址、电话变更: at least one of them is new."""

    needs_file = True
    address = text_field("新的居住地址", length=160, required=False,
                         help_text="例如：幸福路8号201室；只换电话的不用填")  # fmt: skip
    phone = PhoneField(
        label="新的联系电话", required=False, help_text="11位手机号；只换地址的不用填"
    )
    moved_on = DayField(label="什么时候换的")
    reason = text_field("为什么变更", length=100, help_text="例如：搬家了；换了手机号")

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("address") or data.get("phone")):
            self.add_error("address", "请填写新的地址或新的电话，至少填一项。")
        return data

    @staticmethod
    def facts(answers):
        """The answers as values of the Person's fields."""
        return {name: answers[name] for name in ("address", "phone") if name in answers}


class IdentityChangeForm(MatterAnswersForm):
    """档案身份变更: one more identity, or one that came to its end."""

    needs_file = True
    change = choice("变更什么", [("ADD", "增加一种身份"), ("END", "一种身份不再有效")])
    category = forms.ChoiceField(
        label="哪种身份",
        choices=[("", "请选择"), *IdentityCategory.choices],
        error_messages={"required": "请选择身份。", "invalid_choice": "请从列表里选择。"},
    )
    evidence = text_field(
        "证明材料", length=80, required=False, help_text="例如：退出现役证、残疾军人证"
    )
    evidence_number = text_field(
        "证明编号", length=60, required=False, help_text="加密保存，可以不填"
    )
    valid_from = DayField(label="从什么时候起")
    valid_to = DayField(label="到什么时候止", help_text="不再有效的，填最后一天")
    reason = text_field("说明", length=100, required=False, help_text="例如：儿子已经退役")

    def clean(self):
        data = super().clean()
        if data.get("change") == "ADD":
            data["valid_to"] = None
            if not data.get("evidence"):
                self.add_error("evidence", "请写明用什么证件证明，例如：残疾军人证。")
        if (
            data.get("change") == "END"
            and not data.get("valid_to")
            and "valid_to" not in self.errors
        ):
            self.add_error("valid_to", "请填写不再有效的日期。")
        self._check_file(data.get("change"), data.get("category"))
        return data

    def _check_file(self, change, category):
        """What the file says already, where it is known."""
        if self.person is None or not category:
            return
        has = self.person.identities.filter(category=category, valid_to__isnull=True).exists()
        label = IdentityCategory(category).label
        if change == "ADD" and has:
            self.add_error("category", f"档案里已有“{label}”，不用再增加；要核验请带证件到站里。")
        if change == "END" and not has:
            self.add_error("category", f"档案里没有“{label}”，请核对。")


class MovingAwayForm(MatterAnswersForm):
    """档案转出无锡."""

    needs_file = True
    to_place = text_field("迁往哪里", length=60, help_text="例如：江苏省苏州市姑苏区")
    why = choice(
        "为什么转出", [("HUKOU", "户口迁出"), ("LIVING", "长期住在外地"), ("OTHER", "其他")]
    )
    moved_on = DayField(label="迁移日期")
    note = text_field("想说明的事", length=200, rows=3, required=False)


class ProofForm(MatterAnswersForm):
    """享受优待身份证明: what it is for; the identities come from the file."""

    needs_file = True
    purpose = choice(
        "用在哪里",
        [
            ("TRAVEL", "乘车、乘船、乘机"),
            ("SIGHTS", "公园、景区、文化场馆"),
            ("HOSPITAL", "看病就医"),
            ("SCHOOL", "子女入学"),
            ("BANK", "银行办事"),
            ("OTHER", "其他"),
        ],
    )
    purpose_note = text_field("写明用途", length=60, required=False, help_text="选“其他”时必须写明")

    def clean(self):
        data = super().clean()
        if data.get("purpose") == "OTHER" and not data.get("purpose_note"):
            self.add_error("purpose_note", "请写明用在哪里。")
        return data


FORMS = {
    MatterForm.CONSULTATION: ConsultationForm,
    MatterForm.CARD: CardForm,
    MatterForm.HARDSHIP: HardshipForm,
    MatterForm.FILE_CHANGE: AddressForm,
    MatterForm.PROOF: ProofForm,
}
VARIANTS = {
    matter_kinds.CARD_REPLACE: CardReplaceForm,
    matter_kinds.CARD_LOSS: CardLossForm,
    matter_kinds.FILE_IDENTITY: IdentityChangeForm,
    matter_kinds.MOVING_AWAY: MovingAwayForm,
}


def form_for(kind):
    """The form class with the questions of a MatterKind; call it with `person=` when known."""
    return VARIANTS.get(kind.code) or FORMS[kind.form]
