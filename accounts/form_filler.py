"""Fills values into the form of a finished HTML page and leaves every other character as it is."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

CHOICES = {"checkbox", "radio"}
LEFT_ALONE = {"hidden", "password", "file", "submit", "button", "image", "reset"}


def fill(html, *, page, action, fields):
    """Return `html` with `fields` ([name, value] pairs) in the POST form that sends to `action`.

    `page` is the path of the page, against which the form's own address is read.
    """
    filler = _Filler(page, action, fields)
    filler.feed(html)
    filler.close()
    return "".join(filler.out)


class _Filler(HTMLParser):
    def __init__(self, page, action, fields):
        super().__init__(convert_charrefs=False)
        self.page, self.action = page, action
        self.values = {}
        for name, value in fields:
            self.values.setdefault(name, []).append(value)
        self.out = []
        self.inside = False  # the form to fill
        self.folds = []  # where in `out` the <details> around this place begin
        self.select = None  # the name of the select being read
        self.skipping = False  # the old text of a textarea

    def handle_starttag(self, tag, attrs):
        self._start(tag, dict(attrs), self.get_starttag_text())

    def handle_startendtag(self, tag, attrs):
        self._start(tag, dict(attrs), self.get_starttag_text())

    def _start(self, tag, attrs, raw):
        if tag == "form":
            target = urlsplit(urljoin(self.page, attrs.get("action") or "")).path
            self.inside = attrs.get("method", "").lower() == "post" and target == self.action
            if self.inside:
                self._unfold()
        elif tag == "details":
            self.folds.append((len(self.out), attrs))
        elif self.inside and tag == "select":
            self.select = attrs.get("name")
        elif self.inside and tag == "option" and self.select in self.values:
            raw = _marked(tag, attrs, "selected", attrs.get("value") in self.values[self.select])
        elif self.inside and tag == "input":
            raw = self._input(attrs, raw)
        self.out.append(raw)
        if self.inside and tag == "textarea" and self.values.get(attrs.get("name")):
            self.out.append("\n" + escape(self.values[attrs["name"]].pop(0), quote=False))
            self.skipping = True

    def _unfold(self):
        """What was typed is to be seen: a form in a fold comes back unfolded."""
        for place, attrs in self.folds:
            self.out[place] = _marked("details", attrs, "open", on=True)

    def _input(self, attrs, raw):
        name, kind = attrs.get("name"), (attrs.get("type") or "text").lower()
        if not name or kind in LEFT_ALONE:
            return raw
        if kind in CHOICES:
            chosen = attrs.get("value", "on") in self.values.get(name, [])
            return _marked("input", attrs, "checked", chosen)
        if self.values.get(name):
            return _tag("input", attrs | {"value": self.values[name].pop(0)})
        return raw

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "details" and self.folds:
            self.folds.pop()
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.skipping = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data):
        self._text(data)

    def handle_entityref(self, name):
        self._text(f"&{name};")

    def handle_charref(self, name):
        self._text(f"&#{name};")

    def _text(self, text):
        if not self.skipping:
            self.out.append(text)

    def handle_comment(self, data):
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.out.append(f"<!{decl}>")


def _marked(tag, attrs, mark, on):
    attrs = {name: value for name, value in attrs.items() if name != mark}
    return _tag(tag, attrs | ({mark: None} if on else {}))


def _tag(tag, attrs):
    parts = [
        name if value is None else f'{name}="{escape(value)}"' for name, value in attrs.items()
    ]
    return f"<{' '.join([tag, *parts])}>"
