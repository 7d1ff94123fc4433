"""Two files become one, and come apart again within a week (`Duplicate.moved` says exactly how).

Both persons are locked in the order of their ids, against every act on a file. New bookings, matters,
arrivals and waiting entries are led to the file that stays by the database (`follow_merged`).
"""

import contextlib
import copy
import json
from datetime import date, timedelta

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from services import perms
from services.actions import proxies
from services.actions.persons import FACTS
from services.enums import CARD_ENDED, DuplicateState, FileState, ProxyState, TransferState
from services.models import Duplicate, Person
from services.notices import duplicates as notices
from veterans_portal import locking
from veterans_portal.errors import DomainError

OPEN_PROXIES = [ProxyState.ASKED, ProxyState.ACTIVE]
MERGEABLE = [FileState.DRAFT, FileState.FILED]
# What belongs to a person and goes with them: model, and the field that points at the file. The rest
# stays where it is: a file's own history, its transfers, the pairs it was part of.
MOVED = {
    "services.Identity": "person",
    "services.Booking": "person",
    "services.Matter": "person",
    "services.Arrival": "person",
    "services.WaitingEntry": "person",
    "services.Proxy": "person",
    "services.Card": "person",
    "services.RegistrationRequest": "person",
    "services.ChangeRequest": "person",
    "services.Document": "person",
    "services.Person": "merged_into",
}
STAYING = {
    "services.PersonHistory": "the history of each file stays its own",
    "services.Transfer": "says where that very file went",
    "services.Duplicate": "says which files were compared",
}
# The keys by which "once per person" is counted end in the file's id.
COUNTED_BY = {"services.Booking": "once_key", "services.WaitingEntry": "who"}
CLOSED_REASON = "与另一份档案重复，已并入"


# What would stand there twice stays with the file that goes: `label: condition of (survivor)`.
UNLESS = {}


def moves_with_file(label, *, field="person", unless=None):
    """Have another app's model ("app.Model") go with a merged file; called in `AppConfig.ready`.

    `unless` is a function of the file that stays; rows that fit its Q are there already and stay.
    """
    MOVED[label] = field
    if unless is not None:
        UNLESS[label] = unless


def stays_with_file(label, *, because):
    """Have another app's model that points at a file stay where it is, with the reason why."""
    STAYING[label] = because


class DuplicateError(DomainError):
    """A rule about duplicates refuses."""

    code = "duplicate_refused"


def locked(pair):
    """Return the pair, locked with both files in the order of their ids, until the transaction ends."""
    keys = Duplicate.objects.values_list("first_id", "second_id").get(pk=pair.pk)
    # Against bookings too, which point at a file: so no weaker lock. The joins are read after.
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    people = Person.objects.select_related("station", "account").in_bulk(keys)
    pair = locking.locked(Duplicate.objects.select_related("proposed_by"), pair.pk)
    pair.first, pair.second = people[pair.first_id], people[pair.second_id]
    return pair


def refuse_unmergeable(pair):
    """Raise DuplicateError, saying what to settle first, unless both files can be merged now."""
    for each in (pair.first, pair.second):
        if each.state not in MERGEABLE:
            raise DuplicateError(
                f"{each.station.name}的那份档案现在是“{each.get_state_display()}”，办完这一步才能合并。",
                code="file_busy",
            )
        if each.transfers.filter(state=TransferState.ASKED).exists():
            raise DuplicateError("其中一份档案正在转站，办完才能合并。", code="file_moving")
    if pair.first.account_id and pair.second.account_id:
        raise DuplicateError(
            "两份档案都关联了登录账号，请先核实本人，解除其中一个的关联。", code="two_accounts"
        )
    alive = [
        each.cards.exclude(state__in=CARD_ENDED).exists() for each in (pair.first, pair.second)
    ]
    if all(alive):
        raise DuplicateError("两份档案都有优待证或申请，请先办结其中一份。", code="two_cards")


