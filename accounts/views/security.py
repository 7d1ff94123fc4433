"""The person's own account: password, phone, where it is signed in, what happened lately."""

from datetime import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from accounts.actions import codes, locks
from accounts.actions.passwords import change_password, password_due
from accounts.actions.security import change_phone, end_other_sessions
from accounts.adapter import home_of
from accounts.enums import CodePurpose
from accounts.forms.security import NewPasswordForm, NewPhoneForm
from accounts.forms.sign_in import CodeForm
from accounts.models import AuditEntry
from accounts.perms import is_citizen, only
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_phone

NEW_PHONE = "new_phone"  # in the session: the code that went to the new phone
SHOWN = 10
ACTS = ["accounts.signed_in", "accounts.sign_in_refused", "accounts.locked"]
FRESH_CODE_SECONDS = 15 * 60


@require_safe
def security(request):
    """Password, phone, sessions and the last sign-ins."""
    history = AuditEntry.objects.about(request.user).filter(act__in=ACTS)[:SHOWN]
    context = {
        "sessions": _sessions(request),
        "history": history,
        "phone": mask_phone(request.user.phone),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "accounts/security.html", context)


@require_safe
def welcome(request):
    """After the first sign-in with a new phone: what one can do now."""
    then = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()})
    return render(request, "accounts/welcome.html", {"next": then if ours else ""})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    """Set or change the password; forced ones come here too."""
    user = request.user
    ask_old = user.has_usable_password() and not _has_just_shown_the_phone(request)
    form = NewPasswordForm(request.POST or None, user=user, ask_old=ask_old)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _confirm_old(request, form)
        except DomainError as refused:
            form.add_error(refused.field, refused.message)
            status = 429 if refused.code == "locked" else 200
        else:
            was_due = password_due(user)
            change_password(user=user, password=form.cleaned_data["new"], request=request)
            messages.success(request, "新密码已生效，别处的登录都已退出。")
            return redirect(home_of(user) if was_due else "accounts:security")
    context = {"form": form, "due": password_due(user), "has_password": user.has_usable_password()}
    return render(request, "account/password_change.html", context, status=status)


@require_POST
def end_others(request):
    """Sign out everywhere else."""
    ended = end_other_sessions(user=request.user, request=request)
    messages.success(request, f"已退出其他{ended}处登录。" if ended else "没有别处的登录。")
    return redirect("accounts:security")


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def new_phone(request):
    """Step one: the new phone gets a code."""
    form = NewPhoneForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            code = codes.send_code(
                phone=form.cleaned_data["phone"],
                address=locks.address_of(request),
                purpose=CodePurpose.NEW_PHONE,
                user=request.user,
            )
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            request.session[NEW_PHONE] = {"code": str(code.pk), "phone": mask_phone(code.phone)}
            return redirect("accounts:confirm_new_phone")
    context = {"form": form, "phone": mask_phone(request.user.phone)}
    return render(request, "accounts/new_phone.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_new_phone(request):
    """Step two: the code proves the new phone."""
    pending = request.session.get(NEW_PHONE)
    if pending is None:
        return redirect("accounts:new_phone")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_phone(
                user=request.user,
                code_id=pending["code"],
                digits=form.cleaned_data["one_time_code"],
                request=request,
            )
        except codes.WrongCodeError as refused:
            form.add_error("one_time_code", refused.message)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            del request.session[NEW_PHONE]
            messages.success(request, "手机号已更换，下次请用新手机号登录。")
            return redirect("accounts:security")
    return render(
        request, "accounts/confirm_new_phone.html", {"form": form, "phone": pending["phone"]}
    )


def _confirm_old(request, form):
    """The old password, counted like a sign-in: a session left open is no way to guess it."""
    if "old" not in form.fields:
        return
    name, address = f"old:{request.user.pk}", locks.address_of(request)
    left = locks.take_attempt(name, address)
    if not request.user.check_password(form.cleaned_data["old"]):
        locks.refuse(name, address, user=request.user, way="old_password", request=request)
        raise DomainError(f"现在的密码不对，请核对后再填。还可以再试{left}次。", field="old")
    locks.give_back(name, address)


def _has_just_shown_the_phone(request):
    session = request.session
    age = timezone.now().timestamp() - session.get(sessions.SINCE, 0)
    return bool(session.get(sessions.BY_CODE)) and age < FRESH_CODE_SECONDS


def _sessions(request):
    rows = request.user.sessions.filter(expire_date__gt=timezone.now())
    return sorted(
        (_session(row, request.session.session_key) for row in rows),
        key=lambda each: (not each["here"], -each["seen"].timestamp()),
    )


def _session(row, current_key):
    data = row.get_decoded()
    zone = timezone.get_current_timezone()
    return {
        "here": row.session_key == current_key,
        "device": data.get(sessions.DEVICE) or "浏览器",
        "address": data.get(sessions.ADDRESS) or "",
        "since": datetime.fromtimestamp(data.get(sessions.SINCE, 0), zone),
        "seen": datetime.fromtimestamp(data.get(sessions.SEEN, 0), zone),
    }
