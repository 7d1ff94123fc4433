"""What is typed about two files that may be one person's."""

from django import forms

from services.actions.persons import FACTS
from services.forms.persons import text_field
from services.models import Person

LABELS = {
    field.attname: field.verbose_name
    for field in Person._meta.concrete_fields
    if field.attname in FACTS
}


class MergeForm(forms.Form):
    """Which file stays, what it takes from the other, and how one knows."""

    survivor = forms.TypedChoiceField(
        label="保留哪一份", widget=forms.RadioSelect, empty_value=None,
        error_messages={"required": "请选择保留哪一份档案。", "invalid_choice": "请从两份里选。"},
    )  # fmt: skip
    keep = forms.MultipleChoiceField(
        label="从另一份取用的内容", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不勾的，用保留的那一份的。",
        error_messages={"invalid_choice": "请从列出的里选择。"},
    )  # fmt: skip
    reason = text_field("怎么确认是同一人", length=200, rows=2,
                        help_text="例如：本人带两个证件到场核对。")  # fmt: skip

    def __init__(self, *args, pair, differing, **kwargs):
        """`differing` are the names of facts in which the two files are not alike."""
        super().__init__(*args, **kwargs)
        by_number = {str(each.pk): each for each in (pair.first, pair.second)}
        self.fields["survivor"].choices = [
            (key, f"{which}：{each.station.name}的一份（{each.get_state_display()}）")
            for which, (key, each) in zip(("第一份", "第二份"), by_number.items(), strict=True)
        ]
        self.fields["survivor"].coerce = by_number.get
        self.fields["keep"].choices = [(name, LABELS[name]) for name in differing]
        if not differing:
            del self.fields["keep"]