def refuse_unfitting(pair):
    """Raise DuplicateError when the facts to `keep` do not fit those of the file that stays."""
    survivor, absorbed = _sides(pair)
    trial = copy.copy(survivor)
    _take_facts(trial, absorbed, pair.keep)
    if unfit := _unfitting(trial):
        raise DuplicateError(f"取用的内容与保留的档案合不到一起：{unfit}", field="keep")


def _unfitting(person):
    """What the rules of a file say against its facts as they stand now; "" when they fit."""
    try:
        person.validate_constraints()
    except ValidationError as clash:
        return "".join(clash.messages)
    return ""


def merge(pair, *, by):
    """Merge a locked, decided pair into its `survivor`; returns the pair."""
    refuse_unmergeable(pair)
    refuse_unfitting(pair)
    survivor, absorbed = _sides(pair)
    moved = {"state": absorbed.state, "facts": _take_facts(survivor, absorbed, pair.keep)}
    moved["account"] = _take_account(survivor, absorbed)
    survivor.save()
    now = timezone.now()
    absorbed.state, absorbed.closed_at, absorbed.closed_reason = (
        FileState.MERGED,
        now,
        CLOSED_REASON,
    )
    absorbed.merged_into = survivor
    absorbed.save()
    moved["rows"] = _move_rows(survivor, absorbed)
    moved["proxies"] = proxies.end_for_oneself(person=survivor, by=by)
    pair.state, pair.merged_by, pair.merged_at = DuplicateState.MERGED, by, now
    pair.undo_until = now + timedelta(days=settings.MERGE_UNDO_DAYS)
    pair.moved = json.dumps(moved, ensure_ascii=False, default=_iso)
    pair.save()
    counts = {model: len(keys) for model, keys in moved["rows"].items()}
    for person in (survivor, absorbed):
        audit.record(
            "services.duplicate_merged", person, by=by, station=person.station,
            on_behalf_of=person, detail={"pair": pair.pk, "moved": counts, "reason": pair.reason},
        )  # fmt: skip
    notices.tell_merged(pair, survivor)
    return pair


def _sides(pair):
    first_stays = pair.survivor_id == pair.first_id
    return (pair.first, pair.second) if first_stays else (pair.second, pair.first)


def _take_facts(survivor, absorbed, keep):
    """Take the facts in `keep` from the file that goes: `{field: [before, after]}`."""
    taken = {}
    for field in keep:
        if field not in FACTS:
            continue
        before, after = getattr(survivor, field), getattr(absorbed, field)
        if before != after:
            taken[field] = [before, after]
            setattr(survivor, field, after)
    return taken


def _take_account(survivor, absorbed):
    """The account goes with the person; its id, or None."""
    if absorbed.account_id is None:
        return None
    survivor.account, absorbed.account = absorbed.account, None
    Person.objects.filter(pk=absorbed.pk).update(account=None)
    return survivor.account_id


def _move_rows(survivor, absorbed):
    """Point everything in MOVED at the file that stays: `{model: [ids]}`."""
    rows = {}
    held = set(survivor.identities.filter(valid_to__isnull=True).values_list("category", flat=True))
    acting = set(survivor.proxies.filter(state__in=OPEN_PROXIES).values_list("agent", flat=True))
    for label, field in MOVED.items():
        model = apps.get_model(label)
        mine = model.objects.filter(**{field: absorbed})
        if label == "services.Identity":
            mine = mine.exclude(valid_to__isnull=True, category__in=held)
        elif label == "services.Proxy":
            mine = mine.exclude(state__in=OPEN_PROXIES, agent__in=acting - {None})
        elif label in UNLESS:
            mine = mine.exclude(UNLESS[label](survivor))
        keys = sorted(mine.values_list("pk", flat=True))
        if keys:
            model.objects.filter(pk__in=keys).update(**{field: survivor})
            rows[label] = keys
    _count_together(rows, absorbed, survivor)
    return rows


