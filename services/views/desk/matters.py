"""Matters at the desk: the list by term, one with its next step, every decision."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.perms import only
from services import perms
from services.actions import matters as acts
from services.actions.documents import may_revoke_at
from services.actions.matter_files import may_add, missing_papers
from services.actions.workdays import due_day
from services.enums import OPEN_MATTERS, MatterState, Outcome
from services.forms import matters_desk as forms
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.matter_rules import AMBER_DAYS, amber_days, light, lights
from services.matter_words import answer_rows
from services.models import Matter, MatterKind
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(perms.works_at_a_desk)
@require_safe
def matter_list(request):
    """Open ones by their next term; own stations or all under them; filtered."""
    below = request.GET.get("reach") == "below"
    form = forms.MatterFilter(request.GET, kinds=MatterKind.objects.all())
    found = Matter.objects.visible_to(request.user).with_all()
    if not below:
        found = found.filter(station__path__in=perms.scope_of(request.user).paths)
    page = Paginator(_narrowed(found, form, request.user), PER_PAGE)
    page_obj = page.get_page(request.GET.get("page"))
    shown = lights(page_obj.object_list, today=timezone.localdate())
    for each in page_obj.object_list:
        each.light = shown[each.pk]
    context = {"page_obj": page_obj, "form": form, "below": below}
    return render(request, "services/desk/matter_list.html", context)


def _narrowed(found, form, user):
    state = form.value("state")
    if state is None:
        found = found.filter(state__in=OPEN_MATTERS)
    elif state != "all":
        found = found.filter(state=state)
    if kind := form.value("kind"):
        found = found.filter(kind_id=kind)
    if form.value("mine"):
        found = found.filter(handler=user)
    if text := form.value("q"):
        found = found.filter(Q(number__iexact=text) | Q(applicant_name__startswith=text))
    if (colour := form.value("light")) is not None:
        found = found.filter(_term_before(colour))
    return found.by_term()


def _term_before(colour):
    """Whose next term is over (red), or so near that its light is amber."""
    today = timezone.localdate()
    if colour == "red":
        return _term(MatterState.SUBMITTED, "check_by", lt=today) | _term(
            MatterState.SUPPLEMENT, "supplement_by", lt=today
        ) | _term(MatterState.ACCEPTED, "due_on", lt=today)  # fmt: skip
    soon = {"gte": today, "lte": due_day(AMBER_DAYS, after=today)}
    wanted = _term(MatterState.SUBMITTED, "check_by", **soon)
    wanted |= _term(MatterState.SUPPLEMENT, "supplement_by", **soon)
    for promise in set(MatterKind.objects.values_list("promised_days", flat=True)):
        last = due_day(amber_days(promise), after=today)
        mine = _term(MatterState.ACCEPTED, "due_on", gte=today, lte=last)
        wanted |= mine & Q(kind__promised_days=promise)
    return wanted


def _term(state, field, **bounds):
    return Q(state=state, **{f"{field}__{bound}": day for bound, day in bounds.items()})


def matter_in_scope(request, number):
    """The matter of this number at a station in the reader's scope; Http404 otherwise."""
    found = Matter.objects.visible_to(request.user).with_all()
    found = found.select_related("person__station", "proxy__agent")
    return get_object_or_404(found, number=number)


@only(perms.works_at_a_desk)
@require_safe
def detail(request, number):
    """One matter: the next step first, facts, papers, timeline. Reading it is written down."""
    matter = matter_in_scope(request, number)
    audit.record("services.matter_read", matter, by=request.user, station=matter.station,
                 on_behalf_of=matter.applicant_name, request=request)  # fmt: skip
    return _page(request, matter)


WHY = partial(ReasonForm, length=300, rows=3, hint="对方会看到，请写明白、写客气。")
# Which form belongs to which act, and in which states the act is offered: the first is the next step.
FORMS = {
    "accept": None,
    "supplement": None,
    "finish": forms.FinishForm,
    "resume": forms.ResumeForm,
    "deliver": forms.DeliverForm,
    "ask-supplement": forms.SupplementForm,
    "refuse": WHY,
    "note": forms.NoteForm,
    "suspend": forms.SuspendForm,
    "hand-over": forms.HandOverForm,
    "withdraw": WHY,
}
OFFERED = {
    MatterState.SUBMITTED: ["accept", "ask-supplement", "refuse", "note", "withdraw"],
    MatterState.SUPPLEMENT: ["supplement", "note", "withdraw"],
    MatterState.ACCEPTED: ["finish", "note", "suspend", "hand-over", "withdraw"],
    MatterState.SUSPENDED: ["resume", "note", "hand-over", "withdraw"],
    MatterState.DONE: ["deliver", "note", "hand-over"],
}
TITLES = {
    "accept": "受理",
    "supplement": "材料已补齐",
    "finish": "办结",
    "resume": "恢复计时",
    "deliver": "送达",
    "ask-supplement": "一次性告知补正",
    "refuse": "不予受理",
    "note": "记进展",
    "suspend": "停止计时",
    "hand-over": "转给同事",
    "withdraw": "代本人撤回",
}


