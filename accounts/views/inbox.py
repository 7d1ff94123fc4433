"""The reader's own in-portal messages."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.messages import unread_count
from accounts.models import Message

PER_PAGE = 20


@require_safe
def inbox(request):
    """All messages, newest first; `?unread=1` those not read yet."""
    found = Message.objects.inbox_of(request.user)
    only_unread = "unread" in request.GET
    unread = unread_count(request.user)
    if only_unread:
        found = found.filter(read_at__isnull=True)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "unread": unread, "only_unread": only_unread}
    return render(request, "accounts/inbox.html", context)


@require_POST
def read(request, pk):
    """Mark one as read; a message with a link leads there."""
    message = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    Message.objects.filter(pk=pk, read_at__isnull=True).update(read_at=timezone.now())
    if "open" in request.POST and url_has_allowed_host_and_scheme(message.url, allowed_hosts=None):
        return redirect(message.url)
    return redirect("accounts:inbox")


@require_POST
def read_all(request):
    """Mark everything as read."""
    unread = Message.objects.inbox_of(request.user).filter(read_at__isnull=True)
    unread.update(read_at=timezone.now())
    return redirect("accounts:inbox")
