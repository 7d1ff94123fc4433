"""Cards at the desk: the list by step, one card, and the step of many at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import private_files
from accounts.perms import only
from services import card_rules, perms
from services.actions import cards
from services.enums import CARD_ENDED, CardState
from services.forms.cards import FilterForm, ManyForm, StepForm
from services.forms.fields import add_refusal
from services.models import Card
from veterans_portal.errors import DomainError

PER_PAGE = 50
NAMED = 5  # cards that could not be moved, named in the message


@only(perms.works_at_a_desk)
@require_safe
def card_list(request):
    """Cards on their way, the oldest first; by step, those that the reader can note can be ticked."""
    form = FilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    scope = perms.scope_of(request.user)
    seen = Card.objects.visible_to(request.user).select_related("person", "station")
    if state:
        seen = seen.filter(state=state)
    else:
        seen = seen.exclude(state__in=[*CARD_ENDED, CardState.ISSUED, CardState.LOST])
    page = Paginator(seen.order_by("created_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    nexts = set()
    for card in page.object_list:
        card.tone = card_rules.TONES.get(card.state, "note")
        card.nexts = _many(card_rules.next_by_hand(scope, card.station.path, card.state))
        nexts.update(card.nexts)
    context = {
        "page_obj": page,
        "filter": form,
        "state": state,
        "all": "all" in request.GET,
        "steps": [(each, each.label) for each in card_rules.BY_HAND if each in nexts],
    }
    return render(request, "services/desk/card_list.html", context)


def _many(states):
    return [each for each in states if each != CardState.REJECTED]


@only(perms.works_at_a_desk)
@require_POST
def step_many(request):
    """Note one step for all ticked cards; what could not be moved is named with its reason."""
    back = redirect("services:desk_cards")
    if request.POST.get("state") in CardState.values:
        back["Location"] += f"?state={request.POST['state']}"
    form = ManyForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return back
    try:
        moved, left = cards.advance_many(by=request.user, **form.cleaned_data)
    except DomainError as refused:
        messages.error(request, refused.message)
        return back
    if moved:
        label = CardState(form.cleaned_data["to"]).label
        messages.success(request, f"{moved}张卡已登记为“{label}”，并告诉了本人。")
    if left:
        names = "；".join(f"{card.person.name}：{why}" for card, why in left[:NAMED])
        messages.warning(request, f"{len(left)}张没有登记。{names}")
    if not moved and not left:
        messages.info(request, "这些卡已经登记过了，不用再办。")
    return back


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def card(request, pk):
    """One card: where it stands, its photo, its history, and the next step to note."""
    found = _get(request, pk)
    scope = perms.scope_of(request.user)
    states = card_rules.next_by_hand(scope, found.station.path, found.state)
    form = StepForm(request.POST or None, states=states) if states else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            cards.advance(
                card=found,
                to=form.cleaned_data["to"],
                by=request.user,
                note=form.cleaned_data["note"],
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已登记，并告诉了本人。")
            return redirect("services:desk_card", pk=pk)
    return _page(request, found, form)


def _page(request, found, form):
    steps = list(found.steps.select_related("by"))
    context = {
        "card": found,
        "tone": card_rules.TONES.get(found.state, "note"),
        "line": card_rules.step_line(found.state, steps),
        "history": [_entry(step) for step in reversed(steps)],
        "form": form,
        "age": found.person.age(),
    }
    return render(request, "services/desk/card.html", context)


def _entry(step):
    by = step.by.name if step.by and step.by.is_staff_member else "本人" if step.by else "系统"
    return {"at": step.at, "title": step.get_state_display(), "body": step.note, "by": by}


@only(perms.works_at_a_desk)
@require_safe
def photo(request, pk):
    """The photo of a card, to staff in scope; written down."""
    found = _get(request, pk)
    if not found.photo:
        raise Http404
    try:
        data = private_files.fetch(found.photo)
    except FileNotFoundError as gone:
        raise Http404 from gone
    cards.note_photo_reading(card=found, by=request.user, request=request)
    answer = HttpResponse(data, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _get(request, pk):
    seen = Card.objects.visible_to(request.user)
    related = "person", "station", "matter", "replaces", "replaced_by"
    return get_object_or_404(seen.select_related(*related), pk=pk)
