"""Who acts for whom: asked online by a relative, recorded at the counter."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from services.enums import ProxyProof, Relation
from services.forms.bookings import MobileField
from services.forms.fields import DayField, IdNumberField, NameField
from services.forms.persons import text_field

ONE_YEAR = timedelta(days=365)
ONLINE = [each for each in ProxyProof if each != ProxyProof.IN_PERSON]


def _chosen(choices):
    """With nothing chosen beforehand: a wrong relation would stand in the record unseen."""
    return [("", "请选择"), *choices]


class ProxyForm(forms.Form):
    """Relation, proof and period, whoever asks."""

    relation = forms.ChoiceField(
        label="与本人的关系", choices=_chosen(Relation.choices),
        error_messages={"required": "请选择关系。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    proof = forms.ChoiceField(
        label="证明", choices=_chosen(ProxyProof.choices),
        error_messages={"required": "请选择证明。", "invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    ends_on = DayField(
        label="代办到哪一天", required=True, past=False, help_text="最长两年，到期可以再办。"
    )
    proof_note = text_field(
        "说明", length=120, required=False, help_text="例如：母亲卧床，由我代办。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("ends_on", timezone.localdate() + ONE_YEAR)


class AskForm(ProxyForm):
    """Online: by whom, for whom, by name and ID number; whether there is a file is never said."""

    own_name = NameField(label="您的姓名")
    name = NameField(label="亲友的姓名")
    id_number = IdNumberField(label="亲友的身份证号")
    upload = forms.FileField(
        label="证明的照片或PDF", help_text="户口簿、结婚证、委托书等，拍清楚。",
        error_messages={"required": "请上传证明。", "empty": "这个文件是空的，请重新选择。"},
    )  # fmt: skip

    field_order = [
        "own_name", "name", "id_number", "relation", "proof", "upload", "ends_on", "proof_note",
    ]  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("own_name", user.name)
        self.fields["own_name"].error_messages["required"] = "请填写您的姓名。"
        self.fields["name"].error_messages["required"] = "请填写亲友的姓名。"
        self.fields["relation"].help_text = "您是亲友的什么人。例如：替父亲办，选“子女”。"
        self.fields["relation"].choices = _chosen(
            each for each in Relation.choices if each[0] != Relation.VILLAGE_WORKER
        )
        self.fields["proof"].choices = _chosen((each, each.label) for each in ONLINE)


class RecordForm(ProxyForm):
    """At the counter, with the proof seen; an account is found by the phone, none is needed."""

    agent_name = NameField(label="代办人姓名", help_text="")
    agent_phone = MobileField(
        label="代办人手机号", required=False, help_text="代办人用这个手机号登录后，可以网上代办。"
    )

    field_order = ["agent_name", "agent_phone", "relation", "proof", "ends_on", "proof_note"]
