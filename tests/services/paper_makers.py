"""Pictures and PDFs as phones and people make them, for the tests of uploads."""

import base64
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

# 96×80, left half red, with a camera's notes; made once by an encoder the portal does not ship.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAZdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAABuwABAAAAAAAAALcAAgAAAAACcgABAAAAAAAAADAAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3"
    "aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAr"
    "QgEBA3AAAAMAkAAAAwAAAwAeoDCBRZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAAB"
    "AA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAUAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAABpp"
    "cmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA721kYXQAAACzKAGvWJP/B0kv//nO7//Kj0h9iV50bi350GYvT+J/uGygMhhw"
    "eoU0PnxgZr0a3h0snX4AwY2gKgmV8AKxE5MZNUEUMf9Mi5m6Km+MNrf9dJxOuxmq4LoYYeXnNMe/z30XX6NPTevMYxjf"
    "2eZWYqQl38/MBadjErdqjCdAIBoNQXuO02kQ2K1KUp3yMUjbsyfmEKmry/DHx/i9XJItFSYBevCQJYkvh1+Lxn+N+9/A"
    "Iftp5KwAAAAGRXhpZgAATU0AKgAAAAgAAQEPAAIAAAALAAAAGgAAAABQaG9uZU1ha2VyAAA="
)


def upload(data, name="照片.jpg"):
    return SimpleUploadedFile(name, data)


def picture(size=(800, 600), kind="JPEG", *, mode="RGB", exif=True, **options):
    """A picture of two colours, its left half red, as bytes, with what a camera notes."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    if exif and kind in ("JPEG", "WEBP"):
        noted = Image.Exif()
        noted[MAKER] = "PhoneMaker"
        noted[ORIENTATION] = 6  # held upright: the picture lies on its side
        noted.get_ifd(GPS)[2] = (31.0, 29.0, 11.0)
        options["exif"] = noted
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def portrait(size=(352, 440), *, background="white", coloured=True, quality=None):
    """A head before a background, grainy as a photo is, as JPEG bytes (default: of 20 to 50 KB)."""
    width, height = size
    image = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(image)
    skin, coat = ((214, 160, 130), (40, 60, 110)) if coloured else ((160,) * 3, (60,) * 3)
    box = (width * 0.3, height * 0.18, width * 0.7, height * 0.62)
    shoulders = (width * 0.12, height * 0.66, width * 0.88, height * 1.2)
    draw.ellipse(shoulders, fill=coat)
    draw.ellipse(box, fill=skin)
    noise = Image.effect_noise(size, 60).convert("L")
    grain = Image.merge("RGB", (noise,) * 3)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=120)
    ImageDraw.Draw(mask).ellipse(shoulders, fill=120)
    image.paste(Image.blend(image, grain, 0.35), mask=mask)
    if not coloured:
        image = image.convert("L").convert("RGB")
    for each in (quality,) if quality else (95, 90, 85, 80, 70):
        out = BytesIO()
        image.save(out, "JPEG", quality=each)
        if len(out.getvalue()) <= 50 * 1024:
            break
    return out.getvalue()


def pdf(pages=1, *, nasty=False, photo=None, password=""):
    """A PDF; `nasty` hangs a script, a file, a form and metadata on it; `photo` is JPEG bytes."""
    document = pikepdf.Pdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if photo:
        stream = document.make_stream(photo)
        stream.update(
            {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 8,
             "/Height": 6, "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
             "/Filter": pikepdf.Name.DCTDecode}
        )  # fmt: skip
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=stream))
        page.Contents = document.make_stream(b"q 100 0 0 100 0 0 cm /P Do Q")
    if nasty:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('evil')")
        document.Root.OpenAction = script
        document.attachments["evil.exe"] = b"MZ evil"
        document.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script
        )
        document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(link)])
        with document.open_metadata() as notes:
            notes["dc:title"] = "320281195803124512"
        document.docinfo["/Author"] = "王建国"
    out = BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else None
    document.save(out, **({"encryption": encryption} if encryption else {}))
    return out.getvalue()
