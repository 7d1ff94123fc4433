"""Files from phones: what is kept is clean, what is refused is told how to mend it."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from services import pdf_cleaning, pictures, uploads
from services.refusals import UploadRefusedError
from tests.services.paper_makers import EICAR, GPS, HEIC, pdf, picture, upload


def cleaned(data, name="照片.jpg", **options):
    return uploads.clean(upload(data, name), **options)


def refusal(data, name="照片.jpg", **options):
    with pytest.raises(UploadRefusedError) as caught:
        cleaned(data, name, **options)
    return caught.value


def opened(result):
    return Image.open(BytesIO(result.data))


def test_clean__photo_of_a_phone__is_upright_and_knows_neither_place_nor_maker():
    data = picture((800, 600))
    assert Image.open(BytesIO(data)).getexif().get_ifd(GPS)
    result = cleaned(data)
    shown = opened(result)
    assert shown.size == (600, 800)
    assert not shown.getexif()
    assert b"PhoneMaker" not in result.data
    # the left half of a picture on its side is the upper half once it is upright
    assert shown.getpixel((300, 100))[1] < 100 < shown.getpixel((300, 700))[1]


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {}), ("PNG", {}), ("WEBP", {})])
def test_clean__pictures_of_each_kind__become_jpeg(kind, options):
    result = cleaned(picture((300, 200), kind, **options))
    assert (result.content_type, result.suffix) == ("image/jpeg", ".jpg")
    assert result.data.startswith(b"\xff\xd8\xff")
    assert result.size == len(result.data)


def test_clean__heic_of_an_iphone__becomes_jpeg():
    assert uploads.kind_of(HEIC) == uploads.HEIC
    result = cleaned(HEIC, "IMG_0001.HEIC")
    shown = opened(result)
    assert (shown.format, shown.size) == ("JPEG", (96, 80))
    assert shown.getpixel((10, 40))[1] < 100 < shown.getpixel((90, 40))[1]
    assert b"PhoneMaker" in HEIC
    assert b"PhoneMaker" not in result.data


def test_clean__truncated_heic__is_refused():
    assert refusal(HEIC[: len(HEIC) // 2]).code == "broken"


def test_clean__large_photo__is_scaled_to_what_a_reader_needs():
    result = cleaned(picture((6000, 4000), exif=False))
    assert max(opened(result).size) == pictures.LONGEST_SIDE


def test_clean__see_through_picture__lies_on_white():
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    out = BytesIO()
    image.save(out, "PNG")
    assert opened(cleaned(out.getvalue())).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16"])
def test_clean__unusual_colours__become_plain_ones(mode):
    out = BytesIO()
    Image.new(mode, (100, 100)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(cleaned(out.getvalue())).mode == "RGB"


def test_clean__same_file_twice__has_one_digest():
    data = picture()
    assert cleaned(data).digest == cleaned(data, "别的名字.jpg").digest
    paper = pdf(nasty=True)
    assert cleaned(paper).digest == cleaned(paper).digest


def test_clean__wrong_name__goes_by_the_content():
    assert cleaned(pdf(), "照片.jpg").content_type == "application/pdf"
    assert cleaned(picture(), "合同.pdf").content_type == "image/jpeg"


def test_clean__pixel_bomb__is_refused_before_it_is_unpacked():
    out = BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    said = refusal(out.getvalue())
    assert said.code == "too_many_pixels"
    assert "4000万像素" in said.message


def test_clean__pixel_bomb_beyond_pillows_own_limit__is_refused_kindly():
    out = BytesIO()
    Image.new("1", (20000, 20000)).save(out, "PNG")
    assert refusal(out.getvalue()).code == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_clean__truncated_picture__is_refused(kind):
    data = picture((600, 400), kind)
    assert refusal(data[: len(data) // 2]).code == "broken"


def test_clean__tiny_picture__is_refused():
    assert refusal(picture((40, 40))).code == "too_small"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 word", "另存为 PDF"),
        (b"\xd0\xcf\x11\xe0 doc", "另存为 PDF"),
        (b"GIF89a", "重新拍一张"),
        (b"MZ\x90\x00", "不是材料"),
        (b"\x00\x00\x00\x18ftypmp42", "视频"),
        (b"<html><script>alert(1)</script>", "认不出"),
        (b"\x00" * 100, "认不出"),
    ],
)
def test_clean__something_else__says_what_to_do_instead(data, words):
    said = refusal(data, "照片.jpg")
    assert said.code == "wrong_type"
    assert words in said.message


def test_clean__empty_and_too_large__are_refused(settings):
    assert refusal(b"").code == "empty"
    settings.MATTER_FILE_MAX_BYTES = 1024 * 1024
    said = refusal(picture() + b"\0" * 1024 * 1024)
    assert said.code == "too_large"
    assert "最多 1 MB" in said.message


def test_clean__nasty_pdf__keeps_pages_alone():
    result = cleaned(pdf(2, nasty=True), "材料.pdf")
    for word in (b"evil", b"alert", b"JavaScript", b"EmbeddedFile", b"/Annot", b"3202811958"):
        assert word not in result.data
    with pikepdf.open(BytesIO(result.data)) as kept:
        assert len(kept.pages) == 2
        assert set(kept.Root.keys()) <= {"/Type", "/Pages"}
        assert not kept.attachments
        assert "/Info" not in kept.trailer or "/Author" not in kept.docinfo


def test_clean__photo_within_a_pdf__loses_its_place():
    photo = picture((8, 6))
    result = cleaned(pdf(photo=photo))
    assert b"PhoneMaker" in photo
    assert b"PhoneMaker" not in result.data
    with pikepdf.open(BytesIO(result.data)) as kept:
        image = kept.pages[0].Resources.XObject.P
        assert Image.open(BytesIO(image.read_raw_bytes())).size == (8, 6)


def test_clean__what_a_form_shows__stays_visible():
    source = pikepdf.Pdf.new()
    page = source.add_blank_page(page_size=(300, 300))
    seal = source.make_stream(b"0 0 10 10 re f")
    seal.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form,
                 "/BBox": pikepdf.Array([0, 0, 10, 10])})  # fmt: skip
    stamp = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 10, 10],
        AP=pikepdf.Dictionary(N=seal), F=4,
    )  # fmt: skip
    page.obj.Annots = pikepdf.Array([source.make_indirect(stamp)])
    out = BytesIO()
    source.save(out)
    with pikepdf.open(BytesIO(cleaned(out.getvalue()).data)) as kept:
        assert "/Annots" not in kept.pages[0].obj
        assert kept.pages[0].Resources.XObject.keys()


def test_clean__locked_truncated_broken_endless_pdf__each_says_how_to_mend_it():
    assert refusal(pdf(password="geheim")).code == "locked"
    whole = pdf(3)
    assert "不完整" in refusal(whole[: len(whole) - 120]).message
    assert refusal(b"%PDF-1.7\nnonsense\n%%EOF").code == "broken"
    assert refusal(pdf(pdf_cleaning.MOST_PAGES + 1)).code == "too_many_pages"


def test_clean__page_that_unpacks_without_end__is_refused(monkeypatch):
    monkeypatch.setattr(pdf_cleaning, "LARGEST_STREAM", 1024 * 1024)
    source = pikepdf.Pdf.new()
    page = source.add_blank_page(page_size=(99, 99))
    page.Contents = source.make_stream(b" " * 3 * 1024 * 1024)
    out = BytesIO()
    source.save(out, compress_streams=True)
    assert len(out.getvalue()) < 10_000
    assert "大得打不开" in refusal(out.getvalue()).message


def test_clean__objects_packed_together__are_unpacked_within_a_limit():
    limits = pikepdf.settings.get_qpdf_limits()
    assert limits["flate_max_memory"] == pdf_cleaning.LARGEST_STREAM


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"abc"])
def test_without_camera_notes__no_proper_jpeg__is_left_as_it_is(data):
    assert pdf_cleaning.without_camera_notes(data) == data


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\王\\身份证.PNG", "身份证.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("身份证\u202egpj.exe", "身份证gpj.jpg"),
        ("320281195803124512.jpg", "3202**********4512.jpg"),
        ("13812341234照片.jpg", "138****1234照片.jpg"),
        ("长" * 300 + ".heic", "长" * 60 + ".jpg"),
        ("", "材料.jpg"),
        ("....jpg", "材料.jpg"),
        ('<script>"x".jpg', "script__x.jpg"),
        ("1" * 28 + ".jpg", "111****1111.jpg"),
        ("😀笑.jpg", "😀笑.jpg"),
    ],
)
def test_shown_name__tricks_and_numbers__are_gone(name, shown):
    assert uploads.shown_name(name, ".jpg") == shown


def test_clean__virus__is_refused_by_the_scanner(settings):
    settings.VIRUS_SCANNER = "tests.services.test_uploads.finds_eicar"
    assert cleaned(picture()).size
    said = refusal(picture() + EICAR)
    assert said.code == "infected"
    assert "病毒" in said.message


def finds_eicar(data):
    return "Eicar" if EICAR in data else ""
