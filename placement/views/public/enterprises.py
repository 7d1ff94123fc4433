"""The directory of veterans' enterprises, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from placement.forms.startups import EnterpriseFilter
from placement.models import VeteranEnterprise

PER_PAGE = 20


@login_not_required
@require_safe
def enterprise_list(request):
    """Those that are shown today, the showcase first."""
    form = EnterpriseFilter(request.GET)
    found = form.narrow(VeteranEnterprise.objects.listed().select_related("division"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "placement/public/enterprise_list.html", {"form": form, "page_obj": page}
    )


@login_not_required
@require_safe
def enterprise(request, pk):
    """One of them."""
    shown = get_object_or_404(VeteranEnterprise.objects.listed().select_related("division"), pk=pk)
    return render(request, "placement/public/enterprise.html", {"enterprise": shown})
