"""No log line carries a clear ID number or phone."""

import logging

import pytest
import structlog

from veterans_portal import logs


@pytest.mark.parametrize(
    ("clear", "masked"),
    [
        ("身份证 320281195803124519 重复", "身份证 320281********4519 重复"),
        ("32028119580312451x", "320281********451x"),
        ("旧证 320281580312451。", "旧证 320281******451。"),
        ("tel=13812345678&x", "tel=138****5678&x"),
        ("+8613812345678", "+86138****5678"),
        ("用时 12345678901 次，预约 20261124", "用时 12345678901 次，预约 20261124"),
    ],
)
def test_mask_numbers__what_looks_like_a_person__stars(clear, masked):
    assert logs.mask_numbers(clear) == masked


@pytest.mark.parametrize("json", [True, False])
def test_log_line__library_or_own__masked_and_chinese_readable(json, capsys):
    settings = logs.logging_settings(json=json, level="INFO")
    maker = settings["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=maker["processors"], foreign_pre_chain=maker["foreign_pre_chain"]
    )
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "查询 %s 出错", ("320281195803124519",), None
    )
    line = formatter.format(record)
    assert "320281********4519" in line
    assert "查询" in line


def test_request_line__query__left_out():
    event = {"request": "GET /stations/?address=某街道某号", "code": 200}
    assert logs.without_query(None, "info", event) == {"request": "GET /stations/", "code": 200}
