"""The wording table of `domain.md` C.4."""

from decimal import Decimal

import pytest

from reports.catalogue import BY_CODE
from veterans_portal.indicators import PrintMode, money, say


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (276, "名", "270余名"),
        (11238, "人次", "1.12万余人次"),
        (5040, "人次", "5000余人次"),
        (483, "项", "480余项"),
        (104, "场次", "百余场次"),
    ],
)
def test_approx__seed_figures__prints_the_words_of_the_report(value, measure, words):
    assert say(value, measure=measure, mode=PrintMode.APPROX) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0名"),
        (7, "7名"),
        (45, "45名"),
        (100, "100名"),
        (101, "百余名"),
        (199, "百余名"),
        (200, "200名"),
        (270, "270名"),
        (999, "990余名"),
        (5000, "5000名"),
        (9999, "9900余名"),
        (10000, "1万名"),
        (10001, "1万余名"),
        (160000, "16万名"),
        (161234, "16.1万余名"),
        (1234567, "123万余名"),
        (123456789, "1.23亿余名"),
    ],
)
def test_approx__nothing_cut__has_no_more_word_and_never_rounds_up(value, words):
    assert say(value, measure="名", mode=PrintMode.APPROX) == words


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (10, "场", "10场"),
        (2714, "个", "2714个"),
        (5158, "人次", "5158人次"),
        (14, "部", "14部"),
        (11200, "人次", "1.12万人次"),
        (11238, "人次", "11238人次"),
        (160000, "人次", "16万人次"),
    ],
)
def test_exact__seed_figures__loses_no_digit(value, measure, words):
    assert say(value, measure=measure) == words


@pytest.mark.parametrize(
    ("value", "mode", "words"),
    [
        (60000, PrintMode.EXACT, "6亿元"),
        (9999, PrintMode.EXACT, "9999万元"),
        (Decimal("12.50"), PrintMode.EXACT, "12.5万元"),
        (Decimal("60512.34"), PrintMode.EXACT, "60512.34万元"),
        (Decimal("60512.34"), PrintMode.APPROX, "6.05亿余元"),
    ],
)
def test_money__given_in_ten_thousands__turns_into_hundred_millions_when_nothing_is_lost(
    value, mode, words
):
    assert money(value, mode=mode) == words


def test_print_mode__belongs_to_the_indicator__not_to_the_size():
    assert BY_CODE["SVC-12"].printed(11238) == "1.12万余人次"
    assert BY_CODE["SVC-13"].printed(5040) == "5000余人次"
    assert BY_CODE["SVC-06"].printed(11238) == "11238人次"
    assert BY_CODE["SVC-10"].printed(6) == "6名"
    assert BY_CODE["SVC-11"].printed(60000) == "6亿元"
    assert BY_CODE["SVC-14"].printed(14) == "14部"
    assert BY_CODE["SVC-15"].printed(70) == "70户"
    assert BY_CODE["SVC-03"].printed(Decimal("87.50")) == "87.5%"
    assert BY_CODE["SVC-01"].printed(None) == "—"


def test_catalogue__services__has_its_codes_in_order_with_ten_core():
    codes = [code for code in BY_CODE if code.startswith("SVC")]
    assert codes == [*(f"SVC-{n:02d}" for n in range(1, 17)), "SVC-16B"]
    optional = [code for code in codes if not BY_CODE[code].core]
    assert optional == ["SVC-03", "SVC-05", "SVC-07", "SVC-08", "SVC-11", "SVC-16", "SVC-16B"]
