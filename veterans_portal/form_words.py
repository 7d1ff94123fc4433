"""Django's stock form errors in our words: what is wrong with which field, and how to mend it.

A message that a form words itself is left alone.
"""

from django import forms
from django.core import validators

REQUIRED = {
    forms.CheckboxInput: "请勾选“{label}”。",
    forms.Select: "请选择{label}。",
    forms.RadioSelect: "请选择{label}。",
    forms.CheckboxSelectMultiple: "请选择{label}。",
    forms.FileInput: "请选择{label}的文件。",
}
STOCK = {
    validators.MinLengthValidator.message: "{label}至少要有{limit_value}个字，您填了{show_value}个。",
    validators.MaxLengthValidator.message: "{label}最多{limit_value}个字，您填了{show_value}个。",
    validators.MinValueValidator.message: "{label}不能小于{limit_value}。",
    validators.MaxValueValidator.message: "{label}不能大于{limit_value}。",
    validators.ProhibitNullCharactersValidator.message: "{label}里有认不出的字符，请重新填写。",
}
INVALID = {
    forms.IntegerField: "{label}请填整数，例如 12。",
    forms.DecimalField: "{label}请填数字，例如 12.5。",
    forms.FloatField: "{label}请填数字，例如 12.5。",
    forms.DateField: "{label}请按“年-月-日”填写，例如 2026-11-24。",
    forms.DateTimeField: "{label}请按“年-月-日 时:分”填写，例如 2026-11-24 09:00。",
    forms.TimeField: "{label}请按“时:分”填写，例如 09:00。",
    forms.EmailField: "{label}请填完整的邮箱地址，例如 name@example.com。",
    forms.FileField: "{label}没有收到，请重新选择文件。",
}
CHOICE = "{label}请从列出的选项里选一个。"


def errors_of(bound):
    """The errors of a bound field as sentences, each naming the field where Django's would not."""
    return [_sentence(bound, error) for error in bound.errors.as_data()]


def _sentence(bound, error):
    wording = _wording(bound.field, error)
    if not wording:
        return "".join(error.messages)
    return wording.format(label=bound.label, **(error.params or {}))


def _wording(field, error):
    if error.message in STOCK:
        return STOCK[error.message]
    if not _is_stock(field, error):
        return ""
    if error.code == "required":
        return _first(REQUIRED, field.widget) or "请填写{label}。"
    if error.code == "invalid":
        return _first(INVALID, field)
    return CHOICE if error.code in ("invalid_choice", "invalid_pk_value") else ""


def _first(table, thing):
    return next((words for kind, words in table.items() if isinstance(thing, kind)), "")


def _is_stock(field, error):
    """Whether the message is the one that Django's own field class brings along."""
    classes = [kind for kind in type(field).__mro__ if kind.__module__.startswith("django.")]
    stock = [getattr(kind, "default_error_messages", {}).get(error.code) for kind in classes]
    return error.message in stock
