"""The shape of what is typed about guides: the public's search, the heads' changes."""

from django import forms

from services.models import MatterKind
from veterans_portal.widgets import NumberInput


class GuideSearchForm(forms.Form):
    """One word to look for."""

    q = forms.CharField(
        label="要办的事",
        max_length=30,
        required=False,
        error_messages={"max_length": "请写短一些，例如：优待证。"},
    )


class GuideForm(forms.ModelForm):
    """What the city's heads may change of a guide; the code and the questions stay."""

    class Meta:
        model = MatterKind
        fields = [
            "name", "summary", "conditions", "steps", "place", "hours", "phone", "fee", "basis",
            "promised_days", "statutory_days", "online", "is_open",
        ]  # fmt: skip
        widgets = {
            "conditions": forms.Textarea(attrs={"rows": 6}),
            "steps": forms.Textarea(attrs={"rows": 6}),
            "promised_days": NumberInput,
            "statutory_days": NumberInput,
        }
        help_texts = {
            "conditions": "一行一条",
            "steps": "一行一步",
            "online": "不勾选时，指南只说明到哪里办",
            "is_open": "不勾选时，指南还在，但暂停办理",
        }

    def clean(self):
        data = super().clean()
        for name in ("conditions", "steps"):
            if name in data:
                lines = (line.strip() for line in data[name].splitlines())
                data[name] = "\n".join(line for line in lines if line)
        promised, statutory = data.get("promised_days"), data.get("statutory_days")
        if promised and statutory and promised > statutory:
            self.add_error("promised_days", "承诺时限不应长于法定时限。")
        return data
