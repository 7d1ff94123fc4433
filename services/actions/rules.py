"""Acts on rules: written as a draft, tried on golden cases, published by another, then only retired."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import audit
from services import perms
from services.enums import Answer, RuleState
from services.models import GoldenCase, Rule, RuleVersion
from services.rules import RuleError, parse, tree
from services.rules.golden import facts_to_data, failures
from veterans_portal import locking, pinyin

OFFER = (
    "valid_from", "valid_to", "offer_title", "offer_words", "offer_url", "visit",
    "visit_workdays", "occasion",
)  # fmt: skip
STALE = "这份草稿刚才已被改过，请看最新的内容再改。"


@transaction.atomic
def begin(*, kind, title, station, by, code="", **offer):
    """Enter a new rule of a station with its first draft; returns the RuleVersion.

    `offer` holds the fields in OFFER. Without `code` one is made. RuleError when the code is taken
    or `by` may not.
    """
    _require_writer(by, station)
    code = code or f"{slugify(pinyin.initials(title))[:30] or 'rule'}-{secrets.token_hex(3)}"
    try:
        with transaction.atomic():
            rule = Rule.objects.create(code=code, kind=kind, title=title, station=station)
    except IntegrityError:
        raise RuleError("这个代码已经有规则在用，请换一个。", field="code") from None
    version = RuleVersion(rule=rule, number=1, author=by, **offer)
    _save_draft(version)
    _record("begun", version, by)
    return version


@transaction.atomic
def draft_again(*, rule, by):
    """Begin the next version from the newest one, its golden cases with it; returns the draft."""
    rule = locking.locked(Rule.objects.select_related("station"), rule.pk)
    _require_writer(by, rule.station)
    newest = rule.versions.order_by("-number").first()
    if newest.state == RuleState.DRAFT:
        raise RuleError("这条规则已有一份草稿，请在那份上修改。")
    today = timezone.localdate()
    ends = newest.valid_to if newest.valid_to and newest.valid_to >= today else None
    version = RuleVersion(
        rule=rule, number=newest.number + 1, author=by, conditions=newest.conditions,
        **{name: getattr(newest, name) for name in OFFER} | {"valid_from": today, "valid_to": ends},
    )  # fmt: skip
    _save_draft(version)
    GoldenCase.objects.bulk_create(
        GoldenCase(version=version, title=each.title, on=each.on, facts=each.facts,
                   expected=each.expected)
        for each in newest.cases.all()
    )  # fmt: skip
    _record("begun", version, by)
    return version


@transaction.atomic
def write_offer(*, version, by, edits, **offer):
    """Change what the draft offers, its period and how often; fields in OFFER."""
    version = _draft(version, by, edits)
    for name in OFFER:
        setattr(version, name, offer[name])
    return _changed(version, by, "offer")


@transaction.atomic
def add_node(*, version, by, edits, place, node):
    """Put a condition or an empty group (as data) at the end of the group at `place`."""
    return _rewrite(version, by, edits, lambda root: tree.added(root, place, _read(node)))


@transaction.atomic
def change_node(*, version, by, edits, place, node):
    """Put a condition instead of the one at `place`; a group keeps its children under `node`'s key."""

    def change(root):
        there = tree.at(root, place)
        if not isinstance(there, tree.Group):
            return tree.placed(root, place, _read(node))
        if node not in tree.GROUPS:
            raise RuleError("请选择这一组怎样才算符合。")
        return tree.placed(root, place, tree.GROUPS[node](there.children))

    return _rewrite(version, by, edits, change)


@transaction.atomic
def remove_node(*, version, by, edits, place):
    """Take out the condition or group at `place`; the outermost group stays, emptied."""
    return _rewrite(
        version, by, edits,
        lambda root: tree.placed(root, place, None if place else type(root)([])),
    )  # fmt: skip


def _read(node):
    return parse({"all": [node]}, complete=False).children[0]


def _rewrite(version, by, edits, change):
    version = _draft(version, by, edits)
    root = change(parse(version.conditions, complete=False))
    tree.require_places(root)
    version.conditions = parse(root.to_data(), complete=False).to_data()
    return _changed(version, by, "conditions")


@transaction.atomic
def add_case(*, version, by, edits, title, on, facts, expected):
    """Add a golden case: a made-up person's `facts` (services.rules.Facts) and the right answer."""
    version = _draft(version, by, edits)
    try:
        with transaction.atomic():
            GoldenCase.objects.create(
                version=version, title=title, on=on, facts=facts_to_data(facts), expected=expected
            )
    except IntegrityError:
        raise RuleError("已有一个同名的例子，请换个名称。", field="title") from None
    return _changed(version, by, "cases")


@transaction.atomic
def remove_case(*, version, by, edits, pk):
    """Take a golden case out of the draft."""
    version = _draft(version, by, edits)
    version.cases.filter(pk=pk).delete()
    return _changed(version, by, "cases")


