"""Pinyin keys for search and order. PostgreSQL sorts Chinese by code point here, so lists are
ordered by a stored key; surnames are read as surnames (单 is Shàn in front of a name)."""

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "查": "zha", "解": "xie", "任": "ren", "区": "ou",
    "朴": "piao", "盖": "ge", "翟": "zhai", "尉": "yu", "万": "wan", "缪": "miao", "佘": "she",
    "逄": "pang", "乐": "yue", "员": "yun", "种": "chong", "重": "chong", "秘": "bi", "冼": "xian",
    "令": "ling", "华": "hua", "燕": "yan", "洗": "xian", "祭": "zhai", "盛": "sheng", "柏": "bai",
}  # fmt: skip
COMPOUND_SURNAMES = {"尉迟": ["yu", "chi"], "万俟": ["mo", "qi"], "单于": ["chan", "yu"]}


def syllables(name, *, person=True):
    """Return the pinyin syllables of `name`, lower case, without tones."""
    if not person:
        return lazy_pinyin(name)
    if name[:2] in COMPOUND_SURNAMES:
        return COMPOUND_SURNAMES[name[:2]] + lazy_pinyin(name[2:])
    if name[:1] in SURNAMES:
        return [SURNAMES[name[0]], *lazy_pinyin(name[1:])]
    return lazy_pinyin(name)


def full(name, *, person=True):
    """王建国 -> wangjianguo"""
    return "".join(syllables(name, person=person)).lower()[:200]


def initials(name, *, person=True):
    """王建国 -> wjg"""
    if person:
        return "".join(part[:1] for part in syllables(name)).lower()[:50]
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:50]


def keys(name):
    """Both search keys of a person's name, worked out once: 王建国 -> (wangjianguo, wjg)"""
    parts = syllables(name)
    return "".join(parts).lower()[:200], "".join(part[:1] for part in parts).lower()[:50]
