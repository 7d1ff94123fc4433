"""A card comes to its next state: noted by the tier whose step it is, told to the person."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from services import card_rules
from services.actions import matters
from services.enums import CARD_ENDED, CARD_TRANSITIONS, CardState, MatterAct
from services.models import Card, CardStep
from services.notices import cards as notices
from services.perms import scope_of
from veterans_portal import locking
from veterans_portal.errors import DomainError

MOST_AT_ONCE = 200


class CardError(DomainError):
    """A rule of cards refuses."""

    code = "card_refused"


def locked(card):
    """Return the card's row, locked until the transaction ends, with what acts and messages read."""
    rows = Card.objects.select_related("person__account", "station__parent", "matter")
    return locking.locked(rows, getattr(card, "pk", card))


def current_card(person):
    """The person's card or application that has not ended, or None; a lost card counts last."""
    cards = list(person.cards.current().select_related("station").order_by("-created_at"))
    alive = [card for card in cards if card.state != CardState.LOST]
    return (alive or cards or [None])[0]


def step(card, to, *, by, note="", tell=True, **changes):
    """Bring a locked card to a state: the row, its step, the matter's timeline, audit, message.

    Called by acts that have checked who may. Raises CardError when the way does not lead there.
    """
    if (card.state, to) not in CARD_TRANSITIONS:
        raise CardError(
            f"这张卡现在是“{card.get_state_display()}”，不能改为“{CardState(to).label}”。"
            "请刷新页面，看看是不是同事已经办过。",
            code="wrong_state",
        )
    card.state = to
    for name, value in changes.items():
        setattr(card, name, value)
    card.save(update_fields=["state", *changes])
    record_step(card, by=by, note=note, tell=tell)
    return card


def record_step(card, *, by, note="", tell=True):
    """Write that the card is in its state now, and tell the person."""
    CardStep.objects.create(card=card, state=card.state, by=by, note=note)
    title, body = notices.told(card, note=note)
    matters.record_event(card.matter, MatterAct.STEP, by=by, public=f"{title}。{body}")
    audit.record(
        "services.card_step",
        card,
        by=by,
        station=card.station,
        on_behalf_of=card.person,
        detail={"state": card.state, "note": note},
    )
    if tell:
        notices.tell(card, note=note, url=reverse("services:my_card"))


@transaction.atomic
def advance(*, card, to, by, note=""):
    """Note that a card has come to a state (one of `card_rules.BY_HAND`); returns the card.

    Raises CardError when it is not this reader's to note, the way does not lead there, or a
    refusal says no reason.
    """
    card = locked(card)
    if card.state == to:
        return card  # a second tap
    _require(card, to, by, note)
    changes = {"issued_on": timezone.localdate()} if to == CardState.ISSUED else {}
    return step(card, to, by=by, note=note.strip(), **changes)


@transaction.atomic
def advance_many(*, cards, to, by, note=""):
    """Note the same state for many cards at once; returns (how many moved, [(card, why not)]).

    `cards` are primary keys. What is not this reader's or not at the step before is left as it is
    and named; the others go together. One lock order, so two colleagues do not stop each other.
    """
    keys = sorted({int(key) for key in cards})
    if not keys:
        raise CardError("请先勾选要办的卡。", code="none_chosen", field="cards")
    if len(keys) > MOST_AT_ONCE:
        raise CardError(f"一次最多办{MOST_AT_ONCE}张，请分几次办。", code="too_many", field="cards")
    rows = (
        Card.objects.visible_to(by)
        .filter(pk__in=keys)
        .select_related("person__account", "station__parent", "matter")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    moved, left = 0, []
    for card in rows:
        if card.state == to:
            continue
        try:
            _require(card, to, by, note)
        except CardError as refused:
            left.append((card, refused.message))
            continue
        changes = {"issued_on": timezone.localdate()} if to == CardState.ISSUED else {}
        step(card, to, by=by, note=note.strip(), **changes)
        moved += 1
    return moved, left


def note_photo_reading(*, card, by, request=None):
    """Write down that a member of the staff looked at a card's photo."""
    if by.is_staff_member:
        audit.record(
            "services.card_photo_read",
            card,
            by=by,
            station=card.station,
            on_behalf_of=card.person,
            request=request,
        )


def _require(card, to, by, note):
    if card.state in CARD_ENDED:
        raise CardError(f"这张卡{card.get_state_display()}，不用再办。", code="ended")
    if (card.state, to) not in CARD_TRANSITIONS or to not in card_rules.BY_HAND:
        raise CardError(
            f"这张卡现在是“{card.get_state_display()}”，下一步不是“{CardState(to).label}”。",
            code="wrong_state",
        )
    if not card_rules.may_note(scope_of(by), card.station.path, card.state, to):
        raise CardError(
            f"“{CardState(to).label}”不由您所在的站点登记，请联系负责这一步的上级或镇街站点。",
            code="not_allowed",
        )
    if to == CardState.REJECTED and not note.strip():
        raise CardError("请写明不予发放的原因，本人会看到。", code="no_reason", field="note")
