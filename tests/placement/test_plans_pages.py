"""The year's plan by its pages: the employer's room, the desk, the published posts, wishes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.actions.plans import making
from placement.enums import DemandState, PlanState
from placement.models import PlacementPlan, PostDemand
from services.enums import PartnerNature
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_plans import (
    DemandCallFactory,
    DemandPostFactory,
    PlacementPostFactory,
    PostDemandFactory,
    handed_in,
)
from tests.placement.placing_scene import calendar, centre, checked_in

pytestmark = pytest.mark.django_db
HOSTILE = ["<script>alert(1)</script>", "=cmd|' /C calc'!A1", "上\x00岗", "🎖️立功", "9" * 28]


@pytest.fixture
def place():
    calendar()
    return centre()


def text(answer):
    return answer.content.decode()


def url(name, *args):
    return reverse(f"placement:{name}", args=args)


def room(place):
    partner = PartnerFactory(station=place.station, nature=PartnerNature.STATE_ENTERPRISE)
    member = PartnerMemberFactory(partner=partner).user
    call = DemandCallFactory(station=place.station, year=timezone.localdate().year)
    return partner, member, url("room_demand", partner.pk, call.year)


def typed(*posts, **facts):
    data = {"establishment": "200", "vacancies": "9", "new_hires": "20", "reform_words": "",
            "posts-TOTAL_FORMS": str(len(posts)), "posts-INITIAL_FORMS": "0"} | facts  # fmt: skip
    for n, post in enumerate(posts):
        data |= {f"posts-{n}-{name}": value for name, value in post.items()}
    return data


POST = {"title": "设备操作", "kind": "ENTERPRISE", "headcount": "4", "place": "港口路1号",
        "requirements": "", "pay": ""}  # fmt: skip


def test_room__demand__is_saved_submitted_accepted_planned_and_published(client, place):
    partner, member, address = room(place)
    client.force_login(member)
    assert "岗位需求" in text(client.get(partner.get_absolute_url()))
    page = text(client.get(address))
    assert f'value="{partner.address}"' in page
    answer = client.post(address, typed(POST, vacancies="201", save="1"))
    assert "不应多于" in text(answer)
    client.post(address, typed(POST, save="1"))
    demand = PostDemand.objects.get()
    assert (demand.state, demand.new_hires) == (DemandState.DRAFT, 20)
    client.post(address, typed(POST, {"title": "", "kind": "ENTERPRISE", "place": "x"}, submit="1"))
    demand.refresh_from_db()
    assert (demand.state, demand.posts.count()) == (DemandState.SUBMITTED, 1)
    client.force_login(place.clerk)
    assert partner.name in text(client.get(url("demands")))
    client.post(url("demand_act", demand.pk, "accept"))
    client.post(url("plans"), {"station": place.station.pk, "year": demand.year})
    plan = PlacementPlan.objects.get()
    post = plan.posts.get()
    client.post(url("plan_post", plan.pk, post.pk), {"headcount": "3"})
    client.post(url("plan_act", plan.pk, "submit"), {"words": "说明"})
    client.force_login(place.reviewer)
    client.post(url("plan_act", plan.pk, "approve"))
    client.post(url("plan_act", plan.pk, "publish"))
    plan.refresh_from_db()
    assert (plan.state, plan.headcount) == (PlanState.PUBLISHED, 3)
    client.logout()
    page = text(client.get(url("posts"), {"q": "设备"}))
    assert "设备操作" in page


def test_room__next_year__begins_with_what_was_offered_before(client, place):
    partner, member, address = room(place)
    client.force_login(member)
    client.post(address, typed(POST, submit="1"))
    later = DemandCallFactory(station=place.station, year=timezone.localdate().year + 1)
    page = text(client.get(url("room_demand", partner.pk, later.year)))
    assert 'value="设备操作"' in page
    assert 'value="200"' in page


def test_room__of_another_employer__is_not_found(client, place):
    _, _, address = room(place)
    client.force_login(PartnerMemberFactory().user)
    assert client.get(address).status_code == 404


def test_wishes__of_published_posts__are_taken_from_the_list(client, place):
    _, member, address = room(place)
    client.force_login(member)
    client.post(address, typed(POST, submit="1"))
    demand = PostDemand.objects.get()
    client.force_login(place.clerk)
    client.post(url("demand_act", demand.pk, "accept"))
    plan = making.make(station=place.station, year=demand.year, by=place.clerk)
    making.submit(plan=plan, by=place.clerk)
    making.publish(plan=making.approve(plan=plan, by=place.head), by=place.head)
    case = checked_in(place, discharged_on=timezone.localdate() - timedelta(days=7))
    client.force_login(case.person.account)
    post = plan.posts.get()
    twice = client.post(url("my_placement_act", "posts"), {"wish_1": post.pk, "wish_2": post.pk})
    assert "只能填一次" in text(twice)
    client.post(url("my_placement_act", "posts"), {"wish_1": post.pk})
    assert case.wishes.get().post == post


@pytest.mark.parametrize("words", HOSTILE)
def test_room__hostile_words__are_kept_beside_their_fields(client, place, words):
    _, member, address = room(place)
    client.force_login(member)
    answer = client.post(address, typed(POST | {"title": words, "headcount": words}, submit="1",
                                        establishment=words))  # fmt: skip
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)


def test_lists__one_and_twenty_rows__cost_the_same(client, place, django_assert_max_num_queries):
    def demand_of(n):
        demand = PostDemandFactory(partner__station=place.station)
        DemandPostFactory(demand=demand)
        PlacementPostFactory(plan__station=place.station, plan__year=2030 + n)
        return handed_in(demand)

    client.force_login(place.clerk)
    demand_of(0)
    for name in ("demands", "plans"):
        client.get(url(name))
    costs = {}
    for name in ("demands", "plans"):
        with django_assert_max_num_queries(20) as first:
            client.get(url(name))
        costs[name] = len(first)
    for n in range(1, 20):
        demand_of(n)
    for name, cost in costs.items():
        with django_assert_max_num_queries(cost):
            assert client.get(url(name)).status_code == 200


def test_plan_page__many_posts__cost_the_same(client, place, django_assert_max_num_queries):
    post = PlacementPostFactory(plan__station=place.station)
    client.force_login(place.clerk)
    client.get(post.plan.get_absolute_url())
    with django_assert_max_num_queries(20) as first:
        client.get(post.plan.get_absolute_url())
    PlacementPostFactory.create_batch(19, plan=post.plan)
    with django_assert_max_num_queries(len(first)):
        client.get(post.plan.get_absolute_url())
