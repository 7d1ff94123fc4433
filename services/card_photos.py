"""The card photo (`domain.md` B.4): white background, colour, JPEG, 352×440 px, 20–50 KB.

`checked` says precisely what is wrong; `fitted` crops, scales and packs a photo so that it fits.
Whether somebody is in uniform or looks into the camera no rule here can tell: the clerk looks.
"""

from PIL import Image, ImageStat

from services import pictures
from services.refusals import UploadRefusedError

WIDTH, HEIGHT = 352, 440  # px
DPI = (300, 300)
SMALLEST, LARGEST = 20 * 1024, 50 * 1024  # bytes
KEPT_SHARE = 0.5  # a crop that throws away more than half is no crop but another picture
LIGHT = 200  # of 255: a background darker than this is not white
TINGE = 30  # between the strongest and the weakest colour: more is a coloured background
WHITE_SHARE = 0.85
GREY = 6  # mean saturation (0-255) under which a photo is black and white
QUALITIES = (95, 92, 90, 88, 85, 82, 80, 75, 70, 65, 60, 55, 50, 45, 40)
FULL_COLOUR = 0  # Pillow's subsampling 4:4:4


class PhotoFaultsError(UploadRefusedError):
    """A photo that does not meet the rule; `faults` are its shortcomings, one phrase each.

    `can_fit` says whether cropping and scaling would mend it.
    """

    code = "photo_faults"

    def __init__(self, faults, *, can_fit):
        self.faults = faults
        self.can_fit = can_fit
        cure = (
            "可以点“帮我调整”，由平台裁成合适的大小。"
            if can_fit
            else "请换一张白底彩色证件照，或带原照片到服务站由工作人员帮您处理。"
        )
        super().__init__(f"这张照片还不合要求：{'；'.join(faults)}。{cure}")


def checked(data, kind):
    """Return the photo's JPEG bytes without metadata; raises PhotoFaultsError naming every fault."""
    with pictures.opened(data, kind) as picture:
        photo = pictures.flat(pictures.loaded(picture))
    faults = _shape_faults(data, kind, photo)
    others = _look_faults(photo)
    if faults or others:
        raise PhotoFaultsError([*faults, *others], can_fit=not others and _croppable(photo))
    return packed(photo)


def fitted(data, kind):
    """Return the photo cropped about its middle, scaled to 352×440 and packed within 20–50 KB.

    Raises PhotoFaultsError when no cropping can mend it: too small, far too wide or tall, or not
    a colour photo before white.
    """
    with pictures.opened(data, kind) as picture:
        picture.draft("RGB", (WIDTH * 4, HEIGHT * 4))
        photo = pictures.flat(pictures.loaded(picture))
    if not _croppable(photo):
        raise PhotoFaultsError([_why_not(photo)], can_fit=False)
    photo = cropped(photo).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    faults = _look_faults(photo)
    if faults:
        raise PhotoFaultsError(faults, can_fit=False)
    return packed(photo)


def cropped(photo):
    """The largest part of the proportions 352:440; of a tall one a little more of the top stays."""
    width, height = photo.size
    if width * HEIGHT > height * WIDTH:
        part = round(height * WIDTH / HEIGHT)
        left = (width - part) // 2
        return photo.crop((left, 0, left + part, height))
    part = round(width * HEIGHT / WIDTH)
    top = (height - part) // 3
    return photo.crop((0, top, width, top + part))


def packed(photo):
    """JPEG bytes of 20 to 50 KB at the best quality that fits; raises PhotoFaultsError."""
    for quality in QUALITIES:
        data = pictures.jpeg(photo, quality=quality, dpi=DPI)
        if len(data) <= LARGEST:
            break
    if len(data) < SMALLEST:
        data = pictures.jpeg(photo, quality=100, dpi=DPI, subsampling=FULL_COLOUR)
    if not SMALLEST <= len(data) <= LARGEST:
        raise PhotoFaultsError(
            ["照片太模糊或画面太空，压不到20至50 KB"] if len(data) < SMALLEST
            else ["画面太杂，压不到50 KB以内"],
            can_fit=False,
        )  # fmt: skip
    return data


def _shape_faults(data, kind, photo):
    """Faults that cropping, scaling and packing mend."""
    faults = []
    if kind != "JPEG":
        faults.append(f"格式是 {kind}，须是 JPG")
    if photo.size != (WIDTH, HEIGHT):
        faults.append(f"大小是 {photo.width}×{photo.height} 像素，须是 {WIDTH}×{HEIGHT}")
    size = len(data)
    if not SMALLEST <= size <= LARGEST:
        amount = f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
        faults.append(f"文件有 {amount}，须在 20 至 50 KB 之间")
    return faults


def _look_faults(photo):
    """Faults that only another photo mends."""
    small = photo.resize((WIDTH // 4, HEIGHT // 4), Image.Resampling.BOX)
    faults = []
    if ImageStat.Stat(small.convert("HSV").getchannel("S")).mean[0] < GREY and _has_contrast(small):
        faults.append("是黑白照片，须是彩色")
    background = _background_fault(small)
    if background:
        faults.append(background)
    return faults


def _has_contrast(photo):
    """An almost empty sheet has no saturation either; it fails elsewhere."""
    return ImageStat.Stat(photo.convert("L")).stddev[0] > GREY


def _background_fault(photo):
    """Look along the top and both sides down to the shoulders; "" when it is white enough."""
    width, height = photo.size
    edge = max(2, width // 12)
    strips = [
        photo.crop((0, 0, width, edge)),
        photo.crop((0, 0, edge, height // 2)),
        photo.crop((width - edge, 0, width, height // 2)),
    ]
    pixels = [pixel for strip in strips for pixel in _pixels(strip)]
    white = sum(min(pixel) >= LIGHT and max(pixel) - min(pixel) <= TINGE for pixel in pixels)
    if white >= WHITE_SHARE * len(pixels):
        return ""
    red, green, blue = (sum(each) / len(pixels) for each in zip(*pixels, strict=True))
    if blue - red > TINGE:
        colour = "偏蓝"
    elif red - blue > TINGE and red - green > TINGE:
        colour = "偏红"
    elif max(red, green, blue) - min(red, green, blue) > TINGE:
        colour = "带颜色"
    else:
        colour = "偏暗或有杂物"
    return f"背景{colour}，须是白色"


def _pixels(photo):
    raw = photo.tobytes()
    return list(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))


def _croppable(photo):
    width, height = photo.size
    part = min(width / WIDTH, height / HEIGHT)
    kept = part * WIDTH * part * HEIGHT
    return part >= 1 and kept >= KEPT_SHARE * width * height


def _why_not(photo):
    if min(photo.width / WIDTH, photo.height / HEIGHT) < 1:
        return f"只有 {photo.width}×{photo.height} 像素，放大会模糊，至少须 {WIDTH}×{HEIGHT}"
    return f"{photo.width}×{photo.height} 像素，太宽或太高，裁下来会丢掉一大半"
