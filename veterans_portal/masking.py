"""Masked forms of personal data (`domain.md` D.5). Masking happens here, on the server, only."""

import re

ID_NUMBER_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10,13}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
PHONE_IN_TEXT = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def mask_name(name):
    """张建国 -> 张*国, 张三 -> 张*; for people outside the staff."""
    if not name or len(name) == 1:
        return name or ""
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id_number(number):
    """Keep the first and the last four characters."""
    if not number:
        return ""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def mask_phone(phone):
    """13812341234 -> 138****1234; other lengths keep the last four only."""
    if not phone:
        return ""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 4, 0) + phone[-4:]


def mask_address(address):
    """Keep the address down to street or town (街道, 镇); the rest becomes ****."""
    if not address:
        return ""
    found = re.match(r".*?(街道|镇|开发区|园区)", address)
    return (found.group(0) if found else address[:6]) + "****"


def mask_text(text):
    """Mask everything in free text that looks like an ID number or a mobile phone."""
    text = ID_NUMBER_IN_TEXT.sub(lambda m: f"{m[1]}**********{m[2]}", text)
    return PHONE_IN_TEXT.sub(lambda m: f"{m[1]}****{m[2]}", text)
