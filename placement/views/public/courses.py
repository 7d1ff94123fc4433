"""Courses for everybody: the list, one with its runs."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from placement.forms.training import CourseFilter
from placement.models import Course, CourseRun

PER_PAGE = 20


@login_not_required
@require_safe
def course_list(request):
    """Courses that are offered, those with a run to come first."""
    form = CourseFilter(request.GET)
    found = Course.objects.open().select_related("station", "provider")
    if kind := form.value("kind"):
        found = found.filter(kind=kind)
    if text := form.value("q"):
        found = found.filter(title__icontains=text)
    soon = CourseRun.objects.to_come().filter(course=OuterRef("pk"))
    found = found.annotate(has_run=Exists(soon)).order_by("-has_run", "kind", "title", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page}
    return render(request, "placement/public/course_list.html", context)


@login_not_required
@require_safe
def course(request, pk):
    """One: what it teaches, for whom, its runs to come with the places left."""
    shown = get_object_or_404(Course.objects.open().select_related("station", "provider"), pk=pk)
    runs = CourseRun.objects.to_come(timezone.now()).filter(course=shown)
    runs = runs.select_related("slot").annotate(left=F("slot__capacity") - F("slot__taken"))
    context = {"course": shown, "runs": list(runs)}
    return render(request, "placement/public/course.html", context)
