"""An employer's room: its vacancies, fairs with its stand, and the people who are interested."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from placement.actions import fairs, intents, vacancies
from placement.enums.fairs import INTENT_OPEN, FairEmployerState, IntentStage
from placement.forms.fairs import ApplyForm, StandForm
from placement.forms.jobs import PostForm, StepForm
from placement.models import Cv, EmploymentIntent, FairEmployer, JobFair, Vacancy
from services.enums import PartnerRole
from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from services.partner_room import room
from veterans_portal.errors import DomainError

PER_PAGE = 20
employers_room = room(PartnerRole.EMPLOYER)
WHY = partial(ReasonForm, length=100, hint="对方会看到。")


@require_safe
@employers_room
def vacancy_list(request, partner):
    """All its vacancies, newest first."""
    mine = partner.vacancies.select_related("division").order_by("-submitted_at", "-pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "placement/partner/vacancy_list.html", {"partner": partner, "page_obj": page}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@employers_room
def vacancy_edit(request, partner, vacancy=None):
    """A new vacancy, or one that is changed and checked again."""
    known = get_object_or_404(partner.vacancies, pk=vacancy) if vacancy else Vacancy(
        partner=partner, division=partner.division, station=partner.station
    )  # fmt: skip
    form = PostForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            vacancies.submit(vacancy=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "岗位已提交，服务中心核对后就能看到。")
            return redirect("placement:partner_vacancies", partner.pk)
    context = {"partner": partner, "form": form, "vacancy": known if vacancy else None,
               "close_form": WHY(auto_id="close_%s")}  # fmt: skip
    return render(request, "placement/partner/vacancy_edit.html", context)


@require_POST
@employers_room
def vacancy_close(request, partner, vacancy):
    """End a vacancy, with a reason."""
    known = get_object_or_404(partner.vacancies, pk=vacancy)
    form = WHY(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            vacancies.close(vacancy=known, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "岗位已结束招聘。")
        return redirect("placement:partner_vacancies", partner.pk)
    context = {"partner": partner, "form": PostForm(instance=known), "vacancy": known,
               "close_form": form}  # fmt: skip
    return render(request, "placement/partner/vacancy_edit.html", context)


@require_safe
@employers_room
def fair_list(request, partner):
    """Fairs one may apply for, and those one applied for."""
    mine = FairEmployer.objects.filter(partner=partner).select_related("fair__station")
    mine = list(mine.order_by("-fair__held_on", "pk")[:50])
    applied = {each.fair_id for each in mine if each.state != FairEmployerState.WITHDRAWN}
    coming = [
        each
        for each in JobFair.objects.to_come().select_related("station")[:50]
        if each.pk not in applied and each.takes_applications()
    ]
    context = {"partner": partner, "mine": mine, "coming": coming}
    return render(request, "placement/partner/fair_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employers_room
def fair_apply(request, partner, fair):
    """Ask for a stand with the vacancies one brings."""
    shown = get_object_or_404(JobFair.objects.to_come().select_related("station"), pk=fair)
    form = ApplyForm(request.POST if request.method == "POST" else None, partner=partner)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            fairs.apply(
                fair=shown, partner=partner, vacancies=list(data["vacancies"]), by=request.user,
                client_key=data["client_key"], note=data["note"],
            )  # fmt: skip
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已报名，展位先为贵单位留着，核对后发消息告诉您。")
            return redirect("placement:partner_fairs", partner.pk)
    has_posts = form.fields["vacancies"].queryset.exists()
    context = {"partner": partner, "fair": shown, "form": form, "has_posts": has_posts}
    return render(request, "placement/partner/fair_apply.html", context)


def _employer(partner, pk):
    mine = FairEmployer.objects.filter(partner=partner).select_related(
        "fair__station", "partner", "booking"
    )
    return get_object_or_404(mine, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@employers_room
def stand(request, partner, employer):
    """One's stand: its posts, the intentions made there, and the form that makes one by code."""
    mine = _employer(partner, employer)
    form = StandForm(request.POST if request.method == "POST" else None, employer=mine)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = intents.at_stand(
                employer=mine, vacancy=data["vacancy"], code=data["code"], by=request.user
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已登记{made.name}的初步意向。")
            return redirect("placement:partner_stand", partner.pk, mine.pk)
    made = EmploymentIntent.objects.of_partner(partner).filter(fair=mine.fair).with_all()
    context = {
        "partner": partner,
        "employer": mine,
        "fair": mine.fair,
        "posts": list(mine.posts.select_related("vacancy")),
        "form": form,
        "intents": list(made),
        "leave_form": WHY(auto_id="leave_%s"),
    }
    return render(request, "placement/partner/stand.html", context)


@require_POST
@employers_room
def stand_leave(request, partner, employer):
    """Not come to a fair after all."""
    mine = _employer(partner, employer)
    try:
        fairs.withdraw(employer=mine, by=request.user, reason=request.POST.get("reason", "")[:100])
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("placement:partner_stand", partner.pk, mine.pk)
    messages.success(request, "已退出这场招聘会，展位让给别人。")
    return redirect("placement:partner_fairs", partner.pk)


@require_safe
@employers_room
def intent_list(request, partner):
    """Who is interested, wishes that wait for a word first."""
    found = EmploymentIntent.objects.of_partner(partner).with_all()
    if request.GET.get("ended") != "1":
        found = found.filter(stage__in=[*INTENT_OPEN, IntentStage.SEATED])
    found = found.order_by("-made_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    waiting = EmploymentIntent.objects.of_partner(partner).filter(stage=IntentStage.WISHED).count()
    context = {"partner": partner, "page_obj": page, "waiting": waiting,
               "ended": request.GET.get("ended") == "1"}  # fmt: skip
    return render(request, "placement/partner/intent_list.html", context)


def _intent(partner, pk):
    return get_object_or_404(EmploymentIntent.objects.of_partner(partner).with_all(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@employers_room
def intent(request, partner, intent):
    """One: how to reach the person, the CV while its consent stands, the next step."""
    shown = _intent(partner, intent)
    step, why, phone = StepForm(None, intent=shown), WHY(auto_id="end_%s"), ""
    if request.POST.get("do") == "phone" and shown.is_open:
        phone = intents.read_phone(intent=shown, by=request.user, request=request)
    elif request.method == "POST":
        step, why, done = _decide(request, shown)
        if done:
            return redirect("placement:partner_intent", partner.pk, shown.pk)
    cv = None
    if shown.cv_is_shown and shown.is_open:
        cv = Cv.objects.filter(person=shown.person).first()
        if cv is not None and request.method == "GET":
            audit.record(
                "placement.cv_read", shown.person, by=request.user, station=shown.station,
                on_behalf_of=shown.name, detail={"partner": partner.pk}, request=request,
            )  # fmt: skip
    context = {
        "partner": partner,
        "intent": shown,
        "cv": cv,
        "step_form": step,
        "end_form": why,
        "whole_phone": phone,
    }
    return render(request, "placement/partner/intent.html", context)


def _decide(request, shown):
    """Do what was pressed; returns both forms and whether it was done."""
    step, why = StepForm(None, intent=shown), WHY(auto_id="end_%s")
    form = None
    try:
        if request.POST.get("do") == "end":
            form = why = WHY(request.POST, auto_id="end_%s")
            if form.is_valid():
                intents.end(intent=shown, by=request.user, **form.cleaned_data)
                messages.success(request, "已记下，对方会收到消息。")
                return step, why, True
        elif request.POST.get("do") == "step":
            form = step = StepForm(request.POST, intent=shown)
            if form.is_valid():
                intents.advance(intent=shown, by=request.user, **form.cleaned_data)
                messages.success(request, "进展已记下，对方会收到消息。")
                return step, why, True
        else:
            raise Http404
    except DomainError as refused:
        add_refusal(form, refused)
    return step, why, False
