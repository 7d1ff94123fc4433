"""Versions of the year's plan: made of accepted demand, approved by another, published (A106-A110)."""

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums import DemandState, PlanState
from placement.models import DemandPost, PlacementCase, PlacementPlan, PlacementPost
from veterans_portal import locking
from veterans_portal.errors import DomainError

COPIED = ("position", "title", "kind", "headcount", "requirements", "place", "pay")


class PlanError(DomainError):
    """A rule about the plan refuses."""

    code = "plan_refused"


def waiting_posts(plan):
    """Posts of accepted demand of the plan's centre and year that it does not hold yet."""
    found = DemandPost.objects.filter(
        demand__station=plan.station, demand__year=plan.year, demand__state=DemandState.ACCEPTED
    )
    held = PlacementPost.objects.filter(plan=plan, demand_post__isnull=False)
    return found.exclude(pk__in=held.values("demand_post")).select_related("demand__partner")


def ratio(headcount, people):
    """Posts for each person, to two decimals; None when there is nobody to place."""
    return round(headcount / people, 2) if people else None


def people_to_place(station, year):
    """How many a centre's plan for a year is made for, at the centre and below it."""
    cases = PlacementCase.objects.to_place(year)
    return cases.filter(station__path__startswith=station.path).count()


@transaction.atomic
def make(*, station, year, by, words=""):
    """Begin a version: the first holds all accepted demand, later ones what was published.

    What employers offered since can be added to it. Raises PlanError.
    """
    if not perms.may_handle_cases(by, station):
        raise PlanError("请由本单位的经办人或负责人编制。", field="station", code="not_allowed")
    versions = PlacementPlan.objects.filter(station=station, year=year)
    if versions.filter(
        state__in=[PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED]
    ).exists():
        raise PlanError("这个年度已有一版计划在编制，请先办完那一版。", code="in_the_making")
    before = versions.published().first()
    last = versions.aggregate(last=Max("version"))["last"] or 0
    plan = PlacementPlan.objects.create(
        station=station, year=year, version=last + 1, made_by=by, words=words.strip()[:1000]
    )
    if before is not None:
        day = timezone.localdate(before.published_at)
        PlacementPost.objects.bulk_create(
            _copy(post, plan, employer_id=post.employer_id, demand_post_id=post.demand_post_id,
                  first_published_on=post.first_published_on or day)
            for post in before.posts.all()
        )  # fmt: skip
    else:
        _take(plan, waiting_posts(plan))
    _record("made", plan, by, posts=plan.posts.count())
    return plan


@transaction.atomic
def take_posts(*, plan, by, posts):
    """Put more posts of accepted demand into a version that is being made; returns how many."""
    plan = _writing(plan, by)
    taken = _take(plan, waiting_posts(plan).filter(pk__in=[post.pk for post in posts]))
    if not taken:
        raise PlanError("请选择要列入的岗位。", field="posts", code="nothing")
    _record("changed", plan, by, added=taken)
    return taken


@transaction.atomic
def set_headcount(*, post, by, headcount):
    """How many people a post is for in the plan; 0 takes it out."""
    plan = _writing(post.plan, by)
    post = plan.posts.select_related("demand_post").get(pk=post.pk)
    if headcount > 999:
        raise PlanError("人数为1至999。", field="headcount")
    if headcount == 0:
        post.delete()
    else:
        post.headcount = headcount
        post.save(update_fields=["headcount"])
    _record("changed", plan, by, post=post.title, headcount=headcount)
    return plan


@transaction.atomic
def submit(*, plan, by, words=None):
    """Hand the version in for approval: its posts stay as they are."""
    plan = _writing(plan, by)
    if not plan.posts.exists():
        raise PlanError("计划里还没有岗位。请先采纳单位的需求。", code="empty")
    if words is not None:
        plan.words = words.strip()[:1000]
    plan.state, plan.returned_reason = PlanState.SUBMITTED, ""
    plan.save()
    _record("submitted", plan, by)
    return plan


@transaction.atomic
def send_back(*, plan, by, reason):
    """Give it back to be changed."""
    plan = _deciding(plan, by, PlanState.SUBMITTED)
    if not reason.strip():
        raise PlanError("请写明退回原因。", field="reason")
    plan.state, plan.returned_reason = PlanState.DRAFT, reason.strip()[:200]
    plan.save()
    _record("returned", plan, by, reason=plan.returned_reason)
    return plan


@transaction.atomic
def approve(*, plan, by):
    """Approve it, never by the one who made it."""
    plan = _deciding(plan, by, PlanState.SUBMITTED)
    if plan.made_by_id == by.pk:
        raise PlanError("编制人和批准人不能是同一个人，请另一位同事批准。", code="own_work")
    plan.state, plan.approved_by, plan.approved_at = PlanState.APPROVED, by, timezone.now()
    plan.save()
    _record("approved", plan, by)
    return plan


@transaction.atomic
def publish(*, plan, by):
    """Publish it: everybody reads its posts, and the version before it is superseded.

    The figures of the ratio are frozen: posts, and people to place as of now.
    """
    plan = _deciding(plan, by, PlanState.APPROVED)
    PlacementPlan.objects.filter(station=plan.station, year=plan.year).published().update(
        state=PlanState.SUPERSEDED
    )
    plan.headcount = plan.posts.aggregate(total=Sum("headcount"))["total"]
    plan.people = people_to_place(plan.station, plan.year)
    plan.state, plan.published_at = PlanState.PUBLISHED, timezone.now()
    plan.save()
    _record("published", plan, by, posts=plan.headcount, people=plan.people)
    return plan


def _take(plan, posts):
    last = plan.posts.aggregate(last=Max("position"))["last"] or 0
    fresh = [
        _copy(post, plan, employer_id=post.demand.partner_id, demand_post_id=post.pk)
        for post in posts.order_by("demand__partner__nature", "demand__partner_id", "position")
    ]
    for number, post in enumerate(fresh, start=1):
        post.position = last + number * 10
    return len(PlacementPost.objects.bulk_create(fresh))


def _copy(post, plan, **more):
    return PlacementPost(plan=plan, **{field: getattr(post, field) for field in COPIED}, **more)


def _held(plan):
    return locking.locked(PlacementPlan.objects.select_related("station"), plan.pk)


def _writing(plan, by):
    plan = _held(plan)
    if not perms.may_handle_cases(by, plan.station):
        raise PlanError("请由本单位的经办人或负责人编制。", code="not_allowed")
    if plan.state != PlanState.DRAFT:
        raise _wrong(plan)
    return plan


def _deciding(plan, by, state):
    plan = _held(plan)
    if not perms.may_decide_cases(by, plan.station):
        raise PlanError("请由本单位的审核人或负责人办理。", code="not_allowed")
    if plan.state != state:
        raise _wrong(plan)
    return plan


def _wrong(plan):
    return PlanError(
        f"这版计划现在是“{plan.get_state_display()}”，请刷新页面查看。", code="wrong_state"
    )


def _record(act, plan, by, **detail):
    audit.record(
        f"placement.plan_{act}", plan, by=by, station=plan.station,
        detail={"year": plan.year, "version": plan.version, **detail},
    )  # fmt: skip
