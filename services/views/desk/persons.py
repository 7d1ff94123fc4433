"""Persons at the desk: find, collect, look at, correct, and take each step of the file."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from services import history, perms
from services import search as searching
from services.actions import changes, duplicates, persons
from services.actions.disclosure import Disclosed, disclose, note_reading, note_search
from services.enums import DuplicateState, FileState
from services.forms import persons as forms
from services.forms.fields import add_refusal
from services.models import Duplicate, Matter, Person
from services.models.person import ENDED, WAITING
from services.views.desk.bookings import whole_number
from veterans_portal.errors import DomainError

PER_PAGE = 25
BOOKINGS = 5
MATTERS = 10  # shown on the page of a file
SHOWN_SECONDS = 60


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request):
    """One box. Numbers come by POST only, so that they stand in no address and no log."""
    text = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    context = {"text": text, "found": None, "advice": "", "capped": False, "by_number": False}
    context |= _whose_visit(request)
    context |= {"state": "", "below": False, "states": [], "page_obj": None}
    if not text.strip():
        return _own_people(request, context)
    try:
        query = searching.understand(text)
    except DomainError as unclear:
        return render(request, "services/desk/search.html", context | {"advice": unclear.message})
    if query.is_number:
        return _by_number(request, query, context)
    if request.method == "POST":
        asked = {"q": query.text} | ({"arrival": context["arrival"]} if context["arrival"] else {})
        return redirect(f"{request.path}?{urlencode(asked)}")
    return _by_name(request, query, context)


def _whose_visit(request):
    """The visit (`?arrival=`) for which a person is looked for, kept until the matter is entered."""
    arrival = whole_number(request.GET.get("arrival"))
    return {"arrival": arrival, "for_visit": f"?arrival={arrival}" if arrival else ""}


def _own_people(request, context):
    """Without a question: the people of exactly my stations, or whom somebody still waits for.

    Only waiting files are listed for everything below: a city's filed ones are for searching.
    """
    state = request.GET.get("state", "")
    below = request.GET.get("reach") == "below" and state in WAITING
    people = Person.objects.visible_to(request.user).select_related("station")
    if not below:
        people = people.filter(station__path__in=perms.scope_of(request.user).paths)
    if state in FileState.values:
        people = people.filter(state=state)
    page = Paginator(people.order_by("name_pinyin", "id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context |= {"page_obj": page, "state": state, "below": below, "states": FileState.choices}
    return render(request, "services/desk/search.html", context)


def _by_name(request, query, context):
    people = searching.find(request.user, query).select_related("station")
    count = len(people.order_by().values_list("pk", flat=True)[: searching.LISTED + 1])
    if not count and query.kind == "reading":
        query = searching.Query("initials", query.text)
        people = searching.find(request.user, query).select_related("station")
        count = len(people.order_by().values_list("pk", flat=True)[: searching.LISTED + 1])
    context["capped"] = count > searching.LISTED
    shown = people[: searching.LISTED]
    page = _Counted(shown, PER_PAGE, min(count, searching.LISTED)).get_page(request.GET.get("page"))
    return render(
        request, "services/desk/search.html", context | {"page_obj": page, "found": count}
    )


class _Counted(Paginator):
    """A paginator that was told how many there are."""

    def __init__(self, rows, per_page, count):
        super().__init__(rows, per_page)
        self.count = count


def _by_number(request, query, context):
    if request.method != "POST":
        advice = "为保护隐私，号码不能写在网址里。请在下面的框里输入后点“查找”。"
        messages.warning(request, advice)
        return redirect("services:desk_search")
    people = list(searching.find(request.user, query).select_related("station")[: searching.LISTED])
    note_search(kind=query.kind, found=len(people), by=request.user, request=request)
    if len(people) == 1:
        return redirect(f"{people[0].get_absolute_url()}{context['for_visit']}")
    page = Paginator(people, searching.LISTED).get_page(1)
    context |= {"text": "", "page_obj": page, "found": len(people), "by_number": True}
    return render(request, "services/desk/search.html", context)


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request):
    """A new file at the counter, with or without a phone."""
    form = forms.CollectForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person = persons.create_file(
                by=request.user,
                station=data["station"],
                id_number=data["id_number"],
                categories=data["categories"],
                division_id=data["station"].division_id,
                request=request,
                **form.facts(),
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已采集。请核验身份后提交审核。")
            if duplicates.find_for(person=person, by=request.user):
                messages.warning(
                    request, "这个人可能已有一份档案，请先到“疑似重复”核对，再提交审核。"
                )
            return redirect(person)
    return render(request, "services/desk/person_collect.html", {"form": form})


def get_person(request, pk):
    """The file in the reader's scope, or 404."""
    people = Person.objects.visible_to(request.user)
    return get_object_or_404(
        people.select_related("station", "division", "account", "submitted_by"), pk=pk
    )


