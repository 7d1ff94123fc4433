"""Notices of directed recruitment for everybody: the list, one with its steps and the list in public."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from placement.enums.fairs import DIRECTED
from placement.enums.recruitment import ApplicantState, RecruitStep
from placement.models import Applicant, DirectedRecruitment
from services.perms import works_at_a_desk
from veterans_portal import chinese_dates

PER_PAGE = 20


@login_not_required
@require_safe
def recruitment_list(request):
    """All that were published, newest first; `?kind=` narrows."""
    kinds = {each.value: each.label for each in DIRECTED}
    kind = request.GET.get("kind", "")
    found = DirectedRecruitment.objects.public().select_related("division", "station")
    if kind in kinds:
        found = found.filter(kind=kind)
    found = found.annotate(headcount=Sum("posts__headcount")).order_by("-published_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [("全部", "?", not kind or kind not in kinds)]
    tabs += [(label, f"?kind={key}", key == kind) for key, label in kinds.items()]
    context = {"page_obj": page, "tabs": tabs}
    return render(request, "placement/public/recruitment_list.html", context)


@login_not_required
@require_safe
def recruitment(request, pk):
    """One: conditions, posts, the steps with their days, and while it stands the proposed list."""
    shown = get_object_or_404(
        DirectedRecruitment.objects.public().select_related("division", "station"), pk=pk
    )
    mine = None
    if request.user.is_authenticated and request.user.is_citizen:
        own = Applicant.objects.visible_to(request.user).filter(recruitment=shown)
        mine = own.exclude(state=ApplicantState.WITHDRAWN).select_related("post").first()
    context = {
        "recruitment": shown,
        "posts": list(shown.posts.select_related("division").order_by("pk")),
        "steps": timeline(shown),
        "mine": mine,
        "takes": shown.takes_applicants(),
        "may_apply": not request.user.is_authenticated or request.user.is_citizen,
        "at_desk": works_at_a_desk(request.user) and shown.takes_applicants(),
        "listed": list(listed(shown)) if shown.is_listed() else [],
    }
    return render(request, "placement/public/recruitment.html", context)


def timeline(recruitment):
    """The steps as entries of a timeline, with what is done, current, ahead."""
    today = timezone.localdate()
    return [
        {
            "at": each.on,
            "title": each.get_step_display(),
            "body": "　".join(
                filter(
                    None, [f"到{chinese_dates.day(each.until)}" if each.until else "", each.note]
                )
            ),
            "state": "done"
            if (each.until or each.on) < today
            else "current"
            if each.on <= today
            else "ahead",
        }
        for each in recruitment.steps.all()
    ]


def listed(recruitment):
    """Who stands on the proposed list: number, masked name and post are all that is shown."""
    return (
        recruitment.applicants.filter(step__gte=RecruitStep.PUBLICITY)
        .exclude(state__in=[ApplicantState.WITHDRAWN, ApplicantState.OUT])
        .select_related("person", "post")
        .order_by("post", "number")
    )
