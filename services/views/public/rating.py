"""好差评: five big choices behind a link, and the screen that stands at a window."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.audit import client_address
from services.actions import ratings
from services.enums import ArrivalState, RatingChannel
from services.forms.fields import add_refusal
from services.forms.ratings import RatingForm
from services.models import Arrival, RatingInvitation, Window
from veterans_portal import throttling
from veterans_portal.errors import DomainError

SCREEN_SALT = "services.rating-screen"
ON_SCREEN = timedelta(minutes=5)
# At a window strangers stand before it: nothing leads out of these pages but the rating.
WHOLE, BARE = "layout/base.html", "layout/bare.html"


def screen_token(window):
    """What the address of a window's rating screen holds: nobody can make one up."""
    return signing.dumps(window.pk, salt=SCREEN_SALT)


def screen_window(token):
    """The window whose screen this is; Http404 for a token that is none of ours."""
    try:
        key = signing.loads(token, salt=SCREEN_SALT)
    except signing.BadSignature:
        raise Http404 from None
    return get_object_or_404(Window.objects.select_related("station"), pk=key)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request, code):
    """The five choices; once given, thanks. From a window's screen (`?screen=`) it goes back there."""
    if not throttling.within(f"rate {client_address(request)}", settings.RATE_TRIES):
        return _hidden(
            render(request, "services/public/rate_over.html", {"wait": True}, status=429)
        )
    invitation = ratings.open_invitation(code)
    if invitation is None:
        return _hidden(render(request, "services/public/rate_over.html", status=404))
    if refusal := ratings.refusal_to_rate(invitation):
        context = {"refusal": refusal, "invitation": invitation}
        return _hidden(render(request, "services/public/rate_over.html", context))
    window = _screen(request)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _given(invitation, form.cleaned_data, window)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            context = {"invitation": invitation, "grade": form.cleaned_data["grade"],
                       "screen": request.GET.get("screen") if window else "",
                       "layout": BARE if window else WHOLE}  # fmt: skip
            return _hidden(render(request, "services/public/rate_thanks.html", context))
    context = {"invitation": invitation, "form": form,
               "screen": request.GET.get("screen") if window else "",
               "layout": BARE if window else WHOLE}  # fmt: skip
    return _hidden(render(request, "services/public/rate.html", context))


def _screen(request):
    """The window whose screen the rating is given at, or None."""
    token = request.GET.get("screen")
    return screen_window(token) if token else None


def _given(invitation, data, window):
    ratings.rate(
        invitation=invitation, grade=data["grade"], reasons=data["reasons"], words=data["words"],
        channel=RatingChannel.DESK if window is not None else RatingChannel.WEB,
    )  # fmt: skip


@login_not_required
@require_safe
def screen(request, token):
    """At a window: asks for a rating of what was just finished there, else a quiet page.

    Both pages ask every few seconds (`?shown=` the code on show) whether there is something else to
    show. Nothing is rated on a screen that is signed in: it would lead the public to the desk.
    """
    window = screen_window(token)
    if request.user.is_authenticated:
        address = request.build_absolute_uri(request.path)
        context = {"window": window, "address": address, "layout": WHOLE}
        return _hidden(render(request, "services/public/rate_screen.html", context))
    invitation = _just_finished(window)
    code = invitation.code if invitation is not None else ""
    if request.htmx and request.GET.get("shown", "") == code:
        return _hidden(HttpResponse(status=204))
    if invitation is not None:
        address = f"{reverse('services:rate', args=[code])}?screen={token}"
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    if request.htmx:
        return HttpResponseClientRedirect(request.path)
    context = {"window": window, "layout": BARE}
    return _hidden(render(request, "services/public/rate_screen.html", context))


@login_not_required
@require_safe
def screen_back(request, token):
    """From the thanks back to the window's screen."""
    screen_window(token)
    return HttpResponseClientRedirect(reverse("services:rate_screen", args=[token]))


def _just_finished(window):
    """The last invitation of this window, unless it was rated or the next person sits there."""
    today = timezone.localdate()
    here = Q(arrival__window=window) | Q(
        matter__arrivals__window=window, matter__arrivals__day=today
    )
    fresh = RatingInvitation.objects.filter(here, created_at__gt=timezone.now() - ON_SCREEN)
    last = fresh.select_related("rating").order_by("-created_at", "-pk").first()
    if last is None or ratings.refusal_to_rate(last):
        return None
    served = Arrival.objects.filter(window=window, state=ArrivalState.SERVING)
    if last.matter_id is not None:
        served = served.exclude(matter=last.matter_id)
    return None if served.exists() else last


def _hidden(response):
    """Search engines keep out, and nobody keeps a copy on the way."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
