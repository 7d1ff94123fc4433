"""The security administrator's pages: who works where, and which administrator is which."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import staff as accounts_act
from accounts.enums import UserKind
from accounts.models import User
from accounts.perms import manages_rights, only
from services.actions.staffing import end_posting, grant_posting
from services.forms.staffing import AdminRoleForm, PostingForm, StaffFilter, StationSearch
from services.models import Posting
from veterans_portal.errors import DomainError

PER_PAGE = 25


@only(manages_rights)
@require_safe
def staffing(request):
    """Accounts of staff and administrators with what they hold."""
    form = StaffFilter(request.GET)
    people = _people().order_by("staff_number")
    if form.is_valid():
        wanted = form.cleaned_data["q"].strip()
        if wanted:
            people = people.filter(
                Q(name__contains=wanted) | Q(staff_number__startswith=wanted.upper())
            )
        if form.cleaned_data["state"]:
            people = people.filter(granted_at__isnull=form.cleaned_data["state"] == "waiting")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "services/desk/staffing.html", {"page": page, "filter_form": form})


@only(manages_rights)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk):
    """One account: grant and end what it holds."""
    user = get_object_or_404(_people(), pk=pk)
    search = StationSearch(request.GET)
    form = _grant_form(request, user, search)
    if request.method == "POST" and form.is_valid():
        try:
            _grant(user, form.cleaned_data, by=request.user)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "已授权，本人可以登录了。")
            return redirect("services:desk_staffing_person", pk=pk)
    past = user.postings.exclude(_open()).select_related("station").order_by("-until")
    context = {
        "person": user,
        "form": form,
        "search": search,
        "searched": bool(request.GET.get("station")),
        "past": past,
        "awaits": _awaits_confirmation(user),
    }
    return render(request, "services/desk/staffing_person.html", context)


@only(manages_rights)
@require_POST
def confirm(request, pk):
    """Let an account take effect again after its password was reset."""
    user = get_object_or_404(_people(), pk=pk)
    try:
        if not _holds_something(user):
            raise DomainError("请先授予岗位，再让账号生效。")
        accounts_act.grant(user=user, by=request.user)
        messages.success(request, "账号已生效，本人可以登录了。")
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("services:desk_staffing_person", pk=pk)


@only(manages_rights)
@require_POST
def end(request, pk):
    """End one posting."""
    posting = get_object_or_404(Posting.objects.select_related("user", "station"), pk=pk)
    try:
        end_posting(posting=posting, by=request.user)
        messages.success(request, f"{posting.station}的岗位已收回。")
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("services:desk_staffing_person", pk=posting.user_id)


@only(manages_rights)
@require_POST
def end_admin_role(request, pk):
    """Take an administrator's role away."""
    user = get_object_or_404(_people(), pk=pk, admin_role__isnull=False)
    try:
        accounts_act.end_admin_role(user=user, by=request.user)
        messages.success(request, "管理员角色已收回。")
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("services:desk_staffing_person", pk=pk)


def _people():
    held = Posting.objects.filter(_open()).select_related("station").order_by("station__path")
    return User.objects.exclude(kind=UserKind.CITIZEN).prefetch_related(
        Prefetch("postings", queryset=held, to_attr="current_postings")
    )


def _holds_something(user):
    return bool(user.current_postings or user.admin_role)


def _awaits_confirmation(user):
    """What it holds is still there, but it rests: reset, or opened again."""
    return user.is_active and not user.granted_at and _holds_something(user)


def _open():
    return Q(until__isnull=True) | Q(until__gt=timezone.localdate())


def _grant_form(request, user, search):
    if user.is_administrator:
        return AdminRoleForm(request.POST or None)
    return PostingForm(request.POST or None, stations=search.found())


def _grant(user, data, *, by):
    if user.is_administrator:
        accounts_act.grant_admin_role(user=user, role=data["role"], by=by)
    else:
        grant_posting(user=user, station=data["station"], role=data["role"], by=by)
