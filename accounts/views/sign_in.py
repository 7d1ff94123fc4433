"""The way in and out: one page for the public and the staff, the code, signing up, signing out."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept_forms
from accounts.actions import codes, locks, sign_in
from accounts.adapter import address_of, home_of
from accounts.forms.sign_in import CodeForm, PhoneForm, PhonePasswordForm, StaffPasswordForm
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_phone

PENDING = "sign_in"  # in the session: the code that was sent and where to go afterwards
CODE, PASSWORD, STAFF = "code", "password", "staff"
STAFF_PAGES = ("/desk/", "/staff/", "/locks/", "/audit/")  # who was there signs in by number
FORMS = {CODE: PhoneForm, PASSWORD: PhonePasswordForm, STAFF: StaffPasswordForm}


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login(request):
    """Two ways in on one page: the public by phone, the staff by number."""
    if request.user.is_authenticated:
        return redirect(_next(request) or home_of(request.user))
    way = request.POST.get("way") or request.GET.get("way")
    if way not in FORMS:
        way = STAFF if _next(request).startswith(STAFF_PAGES) else CODE
    form = FORMS[way](request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form) if way == CODE else _check(request, way, form)
        except (locks.SignInLockedError, codes.TooManyCodesError) as refused:
            form.add_error(None, refused.message)
            status = 429
        except DomainError as refused:
            form.add_error(None, refused.message)
    then = _next(request)
    context = {"form": form, "way": way, "next": then, "privacy_url": _privacy()}
    return render(request, "account/login.html", context | _doors(way, then), status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request):
    """Sign up with a phone. A phone that has an account goes the same way and is signed in."""
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    form = PhoneForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form)
        except codes.TooManyCodesError as refused:
            form.add_error(None, refused.message)
            status = 429
    context = {"form": form, "next": _next(request), "privacy_url": _privacy()}
    return render(request, "account/signup.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request):
    """The code from the message opens the session."""
    pending = request.session.get(PENDING)
    if request.user.is_authenticated or pending is None:
        return redirect("account_login")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        then = pending["next"]
        try:
            response = sign_in.sign_in_with_code(
                request=request,
                code_id=pending["code"],
                digits=form.cleaned_data["one_time_code"],
                then=then,
                then_new=_with_query(reverse("accounts:welcome"), next=then),
            )
        except locks.SignInLockedError as refused:
            form.add_error(None, refused.message)
            status = 429
        except codes.WrongCodeError as refused:
            form.add_error("one_time_code", refused.message)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            del request.session[PENDING]
            return response
    context = {"form": form, "phone": pending["phone"], "next": pending["next"]}
    return render(request, "account/confirm_login_code.html", context, status=status)


@login_not_required
@require_POST
def resend_code(request):
    """Send the code once more to the phone that waits."""
    pending = request.session.get(PENDING)
    if pending is None:
        return redirect("account_login")
    try:
        phone = codes.pending(pending["code"]).phone
        _remember(
            request,
            codes.send_code(phone=phone, address=locks.address_of(request)),
            pending["next"],
        )
        messages.success(request, "新的验证码已发出，请看手机短信。")
    except DomainError as refused:
        messages.warning(request, refused.message)
    return redirect("account_confirm_login_code")


@login_not_required  # whose session is over already is out: no sign-in page for that
@require_http_methods(["GET", "HEAD", "POST"])
def logout(request):
    """Sign out; the session is removed from the database."""
    if request.user.is_authenticated:
        if request.method != "POST":
            return render(request, "account/logout.html")
        get_adapter(request).logout(request)
        messages.success(request, "您已退出登录。")
    return redirect(address_of("home"))


def csrf_refused(request, reason=""):
    """A form of our own page whose token is of an earlier sign-in is kept and shown again."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and request.user.is_authenticated and kept_forms.can_keep(request):
        return kept_forms.keep_and_reload(request)
    return csrf_failure(request, reason)


@sensitive_variables()
def _check(request, way, form):
    by, name = (
        (sign_in.STAFF_NUMBER, form.cleaned_data["staff_number"])
        if way == STAFF
        else (sign_in.PHONE, form.cleaned_data["phone"])
    )
    return sign_in.sign_in_with_password(
        request=request,
        by=by,
        name=name,
        password=form.cleaned_data["password"],
        then=_next(request),
    )


def _send(request, form):
    code = codes.send_code(phone=form.cleaned_data["phone"], address=locks.address_of(request))
    _remember(request, code, _next(request))
    return redirect("account_confirm_login_code")


def _remember(request, code, then):
    request.session[PENDING] = {
        "code": str(code.pk),
        "phone": mask_phone(code.phone),
        "next": then,
    }


def _doors(way, then):
    """The two tabs, and the public's other way to sign in."""
    here = reverse("account_login")
    address = {each: _with_query(here, way=each, next=then) for each in FORMS}
    return {
        "doors": [
            ("公众登录", address[CODE], way != STAFF),
            ("工作人员登录", address[STAFF], way == STAFF),
        ],
        "other_url": address[PASSWORD if way == CODE else CODE],
    }


def _privacy():
    found = address_of("privacy")
    return found if found != "/" else ""


def _next(request):
    """Where to go afterwards: an address of ours, else "" (the front page counts as none)."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if ours and url != "/" else ""


def _with_query(url, **query):
    given = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(given)}" if given else url
