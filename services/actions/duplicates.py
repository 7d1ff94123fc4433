"""Files that may be one person's: found, proposed to the other station, told apart.

A pair whose files both lie in the reader's scope is merged at once (`services.actions.merging`). Across
scopes it is only proposed, and the other station's reviewer agrees or not.
"""

from collections import defaultdict
from itertools import combinations, groupby
from operator import itemgetter

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts import audit
from services import perms
from services.actions import merging
from services.actions.merging import DuplicateError, locked
from services.enums import DuplicateSign, DuplicateState
from services.models import Duplicate, Person
from services.models.person import ENDED
from services.notices import duplicates as notices

# The facts that two files share; shared by more files than this they say nothing about any two.
SAME = {
    DuplicateSign.NAME_BIRTH: ("name", "birth"),
    DuplicateSign.NAME_PHONE: ("name", "phone_index"),
    DuplicateSign.PHONE_BIRTH: ("phone_index", "birth"),
}
MOST_ALIKE = 40
# ID numbers are compared in groups no larger than this: they lie in memory together.
MOST_NUMBERS = 5000
DIGITS = 17  # of an ID number; the last one follows from them
CHUNK = 2000


def find():
    """Look through all files and note pairs not known yet; returns how many are new.

    Signs: same name and birth date, same name and phone, same phone and birth date, and ID numbers
    of one name or phone that differ by one digit or by two neighbours swapped.
    """
    pairs = defaultdict(set)
    for sign, facts in SAME.items():
        for alike in _alike(facts):
            for pair in combinations(alike, 2):
                pairs[pair].add(sign)
    for fact in ("name", "phone_index"):
        for numbers in _numbers_by(fact):
            for pair in near_pairs(numbers):
                pairs[pair].add(DuplicateSign.ID_NUMBER)
    return _note(pairs)


def _living():
    return Person.objects.exclude(state__in=ENDED)


def _alike(facts):
    """Keys of the files that share these facts, group by group, each in order."""
    groups = _living().filter(**{f"{fact}__isnull": False for fact in facts}).values(*facts)
    groups = groups.annotate(files=ArrayAgg("pk", order_by="pk"), many=Count("pk"))
    return groups.filter(many__range=(2, MOST_ALIKE)).values_list("files", flat=True)


def _numbers_by(fact):
    """(key, ID number) of the files that share this fact, group by group: few are open at once."""
    shared = _living().filter(**{f"{fact}__isnull": False}).values(fact)
    shared = shared.annotate(many=Count("pk"))
    shared = shared.filter(many__range=(2, MOST_NUMBERS)).values(fact)
    files = _living().filter(**{f"{fact}__in": shared}).order_by(fact)
    rows = files.values_list(fact, "pk", "id_number").iterator(chunk_size=CHUNK)
    for _, group in groupby(rows, key=itemgetter(0)):
        yield [(pk, number[:DIGITS]) for _, pk, number in group]


def near_pairs(numbers):
    """Pairs of keys, in order, whose ID numbers are `near`; `numbers` are (key, number).

    Each number is put under what is left of it when one digit is blotted out or two neighbours lose
    their order; only those that meet there are near. So a name may be as common as it likes.
    """
    meeting = defaultdict(list)
    for pk, number in numbers:
        for at in range(len(number)):
            meeting[at, number[:at], number[at + 1 :]].append(pk)
        for at in range(len(number) - 1):
            one, other = number[at : at + 2]
            if one != other:
                meeting[number[:at], min(one, other), max(one, other), number[at + 2 :]].append(pk)
    met = {pair for pks in meeting.values() for pair in combinations(sorted(pks), 2)}
    known = dict(numbers)
    return {(one, other) for one, other in met if known[one] != known[other]}


def near(one, other):
    """Whether two ID numbers differ by one digit, or by two neighbours that changed places."""
    different = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(different) == 1:
        return True
    if len(different) != 2 or different[1] - different[0] != 1:
        return False
    left, right = different
    return one[left] == other[right] and one[right] == other[left]


def _note(pairs):
    known = set(Duplicate.objects.values_list("first", "second"))
    new = [
        Duplicate(first_id=first, second_id=second, signs=sorted(signs))
        for (first, second), signs in pairs.items()
        if (first, second) not in known
    ]
    Duplicate.objects.bulk_create(new, ignore_conflicts=True, batch_size=CHUNK)
    return len(new)


@transaction.atomic
def find_for(*, person, by):
    """Look for other files of one person now; returns the pairs, known ones too."""
    if not perms.may_keep_file(by, person.station):
        raise DuplicateError("您不是这个站点的经办人，不能查重。", code="not_allowed")
    others = Person.objects.exclude(state__in=ENDED).exclude(pk=person.pk)
    alike = others.filter(name=person.name, birth=person.birth)
    if person.phone_index:
        alike = alike | others.filter(phone_index=person.phone_index, name=person.name)
        alike = alike | others.filter(phone_index=person.phone_index, birth=person.birth)
    pairs = defaultdict(set)
    for other in alike.distinct()[:MOST_ALIKE]:
        pair = tuple(sorted((person.pk, other.pk)))
        pairs[pair] = {sign for sign, facts in SAME.items() if _share(facts, person, other)}
        if near(person.id_number[:DIGITS], other.id_number[:DIGITS]):
            pairs[pair].add(DuplicateSign.ID_NUMBER)
    _note(pairs)
    return list(Duplicate.objects.filter(first_id__in=[a for a, _ in pairs],
                                         second_id__in=[b for _, b in pairs]))  # fmt: skip


