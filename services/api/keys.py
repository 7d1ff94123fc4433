"""Keys of partners' own systems: `Authorization: Key …` acts as the member who made the key."""

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from services.actions.partners import digest_of
from services.enums import PartnerState
from services.models import PartnerKey, PartnerMember

WORD = "Key"
NOTED_EVERY = timedelta(minutes=1)
REFUSED = "密钥无效、已过期或已停用。请由单位的管理成员在“接口密钥”里重新创建。"


class PartnerKeyAuthentication(BaseAuthentication):
    """The user is the member who made the key, `request.auth` the PartnerKey.

    A key works as long as its member acts for the partner and the partner works with the bureau.
    """

    def authenticate(self, request):
        word, _, text = request.headers.get("Authorization", "").partition(" ")
        if word != WORD:
            return None
        now = timezone.now()
        members = PartnerMember.objects.in_force()
        key = (
            PartnerKey.objects.in_force(now)
            .filter(
                digest=digest_of(text.strip()),
                partner__state=PartnerState.APPROVED,
                member__in=members.values("pk"),
                member__user__is_active=True,
            )
            .select_related("member__user", "partner__station")
            .first()
        )
        if key is None:
            raise AuthenticationFailed(REFUSED)
        if key.last_used_at is None or key.last_used_at < now - NOTED_EVERY:
            PartnerKey.objects.filter(pk=key.pk).update(last_used_at=now)
        return key.member.user, key

    def authenticate_header(self, request):
        return WORD


class KeyScheme(OpenApiAuthenticationExtension):
    """How the description of the API speaks of keys."""

    target_class = "services.api.keys.PartnerKeyAuthentication"
    name = "partnerKey"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Key …"}
