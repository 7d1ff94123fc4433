"""A matter's answers in words, for the check page, the desk and the papers."""

from django import forms
from django.utils.dateparse import parse_date

from services.forms.matters import form_for
from veterans_portal import chinese_dates
from veterans_portal.masking import mask_phone

# Shown masked: the page may be read over a shoulder, the values stand encrypted in the matter.
MASKED = {"phone": mask_phone, "evidence_number": lambda text: f"{text[:2]}****{text[-2:]}"}


def answer_rows(matter):
    """`[(label, value)]` of the answers given, in the order of the form."""
    return rows_of(form_for(matter.kind)(person=matter.person), matter.answers)


def rows_of(form, answers):
    """The same for a form and its answers; what the form does not ask is left out."""
    return [
        (field.label, _words(name, field, answers[name]))
        for name, field in form.fields.items()
        if answers.get(name) not in (None, "", [])
    ]


def _words(name, field, value):
    if name in MASKED:
        return MASKED[name](str(value))
    if isinstance(field, forms.DateField):
        day = _day(value)
        return chinese_dates.plain(day) if day else value
    if isinstance(field, forms.MultipleChoiceField):
        chosen = value if isinstance(value, list) else [value]
        labels = dict(field.choices)
        return "、".join(str(labels.get(each, each)) for each in chosen)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(field, forms.BooleanField):
        return "是" if value else "否"
    return str(value)


def _day(value):
    try:
        return parse_date(str(value))
    except ValueError:
        return None
