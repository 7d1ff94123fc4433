"""What sessions, letters and visits put on the work desk and into an employer's room."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from placement.enums.selection import SessionState
from placement.models import FollowUp, IntroductionLetter, SelectionSession
from services.enums import PartnerRole, Role
from services.partner_room import Tile
from services.perms import scope_of
from services.worklist import Item, Section, first_of, reach

TO_DO = {
    SessionState.PREPARED: "选岗会",
    SessionState.RUNNING: "正在选岗",
    SessionState.PAUSED: "暂停的选岗会",
    SessionState.CLOSED: "公示选岗结果",
}


def sessions_to_hold(user, *, below):
    """Sessions to come, on, and closed without a published result."""
    if not {role for _, role in scope_of(user).postings} & set(Role):
        return None
    rows = SelectionSession.objects.visible_to(user).filter(state__in=TO_DO)
    rows = first_of(reach(rows.select_related("station").order_by("starts_at"), user, below=below))
    if not rows:
        return None
    items = [
        Item(
            title=each.title,
            job=TO_DO[each.state],
            url=reverse("placement:desk_selection", args=[each.code]),
            due=timezone.localdate(each.starts_at),
            note=each.station.name,
        )
        for each in rows
    ]
    return Section("选岗会", reverse("placement:desk_selections"), items, rows[0].in_all, unit="场")


def seats_overdue(user, *, below):
    """People whose employer has not seated them in time: wages are due."""
    today = timezone.localdate()
    rows = IntroductionLetter.objects.visible_to(user).overdue(today)
    rows = rows.select_related("case__person", "employer").order_by("seat_by", "pk")
    rows = first_of(reach(rows, user, below=below))
    if not rows:
        return None
    items = [
        Item(
            title=each.case.person.name,
            job="逾期未上岗",
            url=each.get_absolute_url(),
            due=each.seat_by,
            note=each.employer.name,
        )
        for each in rows
    ]
    late = rows[0].in_all
    address = f"{reverse('placement:letters')}?show=overdue"
    return Section("逾期未上岗", address, items, late, late, unit="人")


def visits_due(user, *, below):
    """Visits after the first days at work, by the day they are due."""
    rows = (
        FollowUp.objects.visible_to(user)
        .open()
        .select_related("letter__case__person", "letter__employer")
    )
    rows = rows.filter(due_on__lte=timezone.localdate() + timedelta(days=14))
    rows = first_of(
        reach(rows.order_by("due_on", "pk"), user, below=below, path="letter__station__path")
    )
    if not rows:
        return None
    today = timezone.localdate()
    items = [
        Item(
            title=each.letter.case.person.name,
            job="上岗回访",
            url=each.letter.get_absolute_url(),
            due=each.due_on,
            note=each.letter.employer.name,
        )
        for each in rows
    ]
    late = sum(each.due_on < today for each in rows)
    address = f"{reverse('placement:letters')}?show=visits"
    return Section("上岗回访", address, items, rows[0].in_all, late, unit="人")


def letters_tile(partner, _user):
    """Who comes with a letter."""
    if PartnerRole.EMPLOYER not in partner.roles:
        return None
    waiting = IntroductionLetter.objects.waiting().filter(employer=partner).count()
    return Tile(
        "来报到的退役军人", "看介绍信、确认上岗",
        reverse("placement:partner_letters", args=[partner.pk]), "people",
        f"{waiting}人待上岗" if waiting else "",
    )  # fmt: skip
