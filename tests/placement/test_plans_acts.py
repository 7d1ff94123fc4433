"""The year's plan: demand of employers, versions, the ratio, wishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from placement.actions.plans import demands, making, wishes
from placement.enums import DemandState, EstablishmentKind, PlanState
from placement.models import DemandPost, PlacementPost
from services.enums import PartnerNature
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_cases import PlacementCaseFactory
from tests.factories.placement_plans import DemandCallFactory
from tests.placement.placing_scene import centre, checked_in
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
FACTS = {"establishment": 100, "vacancies": 8, "new_hires": None, "reform_words": ""}


@pytest.fixture
def place():
    place = centre()
    place.employer = PartnerFactory(station=place.station, nature=PartnerNature.INSTITUTION)
    place.member = PartnerMemberFactory(partner=place.employer).user
    place.year = timezone.localdate().year
    return place


def a_post(**kwargs):
    kwargs = {"title": "设备管理岗", "kind": EstablishmentKind.INSTITUTION, "headcount": 3,
              "place": "运河路1号"} | kwargs  # fmt: skip
    return DemandPost(**kwargs)


def called(place, **kwargs):
    call = DemandCallFactory.build(station=place.station, year=place.year, called_by=None, **kwargs)
    return demands.call(call=call, by=place.clerk)


def offered(place, *posts, accept=True):
    called(place)
    demand = demands.save(partner=place.employer, year=place.year, by=place.member, facts=FACTS,
                          posts=list(posts) or [a_post()])  # fmt: skip
    demands.submit(demand=demand, by=place.member)
    if accept:
        demands.accept(demand=demand, by=place.clerk)
    demand.refresh_from_db()
    return demand


def approved(place):
    plan = making.make(station=place.station, year=place.year, by=place.clerk)
    making.submit(plan=plan, by=place.clerk)
    return making.approve(plan=plan, by=place.reviewer)


def test_call__sent__tells_employers_of_the_four_classes_only(place):
    private = PartnerMemberFactory(partner__station=place.station).user
    called(place)
    told = set(Message.objects.filter(kind="placement.demand").values_list("user", flat=True))
    assert place.member.pk in told
    assert private.pk not in told
    with pytest.raises(DomainError, match="已经发过"):
        called(place)


def test_remind__near_the_end__tells_those_who_have_not_answered_once(place):
    called(place, closes_on=timezone.localdate() + timedelta(days=2))
    before = Message.objects.filter(user=place.member, channel="INBOX").count()
    demands.remind_missing()
    demands.remind_missing()
    assert Message.objects.filter(user=place.member, channel="INBOX").count() == before + 1


def test_save__outside_the_time__is_refused(place):
    with pytest.raises(DomainError, match="不在填报时间"):
        demands.save(
            partner=place.employer, year=place.year, by=place.member, facts=FACTS, posts=[]
        )


def test_save__by_a_stranger__is_refused(place):
    called(place)
    stranger = PartnerMemberFactory().user
    with pytest.raises(DomainError, match="成员"):
        demands.save(partner=place.employer, year=place.year, by=stranger, facts=FACTS, posts=[])


def test_save__more_vacancies_than_posts__is_refused(place):
    called(place)
    with pytest.raises(DomainError) as refused:
        demands.save(partner=place.employer, year=place.year, by=place.member,
                     facts=FACTS | {"vacancies": 101}, posts=[a_post()])  # fmt: skip
    assert refused.value.field == "vacancies"


def test_submit__without_posts__is_refused_and_twice_is_once(place):
    called(place)
    demand = demands.save(partner=place.employer, year=place.year, by=place.member, facts=FACTS,
                          posts=[])  # fmt: skip
    with pytest.raises(DomainError, match="至少填一个岗位"):
        demands.submit(demand=demand, by=place.member)
    demands.save(partner=place.employer, year=place.year, by=place.member, facts=FACTS,
                 posts=[a_post()])  # fmt: skip
    once = demands.submit(demand=demand, by=place.member)
    assert demands.submit(demand=demand, by=place.member).submitted_at == once.submitted_at
    assert not demands.missing_of(place.station.demand_calls.get()).exists()


def test_return__after_the_call_is_over__may_still_be_mended(place):
    demand = offered(place, accept=False)
    place.station.demand_calls.update(
        opens_on=timezone.localdate() - timedelta(days=9),
        closes_on=timezone.localdate() - timedelta(days=1),
    )
    demands.send_back(demand=demand, by=place.clerk, reason="请写明工作地点")
    demands.save(partner=place.employer, year=place.year, by=place.member, facts=FACTS,
                 posts=[a_post(place="梅园路2号")])  # fmt: skip
    assert demands.submit(demand=demand, by=place.member).state == DemandState.SUBMITTED


def test_take_back__while_nobody_decided__and_not_after(place):
    demand = offered(place, accept=False)
    assert demands.take_back(demand=demand, by=place.member).state == DemandState.DRAFT
    demands.submit(demand=demand, by=place.member)
    demands.accept(demand=demand, by=place.clerk)
    with pytest.raises(DomainError, match="已采纳"):
        demands.take_back(demand=demand, by=place.member)


def test_make__accepted_demand__is_taken_with_its_words(place):
    offered(place, a_post(), a_post(title="安全员", headcount=2))
    plan = making.make(station=place.station, year=place.year, by=place.clerk)
    rows = list(plan.posts.values_list("title", "headcount", "employer__name", "place"))
    assert rows == [("设备管理岗", 3, place.employer.name, "运河路1号"),
                    ("安全员", 2, place.employer.name, "运河路1号")]  # fmt: skip
    with pytest.raises(DomainError, match="在编制"):
        making.make(station=place.station, year=place.year, by=place.clerk)
    with pytest.raises(DomainError, match="列入计划"):
        demands.send_back(demand=plan.posts.first().demand_post.demand, by=place.clerk, reason="x")


def test_headcount__nought__takes_the_post_out_and_it_can_come_back(place):
    offered(place, a_post(), a_post(title="安全员"))
    plan = making.make(station=place.station, year=place.year, by=place.clerk)
    post = plan.posts.first()
    making.set_headcount(post=post, by=place.clerk, headcount=0)
    assert plan.posts.count() == 1
    waiting = making.waiting_posts(plan)
    assert making.take_posts(plan=plan, by=place.clerk, posts=waiting) == 1
    assert plan.posts.count() == 2


def test_approve__by_the_maker__is_refused(place):
    offered(place)
    plan = making.make(station=place.station, year=place.year, by=place.head)
    making.submit(plan=plan, by=place.head)
    with pytest.raises(DomainError, match="不能是同一个人"):
        making.approve(plan=plan, by=place.head)
    making.send_back(plan=plan, by=place.reviewer, reason="再核一遍")
    plan.refresh_from_db()
    assert (plan.state, plan.returned_reason) == (PlanState.DRAFT, "再核一遍")


def test_publish__figures_of_the_ratio__are_frozen(place):
    offered(place, a_post(headcount=5))
    PlacementCaseFactory.create_batch(2, station=place.station, year=place.year)
    PlacementCaseFactory(waived=True, station=place.station, year=place.year)
    plan = making.publish(plan=approved(place), by=place.head)
    assert (plan.headcount, plan.people) == (5, 2)
    assert making.ratio(plan.headcount, plan.people) == 2.5
    assert making.ratio(5, 0) is None


def test_new_version__published__supersedes_and_counts_posts_once(place):
    offered(place, a_post(headcount=5))
    first = making.publish(plan=approved(place), by=place.head)
    second = making.publish(plan=approved(place), by=place.head)
    first.refresh_from_db()
    assert (first.state, second.version) == (PlanState.SUPERSEDED, 2)
    assert second.posts.get().first_published_on == timezone.localdate(first.published_at)


def test_plan_posts__after_submission__are_kept_by_the_database(place):
    offered(place)
    plan = approved(place)
    with pytest.raises(DomainError, match="已批准"):
        making.set_headcount(post=plan.posts.first(), by=place.clerk, headcount=9)


def test_wish__published_posts__in_order_and_replaced(place):
    offered(place, a_post(), a_post(title="安全员"))
    plan = making.publish(plan=approved(place), by=place.head)
    case = checked_in(place, discharged_on=timezone.localdate() - timedelta(days=9))
    one, two = plan.posts.all()
    account = case.person.account
    wishes.wish(case=case, by=account, posts=[two, one])
    assert [each.post for each in case.wishes.all()] == [two, one]
    wishes.wish(case=case, by=account, posts=[one])
    assert [each.post for each in case.wishes.all()] == [one]
    elsewhere = PlacementPost.objects.exclude(pk=one.pk).first()
    making.publish(plan=approved(place), by=place.head)
    with pytest.raises(DomainError, match="不在公布"):
        wishes.wish(case=case, by=account, posts=[elsewhere])
