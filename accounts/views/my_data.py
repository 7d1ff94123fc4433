"""My data: what is held, on what consent, who looked, and a copy to take away (PIPL §44–50)."""

import json

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import my_data as data
from accounts.actions.consents import withdraw_consent
from accounts.audit import record
from accounts.models import Consent
from accounts.perms import is_citizen, only
from accounts.views.jobs import file_response


@only(is_citizen)
@require_safe
def my_data(request):
    """The page."""
    context = {
        "sections": data.sections(request.user),
        "consents": data.consents(request.user),
        "looks": data.looks_in_words(request.user),
    }
    return render(request, "accounts/my_data.html", context)


@only(is_citizen)
@require_POST
def download(request):
    """The same as a JSON file; that it was taken is recorded."""
    content = json.dumps(
        data.download(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
    )
    record("accounts.my_data_downloaded", request.user, by=request.user)
    return file_response(content.encode(), f"我的数据{timezone.localdate():%Y%m%d}.json")


@only(is_citizen)
@require_POST
def withdraw(request, pk):
    """Take a consent back."""
    consent = get_object_or_404(Consent, pk=pk, user=request.user)
    withdraw_consent(consent=consent, by=request.user, request=request)
    messages.success(request, "已撤回，今后不再按这一同意使用您的信息。")
    return redirect("accounts:my_data")
