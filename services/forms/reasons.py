"""The one form that asks why."""

from django import forms

from services.forms.persons import text_field


class ReasonForm(forms.Form):
    """Why something is refused, ended, returned or taken back: one text that others will read.

    `length` is the most signs that fit, `rows` the height of the box (0: one line), `hint` what
    stands beneath it.
    """

    def __init__(self, *args, length=200, rows=0, hint="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = text_field("原因", length=length, rows=rows, help_text=hint)
