"""PDFs stripped to their pages: no script, attachment, form, link or note of who made them.

The pages move into a new document, so whatever hung on the old one (scripts at opening, embedded
files, forms, XMP) stays behind. What can be seen of forms and stamps is drawn into the page.
"""

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Pdf

from services.refusals import UploadRefusedError

MOST_PAGES = 60
LARGEST_STREAM = 100 * 1024 * 1024  # bytes, unpacked: beyond it is no paper but a bomb
MOST_PACKED = 1032  # times: deflate packs no tighter
PIECE = 1024 * 1024  # bytes
END_WITHIN = 2048  # bytes from the end in which a whole PDF says %%EOF
PAGE_KEEPS = ("/Type", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")
# Taken out of whatever dictionary they stand in.
TAKEN_OUT = (
    "/Metadata", "/PieceInfo", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/AF", "/RF",
    "/LastModified", "/Thumb",
)  # fmt: skip
APP0, APP14, COMMENT, SCAN = 0xE0, 0xEE, 0xFE, 0xDA

# Process-wide: qpdf unpacks what others packed, and only so much of it.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=LARGEST_STREAM,
    run_length_max_memory=LARGEST_STREAM,
    png_max_memory=LARGEST_STREAM,
    tiff_max_memory=LARGEST_STREAM,
)


def cleaned(data):
    """Return the PDF (bytes) with its pages alone; the same input gives the same output.

    Raises UploadRefusedError for locked, broken, truncated and very long ones.
    """
    if b"%%EOF" not in data[-END_WITHIN:]:
        raise _broken("这份 PDF 不完整，后面缺了一段。请重新导出或重新下载后再传。")
    try:
        with Pdf.open(BytesIO(data)) as source:
            return _pages_alone(source)
    except pikepdf.PasswordError as locked:
        raise UploadRefusedError(
            "这份 PDF 设了密码，工作人员打不开。请取消密码后再传，或改传照片。", code="locked"
        ) from locked
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as broken:
        raise _broken(
            "这份 PDF 打不开，可能已损坏。请重新导出后再传，或把材料拍成照片。"
        ) from broken


def _pages_alone(source):
    count = len(source.pages)
    if not count:
        raise _broken("这份 PDF 里没有内容。请打开看一看，再重新导出。")
    if count > MOST_PAGES:
        raise UploadRefusedError(
            f"这份 PDF 有 {count} 页，最多 {MOST_PAGES} 页。请只留要用的几页，或分成几份传。",
            code="too_many_pages",
        )
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    with Pdf.new() as target:
        target.pages.extend(source.pages)
        for page in target.pages:
            for key in set(page.obj.keys()) - {*PAGE_KEEPS, "/Parent"}:
                del page.obj[key]
        for each in target.objects:
            _strip(each)
        out = BytesIO()
        target.remove_unreferenced_resources()
        target.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def _strip(thing):
    """Take scripts, files and metadata out of a dictionary or stream, and out of those within."""
    if isinstance(thing, pikepdf.Array):
        for each in thing:
            _strip_within(each)
        return
    if not isinstance(thing, Dictionary | pikepdf.Stream):
        return
    for key in TAKEN_OUT:
        if key in thing:
            del thing[key]
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == Name.FlateDecode:
        _refuse_bomb(thing.read_raw_bytes())
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == Name.DCTDecode:
        raw = thing.read_raw_bytes()
        bare = without_camera_notes(raw)
        if bare != raw:
            thing.write(bare, filter=Name.DCTDecode, decode_parms=thing.get("/DecodeParms"))
    for key in list(thing.keys()):
        if key != "/Parent":
            _strip_within(thing[key])


def _refuse_bomb(packed):
    """Refuse a stream that would fill the reader's memory; unpacked piece by piece, so not ours."""
    if len(packed) * MOST_PACKED <= LARGEST_STREAM:
        return
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed and size <= LARGEST_STREAM:
            size += len(unpacker.decompress(packed, PIECE))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        return  # a reader cannot unpack it either
    if size > LARGEST_STREAM:
        raise UploadRefusedError(
            "这份 PDF 里有一页大得打不开。请重新导出，或把材料拍成照片再传。", code="too_large"
        )


def _strip_within(thing):
    """Direct objects only: the indirect ones are visited by themselves."""
    if isinstance(thing, pikepdf.Object) and not thing.is_indirect:
        _strip(thing)


def without_camera_notes(data):
    """A JPEG without EXIF (place, time, device), XMP and comments; the picture is untouched.

    Anything that is not a well-formed row of JPEG segments is returned as it is.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == SCAN:
            return bytes(kept + data[at:])
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        is_note = marker == COMMENT or (APP0 < marker <= 0xEF and marker != APP14)
        if not is_note:
            kept += data[at:end]
        at = end
    return data


def _broken(sentence):
    return UploadRefusedError(sentence, code="broken")
