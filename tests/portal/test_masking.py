"""Masked forms (`domain.md` D.5) and the surname table."""

import pytest

from veterans_portal import masking, pinyin


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张建国", "张*国"), ("欧阳建国", "欧**国"), ("王", "王"), ("", "")],
)
def test_mask_name__keeps_only_the_ends(name, masked):
    assert masking.mask_name(name) == masked


def test_mask_id_number__keeps_first_and_last_four():
    assert masking.mask_id_number("320281195803124531") == "3202**********4531"


def test_mask_phone__keeps_first_three_and_last_four():
    assert masking.mask_phone("13812341234") == "138****1234"


def test_mask_address__keeps_street_or_town():
    assert masking.mask_address("无锡市梁溪区惠山街道幸福路8号") == "无锡市梁溪区惠山街道****"


def test_mask_text__hides_numbers_inside_sentences():
    text = masking.mask_text("王某身份证320281195803124531，电话13812341234。")
    assert "19580312" not in text
    assert "138****1234" in text


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单田芳", "shantianfang", "stf"),
        ("曾国强", "zengguoqiang", "zgq"),
        ("仇英", "qiuying", "qy"),
        ("查良", "zhaliang", "zl"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("王建国", "wangjianguo", "wjg"),
    ],
)
def test_pinyin__surnames__are_read_as_surnames(name, full, initials):
    assert pinyin.full(name) == full
    assert pinyin.initials(name) == initials
