"""Files from people's phones, distrusted: what they are is read from the content, never the name.

What is kept is made anew here: pictures are decoded and encoded again without what the camera
noted (place, time, device), PDFs are stripped of everything that is not pages. Each refusal is a
sentence that says how to mend it.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from services import card_photos, pdf_cleaning, pictures
from services.refusals import UploadRefusedError
from veterans_portal import crypto, virus_scan
from veterans_portal.masking import mask_text

__all__ = ["Cleaned", "UploadRefusedError", "clean", "kind_of", "shown_name"]

JPEG, PNG, WEBP, HEIC, PDF = "JPEG", "PNG", "WEBP", "HEIC", "PDF"
PICTURES = (JPEG, PNG, WEBP, HEIC)
ACCEPTED = "请上传照片（JPG、PNG、HEIC、WebP）或 PDF 文件"
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
# What people send instead, and what to do about it.
KNOWN_OTHERS = (
    (b"PK\x03\x04", "这是 Word、WPS、Excel 文档或压缩包，不能直接上传。请另存为 PDF，或把纸质材料拍成照片再传。"),
    (b"\xd0\xcf\x11\xe0", "这是 Word、WPS 或 Excel 文档，不能直接上传。请另存为 PDF，或把纸质材料拍成照片再传。"),
    (b"GIF8", "这是动图（GIF），看不清材料。请用手机重新拍一张照片再传。"),
    (b"Rar!", "这是压缩包。请解压后，把里面的照片或 PDF 一份一份地传。"),
    (b"7z\xbc\xaf", "这是压缩包。请解压后，把里面的照片或 PDF 一份一份地传。"),
    (b"II*\x00", "这是 TIFF 图片，平台打不开。请另存为 JPG 再传。"),
    (b"MM\x00*", "这是 TIFF 图片，平台打不开。请另存为 JPG 再传。"),
    (b"BM", "这是 BMP 图片，平台打不开。请另存为 JPG 再传。"),
    (b"MZ", f"这是一个程序，不是材料。{ACCEPTED}。"),
)  # fmt: skip
NAME_LENGTH = 60
LONG_DIGITS = re.compile(r"\d{11,}[Xx]?")


@dataclass(frozen=True)
class Cleaned:
    """What is kept of an upload. `size` in bytes and `digest` (SM3, hex) are those of `data`."""

    data: bytes
    content_type: str
    suffix: str
    size: int
    digest: str


def clean(upload, *, photo=False):
    """Check an uploaded file and return it as it may be kept (Cleaned).

    `upload` is a Django `UploadedFile`; `photo` asks for a card photo (`domain.md` B.4), whose
    check is stricter. Raises UploadRefusedError with a sentence that says how to mend it.
    """
    data = _read(upload)
    kind = kind_of(data)
    if kind is None:
        raise UploadRefusedError(_what_it_is(data), code="wrong_type")
    _scan(data)
    if photo:
        if kind == PDF:
            raise UploadRefusedError(
                "证件照须是照片，这是 PDF。请上传 JPG 格式的白底彩色照片。", code="wrong_type"
            )
        return _cleaned(card_photos.checked(data, kind), "image/jpeg", ".jpg")
    if kind == PDF:
        return _cleaned(pdf_cleaning.cleaned(data), "application/pdf", ".pdf")
    return _cleaned(pictures.cleaned(data, kind), "image/jpeg", ".jpg")


def read_picture(upload):
    """The bytes of an upload that must be a picture, checked and scanned, and its kind.

    For the card photo that is made to fit. Raises UploadRefusedError.
    """
    data = _read(upload)
    kind = kind_of(data)
    if kind not in PICTURES:
        raise UploadRefusedError(
            _what_it_is(data) if kind is None else "证件照须是照片，这是 PDF。请上传照片。",
            code="wrong_type",
        )
    _scan(data)
    return data, kind


def kind_of(data):
    """What the content is: JPEG, PNG, WEBP, HEIC or PDF; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return HEIC
    if b"%PDF-" in data[:1024]:
        return PDF
    return None


def shown_name(name, suffix):
    """How a file is called on pages: the name it came with, without path, tricks and numbers.

    Nothing invisible, no direction marks, at most NAME_LENGTH characters, ID numbers and phones
    masked; `suffix` is that of the kept content.
    """
    text = unicodedata.normalize("NFC", str(name or "")).replace("\\", "/")
    text = PurePosixPath(text.replace("\x00", "")).name
    text = "".join(
        " " if unicodedata.category(each) == "Zs" else each
        for each in text
        if unicodedata.category(each)[0] != "C"
    )
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", text)
    stem = re.sub(r'[<>:"/|?*]', "_", stem).strip(" ._")
    stem = LONG_DIGITS.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", mask_text(stem))
    return (stem[:NAME_LENGTH].strip() or "材料") + suffix


def _read(upload):
    """The whole content, within the limit."""
    most = settings.MATTER_FILE_MAX_BYTES
    if upload.size > most:
        raise UploadRefusedError(
            f"这份文件有 {upload.size / 1024 / 1024:.1f} MB，太大了，最多 {most // 1024 // 1024} MB。"
            "照片请在手机相册里压缩或截小后再传，PDF 请分成几份传。",
            code="too_large",
        )
    upload.seek(0)
    data = upload.read(most + 1)
    if not data:
        raise UploadRefusedError(
            "这份文件是空的，可能没有保存完。请打开看一看，再重新选择。", code="empty"
        )
    return data


def _what_it_is(data):
    if data[4:8] == b"ftyp":
        return "这是视频，不是照片。请拍一张照片，或上传 PDF 文件。"
    for beginning, sentence in KNOWN_OTHERS:
        if data.startswith(beginning):
            return sentence
    return f"平台认不出这份文件。{ACCEPTED}；实在传不了，可带原件到服务站由工作人员代传。"


def _scan(data):
    try:
        virus = virus_scan.infected(data)
    except virus_scan.ScannerAwayError as away:
        raise UploadRefusedError(
            "现在不能检查文件是否安全，没有保存。请稍后再传，或带原件到服务站办理。",
            code="scanner_away",
        ) from away
    if virus:
        raise UploadRefusedError(
            "这份文件里发现了病毒，没有保存。请用手机重新拍照上传，并检查您的电脑或手机。",
            code="infected",
        )


def _cleaned(data, content_type, suffix):
    return Cleaned(data, content_type, suffix, len(data), crypto.digest(data))
