"""Starting up as one matter: asked for once, each item on its own clock, done when all are (A119)."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.startups import ITEM_OPEN, BundleState, ItemState
from placement.models import BundleItem, BundleKind, StartupBundle
from placement.notices import startups as notices
from services.actions.workdays import due_day
from services.booking_rules import refusal_by_file
from services.perms import may_keep_file
from veterans_portal import locking
from veterans_portal.errors import DomainError


class BundleError(DomainError):
    """A rule about bundles refuses."""

    code = "bundle_refused"


def locked(bundle):
    """Return the bundle, locked until the transaction ends; its items change under this lock."""
    rows = StartupBundle.objects.select_related("person__account", "station")
    return locking.locked(rows, getattr(bundle, "pk", bundle))


@transaction.atomic
def submit(*, bundle, kinds, by, now=None):
    """Ask for several items with one form; returns the StartupBundle with its number.

    By the person, or by staff who keep the file. A repeated `client_key` gives the first one back.
    """
    now = now or timezone.now()
    person = bundle.person
    if not (person.account_id == by.pk or may_keep_file(by, person.station)):
        raise BundleError("请由本人办理，或请档案所在的站点代办。", code="not_yours")
    if refusal := refusal_by_file(person):
        raise refusal
    made = StartupBundle.objects.filter(by=by, client_key=bundle.client_key).first()
    if made is not None:
        return made
    if not kinds:
        raise BundleError("请至少选一项。", field="kinds")
    bundle.by, bundle.station, bundle.submitted_at = by, person.station, now
    bundle.state, bundle.number = BundleState.OPEN, f"?{bundle.client_key}"[:20]
    try:
        with transaction.atomic():
            bundle.save()
    except IntegrityError as clash:
        raise BundleError(
            "您已经有一份“创业一件事”在办，办完或撤回以后才能再提交。", code="open_already"
        ) from clash
    bundle.number = f"CY{timezone.localdate(now):%Y%m}{bundle.pk:06d}"
    bundle.save(update_fields=["number"])
    today = timezone.localdate(now)
    BundleItem.objects.bulk_create(
        BundleItem(
            bundle=bundle, kind=kind, title=kind.title, department=kind.department,
            due_on=due_day(kind.workdays, after=today),
        )
        for kind in kinds
    )  # fmt: skip
    _record("submitted", bundle, by, items=[kind.pk for kind in kinds])
    notices.tell_person(bundle, notices.bundle_submitted(bundle, len(kinds)))
    return bundle


@transaction.atomic
def note(*, item, state, by, result="", now=None):
    """Note how an item goes: handed to its department, done, or not given; the last one ends all."""
    now = now or timezone.now()
    bundle = locked(item.bundle_id)
    if not perms.may_keep_loans(by, bundle.station):
        raise BundleError("请由受理站点的经办人或负责人登记。", code="not_yours")
    item = bundle.items.get(pk=item.pk)
    if bundle.state != BundleState.OPEN or not item.is_open or item.state == state:
        raise BundleError(
            f"这一项现在是“{item.get_state_display()}”，请刷新页面再看。", code="wrong_state"
        )
    if state not in (ItemState.HANDED, ItemState.DONE, ItemState.REFUSED):
        raise BundleError("请选择进展。", field="state")
    if state != ItemState.HANDED and not result.strip():
        raise BundleError("请写明结果，本人会看到。", field="result")
    item.state, item.result = state, result.strip()[:200]
    item.noted_by, item.noted_at = by, now
    item.save()
    _record("item_noted", bundle, by, item=item.pk, state=state)
    if not bundle.items.filter(state__in=ITEM_OPEN).exists():
        bundle.state, bundle.ended_at = BundleState.DONE, now
        bundle.save()
        _record("done", bundle, by)
        notices.tell_person(bundle, notices.bundle_done(bundle))
    elif state != ItemState.HANDED:
        notices.tell_person(bundle, notices.item_ended(bundle, item))
    return item


@transaction.atomic
def withdraw(*, bundle, by, now=None):
    """Take back what is not decided yet; what was done stays done."""
    bundle = locked(bundle)
    if not (bundle.person.account_id == by.pk or may_keep_file(by, bundle.person.station)):
        raise BundleError("请由本人办理，或请档案所在的站点代办。", code="not_yours")
    if bundle.state != BundleState.OPEN:
        raise BundleError(f"现在是“{bundle.get_state_display()}”，不用再撤回。", code="wrong_state")
    bundle.items.filter(state__in=ITEM_OPEN).update(state=ItemState.WITHDRAWN)
    bundle.state, bundle.ended_at = BundleState.WITHDRAWN, now or timezone.now()
    bundle.save()
    _record("withdrawn", bundle, by)
    return bundle


@transaction.atomic
def save_kind(*, kind, by):
    """Write an item of the dictionary; heads of the city do. What was asked for stays as it was."""
    if not perms.may_keep_terms(by):
        raise BundleError("事项由市级负责人维护。", code="not_yours")
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as clash:
        raise BundleError("已经有这个事项，请换一个名称。", field="title") from clash
    audit.record("placement.bundle_kind_saved", kind, by=by, detail={"title": kind.title})
    return kind


def offered():
    """The items that may be asked for today."""
    return BundleKind.objects.filter(is_offered=True)


def _record(act, bundle, by, **detail):
    own = by.pk == bundle.person.account_id
    audit.record(
        f"placement.bundle_{act}", bundle, by=by, station=bundle.station,
        on_behalf_of="" if own else bundle.person.name, detail=detail or None,
    )  # fmt: skip
