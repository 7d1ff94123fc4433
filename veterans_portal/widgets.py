"""Controls with the right keyboard, width and completion for what people type here."""

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date control; values travel as 2026-11-24."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs={"class": "input-medium", **(attrs or {})}, format="%Y-%m-%d")


class PhoneInput(forms.TextInput):
    """A mobile number: numeric keyboard; never cut short by `maxlength`, the error explains instead."""

    input_type = "tel"

    def __init__(self, attrs=None):
        super().__init__(
            attrs={
                "class": "input-medium",
                "autocomplete": "tel",
                "inputmode": "numeric",
                **(attrs or {}),
            }
        )


class IdNumberInput(forms.TextInput):
    """A resident ID number: eighteen places, X allowed, not remembered by the browser."""

    def __init__(self, attrs=None):
        defaults = {"class": "input-wide figures", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(attrs={**defaults, **(attrs or {})})


class CodeInput(forms.TextInput):
    """A one-time code; phones offer it from the message."""

    def __init__(self, attrs=None):
        defaults = {
            "class": "input-short figures",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
        }
        super().__init__(attrs={**defaults, **(attrs or {})})


class NumberInput(forms.TextInput):
    """A count: numeric keyboard without the arrows that change a figure by accident."""

    def __init__(self, attrs=None):
        super().__init__(
            attrs={"class": "input-short figures", "inputmode": "numeric", **(attrs or {})}
        )
