"""The PDF of an issued paper: A4, drawn by typst from what was signed, with a code to verify it."""

import io
import unicodedata
from functools import lru_cache
from pathlib import Path

import noto_cjk_sans_otc
import segno
import typst
from django.utils import timezone
from PIL import ImageFont

from services.actions import documents
from services.enums import DocumentKind
from veterans_portal import signing

SOURCE = Path(__file__).parent / "data" / "paper.typ"
UNKNOWN = "〓"  # what printers put where they have no type
UNKNOWN_NOTE = "注：“〓”处的字平台字库里没有，以身份证等证件上的为准。"
SIMPLIFIED = 2  # the face of the collection with mainland shapes


def pdf(document, *, verify_url, verify_at):
    """Return the sealed PDF (bytes) of a Document.

    `verify_url` is what the QR code leads to, `verify_at` the address to type, both absolute.
    """
    body = documents.body_of(document)
    day = timezone.localdate(document.issued_at)
    data = {
        "title": body.get("title") or document.get_kind_display(),
        "addressee": "" if document.kind == DocumentKind.IDENTITY_PROOF else body["name"],
        "paragraphs": body.get("paragraphs", []),
        "rows": body.get("rows", []),
        "items_title": body.get("items_title", ""),
        "items": body.get("items", []),
        "note": body.get("note", ""),
        "station": document.station.name,
        "number": document.number,
        "issued_on": _day(day),
        "valid_until": _day(document.valid_until) if document.valid_until else "",
        "code": documents.grouped(document.code),
        "digest": document.digest,
        "algorithm": signing.algorithm_of(document.key_id),
        "key_id": document.key_id,
        "verify_at": verify_at,
    }
    printable = _printable(data)
    if printable != data:
        printable["note"] = "\n".join(filter(None, [printable["note"], UNKNOWN_NOTE]))
    made = typst.compile(
        SOURCE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": documents.canonical(printable | {"qr": _qr(verify_url)})},
        timestamp=int(document.issued_at.timestamp()),
    )
    return documents.sealed(made, document)


def _printable(value):
    """The value with every character that the font lacks replaced, and nothing invisible in it."""
    if isinstance(value, str):
        return "".join(each if has_glyph(each) else UNKNOWN for each in value)
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return value


@lru_cache(maxsize=20_000)
def has_glyph(character):
    """Whether the font can draw a character; blanks and line ends need no drawing."""
    category = unicodedata.category(character)
    if character == "\n" or category == "Zs":
        return True
    if category[0] == "C":
        return False
    font = _face()
    return bytes(font.getmask(character)) != _missing()


@lru_cache(maxsize=1)
def _missing():
    return bytes(_face().getmask("\U0010fffd"))


@lru_cache(maxsize=1)
def _face():
    return ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), size=24, index=SIMPLIFIED)


@lru_cache(maxsize=1)
def _fonts():
    folder = str(noto_cjk_sans_otc.FONT_PATH.parent)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _qr(url):
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"
