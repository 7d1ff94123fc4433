"""Files that may be one person's: the list, two side by side, merged, told apart, taken back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import only
from services import perms
from services.actions import duplicates as acts
from services.actions import merging
from services.actions.disclosure import note_reading
from services.actions.persons import FACTS
from services.enums import DuplicateSign, DuplicateState
from services.forms import duplicates as forms
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.models import Duplicate
from services.views.desk.persons import get_person
from veterans_portal import chinese_dates, masking
from veterans_portal.errors import DomainError

PER_PAGE = 25
SHOWN = {
    "phone": masking.mask_phone,
    "address": masking.mask_address,
    "enlisted_on": chinese_dates.short,
    "discharged_on": chinese_dates.short,
    "honour_plaque_on": chinese_dates.short,
    "lives_alone": lambda value: "是" if value else "否",
}
HEALTH = ("disability_grade", "disability_nature")


@only(perms.works_at_a_desk)
@require_safe
def duplicate_list(request):
    """Pairs to settle, or those settled."""
    settled = request.GET.get("state") == "settled"
    pairs = Duplicate.objects.visible_to(request.user).select_related(
        "first__station", "second__station"
    )
    pairs = pairs.exclude(pk__in=pairs.to_check().values("pk")) if settled else pairs.to_check()
    page = Paginator(pairs.order_by("-found_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    for pair in page.object_list:
        pair.names = [_name(request.user, each) for each in (pair.first, pair.second)]
        pair.words = [DuplicateSign(sign).label for sign in pair.signs]
    context = {
        "page_obj": page,
        "settled": settled,
        "tabs": [
            ("待核对", request.path, not settled),
            ("已处理", f"{request.path}?state=settled", settled),
        ],
    }
    return render(request, "services/desk/duplicate_list.html", context)


def _name(user, person):
    return (
        person.name if perms.may_serve_at(user, person.station) else masking.mask_name(person.name)
    )


@only(perms.works_at_a_desk)
@require_safe
def duplicate(request, pk):
    """Both files side by side; one outside the reader's scope masked, with the station to call."""
    pair = _pair(request, pk)
    for each in (pair.first, pair.second):
        if perms.may_serve_at(request.user, each.station):
            note_reading(person=each, by=request.user, request=request)
    return _page(request, pair)


def _pair(request, pk):
    pairs = Duplicate.objects.visible_to(request.user).select_related(
        "first__station", "first__account", "first__division",
        "second__station", "second__account", "second__division",
        "survivor__station", "proposed_by",
    )  # fmt: skip
    return get_object_or_404(pairs, pk=pk)


def _page(request, pair, **bound):
    user, sides = request.user, [pair.first, pair.second]
    seen = [perms.may_serve_at(user, each.station) for each in sides]
    health = all(perms.may_see_health(user, each.station) for each in sides)
    facts = [name for name in FACTS if health or name not in HEALTH]
    rows = [_row(name, sides, seen) for name in facts]
    differing = [row["field"] for row in rows if not row["same"]]
    proposed = pair.state == DuplicateState.PROPOSED
    context = {
        "pair": pair,
        "sides": list(zip(sides, seen, strict=True)),
        "rows": [*_identity_rows(sides, seen), *(row for row in rows if row["field"] != "name")],
        "signs": [DuplicateSign(sign).label for sign in pair.signs],
        "may_settle": acts.may_settle(user, pair),
        "settles_both": acts.settles_both(user, pair),
        "is_mine": pair.proposed_by_id == user.pk,
        "answers": proposed and pair.proposed_by_id != user.pk and acts.may_settle(user, pair),
        "merge_form": forms.MergeForm(pair=pair, differing=differing),
        "refuse_form": ReasonForm(rows=2, auto_id="refuse_%s"),
        "distinct_form": ReasonForm(rows=2, auto_id="distinct_%s"),
        "undo_form": ReasonForm(rows=2, auto_id="undo_%s"),
    } | bound
    return render(request, "services/desk/duplicate.html", context)


def _identity_rows(sides, seen):
    numbers = [masking.mask_id_number(each.id_number) for each in sides]
    names = [
        each.name if mine else masking.mask_name(each.name)
        for each, mine in zip(sides, seen, strict=True)
    ]
    return [
        {"label": "姓名", "values": names, "same": sides[0].name == sides[1].name},
        {"label": "身份证号", "values": numbers, "same": False},
        {"label": "出生日期", "values": [chinese_dates.short(each.birth) for each in sides],
         "same": sides[0].birth == sides[1].birth},
        {"label": "站点", "values": [each.station.name for each in sides],
         "same": sides[0].station_id == sides[1].station_id},
        {"label": "档案状态", "values": [each.get_state_display() for each in sides],
         "same": sides[0].state == sides[1].state},
    ]  # fmt: skip


