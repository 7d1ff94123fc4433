"""Schemes and sheets at the desk: dated rules, lines with evidence, two checkers."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import only
from placement import perms
from placement.actions.scoring import answers, schemes, sheets
from placement.enums import ObjectionState, SchemeState, SheetState
from placement.forms import cases as case_forms
from placement.forms import scoring as forms
from placement.models import ScoreObjection, ScoringRule, ScoringScheme
from placement.views.desk.cases import case_in_scope
from placement.views.desk.steps import WHY, Deed, steps, take
from services.forms.fields import add_refusal
from services.perms import works_at_a_desk
from veterans_portal.errors import DomainError


@only(works_at_a_desk)
@require_safe
def scheme_list(request):
    """All schemes that hold here, the newest first."""
    rows = ScoringScheme.objects.visible_to(request.user).select_related("station")
    context = {"rows": rows, "may_write": bool(perms.receiving_stations(request.user))}
    return render(request, "placement/desk/scheme_list.html", context)


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_new(request):
    """Begin a scheme."""
    stations = perms.receiving_stations(request.user)
    if not stations:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = forms.SchemeForm(bound, stations=stations)
    if bound is not None and form.is_valid():
        try:
            scheme = schemes.write(scheme=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(scheme.get_absolute_url())
    context = {"form": form, "heading": "起草计分办法", "back": "placement:schemes"}
    return render(request, "placement/desk/scheme_form.html", context)


def _scheme(request, pk):
    rows = ScoringScheme.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("station", "written_by", "approved_by"), pk=pk)


@only(works_at_a_desk)
@require_safe
def scheme_page(request, pk):
    return _scheme_page(request, _scheme(request, pk))


def _scheme_page(request, scheme, refused=None):
    names = []
    writes = perms.may_handle_cases(request.user, scheme.station)
    decides = perms.may_decide_cases(request.user, scheme.station)
    if writes and scheme.state == SchemeState.DRAFT:
        names += ["submit", "ties", "change"]
    if decides and scheme.state == SchemeState.SUBMITTED:
        own = scheme.written_by_id == request.user.pk
        names += ["return"] if own else ["approve", "return"]
    if writes and scheme.state in (SchemeState.IN_FORCE, SchemeState.RETIRED):
        names.append("copy")
    if decides and scheme.state == SchemeState.IN_FORCE:
        names.append("retire")
    shown = steps(names, SCHEME_DEEDS, scheme, ("placement:scheme_act", [scheme.pk]), refused)
    first = shown[:1] if names[:1] in (["submit"], ["approve"]) else []
    context = {
        "scheme": scheme,
        "rules": scheme.rules.all(),
        "ties": scheme.tie_steps.all(),
        "may_write": writes and scheme.state == SchemeState.DRAFT,
        "next": first[0] if first else None,
        "others": shown[len(first):],
        "refused_form": refused[1] if refused else None,
    }  # fmt: skip
    return render(request, "placement/desk/scheme.html", context)


@only(works_at_a_desk)
@require_POST
def scheme_act(request, pk, act):
    scheme = _scheme(request, pk)
    if act == "copy":
        try:
            return redirect(schemes.copy(scheme=scheme, by=request.user).get_absolute_url())
        except DomainError as refused:
            raise Http404 from refused
    return take(
        request, act, SCHEME_DEEDS, scheme, back=scheme.get_absolute_url(),
        page=lambda refused: _scheme_page(request, scheme, refused),
    )  # fmt: skip


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, pk, rule=None):
    """Add or change a rule of a scheme that is being written."""
    scheme = _scheme(request, pk)
    if (
        not perms.may_handle_cases(request.user, scheme.station)
        or scheme.state != SchemeState.DRAFT
    ):
        raise Http404
    kept = get_object_or_404(scheme.rules.all(), pk=rule) if rule else ScoringRule(scheme=scheme)
    form = forms.RuleForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        try:
            schemes.put_rule(rule=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            return redirect(scheme.get_absolute_url())
    context = {"form": form, "scheme": scheme, "heading": "改项目" if rule else "添加项目"}
    return render(request, "placement/desk/scheme_form.html", context)


@only(works_at_a_desk)
@require_POST
def rule_remove(request, pk, rule):
    scheme = _scheme(request, pk)
    kept = get_object_or_404(scheme.rules.select_related("scheme__station"), pk=rule)
    remove = Deed("删去项目", lambda target, by, form: schemes.remove_rule(rule=target, by=by))
    return take(request, "x", {"x": remove}, kept, page=None, back=scheme.get_absolute_url())


def _change(scheme, by, form):
    schemes.change(scheme=scheme, by=by, **form.cleaned_data)


SCHEME_DEEDS = {
    "submit": Deed(
        "提交批准", lambda scheme, by, form: schemes.submit(scheme=scheme, by=by),
        lead="提交以后，项目和分值不能再改。",
    ),
    "ties": Deed(
        "同分怎么排", lambda scheme, by, form: schemes.set_tie_chain(
            scheme=scheme, by=by, groups=form.groups
        ),
        form=forms.TieForm,
        given=lambda scheme: {"scheme": scheme},
    ),
    "change": Deed(
        "改名称、依据和日期", _change,
        form=forms.SchemeForm,
        given=lambda scheme: {"instance": scheme},
    ),
    "approve": Deed(
        "批准", lambda scheme, by, form: schemes.approve(scheme=scheme, by=by),
        lead="批准以后，这一日起退役的人按这份办法计分。",
    ),
    "return": Deed(
        "退回修改",
        lambda scheme, by, form: schemes.send_back(scheme=scheme, by=by, **form.cleaned_data),
        form=WHY,
    ),
    "copy": Deed("新建一版", None, lead="带着全部项目起草下一版，现在这版不变。"),
    "retire": Deed(
        "停用", lambda scheme, by, form: schemes.retire(scheme=scheme, by=by),
        lead="以后不再用它计分，已经计过的不变。",
    ),
}  # fmt: skip


# --- sheets -------------------------------------------------------------------------------------


@only(works_at_a_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_page(request, number):
    """The sheet that counts; POST begins one."""
    case = case_in_scope(request, number)
    if request.method == "POST":
        start = Deed("开始计分", lambda target, by, form: sheets.start(case=target, by=by))
        back = request.path
        if not case.sheets.current().exists():
            return take(request, "x", {"x": start}, case, page=None,
                        back=back if perms.may_handle_cases(request.user, case.station)
                        else case.get_absolute_url())  # fmt: skip
        return redirect(back)
    return _sheet_page(request, _sheet(case))


def _sheet(case):
    sheet = case.sheets.current().select_related("scheme").first()
    if sheet is not None:
        sheet.case = case
    return sheet


def _sheet_page(request, sheet, refused=None):
    if sheet is None:
        raise Http404
    case = sheet.case
    handles = perms.may_handle_cases(request.user, case.station)
    lines = list(sheet.lines.select_related("rule", "evidence", "checker1", "checker2"))
    names = _sheet_deeds(request.user, sheet, lines, handles)
    shown = steps(names, SHEET_DEEDS, sheet, ("placement:sheet_act", [case.number]), refused)
    writing = handles and sheet.state == SheetState.DRAFT
    context = {
        "case": case,
        "sheet": sheet,
        "lines": lines,
        "suggested": sheets.suggestions(sheet) if writing else [],
        "evidence": case.evidence.kept() if writing else [],
        "may_write": writing,
        "next": shown[0] if shown else None,
        "others": shown[1:],
        "refused_form": refused[1] if refused else None,
        "objections": sheet.objections.all(),
        "published": sheet.published.select_related("publication"),
        "versions": case.sheets.exclude(pk=sheet.pk),
    }
    return render(request, "placement/desk/sheet.html", context)


def _sheet_deeds(user, sheet, lines, handles):
    """What may be done with a sheet now, the next step first."""
    case = sheet.case
    if sheet.state == SheetState.DRAFT:
        names = []
        mine = [each for each in lines if not each.is_checked and each.checker1_id != user.pk]
        if mine and perms.may_check_points(user, case.station):
            names.append("check")
        if handles:
            done = lines and all(each.is_checked for each in lines)
            names = ["finish", "line"] if done else [*names, "line"]
        return names
    if not handles:
        return []
    if sheet.state == SheetState.TO_CONFIRM and case.state == "SCORED":
        return ["confirm", "object", "take-back"]
    if sheet.state == SheetState.PUBLISHED:
        return ["object", "others"]
    return []


@only(works_at_a_desk)
@require_POST
def sheet_act(request, number, act):
    case = case_in_scope(request, number)
    sheet = _sheet(case)
    if sheet is None:
        raise Http404
    return take(
        request, act, SHEET_DEEDS, sheet, back=sheet.get_absolute_url(),
        page=lambda refused: _sheet_page(request, sheet, refused),
    )  # fmt: skip


@only(works_at_a_desk)
@require_POST
def line_remove(request, number, pk):
    case = case_in_scope(request, number)
    sheet = _sheet(case)
    if sheet is None:
        raise Http404
    line = get_object_or_404(sheet.lines.select_related("rule", "sheet"), pk=pk)
    remove = Deed("删去一项", lambda target, by, form: sheets.remove_line(line=target, by=by))
    return take(request, "x", {"x": remove}, line, page=None, back=sheet.get_absolute_url())


def _line(sheet, by, form):
    sheets.add_line(sheet=sheet, by=by, **form.cleaned_data)


SHEET_DEEDS = {
    "check": Deed(
        "核对签名", lambda sheet, by, form: sheets.check(sheet=sheet, by=by),
        lead="我已对照原始档案，逐项核对以下项目、数量和得分。每一项要由两个人各核对一次。",
    ),
    "finish": Deed(
        "计分完成，请本人确认", lambda sheet, by, form: sheets.finish(sheet=sheet, by=by),
        lead="每一项都已由两个人核对。本人会收到消息，在期限内核对确认。",
    ),
    "line": Deed(
        "记一项", _line, form=forms.LineForm,
        given=lambda sheet: {"sheet": sheet},
    ),
    "confirm": Deed(
        "登记本人确认",
        lambda sheet, by, form: answers.confirm(sheet=sheet, by=by, **form.cleaned_data),
        form=case_forms.ConfirmForm,
    ),
    "object": Deed(
        "登记本人异议",
        lambda sheet, by, form: answers.object_to(sheet=sheet, by=by, **form.cleaned_data),
        form=forms.WordsForm,
    ),
    "others": Deed(
        "登记他人异议",
        lambda sheet, by, form: answers.take_down_objection(
            sheet=sheet, by=by, **form.cleaned_data
        ),
        form=forms.OthersForm,
    ),
    "take-back": Deed(
        "收回重算", lambda sheet, by, form: sheets.take_back(sheet=sheet, by=by),
        lead="本人还没有答复，可以收回改正。",
    ),
}  # fmt: skip


# --- objections ---------------------------------------------------------------------------------


@only(works_at_a_desk)
@require_safe
def objection_list(request):
    """Open objections by the day to answer, then those answered."""
    rows = ScoreObjection.objects.visible_to(request.user)
    rows = rows.select_related("sheet__case__person", "sheet__case__station")
    waiting = list(rows.open().order_by("due_on", "pk"))
    answered = list(rows.exclude(state=ObjectionState.OPEN)[:20])
    context = {"waiting": waiting, "answered": answered}
    return render(request, "placement/desk/objection_list.html", context)


def _objection(request, pk):
    rows = ScoreObjection.objects.visible_to(request.user)
    rows = rows.select_related("sheet__case__person", "sheet__case__station", "answered_by", "by")
    return get_object_or_404(rows, pk=pk)


@only(works_at_a_desk)
@require_safe
def objection_page(request, pk):
    return _objection_page(request, _objection(request, pk))


def _objection_page(request, objection, refused=None):
    case = objection.sheet.case
    open_ = objection.state == ObjectionState.OPEN
    may = open_ and perms.may_decide_cases(request.user, case.station)
    may = may and objection.by_id != request.user.pk
    names = ["dismiss", "uphold"] if may else []
    shown = steps(names, OBJECTION_DEEDS, objection, ("placement:objection_act", [objection.pk]),
                  refused)  # fmt: skip
    context = {
        "objection": objection,
        "case": case,
        "sheet": objection.sheet,
        "lines": objection.sheet.lines.select_related("rule", "evidence"),
        "steps": shown,
        "refused_form": refused[1] if refused else None,
    }
    return render(request, "placement/desk/objection.html", context)


@only(works_at_a_desk)
@require_POST
def objection_act(request, pk, act):
    objection = _objection(request, pk)
    return take(
        request, act, OBJECTION_DEEDS, objection, back=request.path.rsplit("/", 2)[0] + "/",
        page=lambda refused: _objection_page(request, objection, refused),
    )  # fmt: skip


OBJECTION_DEEDS = {
    "dismiss": Deed(
        "不成立，分数不变",
        lambda objection, by, form: answers.dismiss(
            objection=objection, by=by, **form.cleaned_data
        ),
        form=forms.AnswerForm,
    ),
    "uphold": Deed(
        "成立，重新计分",
        lambda objection, by, form: answers.uphold(objection=objection, by=by, **form.cleaned_data),
        form=forms.AnswerForm,
        lead="计分表会另起一版；正在公示的名单一并撤回，更正后重新公示。",
    ),
}  # fmt: skip
