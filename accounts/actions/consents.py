"""Separate consents (PIPL §29): given for one purpose, in the words of one version."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Consent


@transaction.atomic
def give_consent(*, user, purpose, text_version, request=None):
    """Write down that the user agreed to `purpose`; one already in force is left as it is."""
    consent, is_new = Consent.objects.get_or_create(
        user=user, purpose=purpose, withdrawn_at=None, defaults={"text_version": text_version}
    )
    if is_new:
        detail = {"purpose": purpose, "text_version": text_version}
        audit.record("accounts.consent_given", user, by=user, request=request, detail=detail)
    return consent


@transaction.atomic
def withdraw_consent(*, consent, by, request=None):
    """Take a consent back, once however often asked; what was done before stays lawful."""
    in_force = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
    if in_force.update(withdrawn_at=timezone.now()):
        detail = {"purpose": consent.purpose}
        audit.record(
            "accounts.consent_withdrawn", consent.user, by=by, request=request, detail=detail
        )
