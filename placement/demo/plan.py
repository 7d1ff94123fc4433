"""A year's plan in Jiangyin: what the four classes of employers asked for, approved and published."""

from datetime import timedelta

from django.utils import timezone

from placement.actions.plans.demands import employers_of
from placement.actions.plans.making import people_to_place
from placement.enums import DemandState, EstablishmentKind, PlanState
from placement.models import (
    DemandCall,
    DemandPost,
    PlacementPlan,
    PlacementPost,
    PostDemand,
    PostWish,
)
from services.enums import PartnerNature as Nature

KINDS = {
    Nature.PARTY_GOVERNMENT: EstablishmentKind.SUPPORT,
    Nature.MASS_ORGANISATION: EstablishmentKind.CIVIL_SERVICE_LIKE,
    Nature.INSTITUTION: EstablishmentKind.INSTITUTION,
    Nature.STATE_ENTERPRISE: EstablishmentKind.ENTERPRISE,
}
POSTS = {
    Nature.PARTY_GOVERNMENT: [("综合执法辅助", 4, "能适应轮班"), ("档案管理", 2, "会用办公软件")],
    Nature.MASS_ORGANISATION: [("志愿服务组织", 2, "善于沟通")],
    Nature.INSTITUTION: [("后勤设备维护", 5, "有电工操作证的优先"), ("安全保卫", 6, ""),
                         ("物资管理", 3, "")],
    Nature.STATE_ENTERPRISE: [("港口设备操作", 12, "可以入职后培训取证"), ("工程现场管理", 8, ""),
                              ("安全生产监督", 6, "能适应倒班"), ("综合文员", 4, "会用办公软件")],
}  # fmt: skip
FACTS = {
    Nature.PARTY_GOVERNMENT: (86, 6), Nature.MASS_ORGANISATION: (24, 2),
    Nature.INSTITUTION: (210, 14), Nature.STATE_ENTERPRISE: (640, 52),
}  # fmt: skip


def load(desk):
    """Call, demands, an approved and published plan, and wishes of those who wait for the choosing."""
    year = timezone.localdate().year
    now = timezone.localtime().replace(hour=10, minute=20, second=0)
    DemandCall.objects.create(
        station=desk.station, year=year, opens_on=timezone.localdate() - timedelta(days=70),
        closes_on=timezone.localdate() - timedelta(days=40), called_by=desk.clerk,
        words="请结合机构改革、编制总量和用人需求填报。",
    )  # fmt: skip
    for employer in employers_of(desk.station).prefetch_related("members__user"):
        _demand(desk, employer, year, now - timedelta(days=50))
    plan = PlacementPlan.objects.create(
        station=desk.station, year=year, made_by=desk.clerk, made_at=now - timedelta(days=35),
        words="结合本年度安置人数、本人意愿和各单位缺编情况编制，做到优岗可选。",
    )  # fmt: skip
    wanted = DemandPost.objects.filter(demand__station=desk.station, demand__year=year)
    posts = [
        PlacementPost(
            plan=plan, employer_id=each.demand.partner_id, demand_post=each, position=place * 10,
            title=each.title, kind=each.kind, headcount=each.headcount, place=each.place,
            requirements=each.requirements, pay=each.pay,
        )
        for place, each in enumerate(wanted.select_related("demand").order_by("pk"), start=1)
    ]  # fmt: skip
    PlacementPost.objects.bulk_create(posts)
    plan.state = PlanState.SUBMITTED
    plan.save()
    plan.state, plan.approved_by = PlanState.APPROVED, desk.reviewer
    plan.approved_at = now - timedelta(days=32)
    plan.save()
    plan.state, plan.published_at = PlanState.PUBLISHED, now - timedelta(days=28)
    plan.people = people_to_place(desk.station, year)
    plan.headcount = sum(post.headcount for post in posts)
    plan.save()
    ready = desk.station.placement_cases.filter(state="READY").order_by("pk")
    PostWish.objects.bulk_create(
        PostWish(case=case, post=posts[(n + place * 3) % len(posts)], position=place + 1)
        for n, case in enumerate(ready)
        for place in range(2)
    )


def _demand(desk, employer, year, at):
    member = employer.members.first()
    establishment, vacancies = FACTS[employer.nature]
    demand = PostDemand.objects.create(
        partner=employer, station=desk.station, year=year, establishment=establishment,
        vacancies=vacancies, written_by=member.user, written_at=at,
        new_hires=60 if employer.nature == Nature.STATE_ENTERPRISE else None,
    )  # fmt: skip
    DemandPost.objects.bulk_create(
        DemandPost(
            demand=demand, position=place * 10, title=title, headcount=headcount,
            requirements=requirements, kind=KINDS[employer.nature], place=employer.address,
        )
        for place, (title, headcount, requirements) in enumerate(POSTS[employer.nature], start=1)
    )  # fmt: skip
    demand.state, demand.submitted_at = DemandState.SUBMITTED, at
    demand.save()
    demand.state, demand.decided_by = DemandState.ACCEPTED, desk.clerk
    demand.decided_at = at + timedelta(days=3)
    demand.save()