def _offered(matter, user, missing):
    """Acts that are offered, the next step first: with papers missing, to ask for them."""
    if not perms.may_handle_matters(user, matter.station):
        return []
    offered = OFFERED.get(matter.state, [])
    if matter.supplement_asked_at is not None:
        offered = [each for each in offered if each != "ask-supplement"]
    if missing and "ask-supplement" in offered:
        offered = ["ask-supplement", *(each for each in offered if each != "ask-supplement")]
    return offered


def _form(act, matter, data=None, missing=()):
    maker = FORMS[act]
    if maker is None:
        return None
    more = {"colleagues": forms.colleagues_at(matter.station)} if act == "hand-over" else {}
    if act == "finish":
        more["initial"] = {"outcome": _likely(matter)}
    if act == "ask-supplement":
        more["initial"] = {"wanted": "\n".join(each.name for each in missing)}
    form = maker(data, auto_id=f"{act}_%s", **more)
    return forms.drop_online(form, account=_account(matter))


def _account(matter):
    """Whose account shows the matter: the person's, or of the citizen who entered it; else None."""
    if matter.person is not None and matter.person.account_id is not None:
        return matter.person.account_id
    return matter.by_id if matter.by.is_citizen else None


def _likely(matter):
    return Outcome.ANSWERED if matter.kind.form == "CONSULTATION" else Outcome.GRANTED


def _page(request, matter, *, bound=None, status=200):
    """The page; `bound` is `(act, form)` of an act that was refused, opened where it stands."""
    missing = missing_papers(matter) if matter.state == MatterState.SUBMITTED else []
    steps = []
    for act in _offered(matter, request.user, missing):
        form = bound[1] if bound and bound[0] == act else _form(act, matter, missing=missing)
        steps.append(
            {"act": act, "title": TITLES[act], "form": form, "open": bool(form and form.errors),
             "missing": missing if act == "accept" else []}
        )  # fmt: skip
    context = {
        "matter": matter,
        "light": light(matter, today=timezone.localdate()),
        "rows": answer_rows(matter),
        "next": steps[0] if steps else None,
        "others": steps[1:],
        "refused_form": bound[1] if bound else None,
        "may_change": may_add(matter, request.user),
        "documents": matter.documents.order_by("issued_at"),
        "may_revoke": may_revoke_at(request.user, matter.station),
        "timeline": _timeline(matter),
        "card": getattr(matter, "card", None),
    }
    return render(request, "services/desk/matter.html", context, status=status)


def _timeline(matter):
    """What happened, with the words for the person and those for the desk side by side."""
    return [
        {
            "at": event.at,
            "title": event.get_act_display(),
            "by": event.by_name or "系统",
            "body": "　".join(
                words
                for words in (
                    event.public_words,
                    f"（内部）{event.staff_words}" if event.staff_words else "",
                )
                if words
            ),
        }
        for event in matter.events.all()
    ]


@only(perms.works_at_a_desk)
@require_POST
def act(request, number, act):
    """Do one act; what was typed stays when it is refused."""
    matter = matter_in_scope(request, number)
    if act not in FORMS:
        raise Http404
    form = _form(act, matter, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, matter, bound=(act, form))
    try:
        DEEDS[act](matter, request.user, form)
    except DomainError as refused:
        if form is None or refused.code in ("wrong_state", "not_allowed"):
            messages.error(request, refused.message)
            return redirect("services:desk_matter", matter.number)
        add_refusal(form, refused)
        return _page(request, matter_in_scope(request, number), bound=(act, form))
    messages.success(request, f"{TITLES[act]}：已记下。")
    return redirect("services:desk_matter", matter.number)


def _suspend(matter, by, form):
    acts.suspend(matter=matter, by=by, reason=form.reason)


def _finish(matter, by, form):
    data = form.cleaned_data
    acts.finish(
        matter=matter, by=by, outcome=data["outcome"], result=data["result"],
        delivery=data["delivery"] or None,
    )  # fmt: skip


DEEDS = {
    "accept": lambda matter, by, form: acts.accept(matter=matter, by=by),
    "supplement": lambda matter, by, form: acts.supplement(matter=matter, by=by),
    "finish": _finish,
    "resume": lambda matter, by, form: acts.resume(matter=matter, by=by, **form.cleaned_data),
    "deliver": lambda matter, by, form: acts.deliver(matter=matter, by=by, **form.cleaned_data),
    "ask-supplement": lambda matter, by, form: acts.ask_supplement(
        matter=matter, by=by, **form.cleaned_data
    ),
    "refuse": lambda matter, by, form: acts.refuse_acceptance(
        matter=matter, by=by, **form.cleaned_data
    ),
    "note": lambda matter, by, form: acts.note(matter=matter, by=by, **form.cleaned_data),
    "suspend": _suspend,
    "hand-over": lambda matter, by, form: acts.hand_over(matter=matter, by=by, **form.cleaned_data),
    "withdraw": lambda matter, by, form: acts.withdraw(matter=matter, by=by, **form.cleaned_data),
}
