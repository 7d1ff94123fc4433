"""Placement files at the desk: the picture of a year, one with its next step, every deed."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions import cases as acts
from placement.actions.cases.trail import record
from placement.clocks import running
from placement.enums import CASE_GIVEN_UP, CASE_OPEN, ROAD, CaseState
from placement.forms import cases as forms
from placement.models import CaseEvidence, PlacementCase, PlacementTerms
from placement.views.desk.steps import WHY, Deed, steps, take
from services import search as searching
from services.actions.disclosure import note_search
from services.forms.fields import add_refusal
from services.forms.matters_desk import NoteForm
from services.models import Person
from services.perms import works_at_a_desk
from services.views.handed_out import file_answer
from veterans_portal.errors import DomainError

PER_PAGE = 25
FOUND = 20


@only(works_at_a_desk)
@require_safe
def case_list(request):
    """Open ones by the clock that runs; how many stand where on the road."""
    visible = PlacementCase.objects.visible_to(request.user)
    years = sorted(set(visible.values_list("year", flat=True).order_by()), reverse=True)
    form = forms.CaseFilter(request.GET, years=years)
    found = _narrowed(visible, form, request.user)
    page_obj = Paginator(found.with_all().by_term(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page_obj,
        "form": form,
        "counts": _counts(visible, form.value("year")),
        "may_open": bool(perms.receiving_stations(request.user)),
    }
    return render(request, "placement/desk/case_list.html", context)


def _narrowed(found, form, user):
    state = form.value("state")
    if state is None:
        found = found.filter(state__in=CASE_OPEN)
    elif state != "all":
        found = found.filter(state=state)
    if year := form.value("year"):
        found = found.filter(year=year)
    if way := form.value("way"):
        found = found.filter(way=way)
    if form.value("mine"):
        found = found.filter(handler=user)
    if text := form.value("q"):
        low = text.lower()
        found = found.filter(
            Q(number__iexact=text)
            | Q(person__name__startswith=text)
            | Q(person__name_pinyin__startswith=low)
            | Q(person__name_initials__startswith=low)
        )
    if clock := form.value("clock"):
        found = found.filter(running(clock))
    return found


def _counts(visible, year):
    """[(state, how many)] of those whom the government places, along the road."""
    found = visible.arranged()
    if year:
        found = found.filter(year=year)
    by_state = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    states = [*ROAD, CaseState.OBJECTION, *CASE_GIVEN_UP]
    return [(state, state.label, by_state[state]) for state in states if by_state.get(state)]


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request):
    """Find the person of a new placement file; what was asked stands in no address."""
    if not perms.receiving_stations(request.user):
        raise Http404
    text = request.POST.get("q", "")
    context = {"q": text, "found": None, "advice": ""}
    if text.strip():
        try:
            query = searching.understand(text)
        except DomainError as unclear:
            context["advice"] = unclear.message
        else:
            people = searching.find(request.user, query).filed().select_related("station")
            context["found"] = list(people[:FOUND])
            if query.is_number:
                found = len(context["found"])
                note_search(kind=query.kind, found=found, by=request.user, request=request)
                context["q"] = ""
    return render(request, "placement/desk/case_new.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def case_open(request, pk):
    """Open the placement file of a person."""
    stations = perms.receiving_stations(request.user)
    if not stations:
        raise Http404
    visible = Person.objects.visible_to(request.user).filed().select_related("station")
    person = get_object_or_404(visible, pk=pk)
    bound = request.POST if request.method == "POST" else None
    form = forms.OpenForm(bound, stations=stations, person=person)
    if bound is not None and form.is_valid():
        try:
            case = acts.open_case(person=person, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(case.get_absolute_url())
    context = {"person": person, "form": form}
    return render(request, "placement/desk/case_open.html", context)


def case_in_scope(request, number):
    """The file of this number at a centre in the reader's scope; Http404 otherwise."""
    found = PlacementCase.objects.visible_to(request.user).with_all()
    return get_object_or_404(found, number=number)


@only(works_at_a_desk)
@require_safe
def case_page(request, number):
    """One file: the next step first, clocks, evidence, timeline. Reading it is written down."""
    case = case_in_scope(request, number)
    record("case_read", case, by=request.user, request=request)
    return _page(request, case)


def _page(request, case, refused=None):
    handles = perms.may_handle_cases(request.user, case.station)
    decides = perms.may_decide_cases(request.user, case.station)
    names = OFFERED.get(case.state, []) if handles else []
    if not case.is_arranged:
        names = [each for each in names if each not in ("begin-check", "wish")]
    names = [*names, *(["note"] if handles else [])]
    if decides and case.is_open:
        names += ["waive", "cancel", *(["convert"] if case.is_arranged else [])]
    shown = steps(names, DEEDS, case, ("placement:case_act", [case.number]), refused)
    sheet = case.sheets.current().select_related("scheme").first()
    is_next = bool(names) and names[0] in NEXT and not (names[0] == "evidence" and sheet)
    first = shown[:1] if is_next else []
    context = {
        "case": case,
        "next": first[0] if first else None,
        "others": shown[len(first):],
        "refused_form": refused[1] if refused else None,
        "evidence": case.evidence.kept().annotate(used=Count("lines")).order_by("at", "pk"),
        "may_change": handles and case.state == CaseState.FILE_CHECK,
        "sheet": sheet,
        "wishes": case.wishes.select_related("post__employer"),
        "timeline": [_event(event) for event in case.events.all()],
    }  # fmt: skip
    return render(request, "placement/desk/case.html", context)


