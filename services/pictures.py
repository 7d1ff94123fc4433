"""Pictures: decoded within limits, turned upright, scaled, and written anew without metadata."""

import threading
from contextlib import contextmanager
from io import BytesIO

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from services.refusals import UploadRefusedError

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400  # px: an A4 sheet at 200 dpi, small print readable
SMALLEST_SIDE = 64  # px: under this nobody can read anything
QUALITY = 85
FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "HEIC": "HEIF"}

pi_heif.register_heif_opener()
# A decoded picture of 40 megapixels takes 160 MB: so many at once in one process.
_decoding = threading.BoundedSemaphore(2)


def cleaned(data, kind):
    """Return the picture as JPEG bytes: upright, LONGEST_SIDE at most, nothing of the camera's.

    `kind` is a key of FORMATS. Raises UploadRefusedError for bombs, broken and tiny pictures.
    """
    with opened(data, kind) as picture:
        if min(picture.size) < SMALLEST_SIDE:
            raise UploadRefusedError(
                f"这张图片只有 {picture.width}×{picture.height} 像素，看不清内容。请重新拍一张再传。",
                code="too_small",
            )
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = flat(loaded(picture))
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return jpeg(upright, quality=QUALITY)


@contextmanager
def opened(data, kind):
    """The picture with its size known and its pixels not yet decoded; one of few at a time."""
    with _decoding:
        try:
            picture = Image.open(BytesIO(data), formats=[FORMATS[kind]])
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise _too_many_pixels() from bomb
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
            raise _broken() from broken
        with picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels()
            yield picture


def loaded(picture):
    """The decoded picture, turned as the camera held it."""
    try:
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as broken:
        raise _broken() from broken


def flat(picture):
    """RGB on white; of an animation the first frame."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGB", layered.size, "white")
        white.paste(layered, mask=layered.getchannel("A"))
        return white
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def jpeg(picture, *, quality, **options):
    """JPEG bytes of an RGB picture without any metadata; the same pixels give the same bytes.

    `options` are those of Pillow's JPEG writer (`dpi`, `subsampling`).
    """
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, **options)
    return out.getvalue()


def _too_many_pixels():
    return UploadRefusedError(
        "这张图片的像素太多，最多4000万像素。请在手机相册里编辑缩小，或换普通拍照模式重拍。",
        code="too_many_pixels",
    )


def _broken():
    return UploadRefusedError(
        "这张图片打不开，可能没有保存完整。请先在手机上打开看一看，再重新拍照或选择。",
        code="broken",
    )
