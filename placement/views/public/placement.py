"""What everybody reads of placement: posts of the published plans, and scores while they are published."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from placement.actions.plans.making import ratio
from placement.enums import PLACING_NATURES, PlanState, PublicationState
from placement.forms.plans import PostsFilter
from placement.models import PlacementPlan, PlacementPost, ScorePublication

PER_PAGE = 25


@login_not_required
@require_safe
def posts(request):
    """Posts for those whom the government places, of the plans in force."""
    plans = list(PlacementPlan.objects.published().select_related("station").order_by("-year", "station__path"))  # fmt: skip
    newest = max((plan.year for plan in plans), default=None)
    plans = [plan for plan in plans if plan.year == newest]
    for plan in plans:
        plan.ratio = ratio(plan.headcount, plan.people)
    form = PostsFilter(request.GET, natures=PLACING_NATURES)
    found = PlacementPost.objects.filter(plan__state=PlanState.PUBLISHED, plan__year=newest)
    if text := form.value("q"):
        found = found.filter(
            Q(title__contains=text)
            | Q(employer__name__contains=text)
            | Q(employer__name_pinyin__startswith=text.lower())
            | Q(employer__name_initials__startswith=text.lower())
        )
    if nature := form.value("nature"):
        found = found.filter(employer__nature=nature)
    found = found.select_related("employer", "plan__station").order_by(
        "plan__station__path", "position", "pk"
    )
    page_obj = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total = found.order_by().aggregate(total=Sum("headcount"))["total"]
    context = {"page_obj": page_obj, "form": form, "plans": plans, "year": newest, "total": total}
    return render(request, "placement/public/posts.html", context)


@login_not_required
@require_safe
def score_notices(request):
    """Scores that are published today."""
    rows = ScorePublication.objects.public().select_related("station").order_by("-starts_on")
    return render(request, "placement/public/score_notices.html", {"rows": rows})


@login_not_required
@require_safe
def score_notice(request, pk):
    """One publication: name, total and rank, while it is public; afterwards only that it was."""
    rows = ScorePublication.objects.exclude(state=PublicationState.DRAFT)
    publication = get_object_or_404(rows.select_related("station"), pk=pk)
    public = publication.is_public()
    context = {"publication": publication, "public": public}
    if public:
        context["entries"] = publication.entries.all()
    answer = render(request, "placement/public/score_notice.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer
