"""What placement puts on the work desk and into a partner's room, by the day it is due."""

from django.db.models import CharField, Count, Exists, F, OuterRef, Value, Window
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from placement.actions.plans import demands
from placement.clocks import running
from placement.enums import (
    DemandState,
    PlanState,
    PublicationState,
    SchemeState,
    SheetState,
)
from placement.models import (
    PlacementCase,
    PlacementPlan,
    PostDemand,
    ScoreLine,
    ScoreObjection,
    ScorePublication,
    ScoreSheet,
    ScoringScheme,
)
from services.enums import Role
from services.partner_room import Tile
from services.perms import scope_of
from services.worklist import SHOWN, Item, Section, first_of, reach
from veterans_portal import chinese_dates

CENTRE_DEPTH = 2  # the city and the districts receive and place; nobody below is asked anything


def _has(user, *roles):
    """Whether the reader works in one of these roles at the city or a district."""
    postings = scope_of(user).postings
    return any(path.count("/") <= CENTRE_DEPTH and role in roles for path, role in postings)


def cases_on_the_clock(user, *, below):
    """Files whose report, placement or seat is over its term or near it, for clerks and heads."""
    if not _has(user, Role.CLERK, Role.HEAD):
        return None
    today = timezone.localdate()
    over = running("late", today)
    rows = reach(PlacementCase.objects.visible_to(user).open(), user, below=below)
    rows = rows.filter(over | running("soon", today)).by_term()
    rows = rows.select_related("person", "station").annotate(
        in_all=Window(Count("pk")), late=Window(Count("pk", filter=over))
    )
    rows = list(rows[:SHOWN])
    if not rows:
        return None
    items = [
        Item(
            title=each.person.name,
            job=f"{each.clock[0]}期限",
            url=each.get_absolute_url(),
            due=each.term,
            note=each.station.name if below else each.get_state_display(),
        )
        for each in rows
    ]
    return Section(
        "安置期限", f"{reverse('placement:cases')}?clock=soon", items, rows[0].in_all,
        rows[0].late, sum(each.term == today for each in rows), "人",
    )  # fmt: skip


def sheets_to_check(user, *, below):
    """Score sheets with lines that want this reader's check."""
    if not _has(user, Role.CLERK, Role.REVIEWER, Role.HEAD):
        return None
    lines = ScoreLine.objects.filter(sheet=OuterRef("pk"), checker2=None)
    mine = lines.exclude(checker1=user) | lines.filter(checker1=None)
    rows = ScoreSheet.objects.visible_to(user).filter(Exists(mine), state=SheetState.DRAFT)
    rows = reach(rows, user, below=below, path="case__station__path").select_related("case__person")
    rows = first_of(rows.order_by("counted_at", "pk"))
    if not rows:
        return None
    items = [
        Item(
            title=each.case.person.name,
            job="核对计分",
            url=each.get_absolute_url(),
            at=each.counted_at,
        )
        for each in rows
    ]
    return Section("等待核对的计分", reverse("placement:cases") + "?state=FILE_CHECK", items,
                   rows[0].in_all, unit="份")  # fmt: skip


def objections_to_answer(user, *, below):
    """Objections to points by the day to answer, for reviewers and heads."""
    if not _has(user, Role.REVIEWER, Role.HEAD):
        return None
    rows = ScoreObjection.objects.visible_to(user).open()
    rows = reach(rows, user, below=below, path="sheet__case__station__path")
    rows = rows.select_related("sheet__case__person").order_by("due_on", "pk")
    rows = first_of(rows, due="due_on")
    if not rows:
        return None
    items = [
        Item(
            title=each.sheet.case.person.name, job="复核分数异议",
            url=reverse("placement:objection", args=[each.pk]), due=each.due_on,
        )
        for each in rows
    ]  # fmt: skip
    first = rows[0]
    return Section("要答复的分数异议", reverse("placement:objections"), items, first.in_all,
                   first.late, first.today)  # fmt: skip


def papers_to_approve(user, *, below):
    """Schemes, publications and plans that wait for somebody else's approval."""
    if not _has(user, Role.REVIEWER, Role.HEAD):
        return None
    rows = [
        _waiting(user, below, ScoringScheme, SchemeState.SUBMITTED, "written", "批准计分办法",
                 F("name")),
        _waiting(user, below, ScorePublication, PublicationState.DRAFT, "prepared", "批准分数公示",
                 _of_year("年度分数公示")),
        _waiting(user, below, PlacementPlan, PlanState.SUBMITTED, "made", "批准安置计划",
                 _of_year("年度安置计划")),
    ]  # fmt: skip
    found = list(rows[0].union(*rows[1:], all=True).order_by("at"))
    items = [
        Item(title=title, job=job, url=reverse(PAGES[job], args=[pk]), at=at)
        for job, pk, at, title in found[:SHOWN]
    ]
    return Section("等待批准", items[0].url, items, len(found), unit="份") if items else None


PAGES = {
    "批准计分办法": "placement:scheme",
    "批准分数公示": "placement:publication",
    "批准安置计划": "placement:plan",
}


def _waiting(user, below, model, state, author, job, title):
    """(job, id, since, title) of what another wrote and this reader may approve."""
    rows = scope_of(user).filter(model.objects.filter(state=state), "station__path")
    rows = reach(rows, user, below=below).exclude(**{f"{author}_by": user}).order_by()
    rows = rows.annotate(job=Value(job), at=F(f"{author}_at"), called=title)
    return rows.values_list("job", "pk", "at", "called")


def _of_year(words):
    year = Cast("year", CharField())
    return Concat(F("station__name"), year, Value(words), output_field=CharField())


def demands_to_check(user, *, below):
    """What employers handed in, for clerks and heads."""
    if not _has(user, Role.CLERK, Role.HEAD):
        return None
    rows = PostDemand.objects.visible_to(user).filter(state=DemandState.SUBMITTED)
    rows = reach(rows, user, below=below).select_related("partner")
    rows = first_of(rows.order_by("submitted_at", "pk"))
    if not rows:
        return None
    items = [
        Item(
            title=each.partner.name, job="审核岗位需求", at=each.submitted_at,
            url=reverse("placement:demand", args=[each.pk]),
        )
        for each in rows
    ]  # fmt: skip
    return Section("等待审核的岗位需求", f"{reverse('placement:demands')}?state=SUBMITTED", items,
                   rows[0].in_all, unit="家")  # fmt: skip


def demand_tile(partner, _user):
    """The year's demand in the room: to be filled in, to be mended, or handed in."""
    latest = PostDemand.objects.filter(partner=partner).order_by("-year").first()
    call = demands.open_call(partner)
    if call is None and latest is None:
        return None
    year = call.year if call is not None else latest.year
    demand = latest if latest is not None and latest.year == year else None
    if demand is None:
        note = f"{chinese_dates.day(call.closes_on)}截止"
    elif demand.state == DemandState.RETURNED:
        note = "请修改"
    else:
        note = demand.get_state_display()
    return Tile(
        f"{year}年度岗位需求", f"填报编制、缺编和安置岗位（{note}）",
        reverse("placement:room_demand", args=[partner.pk, year]), icon="briefcase",
    )  # fmt: skip
