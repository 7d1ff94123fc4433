"""The shape of what is typed when a file goes to another station."""

from django import forms

from services.enums import Role, TransferConsent
from services.forms.fields import DayField, IdNumberField, NameField, StationField
from services.forms.persons import text_field
from services.models import Station
from services.perms import scope_of

AT_A_COUNTER = [each for each in TransferConsent.choices if each[0] != TransferConsent.SELF]


class OwnTransferForm(forms.Form):
    """What the person says who asks for another station."""

    station = StationField(label="换到哪个服务站", help_text="写街道、社区或站名，例如：澄江街道")
    reason = text_field("原因", length=200, help_text="例如：搬家")

    def values(self):
        """Arguments of the act."""
        data = dict(self.cleaned_data)
        data["to_station"] = data.pop("station")
        return data


class TransferForm(OwnTransferForm):
    """A clerk gives a file to another station, with the person's consent."""

    station = StationField(label="转到哪个站点")
    consent = forms.ChoiceField(
        label="本人怎样同意的",
        choices=AT_A_COUNTER,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择本人怎样同意的。"},
    )
    consent_on = DayField(label="哪天同意的", help_text="今天可以不填")


class UnseenForm(TransferForm):
    """A clerk asks for the file of somebody who came, which another station keeps."""

    name = NameField()
    id_number = IdNumberField()
    # of one's own stations only, so a choice and not a search
    station = forms.ModelChoiceField(  # type: ignore[assignment]
        label="转到本站",
        queryset=Station.objects.none(),
        empty_label=None,
        error_messages={
            "required": "请选择站点。",
            "invalid_choice": "请选择您经办的站点。",
        },
    )
    field_order = ["name", "id_number", "station", "reason", "consent", "consent_on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = [p for p, role in scope_of(user).postings if role in (Role.CLERK, Role.HEAD)]
        self.fields["station"].queryset = Station.objects.active().filter(path__in=mine)


class AnswerForm(forms.Form):
    """What the deciding side says; a refusal needs it."""

    answer = text_field(
        "答复", length=200, required=False, help_text="不接收时写明原因，对方会看到"
    )