@only(perms.works_at_a_desk)
@require_safe
def person(request, pk):
    """The file: facts masked, next step, identities, bookings, history. Looking is recorded."""
    found = get_person(request, pk)
    note_reading(person=found, by=request.user, request=request)
    stayed = _stayed(request, found)
    if stayed is not None:
        messages.info(request, "您找的档案已并入这一份。")
        return redirect(stayed)
    return _person_page(request, found)


def _stayed(request, found):
    """The file that a merged one went into, when this reader may see it."""
    if found.merged_into_id is None:
        return None
    return Person.objects.visible_to(request.user).filter(pk=found.merged_into_id).first()


def _person_page(request, found, disclosed=None, form=None):
    may = _rights(request.user, found)
    open_change = (
        found.change_requests.open().select_related("by").first()
        if found.state == FileState.CHANGE_PENDING
        else None
    )
    context = _whose_visit(request) | {
        "person": found,
        "may": may,
        "identities": list(found.identities.select_related("verified_by")),
        "bookings": list(found.bookings.with_slot().order_by("-slot__starts_at")[:BOOKINGS]),
        "matters": list(
            Matter.objects.visible_to(request.user)
            .filter(person=found)
            .select_related("kind")
            .order_by("-created_at")[:MATTERS]
        ),
        "history": history.of_file(found, health=may["see_health"]),
        "transfer": found.transfers.open().select_related("to_station").first()
        if found.state not in ENDED
        else None,
        "change": open_change,
        "change_lines": history.of_change(open_change, found, health=may["see_health"])
        if open_change
        else [],
        "pairs": list(
            Duplicate.objects.visible_to(request.user)
            .filter(Q(first=found) | Q(second=found))
            .exclude(state=DuplicateState.DISTINCT)
        ),
        "disclosure_form": form or forms.DisclosureForm(),
        "identity_form": forms.IdentityForm(),
        "disclosed": disclosed,
        "shown_seconds": SHOWN_SECONDS,
    }
    return render(request, "services/desk/person.html", context)


def _rights(user, found):
    """What this reader may do with this file now: state and predicate together."""
    keeps = perms.may_keep_file(user, found.station)
    reviews = perms.may_review_file(user, found.station)
    is_filler = found.submitted_by_id == user.pk
    state = found.state
    alive = state not in ENDED
    return {
        "handle_matters": perms.may_handle_matters(user, found.station) and alive,
        "keep": keeps and alive,
        "edit": keeps and state in (FileState.DRAFT, FileState.FILED),
        "submit": keeps and state == FileState.DRAFT,
        "review": reviews and state == FileState.SUBMITTED and not is_filler,
        "enter": perms.may_enter_file(user, found.station)
        and state == FileState.REVIEWED
        and not is_filler,
        "transfer": (keeps or reviews) and state in (FileState.DRAFT, FileState.FILED),
        "close": reviews and state in (FileState.FILED, FileState.CHANGE_PENDING),
        "unlink": reviews and found.account_id is not None,
        "decide_change": reviews,
        "see_health": perms.may_see_health(user, found.station),
    }


@only(perms.works_at_a_desk)
@require_POST
def unmask(request, pk):
    """Show one value in clear for a minute, after a reason; reloading asks again."""
    found = get_person(request, pk)
    form = forms.DisclosureForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, form=form)
    what = Disclosed(form.cleaned_data["what"])
    value = disclose(subject=found, by=request.user, request=request, **form.cleaned_data)
    response = _person_page(
        request, found, disclosed={"label": what.label, "value": value or "未填写"}
    )
    response["Refresh"] = f"{SHOWN_SECONDS}; url={found.get_absolute_url()}"
    return response


@only(perms.works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Correct a draft at once; of a filed file ask for a change."""
    found = get_person(request, pk)
    may = _rights(request.user, found)
    if not may["edit"]:
        raise Http404
    is_draft = found.state == FileState.DRAFT
    form_class = forms.FactsForm if is_draft else forms.ChangeForm
    initial = {name: getattr(found, name) for name in forms.FactsForm.base_fields}
    form = form_class(
        request.POST or None, initial=initial, birth=found.birth, health=may["see_health"]
    )
    if request.method == "POST" and form.is_valid():
        try:
            if is_draft:
                persons.correct_draft(
                    person=found, by=request.user, request=request, **form.facts()
                )
            else:
                changes.ask_change(
                    person=found,
                    by=request.user,
                    wanted=form.facts(),
                    reason=form.cleaned_data["reason"],
                    request=request,
                )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已保存。" if is_draft else "变更申请已提交，等待审核。")
            return redirect(found)
    context = {"form": form, "person": found, "is_draft": is_draft}
    return render(request, "services/desk/person_edit.html", context)
