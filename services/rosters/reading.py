"""Reading an uploaded workbook that nobody vouches for, a row at a time.

The usual readers build the whole sheet in memory, sized by the farthest cell a file claims; one
cell at XFD1048576 is enough to kill them. This one keeps the shared strings and one row, whatever
the file says, and counts the bytes it really unpacks.
"""

import datetime as dt
import re
import zipfile
import zlib
from array import array
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO

from lxml import etree

from services.rosters.columns import COLUMNS
from veterans_portal.errors import DomainError

MOST_UNPACKED = 600 * 1024 * 1024
MOST_STRINGS = 200 * 1024 * 1024
MOST_SMALL_PART = 8 * 1024 * 1024
MOST_PARTS = 500
MOST_ELEMENT = 4 * 1024 * 1024  # bytes of XML for one row or one string
PIECE = 64 * 1024
MOST_ROWS = 300_000
MOST_CELL = 32_767  # characters, Excel's own limit
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, CELL, VALUE = f"{MAIN}row", f"{MAIN}c", f"{MAIN}v"
ITEM, TEXT, HINT = f"{MAIN}si", f"{MAIN}t", f"{MAIN}rPh"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
SAFE_XML = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DAMAGED = "这个文件已损坏，读不下去。请用Excel打开另存一份，再上传。"
CROWDED = "名册里有一行或一格的内容多得不合常理，请用平台的模板重新填写，再上传。"
BROKEN = (
    etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, ValueError, LookupError, EOFError,
    OSError, NotImplementedError,
)  # fmt: skip
EPOCH = dt.datetime(1899, 12, 30)
EPOCH_1904 = dt.datetime(1904, 1, 1)


class FileRefused(DomainError):  # noqa: N818
    """The file as a whole cannot be taken; the message says why and what to do."""

    code = "roster_file"


def refuse_what_is_no_workbook(data):
    """Look at the first bytes and the table of contents; raises FileRefused.

    `data` is bytes or a seekable binary file.
    """
    with _archive(data) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise FileRefused("这个文件不是Excel工作簿，请用平台的模板填写，另存为.xlsx后再上传。")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FileRefused("这个文件带有宏。请另存为不带宏的.xlsx，再上传。")
        sizes = sum(each.file_size for each in archive.infolist())
        if len(names) > MOST_PARTS or sizes > MOST_UNPACKED:
            raise FileRefused("这个文件解开后太大，请分成几个文件，每个不超过30万行，再上传。")
        if any(each.flag_bits & 1 for each in archive.infolist()):
            raise FileRefused("这个文件设了密码。请取消密码后另存，再上传。")


def rows(data, columns=COLUMNS):
    """Yield (row number in the sheet, list of cells in the order of `columns`) below the headings.

    A cell is None, str, bool, float or datetime. Empty rows are left out. Raises FileRefused.
    """
    refuse_what_is_no_workbook(data)
    try:
        with _archive(data) as archive:
            yield from Sheet(archive).rows(columns)
    except BROKEN as error:
        raise FileRefused(DAMAGED) from error


def count_rows(data):
    """About how many rows the sheet has, for the progress; also unpacks it once, so a bomb bursts
    here, harmless."""
    try:
        with _archive(data) as archive:
            source = Counted(archive, Sheet.path_in(archive))
            count, tail = -1, b""
            while piece := source.read():
                count += (tail + piece).count(b"</row>")
                tail = piece[-5:]
            return max(count, 0)
    except BROKEN as error:
        raise FileRefused(DAMAGED) from error


class Counted:
    """A part of the archive that stops being read when it grows past all reason."""

    def __init__(self, archive, name, most=None):
        self.part = archive.open(name)
        self.left = most or MOST_UNPACKED

    def read(self, size=-1):
        """Read like a file."""
        piece = self.part.read(PIECE if size < 0 else min(size, PIECE))
        self.left -= len(piece)
        if self.left < 0:
            raise FileRefused("这个文件解开后太大，请分成几个文件，再上传。")
        return piece


class Strings:
    """The shared strings as one piece of bytes with offsets: a tenth of a list's memory."""

    def __init__(self, archive, name):
        self.text = bytearray()
        self.ends = array("Q", [0])
        if name not in archive.namelist():
            return
        for item in _elements(Counted(archive, name, MOST_STRINGS), ITEM):
            plain = len(item) == 1 and item[0].tag == TEXT
            self.text += ((item[0].text or "") if plain else _words(item)).encode()
            self.ends.append(len(self.text))

    def __getitem__(self, number):
        if number < 0:
            raise KeyError(number)
        return _unescaped(self.text[self.ends[number] : self.ends[number + 1]].decode())


