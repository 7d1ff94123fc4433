"""The card photo: each fault named, and made to fit where cropping mends it (`domain.md` B.4)."""

from io import BytesIO

import pytest
from PIL import Image

from services import card_photos, uploads
from services.card_photos import PhotoFaultsError
from tests.services.paper_makers import HEIC, pdf, picture, portrait, upload


def faults_of(data):
    with pytest.raises(PhotoFaultsError) as caught:
        uploads.clean(upload(data), photo=True)
    return caught.value


def fits(data):
    photo = Image.open(BytesIO(data))
    assert (photo.format, photo.size) == ("JPEG", (352, 440))
    assert photo.info["dpi"] == (300, 300)
    assert 20 * 1024 <= len(data) <= 50 * 1024
    assert not photo.getexif()


def test_checked__right_photo__is_kept_without_metadata():
    result = uploads.clean(upload(portrait()), photo=True)
    fits(result.data)


def test_checked__wrong_size__is_named_with_both_sizes_and_can_be_mended():
    faults = faults_of(portrait((600, 800)))
    assert "大小是 600×800 像素，须是 352×440" in faults.faults
    assert faults.can_fit
    assert "帮我调整" in faults.message


def test_checked__too_heavy_and_too_light__are_named_in_kilobytes():
    heavy = faults_of(portrait(quality=100))
    assert any("须在 20 至 50 KB 之间" in each for each in heavy.faults)
    light = faults_of(portrait(quality=8))
    assert any("KB，须在 20 至 50 KB 之间" in each for each in light.faults)


def test_checked__png__is_named():
    out = BytesIO()
    Image.open(BytesIO(portrait())).save(out, "PNG")
    assert "格式是 PNG，须是 JPG" in faults_of(out.getvalue()).faults


@pytest.mark.parametrize(
    ("background", "words"),
    [
        ("#3f78c9", "背景偏蓝"),
        ("#c02020", "背景偏红"),
        ("#555555", "背景偏暗"),
        ("#60a060", "背景带颜色"),
    ],
)
def test_checked__background__is_named_by_its_colour_and_cannot_be_mended(background, words):
    faults = faults_of(portrait(background=background))
    assert any(each.startswith(words) for each in faults.faults)
    assert not faults.can_fit


def test_checked__slightly_grey_white__passes():
    uploads.clean(upload(portrait(background="#dcdedb")), photo=True)


def test_checked__black_and_white__is_named():
    assert "是黑白照片，须是彩色" in faults_of(portrait(coloured=False)).faults


def test_checked__several_faults__are_all_said_at_once():
    faults = faults_of(portrait((800, 800), background="#3f78c9"))
    assert len(faults.faults) >= 2


def test_checked__pdf__is_refused_in_words():
    with pytest.raises(uploads.UploadRefusedError, match="须是照片"):
        uploads.clean(upload(pdf()), photo=True)


@pytest.mark.parametrize("size", [(352, 440), (704, 880), (1500, 2000), (1200, 1200), (900, 1600)])
def test_fitted__croppable_photo__meets_the_rule(size):
    fits(card_photos.fitted(portrait(size, quality=90), "JPEG"))


def test_fitted__heavy_photo_of_the_right_size__is_packed():
    fits(card_photos.fitted(portrait(quality=100), "JPEG"))


@pytest.mark.parametrize(
    ("size", "words"),
    [((300, 400), "放大会模糊"), ((2400, 600), "太宽或太高"), ((500, 2000), "太宽或太高")],
)
def test_fitted__too_small_or_too_wide__says_why_not(size, words):
    with pytest.raises(PhotoFaultsError, match=words):
        card_photos.fitted(portrait(size, quality=90), "JPEG")


def test_fitted__coloured_background__is_still_refused():
    with pytest.raises(PhotoFaultsError, match="背景"):
        card_photos.fitted(portrait((704, 880), background="#3f78c9", quality=90), "JPEG")


def test_fitted__empty_sheet__is_no_photo():
    with pytest.raises(PhotoFaultsError):
        card_photos.fitted(picture((704, 880), "PNG", exif=False), "PNG")


def test_fitted__heic__is_read(settings):
    with pytest.raises(PhotoFaultsError, match="放大会模糊"):
        card_photos.fitted(HEIC, "HEIC")


def test_cropped__tall_photo__keeps_more_of_the_head():
    photo = Image.new("RGB", (352, 840), "white")
    photo.paste("red", (0, 0, 352, 134))
    assert card_photos.cropped(photo).size == (352, 440)
    assert card_photos.cropped(photo).getpixel((10, 0))[1] == 0
