"""Posts people would like, in their order; they bind nobody and end when the choosing begins (B.5 step 8)."""

from django.db import transaction

from placement.actions.cases.trail import CaseError, locked, record, record_event, require_handler
from placement.enums import BEFORE_THE_CHOICE, CaseAct, PlanState
from placement.models import PlacementPost, PostWish
from placement.models.plans import WISHES_MOST


def posts_for(case):
    """Published posts that a person may wish for: of their centre's plan, or one above it."""
    parts = case.station.path.split("/")
    paths = [f"{'/'.join(parts[:n])}/" for n in range(1, len(parts))]
    found = PlacementPost.objects.filter(
        plan__state=PlanState.PUBLISHED, plan__year__gte=case.year, plan__station__path__in=paths
    )
    return found.select_related("employer", "plan").order_by("employer__nature", "position", "pk")


def may_wish(case):
    """Whether wishes may be given now."""
    return case.is_arranged and case.state in BEFORE_THE_CHOICE


@transaction.atomic
def wish(*, case, by, posts):
    """Note the posts somebody would like, the best first; replaces what was wished before."""
    case = locked(case)
    if by.is_citizen and case.person.account_id != by.pk:
        raise CaseError("您只能填报自己的志愿。", code="not_allowed")
    if not by.is_citizen:
        require_handler(case, by)
    if not may_wish(case):
        raise CaseError("现在不能填报志愿，有疑问请联系接收单位。", code="wrong_state")
    chosen = list(dict.fromkeys(post.pk for post in posts))
    if len(chosen) > WISHES_MOST:
        raise CaseError(f"最多填{WISHES_MOST}个志愿。", field="posts")
    if posts_for(case).filter(pk__in=chosen).count() != len(chosen):
        raise CaseError("有岗位已不在公布的计划里，请重新选择。", field="posts", code="gone")
    case.wishes.all().delete()
    PostWish.objects.bulk_create(
        PostWish(case=case, post_id=pk, position=position)
        for position, pk in enumerate(chosen, start=1)
    )
    record_event(case, CaseAct.WISHED, by=by, public=f"填报了{len(chosen)}个岗位志愿。")
    record("posts_wished", case, by=by, posts=len(chosen))
    return case
