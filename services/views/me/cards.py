"""My card: how far it is, what to do next, and a card that was found again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import is_citizen, only
from services import card_rules, matter_kinds
from services.actions import cards
from services.enums import CARD_ENDED, CardState
from services.models import Card, Person
from services.notices import cards as notices
from veterans_portal.errors import DomainError

# Kinds of matters that are offered for a card in some state.
OFFERED = {
    None: [matter_kinds.CARD_APPLY],
    CardState.ISSUED: [matter_kinds.CARD_LOSS, matter_kinds.CARD_REPLACE],
    CardState.TEMP_LOST: [matter_kinds.CARD_LOSS],
    CardState.LOST: [matter_kinds.CARD_REPLACE],
}


@only(is_citizen)
@require_safe
def my_card(request):
    """The card that counts with its way; without one, what it is and how to apply."""
    person = Person.objects.filter(account=request.user).select_related("station").first()
    found = list(Card.objects.visible_to(request.user).select_related("station__parent", "matter"))
    card = next((each for each in found if each.state not in CARD_ENDED), None)
    steps = list(card.steps.all()) if card else []
    context = {
        "person": person,
        "card": card,
        "earlier": [each for each in found if each is not card],
        "line": card_rules.step_line(card.state, steps) if card else [],
        "words": notices.told(card)[1] if card else "",
        "tone": card_rules.TONES.get(card.state, "note") if card else "",
        "offered": OFFERED.get(card.state if card else None, []),
        "kinds": _kinds(person),
        "home_visit": person is not None and person.age() >= card_rules.HOME_VISIT_AGE,
    }
    return render(request, "services/me/card.html", context)


def _kinds(person):
    if person is None:
        return []
    held = person.identities.filter(valid_to__isnull=True).values_list("category", flat=True)
    return [kind.label for kind in card_rules.kinds_for(held)]


@only(is_citizen)
@require_POST
def release(request, pk):
    """Found again: end the temporary report."""
    card = get_object_or_404(Card.objects.visible_to(request.user), pk=pk)
    try:
        cards.release(card=card, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "挂失已解除，优待证可以用了。")
    return redirect("services:my_card")
