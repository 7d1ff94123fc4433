"""The shape of what is typed about the waiting list."""

from django import forms

from services.actions.bookings import Contact
from services.forms.bookings import BookingForm, HeadsField, KeyedForm, MobileField
from services.forms.fields import NameField
from services.models import Slot
from veterans_portal import chinese_dates

ANY_TIME = "这一天任何时间都可以"


def slot_field(slots):
    """Which slot of the day: any of it, or one; what can no longer be offered is left out."""
    return SlotChoice(
        label="想要哪个时间", queryset=Slot.objects.filter(pk__in=[each.pk for each in slots]),
        required=False, empty_label=ANY_TIME, widget=forms.RadioSelect, blank=True,
        help_text="任何时间都可以，等到的机会更大。",
        error_messages={"invalid_choice": "请从所列时间里选一个。"},
    )  # fmt: skip


class SlotChoice(forms.ModelChoiceField):
    def label_from_instance(self, slot):
        return f"只要{chinese_dates.time_of_day(slot.starts_at)}"


class WaitingForm(BookingForm):
    """A citizen's wish: how many, which time of the day, and who comes when there is no file."""

    field_order = ["slot", "heads", "contact_name", "contact_phone"]

    def __init__(self, *args, slots, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["note"]
        self.fields["slot"] = slot_field(slots)
        self.order_fields(self.field_order)
        if "contact_phone" in self.fields:
            self.fields[
                "contact_phone"
            ].help_text = "站点有事时联系用。有名额时短信发到您登录用的手机号。"


class DeskWaitingForm(KeyedForm):
    """A wish taken down at the counter or by phone, for a file or for whoever stands there."""

    heads = HeadsField()
    contact_name = NameField(help_text="")
    contact_phone = MobileField(
        label="手机号", required=False, help_text="没有手机的，有名额时由站点打电话或上门告知。"
    )

    field_order = ["slot", "contact_name", "contact_phone", "heads"]

    def __init__(self, *args, slots, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["slot"] = slot_field(slots)
        self.order_fields(self.field_order)
        if person is not None:
            del self.fields["contact_name"], self.fields["contact_phone"]

    @property
    def contact(self):
        """The contact typed, or None when the wish is for a file."""
        if self.person is not None:
            return None
        return Contact(self.cleaned_data["contact_name"], self.cleaned_data["contact_phone"])


class PriorityForm(forms.Form):
    """Why somebody is moved forward, and before whom; the list shows the reason."""

    reason = forms.CharField(label="提前的原因", max_length=200)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
