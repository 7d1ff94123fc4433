"""What a citizen says about a matter beside its questions: who they are, at which station."""

from django import forms

from services.forms.bookings import KeyedForm, MobileField
from services.forms.fields import NameField, StationField


class ApplicantForm(KeyedForm):
    """The hidden key, and what the portal does not know yet: nothing when there is a file.

    `person` is the file the matter is for, or None; `user` the citizen who types.
    """

    name = NameField(label="您的姓名")
    phone = MobileField(
        label="联系手机号",
        help_text="站里有事时打这个电话",
        error_messages={"required": "请填写手机号，方便站里联系您。"},
    )
    station = StationField(
        label="由哪个服务站办", help_text="写您住的街道、社区或站名，例如：澄江街道"
    )

    def __init__(self, *args, person=None, user=None, **kwargs):
        known = {"name": user.name, "phone": user.phone} if user else {}
        super().__init__(*args, initial=known | (kwargs.pop("initial", None) or {}), **kwargs)
        self.person, self.user = person, user
        if person is not None:
            for name in ("name", "phone", "station"):
                del self.fields[name]

    def applicant(self):
        """The keywords of `matters.save_draft` about who applies and where."""
        if self.person is None:
            data = self.cleaned_data
            return {
                "applicant_name": data["name"],
                "applicant_phone": data["phone"],
                "station": data["station"],
            }
        return {
            "applicant_name": self.person.name,
            "applicant_phone": self.phone_called,
            "station": self.person.station,
        }

    @property
    def phone_called(self):
        """Whom the station calls about a file's matter: the person, or who acts for them; or ""."""
        own = self.person.account_id == self.user.pk
        return (self.person.phone if own else None) or self.user.phone or ""


class WithdrawForm(forms.Form):
    """Why a citizen takes a matter back: one tap is enough."""

    REASONS = ["不用办了", "换一种方式办", "填错了，想重新提交", "材料暂时备不齐", "其他原因"]
    reason = forms.ChoiceField(
        label="为什么撤回",
        choices=[(each, each) for each in REASONS],
        initial=REASONS[0],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个原因。", "invalid_choice": "请从所列原因里选一个。"},
    )