def _event(event):
    staff = f"（内部）{event.staff_words}" if event.staff_words else ""
    return {
        "at": event.at,
        "title": event.get_act_display(),
        "by": event.by_name or "系统",
        "body": "　".join(words for words in (event.public_words, staff) if words),
    }


@only(works_at_a_desk)
@require_POST
def case_act(request, number, act):
    """Do one deed on a file."""
    case = case_in_scope(request, number)
    return take(
        request, act, DEEDS, case, back=case.get_absolute_url(),
        page=lambda refused: _page(request, case, refused),
    )  # fmt: skip


@only(works_at_a_desk)
@require_safe
def evidence_file(request, number, pk):
    """The scan of a sheet of the original file; reading it is written down."""
    case = case_in_scope(request, number)
    evidence = get_object_or_404(
        CaseEvidence.objects.select_related("case__station"), case=case, pk=pk
    )
    try:
        data = acts.read_evidence(evidence=evidence, by=request.user, request=request)
    except DomainError as gone:
        raise Http404 from gone
    return file_answer(data, name="档案依据", content_type=evidence.content_type)


@only(works_at_a_desk)
@require_POST
def evidence_remove(request, number, pk):
    """Take evidence away that no line stands on."""
    case = case_in_scope(request, number)
    evidence = get_object_or_404(case.evidence.all(), pk=pk)
    remove = Deed("移除依据", lambda target, by, form: acts.remove_evidence(evidence=target, by=by))
    back = case.get_absolute_url()
    return take(request, "remove", {"remove": remove}, evidence, page=None, back=back)


def _evidence(case, by, form):
    acts.add_evidence(case=case, by=by, **form.cleaned_data)


DEEDS = {
    "report": Deed(
        "登记报到", lambda case, by, form: acts.report(case=case, by=by, **form.cleaned_data),
        form=forms.ReportForm, given=lambda case: {"initial": {"on": timezone.localdate()}},
    ),
    "begin-check": Deed(
        "开始审核档案", lambda case, by, form: acts.begin_check(case=case, by=by),
        lead="档案已经收到，开始审核。审核和计分只依据原始档案。",
    ),
    "evidence": Deed("登记档案依据", _evidence, form=forms.EvidenceForm),
    "mend": Deed(
        "更正安置条件", lambda case, by, form: acts.mend(case=case, by=by, **form.cleaned_data),
        form=forms.MendForm,
        given=lambda case: {
            "initial": {"grounds": case.grounds, "sending_contact": case.sending_contact}
        },
    ),
    "wish": Deed(
        "代填岗位意愿",
        lambda case, by, form: acts.take_down_wish(case=case, by=by, **form.cleaned_data),
        form=forms.WishForm,
        given=lambda case: {"initial": {"natures": case.wish_natures, "words": case.wish_words}},
    ),
    "note": Deed(
        "记进展", lambda case, by, form: acts.note(case=case, by=by, **form.cleaned_data),
        form=NoteForm,
    ),
    "waive": Deed(
        "登记放弃", lambda case, by, form: acts.waive(case=case, by=by, **form.cleaned_data),
        form=WHY, lead="本人书面放弃，或逾期报到没有正当理由。",
    ),
    "cancel": Deed(
        "取消安排工作", lambda case, by, form: acts.cancel(case=case, by=by, **form.cleaned_data),
        form=WHY, lead="有条例规定不予安排的情形。",
    ),
    "convert": Deed(
        "转自主就业", lambda case, by, form: acts.convert(case=case, by=by, **form.cleaned_data),
        form=WHY, lead="本人书面申请。人员档案的安置方式会一并改为自主就业。",
    ),
}  # fmt: skip
NEXT = ("report", "begin-check", "evidence")
OFFERED = {
    CaseState.TRANSFERRED_IN: ["report", "mend"],
    CaseState.REPORTED: ["begin-check", "mend", "wish"],
    CaseState.FILE_CHECK: ["evidence", "mend", "wish"],
    CaseState.SCORED: ["wish"],
    CaseState.SCORE_PUBLICITY: ["wish"],
    CaseState.OBJECTION: ["wish"],
    CaseState.READY: ["wish"],
}


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request):
    """The terms, newest first; the city's head enters new ones."""
    may_enter = perms.may_keep_terms(request.user)
    if request.method == "POST" and not may_enter:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = forms.TermsForm(bound) if may_enter else None
    if bound is not None and form.is_valid():
        try:
            acts.enter_terms(terms=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect("placement:terms")
    rows = PlacementTerms.objects.all()
    return render(request, "placement/desk/terms.html", {"rows": rows, "form": form})
