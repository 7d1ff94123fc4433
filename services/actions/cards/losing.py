"""A card is lost: reported for 5 to 15 days, found again, or lost for good (`domain.md` B.4)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from services.actions.cards.moving import CardError, locked, step
from services.card_rules import LOSS_DAYS
from services.enums import CardState
from services.models import Card
from services.perms import scope_of

BATCH = 200


@transaction.atomic
def report_loss(*, card, by, days=LOSS_DAYS[1]):
    """Report a card as lost for `days` days (5 to 15); it comes back by itself. Returns the card."""
    first, last = LOSS_DAYS
    if not first <= days <= last:
        raise CardError(f"临时挂失为{first}至{last}天。", code="wrong_days", field="days")
    card = locked(card)
    _require_own(card, by)
    if card.state == CardState.TEMP_LOST:
        return card
    until = timezone.now() + timedelta(days=days)
    return step(card, CardState.TEMP_LOST, by=by, note=f"{days}天", temp_lost_until=until)


@transaction.atomic
def release(*, card, by):
    """The card was found: end the temporary report early."""
    card = locked(card)
    _require_own(card, by)
    if card.state == CardState.ISSUED:
        return card
    return step(card, CardState.ISSUED, by=by, note="找到了，提前解除挂失", temp_lost_until=None)


@transaction.atomic
def lose_for_good(*, card, by):
    """The report becomes final: the card is void, a new one may be asked for."""
    card = locked(card)
    if not by.is_staff_member:
        raise CardError("正式挂失由服务站核对后登记。", code="not_allowed")
    _require_own(card, by)
    if card.state == CardState.LOST:
        return card
    return step(card, CardState.LOST, by=by, temp_lost_until=None)


def release_due(*, now=None):
    """End temporary reports whose days are over; returns how many."""
    now = now or timezone.now()
    due = Card.objects.filter(state=CardState.TEMP_LOST, temp_lost_until__lte=now)
    return sum(_release_one(pk, now) for pk in due.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _release_one(pk, now):
    card = (
        Card.objects.filter(pk=pk, state=CardState.TEMP_LOST, temp_lost_until__lte=now)
        .select_related("person__account", "station__parent", "matter")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    if card is None:
        return 0
    step(card, CardState.ISSUED, by=None, note="临时挂失到期，自动解除", temp_lost_until=None)
    return 1


def _require_own(card, by):
    """The person, who may act for them, and staff of the station or above."""
    if by.is_staff_member:
        allowed = scope_of(by).covers(card.station.path)
    else:
        allowed = card.person.account_id == by.pk or _acts_for(card.person, by)
    if not allowed:
        raise CardError("只有本人、代办人和服务站工作人员能办这件事。", code="not_allowed")


def _acts_for(person, user):
    return person.proxies.in_force().filter(agent=user).exists()
