"""The system administrator's pages: accounts of staff and administrators exist or do not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import acts
from accounts.actions import staff as act
from accounts.enums import UserKind
from accounts.forms.staff import AccountFilter, NewAccountForm, RenameForm
from accounts.models import AuditEntry, User
from accounts.perms import manages_accounts, only
from veterans_portal.errors import DomainError

PER_PAGE = 25
STATES = {
    "waiting": Q(is_active=True, granted_at__isnull=True),
    "active": Q(is_active=True, granted_at__isnull=False),
    "disabled": Q(is_active=False),
}
CHANGES = [
    "accounts.staff_created",
    "accounts.staff_changed",
    "accounts.staff_disabled",
    "accounts.staff_enabled",
    "accounts.password_reset",
    "accounts.granted",
    "accounts.grant_ended",
]


@only(manages_accounts)
@require_safe
def staff(request):
    """All accounts that are not of citizens, found by name or number."""
    form = AccountFilter(request.GET)
    accounts = _accounts().order_by("staff_number")
    if form.is_valid():
        wanted = form.cleaned_data["q"].strip()
        if wanted:
            accounts = accounts.filter(
                Q(name__contains=wanted) | Q(staff_number__startswith=wanted.upper())
            )
        accounts = accounts.filter(STATES.get(form.cleaned_data["state"], Q()))
    page = Paginator(accounts, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/staff.html", {"page": page, "filter_form": form})


@only(manages_accounts)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request):
    """A new account; its temporary password is shown once, on the answer."""
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = act.create_account(**form.cleaned_data, by=request.user)
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
        else:
            return _shown_once(request, user, password, title="账号已建好")
    return render(request, "accounts/new_account.html", {"form": form})


@only(manages_accounts)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request, pk):
    """One account: correct the name, reset, deactivate."""
    user = get_object_or_404(_accounts(), pk=pk)
    form = RenameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        act.rename_account(user=user, name=form.cleaned_data["name"].strip(), by=request.user)
        messages.success(request, "姓名已更正。")
        return redirect("accounts:account", pk=pk)
    changes = AuditEntry.objects.about(user).filter(act__in=CHANGES)[:10]
    for entry in changes:
        entry.words = acts.label(entry.act)
    return render(
        request, "accounts/account.html", {"account": user, "form": form, "changes": changes}
    )


@only(manages_accounts)
@never_cache
@require_POST
def reset(request, pk):
    """A temporary password, shown once."""
    user = get_object_or_404(_accounts(), pk=pk)
    try:
        password = act.reset_password(user=user, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("accounts:account", pk=pk)
    return _shown_once(request, user, password, title="密码已重置")


@only(manages_accounts)
@require_POST
def switch(request, pk, to):
    """Deactivate (`to` = off) or open again (`to` = on)."""
    verbs = {
        "off": (act.deactivate, "账号已停用。"),
        "on": (act.reactivate, "账号已启用，还需安全管理员授权。"),
    }
    if to not in verbs:
        raise Http404
    verb, words = verbs[to]
    user = get_object_or_404(_accounts(), pk=pk)
    try:
        verb(user=user, by=request.user)
        messages.success(request, words)
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("accounts:account", pk=pk)


def _accounts():
    return User.objects.exclude(kind=UserKind.CITIZEN)


def _shown_once(request, user, password, *, title):
    context = {"account": user, "password": password, "title": title}
    return render(request, "accounts/temporary_password.html", context)
