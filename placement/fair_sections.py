"""What fairs, vacancies and directed recruitment add to the work desk and to an employer's room."""

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import FairEmployerState, FairState, IntentStage, VacancyState
from placement.models import EmploymentIntent, FairEmployer, JobFair, Vacancy
from services.enums import PartnerRole, Role
from services.partner_room import Tile
from services.perms import scope_of
from services.worklist import Item, Section, first_of, reach


def _checks(scope):
    return {role for _, role in scope.postings} & {Role.REVIEWER, Role.HEAD}


def employers_to_check(user, *, below):
    """Employers that wait for a stand, by the day of their fair; for reviewers and heads."""
    scope = scope_of(user)
    if not _checks(scope):
        return None
    rows = FairEmployer.objects.visible_to(user).filter(
        state=FairEmployerState.APPLIED, fair__state=FairState.OPEN
    )
    rows = reach(rows, user, below=below, path="fair__station__path")
    rows = rows.select_related("fair__station", "partner").order_by("fair__held_on", "applied_at")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.partner.name,
            job="招聘会报名核对",
            url=reverse("placement:desk_fair_employer", args=[each.pk]),
            due=each.fair.held_on,
            note=each.fair.station.name if below else each.fair.title,
        )
        for each in rows
    ]
    return Section("要核对的参会单位", reverse("placement:desk_fairs"), items, rows[0].in_all)


def vacancies_to_check(user, *, below):
    """Vacancies that wait for a check, oldest first; for reviewers and heads."""
    scope = scope_of(user)
    if not _checks(scope):
        return None
    rows = Vacancy.objects.visible_to(user).filter(state=VacancyState.SUBMITTED, recruitment=None)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station").order_by("submitted_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.title,
            job="岗位核对",
            url=reverse("placement:desk_vacancy", args=[each.pk]),
            at=each.submitted_at,
            note=each.station.name if below else each.employer_name,
        )
        for each in rows
    ]
    return Section("要核对的岗位", reverse("placement:desk_vacancies"), items, rows[0].in_all)


def fairs_to_close(user, *, below):
    """Fairs whose day is over and that nobody noted as held: they do not count yet."""
    scope = scope_of(user)
    if not {role for _, role in scope.postings}:
        return None
    rows = JobFair.objects.visible_to(user).filter(
        state=FairState.OPEN, held_on__lt=timezone.localdate()
    )
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station").order_by("held_on", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.title,
            job="记为已举办",
            url=reverse("placement:desk_fair", args=[each.pk]),
            due=each.held_on,
            note=each.station.name,
        )
        for each in rows
    ]
    late = rows[0].in_all
    return Section(
        "办完要记的招聘会", reverse("placement:desk_fairs"), items, late, late, unit="场"
    )


def vacancies_tile(partner, user):
    """An employer's vacancies."""
    if PartnerRole.EMPLOYER not in partner.roles:
        return None
    refused = partner.vacancies.filter(state=VacancyState.REFUSED).count()
    return Tile(
        "招聘岗位", "发布、修改、结束", reverse("placement:partner_vacancies", args=[partner.pk]),
        "briefcase", f"{refused}个要修改" if refused else "",
    )  # fmt: skip


def fairs_tile(partner, user):
    """Fairs an employer may come to."""
    if PartnerRole.EMPLOYER not in partner.roles:
        return None
    next_ = JobFair.objects.to_come().order_by().aggregate(day=Min("held_on"))["day"]
    note = f"最近一场{next_:%m月%d日}" if next_ else ""
    return Tile(
        "招聘会", "报名展位、当场登记意向",
        reverse("placement:partner_fairs", args=[partner.pk]), "people", note,
    )  # fmt: skip


def intents_tile(partner, user):
    """People who are interested in an employer's vacancies."""
    if PartnerRole.EMPLOYER not in partner.roles:
        return None
    waiting = EmploymentIntent.objects.of_partner(partner).aggregate(
        n=Count("pk", filter=Q(stage=IntentStage.WISHED))
    )["n"]
    return Tile(
        "就业意向", "答复求职者、记面试录用到岗",
        reverse("placement:partner_intents", args=[partner.pk]), "person",
        f"{waiting}位等答复" if waiting else "",
    )  # fmt: skip
