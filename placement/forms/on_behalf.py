"""What a clerk types for somebody who stands at the counter: the file by its ID number."""

from django import forms

from placement.forms.recruitment import ApplyForm
from services.actions.disclosure import note_search
from services.forms.fields import IdNumberField
from services.models import Person


class FileForm(forms.Form):
    """Whose file, among those in the clerk's reach; `person` is what was found."""

    id_number = IdNumberField(label="本人身份证号", help_text="本人在场，请核对身份证")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.person = by, None

    def clean_id_number(self):
        number = self.cleaned_data["id_number"]
        found = Person.objects.visible_to(self.by).with_id_number(number)
        self.person = found.select_related("station", "account").first()
        note_search(kind="id", found=int(self.person is not None), by=self.by)
        if self.person is None:
            raise forms.ValidationError("您的辖区里没有这份档案，请核对号码，或先登记建档。")
        return number


class DeskApplyForm(FileForm, ApplyForm):
    """An application for a reserved post that a clerk writes down."""

    field_order = ["id_number", "post", "statement"]