def _count_together(rows, before, after):
    """What counts once per person counts for the file it hangs on now, unless that has one too."""
    for label, name in COUNTED_BY.items():
        model = apps.get_model(label)
        for row in model.objects.filter(pk__in=rows.get(label, [])):
            old, new = (getattr(row, name), f"p{after.pk}")
            if old != f"p{before.pk}" and not old.endswith(f":p{before.pk}"):
                continue
            with contextlib.suppress(IntegrityError), transaction.atomic():
                changed = old.removesuffix(f"p{before.pk}") + new
                model.objects.filter(pk=row.pk).update(**{name: changed})


@transaction.atomic
def undo(*, pair, by, reason):
    """Take a merge back within its week; returns `(pair, sentences on what could not be put back)`.

    Rows moved by the merge go back unless they were moved on since; facts go back unless they were
    changed since. What came after the merge stays with the file that stayed.
    """
    pair = locked(pair)
    if not all(perms.may_review_file(by, each.station) for each in (pair.first, pair.second)) and (
        by.pk not in (pair.proposed_by_id, pair.decided_by_id)
    ):
        raise DuplicateError("撤销合并由办理合并的审核人办理。", code="not_allowed")
    if pair.state != DuplicateState.MERGED:
        raise DuplicateError("这两份档案没有合并，或已经撤销。", code="wrong_state")
    if timezone.now() > pair.undo_until:
        raise DuplicateError(
            f"合并已超过{settings.MERGE_UNDO_DAYS}天，不能撤销。确有错误请联系上级。",
            code="too_late",
        )
    if not reason.strip():
        raise DuplicateError("请写明为什么撤销。", field="reason")
    survivor, absorbed = _sides(pair)
    if survivor.state == FileState.MERGED:
        raise DuplicateError("保留的档案后来又并入了另一份，请先撤销后一次。", code="merged_on")
    left = _put_back(pair, survivor, absorbed, by)
    pair.state, pair.undone_by, pair.undone_at = DuplicateState.UNDONE, by, timezone.now()
    pair.reason = reason.strip()[:200]
    pair.save()
    for person in (survivor, absorbed):
        audit.record(
            "services.duplicate_undone", person, by=by, station=person.station,
            on_behalf_of=person, detail={"pair": pair.pk, "reason": pair.reason},
        )  # fmt: skip
    return pair, left


def _put_back(pair, survivor, absorbed, by):
    moved, left = json.loads(pair.moved), []
    now = {field: getattr(survivor, field) for field in moved["facts"]}
    for field, (before, after) in moved["facts"].items():
        column = Person._meta.get_field(field)
        if getattr(survivor, field) == column.to_python(after):
            setattr(survivor, field, column.to_python(before))
        else:
            left.append(f"“{column.verbose_name}”合并后又改过，保留现在的内容。")
    if _unfitting(survivor):
        for field, value in now.items():
            setattr(survivor, field, value)
        left = ["合并时取用的内容与后来的改动分不开，都保留现在的内容。"]
    if moved["account"] is not None:
        if survivor.account_id == moved["account"]:
            Person.objects.filter(pk=survivor.pk).update(account=None)
            survivor.account, absorbed.account_id = None, moved["account"]
        else:
            left.append("登录账号合并后又变过，没有退回。")
    survivor.save()
    absorbed.state, absorbed.merged_into = moved["state"], None
    absorbed.closed_at, absorbed.closed_reason = None, ""
    absorbed.save()
    for label, keys in moved["rows"].items():
        model, field = apps.get_model(label), MOVED[label]
        back = model.objects.filter(pk__in=keys, **{field: survivor}).update(**{field: absorbed})
        if back < len(keys):
            name = model._meta.verbose_name
            left.append(f"有{len(keys) - back}条{name}合并后又有变动，没有退回。")
    _count_together(moved["rows"], survivor, absorbed)
    if proxies.restore(moved.get("proxies", []), by=by):
        left.append("有代办关系合并后又另行登记，原来的一份没有恢复。")
    return left


def _iso(value):
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in a merge")
