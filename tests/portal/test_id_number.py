"""ID numbers of people born long before today's region codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit

from veterans_portal import id_number
from veterans_portal.errors import DomainError


def number(region="320281", birth="19580312", serial="453"):
    body = f"{region}{birth}{serial}"
    return body + calc_check_digit(body + "0")


@pytest.mark.parametrize(
    "region", ["320205", "320206", "320213", "320214", "320219", "320222", "320281", "830000"]
)
def test_parse__region_of_any_time__is_accepted(region):
    assert id_number.parse(number(region=region)).birth == date(1958, 3, 12)


def test_parse__unknown_region__warns_but_passes():
    assert id_number.parse(number(region="990101")).warning
    assert not id_number.parse(number()).warning


def test_parse__says_sex_and_birth():
    parsed = id_number.parse(number(birth="20000229", serial="122"))
    assert (parsed.birth, parsed.sex) == (date(2000, 2, 29), "F")


@pytest.mark.parametrize("raw", [" {} ", "{}".lower(), "{}\u200b", "3202 {}"[5:]])
def test_parse__typed_with_spaces_or_marks__is_the_same_number(raw):
    assert id_number.parse(raw.format(number())).text == number()


def test_parse__full_width_digits__are_the_same_number():
    full = "".join(chr(ord(c) + 0xFEE0) for c in number())
    assert id_number.parse(full).text == number()


def test_parse__small_x__becomes_capital():
    with_x = next(n for n in (number(serial=f"{i:03d}") for i in range(1, 99)) if n[-1] == "X")
    assert id_number.parse(with_x.lower()).text == with_x


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "id_length"),
        ("32028119580312453", "id_length"),
        ("3202811958031245311", "id_length"),
        ("32028119580312453A", "id_shape"),
        ("٣٢٠٢٨١١٩٥٨٠٣١٢٤٥٣١", "id_shape"),
        ("320281195802304530", "id_birth"),
        ("320281189901014530", "id_birth"),
        ("320281999901014530", "id_birth"),
        (number()[:-1] + ("1" if number()[-1] != "1" else "2"), "id_check_digit"),
    ],
)
def test_parse__wrong_number__says_which_part(raw, code):
    with pytest.raises(DomainError) as refused:
        id_number.parse(raw)
    assert refused.value.code == code
    assert not raw or raw not in refused.value.message


@given(st.text(max_size=40))
def test_parse__anything_typed__is_read_or_refused_in_words(raw):
    words = "。"
    try:
        id_number.parse(raw)
    except DomainError as refused:
        words = refused.message
    assert words.endswith("。")