class Sheet:
    """The first sheet of the workbook (or the one named 名册)."""

    def __init__(self, archive):
        self.archive = archive
        book = _tree(archive, "xl/workbook.xml")
        properties = book.find(f"{MAIN}workbookPr")
        old = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = EPOCH_1904 if old else EPOCH
        self.path = self.path_in(archive)
        self.strings = Strings(archive, "xl/sharedStrings.xml")
        self.dates = self._date_styles()

    def rows(self, columns):
        """See the function of this name."""
        order = None
        found = 0
        for line, cells in self._lines():
            if order is None:
                if any(value is not None for value in cells.values()):
                    order = _order(cells, columns)
                continue
            values = [cells.get(column) for column in order]
            if all(value is None for value in values):
                continue
            found += 1
            if found > MOST_ROWS:
                raise FileRefused("一个名册最多30万行，请分成几个文件上传。")
            yield line, values
        if not found:
            raise FileRefused("名册里没有一行数据。请从第二行起填写，再上传。")

    def _lines(self):
        """(line number, {column number: value}) of every row that stands in the file."""
        line = 0
        for row in _elements(Counted(self.archive, self.path), ROW):
            line = int(row.get("r") or line + 1)
            column, cells = -1, {}
            for cell in row:
                place = cell.get("r")
                column = _column(place.rstrip("0123456789")) if place else column + 1
                cells[column] = self._value(cell)
            yield line, cells

    @staticmethod
    def path_in(archive):
        """The name of the sheet's part in the archive."""
        sheets = _tree(archive, "xl/workbook.xml").findall(f"{MAIN}sheets/{MAIN}sheet")
        if not sheets:
            raise FileRefused("这个工作簿里没有工作表，请用平台的模板填写后再上传。")
        chosen = next((each for each in sheets if each.get("name") == "名册"), sheets[0])
        links = _tree(archive, "xl/_rels/workbook.xml.rels").getroot()
        targets = {each.get("Id"): each.get("Target") for each in links}
        target = targets[chosen.get(LINK)]
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def _date_styles(self):
        """Whether the style of each number shows a date."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        sheet = _tree(self.archive, "xl/styles.xml")
        own = {
            each.get("numFmtId"): _is_date_format(each.get("formatCode", ""))
            for each in sheet.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
        }
        return [
            own.get(each.get("numFmtId"), int(each.get("numFmtId") or 0) in BUILT_IN_DATES)
            for each in sheet.iterfind(f"{MAIN}cellXfs/{MAIN}xf")
        ]

    def _value(self, cell):
        kind = cell.get("t")
        if kind == "inlineStr":
            return _unescaped(_words(cell)) or None
        text = cell[0].text if len(cell) == 1 else cell.findtext(VALUE)
        if not text:
            return None
        if kind == "s":
            return self.strings[int(text)] or None
        if kind in ("str", "e", "d"):
            return _unescaped(text)
        if kind == "b":
            return text == "1"
        return self._number(text, int(cell.get("s") or 0))

    def _number(self, text, style):
        try:
            number = float(text)
            if style < len(self.dates) and self.dates[style]:
                return self.epoch + dt.timedelta(days=number)
        except (ValueError, OverflowError):
            return text
        return number


@contextmanager
def _archive(data):
    source = BytesIO(data) if isinstance(data, bytes) else data
    source.seek(0)
    start = source.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("这是旧版.xls或设了密码的文件。请取消密码，另存为.xlsx后再上传。")
    if not start.startswith(b"PK\x03\x04"):
        raise FileRefused("这个文件不是Excel工作簿，只是改了名字。请另存为.xlsx后再上传。")
    source.seek(0)
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused("这个文件已损坏，打不开。请用Excel打开另存一份，再上传。") from error
    with archive:
        yield archive


def _tree(archive, name):
    """A small part of the archive as a whole."""
    return etree.parse(Counted(archive, name, MOST_SMALL_PART), etree.XMLParser(**SAFE_XML))


def _elements(source, tag):
    """Each element of a tag with its children, forgotten after use.

    Only so much of the file may stand between two of them: that bounds the memory.
    """
    parser = etree.XMLPullParser(events=("end",), tag=tag, **SAFE_XML)
    since = 0
    while piece := source.read(PIECE):
        parser.feed(piece)
        since += len(piece)
        element = None
        for _, element in parser.read_events():
            yield element
        if element is not None:
            del element.getparent()[:-1]  # the last one may still be open to the parser
            since = 0
        if since > MOST_ELEMENT:
            raise FileRefused(CROWDED)
    parser.close()


def _words(element):
    """The text of a cell; phonetic hints are not part of it."""
    return "".join(each.text or "" for each in element.iter(TEXT) if each.getparent().tag != HINT)


def _unescaped(text):
    """Excel writes characters that XML cannot hold as _x0001_."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@lru_cache(maxsize=1000)
def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _order(cells, columns):
    """Where each of our columns stands in the file, by its heading."""
    places = {}
    for column, value in cells.items():
        if isinstance(value, str):
            places.setdefault(re.sub(r"[\s*＊（）()]|必填", "", value), column)
    missing = [each.title for each in columns if each.required and each.title not in places]
    if missing:
        raise FileRefused(
            f"表头里没有找到：{'、'.join(missing)}。请用平台的模板填写，不要改动第一行，再上传。"
        )
    return [places.get(each.title, -1) for each in columns]


def _is_date_format(code):
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code)
    return bool(re.search(r"[ymdhs年月日]", plain, re.IGNORECASE)) and "General" not in plain