def _row(name, sides, seen):
    values = [
        _shown(name, each) if mine else "对方站点保管"
        for each, mine in zip(sides, seen, strict=True)
    ]
    same = getattr(sides[0], name) == getattr(sides[1], name)
    return {"label": forms.LABELS[name], "field": name, "values": values, "same": same}


def _shown(name, person):
    value = getattr(person, name)
    if value in (None, ""):
        return "未填写"
    if name == "division_id":
        return str(person.division)
    display = getattr(person, f"get_{name}_display", None)
    return display() if display else str(SHOWN.get(name, str)(value))


@only(perms.works_at_a_desk)
@require_POST
def act(request, pk, act):
    """Merge or propose, agree, send back, tell apart, take back."""
    pair = _pair(request, pk)
    deed = {
        "merge": _merge, "consent": _consent, "refuse": _refuse, "distinct": _distinct,
        "undo": _undo,
    }.get(act)  # fmt: skip
    if deed is None:
        raise Http404
    return deed(request, pair)


def _merge(request, pair):
    differing = [name for name in FACTS if getattr(pair.first, name) != getattr(pair.second, name)]
    form = forms.MergeForm(request.POST, pair=pair, differing=differing)
    if not form.is_valid():
        return _page(request, pair, merge_form=form)
    data = form.cleaned_data
    return _do(
        request, pair, form, "merge_form",
        lambda: acts.propose(
            pair=pair, survivor=data["survivor"], by=request.user, reason=data["reason"],
            keep=data.get("keep", []),
        ),
        lambda done: "已合并，一周内可以撤销。"
        if done.state == DuplicateState.MERGED
        else "已提给对方站点，等对方同意。",
    )  # fmt: skip


def _consent(request, pair):
    return _do(request, pair, None, "", lambda: acts.consent(pair=pair, by=request.user),
               lambda done: "已同意，两份档案合并成一份。")  # fmt: skip


def _refuse(request, pair):
    return _with_reason(request, pair, "refuse_form", acts.refuse, "已退回。")


def _distinct(request, pair):
    return _with_reason(request, pair, "distinct_form", acts.mark_distinct, "已认定为不同的人。")


def _with_reason(request, pair, name, deed, words):
    form = ReasonForm(request.POST, rows=2, auto_id=f"{name.removesuffix('_form')}_%s")
    if not form.is_valid():
        return _page(request, pair, **{name: form})
    return _do(
        request, pair, form, name,
        lambda: deed(pair=pair, by=request.user, reason=form.cleaned_data["reason"]),
        lambda done: words,
    )  # fmt: skip


def _undo(request, pair):
    form = ReasonForm(request.POST, rows=2, auto_id="undo_%s")
    if not form.is_valid():
        return _page(request, pair, undo_form=form)

    def words(done):
        for sentence in done[1]:
            messages.warning(request, sentence)
        return "已撤销合并，两份档案恢复原样。"

    return _do(
        request, pair, form, "undo_form",
        lambda: merging.undo(pair=pair, by=request.user, reason=form.cleaned_data["reason"]), words,
    )  # fmt: skip


def _do(request, pair, form, name, deed, words):
    try:
        done = deed()
    except DomainError as refused:
        if form is None:
            messages.error(request, refused.message)
            return redirect("services:desk_duplicate", pk=pair.pk)
        add_refusal(form, refused)
        return _page(request, _pair(request, pair.pk), **{name: form})
    messages.success(request, words(done))
    return redirect("services:desk_duplicate", pk=pair.pk)


@only(perms.works_at_a_desk)
@require_POST
def find_for(request, pk):
    """Look for other files of this person now."""
    person = get_person(request, pk)
    try:
        pairs = acts.find_for(person=person, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect(person)
    open_ = [pair for pair in pairs if pair.state != DuplicateState.DISTINCT]
    if not open_:
        messages.success(request, "没有找到疑似重复的档案。")
        return redirect(person)
    if len(open_) == 1:
        return redirect("services:desk_duplicate", pk=open_[0].pk)
    return redirect("services:desk_duplicates")
