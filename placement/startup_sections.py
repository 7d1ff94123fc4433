"""What start-ups add to the work desk: items of bundles with their terms, enterprises to check."""

from django.urls import reverse

from placement.enums.startups import ENTERPRISE_TO_CHECK, ITEM_OPEN, BundleState
from placement.models import BundleItem, StartupBundle, VeteranEnterprise
from services.enums import Role
from services.perms import scope_of
from services.worklist import Item, Section, first_of, reach


def items_due(user, *, below):
    """Open items of bundles, soonest due first; for clerks and heads."""
    scope = scope_of(user)
    if not {role for _, role in scope.postings} & {Role.CLERK, Role.HEAD}:
        return None
    bundles = StartupBundle.objects.visible_to(user).filter(state=BundleState.OPEN)
    bundles = reach(bundles, user, below=below)
    rows = BundleItem.objects.filter(bundle__in=bundles, state__in=ITEM_OPEN)
    rows = rows.select_related("bundle__person", "bundle__station").order_by("due_on", "pk")
    rows = first_of(rows, due="due_on")
    if not rows:
        return None
    items = [
        Item(
            title=f"{each.bundle.person.name}：{each.title}",
            job="创业一件事",
            url=reverse("placement:desk_bundle", args=[each.bundle_id]),
            due=each.due_on,
            note=each.bundle.station.name if below else each.department,
        )
        for each in rows
    ]
    url = f"{reverse('placement:desk_bundles')}?state={BundleState.OPEN}"
    return Section("创业一件事", url, items, rows[0].in_all, rows[0].late, rows[0].today, unit="项")


def enterprises_to_check(user, *, below):
    """Enterprises that wait for a check, oldest first; for reviewers and heads."""
    scope = scope_of(user)
    if not {role for _, role in scope.postings} & {Role.REVIEWER, Role.HEAD}:
        return None
    rows = VeteranEnterprise.objects.visible_to(user).filter(state__in=ENTERPRISE_TO_CHECK)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station").order_by("submitted_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.name,
            job="军创企业审核",
            url=reverse("placement:desk_enterprise", args=[each.pk]),
            at=each.submitted_at,
            note=each.station.name if below else each.get_state_display(),
        )
        for each in rows
    ]
    return Section(
        "要审核的军创企业", reverse("placement:desk_enterprises"), items, rows[0].in_all, unit="家"
    )
