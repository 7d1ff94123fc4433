"""What the portal holds about the signed-in person, and who looked at it (PIPL §45).

Each app that holds personal data lists it in a module of this name:
`sections(user)` returns a list of Section, `subjects(user)` the objects whose audit entries count
as "about me", `station_names(paths)` the names of stations by path. Each may be missing.
"""

from dataclasses import dataclass, field
from functools import reduce
from importlib import import_module
from operator import or_

from django.apps import apps
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

from accounts import acts
from accounts.enums import Channel
from accounts.models import AuditEntry, Consent
from veterans_portal import chinese_dates
from veterans_portal.masking import mask_phone

SHOWN = 50


@dataclass(frozen=True)
class Section:
    """A group of facts as (label, text) pairs; `rows` are lists of such pairs below each other."""

    title: str
    facts: list = field(default_factory=list)
    rows: list = field(default_factory=list)


def sections(user):
    """Everything held about the user, own account first."""
    account = Section(
        "登录账号",
        [
            ("姓名", user.name),
            ("手机号", mask_phone(user.phone)),
            ("注册时间", chinese_dates.moment(user.created_at)),
            ("长者模式", "已开启" if user.senior_mode else "未开启"),
            ("站内消息", f"{user.messages.filter(channel=Channel.INBOX).count()}条"),
        ],
    )
    found = [account]
    for module in _modules():
        found += getattr(module, "sections", _nothing)(user)
    return found


def consents(user):
    """The ledger of consents, newest first."""
    return Consent.objects.filter(user=user).order_by("-given_at")


def looks(user):
    """Who did something with my data, newest first: entries about me by other people."""
    subjects = [user]
    for module in _modules():
        subjects += getattr(module, "subjects", _nothing)(user)
    about = [Q(target_type=each._meta.label_lower, target_id=str(each.pk)) for each in subjects]
    found = AuditEntry.objects.filter(reduce(or_, about)).exclude(actor=user)
    return found.exclude(actor=None).order_by("-id")[:SHOWN]


def look_words(entry, stations):
    """One look in words for the person: when, what, by which station; staff stay unnamed."""
    return {
        "at": entry.at,
        "title": acts.label(entry.act),
        "by": stations.get(entry.station_path) or "平台工作人员",
        "body": f"原因：{entry.detail['reason']}" if entry.detail.get("reason") else "",
    }


def looks_in_words(user):
    """The looks as entries of a timeline."""
    entries = list(looks(user))
    paths = {entry.station_path for entry in entries if entry.station_path}
    stations = {}
    for module in _modules():
        if hasattr(module, "station_names"):
            stations |= module.station_names(paths)
    return [look_words(entry, stations) for entry in entries]


def download(user):
    """All of it as one dictionary for JSON."""
    return {
        "sections": [
            {
                "title": each.title,
                "facts": dict(each.facts),
                "rows": [dict(row) for row in each.rows],
            }
            for each in sections(user)
        ],
        "consents": list(
            consents(user).values("purpose", "text_version", "given_at", "withdrawn_at")
        ),
        "looks": looks_in_words(user),
    }


def _modules():
    for config in apps.get_app_configs():
        if config.name != "accounts" and module_has_submodule(config.module, "my_data"):
            yield import_module(f"{config.name}.my_data")


def _nothing(user):
    return []
