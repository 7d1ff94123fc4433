"""Nothing typed is lost when a session ends: the form is kept and filled in again after sign-in.

An expired POST is stored encrypted for its owner for KEPT_FORM_MINUTES. After sign-in the page
with the form comes back, and `put_back` fills the typed values into it on the server, so it works
without JavaScript and without a line in the form's own view. Passwords and files are never kept.
Only a form whose owner is known is kept: what the session that just ended here says, never what
the next person at a shared computer signs in as.
"""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.form_filler import fill
from accounts.models import KeptForm, Session

WAITING = "kept_form"
ENDED = "ended_user"  # whose session has just ended on this browser
MAX_LENGTH = 200_000
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
NEVER_KEPT = re.compile(r"password|csrfmiddlewaretoken|one_time_code", re.IGNORECASE)
WORDS = "您刚才填写的内容已放回表单，请核对后再提交。附件需要重新选择。"


def can_keep(request):
    """A form of a page: no API call, no fragment, and not too long."""
    return (
        request.content_type in FORM_TYPES
        and not request.headers.get("HX-Request")
        and len(request.POST.urlencode()) <= MAX_LENGTH
    )


def remember_owner(request, user):
    """Note in the session that follows whose session has ended here."""
    request.session[ENDED] = str(user.pk)


def owner_of_ended(request):
    """The id of the account whose session has ended on this browser; None when unknown.

    A session past its last day leaves its row until it is swept: the row still knows its account.
    """
    if owner := request.session.get(ENDED):
        return owner
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    over = Session.objects.filter(session_key=key, expire_date__lte=timezone.now())
    return over.values_list("user", flat=True).first() if key else None


def keep_and_sign_in(request, owner):
    """Keep the posted form and lead to the sign-in page, which leads back to the form."""
    return redirect_to_login(keep(request, owner=owner))


def keep_and_reload(request):
    """Keep the posted form and show its page again: its token was of an earlier sign-in."""
    page = keep(request, owner=request.user.pk)
    messages.warning(request, WORDS)
    return redirect(page)


def keep(request, *, owner):
    """Store what was posted for the account with the id `owner`, in place of what waited here.

    Returns the address of the page that holds the form.
    """
    action = request.get_full_path()
    page = _page_of(request)
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if not NEVER_KEPT.search(name)
        for value in values
    ]
    content = json.dumps({"action": action, "page": page, "fields": fields}, ensure_ascii=False)
    if WAITING in request.session:
        _drop(request)
    now = timezone.now()
    kept = KeptForm.objects.create(
        user_id=owner,
        content=content,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.KEPT_FORM_MINUTES),
    )
    request.session[WAITING] = str(kept.pk)
    return page


def keep_for(request, user):
    """After sign-in: a form of somebody else is dropped, one's own is announced."""
    request.session.pop(ENDED, None)
    if WAITING not in request.session:
        return
    if KeptForm.objects.filter(pk=request.session[WAITING], user=user).exists():
        messages.info(request, WORDS)
    else:
        _drop(request)


def is_waiting(request):
    """Whether this session has a form to fill in again."""
    return WAITING in request.session


def put_back(request, response):
    """Fill the kept values into the page when it is the one with the form."""
    is_page = response.status_code == 200 and "text/html" in response.get("Content-Type", "")
    if request.method != "GET" or not is_page or response.streaming:
        return response
    kept = KeptForm.objects.filter(
        pk=request.session[WAITING], user=request.user, expires_at__gt=timezone.now()
    ).first()
    if kept is None:
        return response
    content = json.loads(kept.content)
    if urlsplit(content["page"]).path != request.path:
        return response
    html = response.content.decode(response.charset)
    action = urlsplit(content["action"]).path
    response.content = fill(html, page=request.path, action=action, fields=content["fields"])
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
    return response


def drop_if_sent_again(request):
    """The form is on its way: its copy is no longer needed."""
    if WAITING not in request.session:
        return
    kept = KeptForm.objects.filter(pk=request.session[WAITING]).first()
    if kept is None or urlsplit(json.loads(kept.content)["action"]).path == request.path:
        _drop(request)


def forget_old():
    """Remove forms nobody came back for; returns how many."""
    return KeptForm.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _drop(request):
    KeptForm.objects.filter(pk=request.session.pop(WAITING)).delete()


def _page_of(request):
    """The page the form stood on: the referrer when it is ours, else the form's own address."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    page = referrer.path + (f"?{referrer.query}" if referrer.query else "")
    ours = referrer.netloc == request.get_host() and url_has_allowed_host_and_scheme(page, None)
    return page if ours else request.get_full_path()
