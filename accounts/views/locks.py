"""The security administrator's page of sign-in locks."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import locks as act
from accounts.actions.sign_in import PHONE, STAFF_NUMBER
from accounts.forms.staff import LockSearchForm
from accounts.models import SignInLock
from accounts.perms import manages_rights, only

PER_PAGE = 25


@only(manages_rights)
@require_http_methods(["GET", "HEAD", "POST"])
def locks(request):
    """Locks in force. A search posts the name, so that no phone stands in an address."""
    found = SignInLock.objects.filter(locked_until__gt=timezone.now()).select_related("user")
    form = LockSearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        names = [act.name_index(f"{by}:{name}") for by in (PHONE, STAFF_NUMBER)]
        found = found.filter(Q(name_index__in=names) | Q(user__staff_number=name))
    page = Paginator(found.order_by("-locked_until"), PER_PAGE).get_page(request.GET.get("page"))
    for lock in page:
        lock.whole_address = lock.name_index == act.name_index(act.WHOLE_ADDRESS)
    return render(request, "accounts/locks.html", {"page": page, "form": form})


@only(manages_rights)
@require_POST
def unlock(request, pk):
    """Lift one lock."""
    lock = get_object_or_404(SignInLock, pk=pk)
    act.unlock(lock=lock, by=request.user)
    messages.success(request, "已解锁，可以重新登录了。")
    return redirect("accounts:locks")
