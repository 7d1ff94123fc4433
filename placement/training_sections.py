"""What training adds to the work desk and to a provider's room."""

from django.urls import reverse
from django.utils import timezone

from placement.enums.training import CourseState, DutyState, RunState
from placement.models import Course, CourseRun, TrainingDuty
from services.enums import PartnerRole, Role
from services.partner_room import Tile
from services.perms import scope_of
from services.worklist import Item, Section, first_of, reach

CHECKERS = {Role.REVIEWER, Role.HEAD}


def _roles(user):
    return {role for _, role in scope_of(user).postings}


def people_to_train(user, *, below):
    """Who still should attend, soonest due first."""
    rows = TrainingDuty.objects.visible_to(user).filter(state=DutyState.DUE)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("person", "station").order_by("due_on", "pk")
    rows = first_of(rows, due="due_on")
    if not rows:
        return None
    items = [
        Item(
            title=each.person.name,
            job="适应性培训",
            url=reverse("placement:desk_duty", args=[each.pk]),
            due=each.due_on,
            note=each.station.name if below else each.get_way_display(),
        )
        for each in rows
    ]
    first = rows[0]
    return Section(
        "还没有参训的人", reverse("placement:desk_duties"), items, first.in_all, first.late,
        first.today, unit="人",
    )  # fmt: skip


def exemptions_to_decide(user, *, below):
    """Exemptions that wait, oldest first; for reviewers and heads."""
    if not _roles(user) & CHECKERS:
        return None
    rows = TrainingDuty.objects.visible_to(user).filter(state=DutyState.ASKED)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("person", "station").order_by("asked_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.person.name,
            job="免训核对",
            url=reverse("placement:desk_duty", args=[each.pk]),
            at=each.asked_at,
            note=each.station.name if below else each.get_reason_display(),
        )
        for each in rows
    ]
    url = f"{reverse('placement:desk_duties')}?state={DutyState.ASKED}"
    return Section("要核对的免训", url, items, rows[0].in_all, unit="人")


def courses_to_open(user, *, below):
    """Courses that wait to be opened; for reviewers and heads."""
    if not _roles(user) & CHECKERS:
        return None
    rows = Course.objects.visible_to(user).filter(state=CourseState.DRAFT)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station").order_by("created_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.title,
            job="课程核对开设",
            url=reverse("placement:desk_course", args=[each.pk]),
            at=each.created_at,
            note=each.station.name,
        )
        for each in rows
    ]
    url = f"{reverse('placement:desk_courses')}?state={CourseState.DRAFT}"
    return Section("要开设的课程", url, items, rows[0].in_all, unit="门")


def runs_to_close(user, *, below):
    """Runs whose last lesson is over and whose results are missing; for clerks and heads."""
    if not _roles(user) & {Role.CLERK, Role.HEAD}:
        return None
    rows = CourseRun.objects.visible_to(user).filter(
        state=RunState.OPEN, slot__ends_at__lt=timezone.now()
    )
    rows = reach(rows, user, below=below)
    rows = rows.select_related("course", "station", "slot").order_by("slot__ends_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.course.title,
            job="登记成绩",
            url=reverse("placement:desk_run_close", args=[each.pk]),
            at=each.slot.ends_at,
            note=each.title,
        )
        for each in rows
    ]
    return Section(
        "要登记成绩的班次", reverse("placement:desk_courses"), items, rows[0].in_all, unit="期"
    )


def courses_tile(partner, user):
    """A training provider's runs."""
    if PartnerRole.TRAINER not in partner.roles:
        return None
    url = reverse("placement:partner_courses", args=[partner.pk])
    return Tile("我们的课程", "班次、人数和学员评价", url, "calendar")
