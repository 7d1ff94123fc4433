"""My placement: how far it is, my points to read and answer, what I would like."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import cases as acts
from placement.actions.plans import wishes
from placement.actions.scoring import answers
from placement.enums import CaseState, ObjectionState, SheetState
from placement.forms import cases as case_forms
from placement.forms import plans as plan_forms
from placement.forms import scoring as forms
from placement.models import PlacementCase, ScoreObjection, ScorePublication, ScoreSheet
from placement.views.desk.steps import Deed, steps, take


@only(is_citizen)
@require_safe
def my_placement(request):
    """The placement file that counts, or what it is for those who have none."""
    return _page(request)


def _case(user):
    cases = PlacementCase.objects.visible_to(user).with_all().order_by("-discharged_on")
    found = list(cases[:5])
    return next((each for each in found if each.is_open), found[0] if found else None)


def _sheet(case, user):
    if case is None:
        return None
    rows = ScoreSheet.objects.visible_to(user).current().select_related("scheme")
    sheet = rows.filter(case=case).first()
    if sheet is not None:
        sheet.case = case
    return sheet


def _page(request, refused=None):
    case = _case(request.user)
    if case is None:
        return render(request, "placement/me/none.html")
    sheet = _sheet(case, request.user)
    publication = ScorePublication.objects.public().filter(entries__sheet__case=case).first()
    objections = list(
        ScoreObjection.objects.visible_to(request.user).filter(sheet__case=case, is_own=True)
    )
    names = _offered(case, sheet, publication, objections)
    shown = steps(names, DEEDS, (case, sheet), ("placement:my_placement_act", []), refused)
    by_name = {step.name: step for step in shown}
    context = {
        "case": case,
        "sheet": sheet,
        "lines": sheet.lines.select_related("rule", "evidence") if sheet else [],
        "publication": publication,
        "objections": objections,
        "may_withdraw": any(each.state == ObjectionState.OPEN for each in objections),
        "step": by_name,
        "refused_form": refused[1] if refused else None,
        "wishes": case.wishes.select_related("post__employer"),
        "timeline": [
            {"at": each.at, "title": each.get_act_display(), "body": each.public_words}
            for each in case.events.all()
            if each.public_words
        ],
    }
    return render(request, "placement/me/placement.html", context)


def _offered(case, sheet, publication, objections):
    names = []
    if (
        sheet is not None
        and sheet.state == SheetState.TO_CONFIRM
        and case.state == CaseState.SCORED
    ):
        names += ["confirm", "object"]
    opened = any(each.state == ObjectionState.OPEN for each in objections)
    if publication is not None and not opened:
        names.append("object")
    if opened:
        names.append("withdraw")
    if wishes.may_wish(case):
        names.append("wish")
        if wishes.posts_for(case).exists():
            names.append("posts")
    return names


@only(is_citizen)
@require_POST
def my_placement_act(request, act):
    """Do one deed on one's own file."""
    found = PlacementCase.objects.visible_to(request.user)
    case = _case(request.user) or get_object_or_404(found, pk=0)
    sheet = _sheet(case, request.user)
    if sheet is None and act in ("confirm", "object", "withdraw"):
        return _page(request)
    return take(
        request, act, DEEDS, (case, sheet), back="placement:my_placement",
        page=lambda refused: _page(request, refused),
    )  # fmt: skip


def _withdraw(target, by, _form):
    case, _sheet = target
    objection = get_object_or_404(
        ScoreObjection.objects.visible_to(by).open(), sheet__case=case, is_own=True
    )
    answers.withdraw_objection(objection=objection, by=by)


DEEDS = {
    "confirm": Deed(
        "我已核对，确认无误", lambda target, by, form: answers.confirm(sheet=target[1], by=by),
        done="已确认，接下来公示。",
    ),
    "object": Deed(
        "提出异议",
        lambda target, by, form: answers.object_to(sheet=target[1], by=by, **form.cleaned_data),
        form=forms.WordsForm, done="已收到，会书面答复您。",
    ),
    "withdraw": Deed("撤回异议", _withdraw, done="已撤回。"),
    "wish": Deed(
        "填报岗位意愿",
        lambda target, by, form: acts.take_down_wish(case=target[0], by=by, **form.cleaned_data),
        form=case_forms.WishForm, done="已记下，选岗前可以再改。",
        given=lambda target: {
            "initial": {"natures": target[0].wish_natures, "words": target[0].wish_words}
        },
    ),
    "posts": Deed(
        "填报岗位志愿",
        lambda target, by, form: wishes.wish(case=target[0], by=by, posts=form.posts),
        form=plan_forms.WishesForm, done="已记下，选岗前可以再改。",
        given=lambda target: {
            "posts": wishes.posts_for(target[0]),
            "wished": [each.post_id for each in target[0].wishes.all()],
        },
    ),
}  # fmt: skip