@transaction.atomic
def ask_to_publish(*, version, by, edits):
    """The author is done: colleagues who may publish find it on their desk; any change takes it back."""
    version = _draft(version, by, edits)
    _require_ready(version)
    version.asked_at = timezone.now()
    version.save()
    _record("finished", version, by)
    return version


@transaction.atomic
def discard(*, version, by):
    """Throw a draft away (its author, or whoever may publish); a rule never published goes with it."""
    version = locked(version)
    _expect(version, RuleState.DRAFT, "删去")
    if version.author_id != by.pk and not perms.may_publish_rules(by, version.rule.station):
        raise RuleError("草稿由起草人或审核人、负责人删去。", code="not_allowed")
    _record("discarded", version, by)
    rule = version.rule
    version.delete()
    if not rule.versions.exists():
        rule.delete()


@transaction.atomic
def publish(*, version, by):
    """Let a draft take effect, in place of the version before it; returns it.

    By another than its author, with golden cases that all come out right, one of them fitting and
    one not. Refuses with the sentence that says what is missing.
    """
    version = locked(version)
    _expect(version, RuleState.DRAFT, "发布")
    if version.author_id == by.pk:
        raise RuleError("起草人不能发布自己的规则，请另一位审核人或负责人看过后发布。")
    if not perms.may_publish_rules(by, version.rule.station):
        raise RuleError("规则由本级或上级的审核人、负责人发布。", code="not_allowed")
    _require_ready(version)
    before = version.rule.versions.filter(state=RuleState.PUBLISHED).first()
    today, now = timezone.localdate(), timezone.now()
    if before is not None:
        if version.valid_from > today:
            raise RuleError("现行版本还在用，新版本的起用日期不能晚于今天，请请起草人修改。")
        _retire(before, by, now)
    version.state, version.published_by, version.published_at = RuleState.PUBLISHED, by, now
    version.save()
    _record("published", version, by)
    return version


def _require_ready(version):
    tree.require_places(parse(version.conditions))
    if version.valid_to and version.valid_to < timezone.localdate():
        raise RuleError("停用日期已经过了，请起草人修改后再发布。")
    cases = list(version.cases.all())
    if {each.expected == Answer.YES for each in cases} != {True, False}:
        raise RuleError("请至少写一个“符合”的例子和一个“不符合”的例子，再发布。")
    if wrong := failures(version, cases):
        said = "、".join(f"“{each.title}”" for each in wrong[:3])
        raise RuleError(f"有{len(wrong)}个例子与条件算出来的不一样：{said}。请核对条件或例子。")


@transaction.atomic
def retire(*, version, by):
    """End a published version; it finds nobody any more. What it found goes on."""
    version = locked(version)
    _expect(version, RuleState.PUBLISHED, "停用")
    if not perms.may_publish_rules(by, version.rule.station):
        raise RuleError("规则由本级或上级的审核人、负责人停用。", code="not_allowed")
    _retire(version, by, timezone.now())
    return version


def _retire(version, by, now):
    version.state, version.retired_by, version.retired_at = RuleState.RETIRED, by, now
    version.save()
    _record("retired", version, by)


def locked(version):
    """The version's row, locked, after its rule's, until the transaction ends."""
    rule = RuleVersion.objects.values_list("rule", flat=True).get(pk=version.pk)
    locking.locked(Rule.objects.all(), rule)
    return locking.locked(RuleVersion.objects.select_related("rule__station"), version.pk)


def _draft(version, by, edits):
    version = locked(version)
    _expect(version, RuleState.DRAFT, "修改")
    if version.author_id != by.pk:
        raise RuleError(
            "草稿由起草人修改。要改的话，请起草人修改，或删去后另起一份。", code="not_author"
        )
    _require_writer(by, version.rule.station)
    if version.edits != edits:
        raise RuleError(STALE, code="stale")
    return version


def _changed(version, by, what):
    version.edits += 1
    version.asked_at = None
    _save_draft(version)
    _record("changed", version, by, what=what)
    return version


def _save_draft(version):
    """Save, or refuse in words what the period or the visit lacks."""
    if version.valid_to and version.valid_to < version.valid_from:
        raise RuleError("停用日期不应早于起用日期。", field="valid_to")
    if version.visit != (version.visit_workdays is not None):
        raise RuleError("需要上门的，请写明几个工作日内；不上门的不用写。", field="visit_workdays")
    version.save()


def _require_writer(by, station):
    if not perms.may_write_rules(by, station):
        raise RuleError("规则由市、县（区）的经办人或负责人起草。", code="not_allowed")


def _expect(version, state, deed):
    if version.state != state:
        raise RuleError(
            f"这一版现在是“{version.get_state_display()}”，不能{deed}。请刷新页面查看。",
            code="wrong_state",
        )


def _record(deed, version, by, **detail):
    audit.record(
        f"services.rule_{deed}", version, by=by, station=version.rule.station,
        detail={"rule": version.rule.code, "number": version.number, **detail},
    )  # fmt: skip
