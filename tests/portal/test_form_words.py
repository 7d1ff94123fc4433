"""Stock errors name the field and the remedy; own messages stay."""

import pytest
from django import forms

from veterans_portal.form_words import errors_of


def said(field, value):
    """What the one field of a form answers to a value."""
    form = type("One", (forms.Form,), {"x": field})({} if value is None else {"x": value})
    return errors_of(form["x"])


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        (forms.CharField(label="姓名"), "", "请填写姓名。"),
        (forms.ChoiceField(label="所在区", choices=[("a", "甲")]), "", "请选择所在区。"),
        (
            forms.ChoiceField(label="所在区", choices=[("a", "甲")]),
            "z",
            "所在区请从列出的选项里选一个。",
        ),
        (forms.BooleanField(label="我已核对"), None, "请勾选“我已核对”。"),
        (forms.FileField(label="材料"), None, "请选择材料的文件。"),
        (forms.IntegerField(label="人数"), "两个", "人数请填整数，例如 12。"),
        (forms.IntegerField(label="人数", max_value=5), "9", "人数不能大于5。"),
        (forms.DateField(label="日期"), "昨天", "日期请按“年-月-日”填写，例如 2026-11-24。"),
        (forms.CharField(label="备注", max_length=2), "三个字", "备注最多2个字，您填了3个。"),
        (forms.CharField(label="备注"), "a\x00b", "备注里有认不出的字符，请重新填写。"),
    ],
)
def test_a_stock_error__names_the_field_and_the_remedy(field, value, sentence):
    assert said(field, value) == [sentence]


def test_an_own_message__is_left_alone():
    own = forms.CharField(
        label="手机号",
        min_length=11,
        error_messages={"min_length": "手机号应为11位数字，您填了%(show_value)d位。"},
    )
    assert said(own, "1380") == ["手机号应为11位数字，您填了4位。"]
