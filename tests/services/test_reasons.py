"""The form that asks why, with its length and its hint."""

import pytest

from services.forms.reasons import ReasonForm


def test_reason__too_long__says_how_long_it_may_be():
    form = ReasonForm({"reason": "因" * 101}, length=100)
    assert form.errors["reason"] == ["原因最多100个字。"]


def test_reason__hint__stands_beneath_the_field():
    assert "对方会看到。" in str(ReasonForm(rows=2, hint="对方会看到。"))


@pytest.mark.parametrize("typed", ["", "  ", "\u200b"])
def test_reason__nothing_to_read__is_asked_for(typed):
    assert ReasonForm({"reason": typed}).errors["reason"] == ["请填写原因。"]