def _share(facts, one, other):
    return all(getattr(one, fact) and getattr(one, fact) == getattr(other, fact) for fact in facts)


def may_settle(user, pair):
    """Reviewers and heads above either file: merge, propose, tell apart (`domain.md` B.2)."""
    return any(perms.may_review_file(user, each.station) for each in (pair.first, pair.second))


def settles_both(user, pair):
    """Whether nobody else has to agree."""
    return all(perms.may_review_file(user, each.station) for each in (pair.first, pair.second))


@transaction.atomic
def propose(*, pair, survivor, by, reason, keep=()):
    """Merge when both files are this reviewer's; else ask the other station. Returns the pair.

    `keep` names the facts that are taken from the file that goes. Raises DuplicateError.
    """
    pair = locked(pair)
    if not may_settle(by, pair):
        raise DuplicateError("合并由上一级审核人办理，您没有这一权限。", code="not_allowed")
    _expect(pair, [DuplicateState.FOUND], "合并")
    if not reason.strip():
        raise DuplicateError("请写明怎么确认是同一人。", field="reason")
    if survivor.pk not in (pair.first_id, pair.second_id):
        raise DuplicateError("请选择保留哪一份档案。", field="survivor")
    merging.refuse_unmergeable(pair)
    pair.survivor, pair.reason, pair.proposed_by = survivor, reason.strip()[:200], by
    pair.proposed_at, pair.keep = timezone.now(), list(keep)
    merging.refuse_unfitting(pair)
    if settles_both(by, pair):
        return merging.merge(pair, by=by)
    pair.state = DuplicateState.PROPOSED
    pair.save()
    _record("proposed", pair, by)
    notices.tell_other_side(pair, by)
    return pair


@transaction.atomic
def consent(*, pair, by):
    """The other station agrees: the files are merged now."""
    pair = locked(pair)
    _require_other_side(pair, by)
    _expect(pair, [DuplicateState.PROPOSED], "同意")
    pair.decided_by = by
    return merging.merge(pair, by=by)


@transaction.atomic
def refuse(*, pair, by, reason):
    """The other station does not agree, or the proposer takes it back; the pair waits again."""
    pair = locked(pair)
    mine = pair.proposed_by_id == by.pk
    if not mine:
        _require_other_side(pair, by)
    _expect(pair, [DuplicateState.PROPOSED], "退回")
    if not reason.strip():
        raise DuplicateError("请写明原因，对方会看到。", field="reason")
    pair.state, pair.decided_by = DuplicateState.FOUND, by
    pair.reason = reason.strip()[:200]
    pair.save()
    _record("refused", pair, by, reason=pair.reason)
    if not mine:
        notices.tell_proposer(pair)
    return pair


@transaction.atomic
def mark_distinct(*, pair, by, reason):
    """Two different people: the pair is not shown again; a proposer who waited for an answer is told."""
    pair = locked(pair)
    if not may_settle(by, pair):
        raise DuplicateError("由上一级审核人认定，您没有这一权限。", code="not_allowed")
    _expect(
        pair,
        [DuplicateState.FOUND, DuplicateState.PROPOSED, DuplicateState.UNDONE],
        "认定为不同的人",
    )
    if not reason.strip():
        raise DuplicateError("请写明依据。", field="reason")
    was_proposed = pair.state == DuplicateState.PROPOSED
    pair.state, pair.decided_by, pair.reason = DuplicateState.DISTINCT, by, reason.strip()[:200]
    pair.save()
    _record("distinct", pair, by, reason=pair.reason)
    if was_proposed and pair.proposed_by_id != by.pk:
        notices.tell_told_apart(pair)
    return pair


def _require_other_side(pair, by):
    """Whoever reviews the file that the proposer does not; never the proposer."""
    proposer = pair.proposed_by
    sides = [
        each.station
        for each in (pair.first, pair.second)
        if proposer is None or not perms.may_review_file(proposer, each.station)
    ]
    if by.pk == pair.proposed_by_id or not any(perms.may_review_file(by, each) for each in sides):
        raise DuplicateError("由对方站点的上一级审核人答复。", code="not_allowed")


def _expect(pair, states, deed):
    if pair.state not in states:
        raise DuplicateError(
            f"这两份档案现在是“{pair.get_state_display()}”，不能{deed}。请刷新页面查看。",
            code="wrong_state",
        )


def _record(deed, pair, by, **detail):
    for person in (pair.first, pair.second):
        audit.record(
            f"services.duplicate_{deed}", person, by=by, station=person.station,
            on_behalf_of=person, detail={"pair": pair.pk} | detail,
        )  # fmt: skip
