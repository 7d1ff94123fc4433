"""One box for finding a person: Chinese name, pinyin or initials, phone, or ID number.

What was typed decides which single index is asked, so that a search costs the same in a village
and over the whole city: names by their two-character pieces, readings by prefix in list order,
numbers exactly through the blind index (`stack.md`: trigrams do not help two-character infixes).
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import Left

from services.models import Person
from services.models.person import Bigrams
from veterans_portal import id_number
from veterans_portal.errors import DomainError

LISTED = 200  # nobody reads further: the search is narrowed instead
LONGEST = 50
NUMBERS = ("phone", "id")
LOOKS_LIKE_READING = re.compile(r"[a-z][a-z ']*", re.ASCII)
# A syllable needs a vowel after its first letter, so these cannot be initials of a name.
HAS_SYLLABLE = re.compile(r"[a-z][aeiouv]|^[aeo]n|^[aeo]$", re.ASCII)


@dataclass(frozen=True)
class Query:
    """What was typed, understood: `kind` is name, reading, initials, phone or id."""

    kind: str
    text: str

    @property
    def is_number(self):
        """Numbers are looked up by POST only: they must not stand in an address or a log."""
        return self.kind in NUMBERS


def understand(raw):
    """Return the Query that a person at the desk meant; raises DomainError with advice."""
    text = unicodedata.normalize("NFKC", raw or "").replace("\x00", "")
    text = " ".join(text.split())[: LONGEST + 1]
    if not text:
        raise DomainError("请输入姓名、拼音、手机号或身份证号。", code="empty")
    if len(text) > LONGEST:
        raise DomainError(f"最多输入{LONGEST}个字，请只写姓名或号码。", code="too_long")
    number = id_number.normalise(text)
    if re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return Query("id", number)
    if re.fullmatch(r"1\d{10}", number, re.ASCII):
        return Query("phone", number)
    if re.fullmatch(r"[\dX*]+", number):
        raise DomainError(
            f"手机号为11位，身份证号为18位，您输入了{len(number)}位。号码要输入完整才能查找。",
            code="incomplete_number",
        )
    lower = text.lower()
    if LOOKS_LIKE_READING.fullmatch(lower):
        letters = re.sub(r"[ ']", "", lower)
        if len(letters) < 2:
            raise DomainError("拼音或首字母请至少输入2个字母。", code="too_short")
        return Query("reading" if HAS_SYLLABLE.search(letters) else "initials", letters)
    return Query("name", text.replace(" ", ""))


def find(user, query):
    """Persons in the user's scope that fit, in pinyin order; at most LISTED are worth showing."""
    # a merged file is found by the one that stayed
    persons = Person.objects.visible_to(user).filter(merged_into__isnull=True)
    if query.kind == "id":
        return persons.with_id_number(query.text).order_by("name_pinyin", "id")
    if query.kind == "phone":
        return persons.with_phone(query.text).order_by("name_pinyin", "id")
    return _by_text(persons, query).order_by("name_pinyin", "id")


def _by_text(persons, query):
    if query.kind == "reading":
        return persons.filter(name_pinyin__startswith=query.text)
    if query.kind == "initials":
        # The first letter bounds the part of the list that is read in order.
        return persons.filter(
            name_initials__startswith=query.text, name_pinyin__startswith=query.text[0]
        )
    if len(query.text) > 1:
        pieces = persons.alias(pieces=Bigrams("name"))
        return pieces.filter(pieces__contains=Bigrams(Value(query.text)), name__contains=query.text)
    # A surname has thousands of bearers: its own index holds them in list order.
    return persons.alias(surname=Left("name", 1)).filter(surname=query.text)
