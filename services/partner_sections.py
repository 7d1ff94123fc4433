"""What partners add to the work desk: applications to check."""

from django.urls import reverse

from services import perms
from services.enums import PartnerState, Role
from services.models import Partner
from services.worklist import Item, Section, first_of, reach


def partners_to_check(user, *, below):
    """Applications of organisations, oldest first, for reviewers and heads; none when none waits."""
    scope = perms.scope_of(user)
    if not {role for _, role in scope.postings} & {Role.REVIEWER, Role.HEAD}:
        return None
    rows = Partner.objects.visible_to(user).filter(state=PartnerState.APPLIED)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station").order_by("applied_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.name,
            job="单位核对",
            url=reverse("services:desk_partner", args=[each.pk]),
            at=each.applied_at,
            note=each.station.name if below else each.role_words,
        )
        for each in rows
    ]
    url = f"{reverse('services:desk_partners')}?state={PartnerState.APPLIED}"
    return Section("等待核对的单位", url, items, rows[0].in_all, unit="家")
