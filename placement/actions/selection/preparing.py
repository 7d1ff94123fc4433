"""A session is prepared: the order frozen from the final scores, the posts from the published plan."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts import audit
from placement import perms, points, selection_record
from placement.actions.cases.trail import CaseError, required
from placement.actions.selection.common import (
    SelectionError,
    expect,
    held,
    record,
    require_decider,
)
from placement.enums import CaseState, PlanState, SheetState
from placement.enums.selection import SessionState, TurnState
from placement.models import (
    PlacementPost,
    ScoreSheet,
    SelectionPost,
    SelectionRules,
    SelectionSession,
    SelectionTurn,
)
from placement.notices import selection as notices
from veterans_portal.masking import mask_name

ALPHABET = "2346789ACDEFGHJKMNPQRTWXY"
OUTAGE_SECONDS = 20  # longer than this without a look at the clock, the portal itself was away


def candidates(station, year):
    """Final sheets of those who wait for a post at the centre: of the year, and left from before."""
    return ScoreSheet.objects.filter(
        state=SheetState.FINAL,
        case__station=station,
        case__year__lte=year,
        case__state=CaseState.READY,
    ).select_related("case__person", "scheme")


def offered(plan):
    """[(post, places)] of a published plan, less what earlier sessions gave away for good."""
    gone = dict(
        SelectionTurn.objects.standing()
        .filter(session__station=plan.station, session__year=plan.year)
        .values_list("post__post__demand_post", "post__post")
        .annotate(n=Count("pk"))
        .values_list("post__post__demand_post", "n")
    )
    own = dict(
        SelectionTurn.objects.standing()
        .filter(post__post__plan=plan, post__post__demand_post=None)
        .values_list("post__post")
        .annotate(n=Count("pk"))
    )
    posts = PlacementPost.objects.filter(plan=plan).select_related("employer")
    found = []
    for post in posts.order_by("position", "pk"):
        taken = own.get(post.pk, 0) if post.demand_post_id is None else gone.get(post.demand_post_id, 0)  # fmt: skip
        if post.headcount > taken:
            found.append((post, post.headcount - taken))
    return found


@transaction.atomic
def prepare(*, plan, by, title, venue, starts_at):
    """Freeze order, posts and rules of a session of the plan's year; returns it.

    Raises SelectionError when nobody is ready, no post is left, or another session is not over.
    """
    station = plan.station
    if not perms.may_handle_cases(by, station):
        raise SelectionError("请由组织单位的经办人或负责人准备选岗会。", code="not_allowed")
    if plan.state != PlanState.PUBLISHED:
        raise SelectionError("安置计划公布以后才能选岗。", field="plan", code="plan_not_published")
    if starts_at < timezone.now():
        raise SelectionError("开始时间已经过了，请核对。", field="starts_at", code="past")
    sheets, posts = list(candidates(station, plan.year)), offered(plan)
    if not sheets:
        raise SelectionError("还没有人待选岗：分数公示期满确定以后才可以。", code="nobody")
    if not posts:
        raise SelectionError("计划里的岗位都已选完。", code="no_posts")
    session = SelectionSession(
        code=_new_code(), station=station, plan=plan, year=plan.year, title=title.strip()[:60],
        venue=venue.strip()[:120], starts_at=starts_at, prepared_by=by,
        rules=_snapshot(SelectionRules.objects.on(timezone.localdate(starts_at)), sheets),
    )  # fmt: skip
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as there:
        raise SelectionError(
            "这个年度已有一场选岗会没有结束，请先办完或取消它。", code="one_at_a_time"
        ) from there
    freeze(session, sheets, posts)
    record("prepared", session, by=by, people=len(sheets), posts=sum(n for _, n in posts))
    notices.invite(session)
    return session


def freeze(session, sheets, posts):
    """Write the order and the posts of a new session."""
    ranked = sorted(
        points.ranked(sheets),
        key=lambda pair: (pair[0], selection_record.lot_of(pair[1].case.number)),
    )
    SelectionTurn.objects.bulk_create(
        SelectionTurn(
            session=session, case=sheet.case, sheet=sheet, scheme=sheet.scheme, position=position,
            name=mask_name(sheet.case.person.name), total=sheet.total, rank=rank,
            places_first=sheet.places_first, tie_points=sheet.tie_points,
            lot=selection_record.lot_of(sheet.case.number),
        )
        for position, (rank, sheet) in enumerate(ranked, start=1)
    )  # fmt: skip
    SelectionPost.objects.bulk_create(
        SelectionPost(
            session=session, post=post, position=position, title=post.title,
            employer_name=post.employer.name[:100], place=post.place,
            requirements=post.requirements, places=places,
        )
        for position, (post, places) in enumerate(posts, start=1)
    )  # fmt: skip


@transaction.atomic
def cancel(*, session, by, reason):
    """Call a prepared session off, with the reason its people read."""
    session = held(session)
    require_decider(session, by)
    expect(session, [SessionState.PREPARED], "取消")
    session.reason = required(reason, "reason", "请写明取消原因。", longest=200)
    session.state = SessionState.CANCELLED
    session.save()
    record("cancelled", session, by=by, reason=session.reason)
    notices.called_off(session)
    return session


@transaction.atomic
def enter_rules(*, rules, by):
    """Enter rules (unsaved SelectionRules) that hold from their day on; those before stay."""
    if not perms.may_keep_terms(by):
        raise SelectionError("请由市级负责人填写选岗规则。", code="not_allowed")
    rules.entered_by = by
    try:
        with transaction.atomic():
            rules.save(force_insert=True)
    except IntegrityError as taken:
        raise CaseError(
            "这一天起的规则已经有了，填错了请另填一个施行日期。", field="effective_from"
        ) from taken
    audit.record("placement.selection_rules_entered", rules, by=by,
                 detail={"from": rules.effective_from.isoformat()})  # fmt: skip
    return rules


def drift(session):
    """Positions of those who can choose no more since the order was frozen."""
    gone = session.turns.filter(state__in=[TurnState.WAITING]).filter(
        ~Q(case__state=CaseState.READY)
    )
    return list(gone.values_list("position", flat=True))


def _snapshot(rules, sheets):
    schemes = {sheet.scheme_id: sheet.scheme for sheet in sheets}
    return {
        "turn_seconds": rules.turn_minutes * 60,
        "late_seconds": rules.late_minutes * 60,
        "missed": str(rules.missed),
        "outage_seconds": OUTAGE_SECONDS,
        "basis": rules.basis,
        "ties": [
            {"scheme": str(scheme), "chain": [step.get_group_display() for step in scheme.tie_steps.all()]}
            for _, scheme in sorted(schemes.items())
        ],
    }  # fmt: skip


def _new_code():
    return "XG" + "".join(secrets.choice(ALPHABET) for _ in range(6))
