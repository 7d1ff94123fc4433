"""No log line carries a clear ID number, a phone, or a code that opens something."""

import logging

import pytest
import structlog
from django.urls import reverse

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


def lines_of(*, json):
    maker = logs.logging_settings(json=json, level="INFO")["formatters"]["lines"]
    return structlog.stdlib.ProcessorFormatter(
        processors=maker["processors"], foreign_pre_chain=maker["foreign_pre_chain"]
    )


@pytest.mark.parametrize("json", [True, False])
def test_log_line__library_or_own__masked_and_chinese_readable(json, capsys):
    formatter = lines_of(json=json)
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "查询 %s 出错", ("320281195803124519",), None
    )
    line = formatter.format(record)
    assert "320281********4519" in line
    assert "查询" in line


def test_request_line__query__left_out():
    event = {"request": "GET /stations/?address=某街道某号", "code": 200}
    assert logs.without_query(None, "info", event) == {"request": "GET /stations/", "code": 200}


BEARERS = {
    "rate": "4HQ7XKPMTW2R",
    "rate_screen": "1:1vNkQz:Zx81-abc_DEF9",
    "rate_screen_back": "1:1vNkQz:Zx81-abc_DEF9",
    "verify_code": "4HQ7XKPMTW2R4HQ7",
    "document_pdf": "4HQ7XKPMTW2R4HQ7",
    "desk_document_revoke": "4HQ7XKPMTW2R4HQ7",
    "booking": "4HQ7XKPMTW",
    "booking_qr": "4HQ7XKPMTW",
    "booking_cancel": "4HQ7XKPMTW",
    "desk_booking": "4HQ7XKPMTW",
}


@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize(("name", "code"), BEARERS.items())
def test_log_line__address_that_opens_something__keeps_its_code_to_itself(name, code, json):
    address = reverse(f"services:{name}", args=[code])
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: %s", (address,), None
    )
    line = lines_of(json=json).format(record)
    assert code not in line
    assert address.split("/")[1] in line


def test_log_line__photo_of_a_matter__keeps_its_token_to_itself():
    address = reverse("services:matter_photo", args=["WX20261124001", "1:1vNkQz:Zx81-abc_DEF9"])
    assert logs.mask_codes(address) == "/matters/WX20261124001/photo/***/"


@pytest.mark.parametrize("path", ["/desk/hall/320281101000/day/", "/desk/matters/WX20261124001/"])
def test_mask_codes__other_addresses__stay_readable(path):
    assert logs.mask_codes(f"GET {path}") == f"GET {path}"
