"""Demands of employers, plans and their posts."""

from datetime import timedelta

import factory
from django.utils import timezone

from placement.enums import DemandState, EstablishmentKind, PlanState
from placement.models import (
    DemandCall,
    DemandPost,
    PlacementPlan,
    PlacementPost,
    PostDemand,
    PostWish,
)
from services.enums import PartnerNature
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.partners import PartnerFactory
from tests.factories.placement_cases import PlacementCaseFactory


class DemandCallFactory(factory.django.DjangoModelFactory):
    """A call that runs today."""

    class Meta:
        model = DemandCall

    station = factory.SubFactory(StationFactory, district=True)
    year = factory.Sequence(lambda n: 2026 + n % 70)
    opens_on = factory.LazyFunction(timezone.localdate)
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))
    called_by = factory.SubFactory(UserFactory, staff=True)


class PostDemandFactory(factory.django.DjangoModelFactory):
    """A demand being filled in; move it on with `handed_in` and `accepted` after its posts."""

    class Meta:
        model = PostDemand

    partner = factory.SubFactory(PartnerFactory, nature=PartnerNature.INSTITUTION)
    station = factory.SelfAttribute("partner.station")
    year = 2026
    establishment = 120
    vacancies = 9
    written_by = factory.SubFactory(UserFactory)


def handed_in(demand):
    """Submit a written demand."""
    demand.state, demand.submitted_at = DemandState.SUBMITTED, timezone.now()
    demand.save()
    return demand


def accepted(demand, by=None):
    """Submit and accept a written demand."""
    handed_in(demand)
    demand.state, demand.decided_at = DemandState.ACCEPTED, timezone.now()
    demand.decided_by = by or UserFactory(staff=True)
    demand.save()
    return demand


class DemandPostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DemandPost

    demand = factory.SubFactory(PostDemandFactory)
    title = factory.Sequence(lambda n: f"综合管理岗{n}")
    kind = EstablishmentKind.INSTITUTION
    headcount = 2
    place = "无锡市运河路1号"


class PlacementPlanFactory(factory.django.DjangoModelFactory):
    """A plan being made; `published(plan)` after its posts."""

    class Meta:
        model = PlacementPlan

    station = factory.SubFactory(StationFactory, district=True)
    year = factory.Sequence(lambda n: 2026 + n % 70)
    made_by = factory.SubFactory(UserFactory, staff=True)


def published(plan, people=1):
    """Approve a plan that has its posts, by somebody else, and publish it."""
    plan.state = PlanState.SUBMITTED
    plan.save()
    plan.state, plan.approved_by = PlanState.APPROVED, UserFactory(staff=True)
    plan.approved_at = timezone.now()
    plan.save()
    plan.state, plan.published_at = PlanState.PUBLISHED, timezone.now()
    plan.people, plan.headcount = people, sum(post.headcount for post in plan.posts.all()) or 1
    plan.save()
    return plan


class PlacementPostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlacementPost

    plan = factory.SubFactory(PlacementPlanFactory)
    employer = factory.SubFactory(PartnerFactory, nature=PartnerNature.INSTITUTION)
    title = factory.Sequence(lambda n: f"综合管理岗{n}")
    kind = EstablishmentKind.INSTITUTION
    headcount = 2
    place = "无锡市运河路1号"


class PostWishFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostWish

    case = factory.SubFactory(PlacementCaseFactory)
    post = factory.SubFactory(PlacementPostFactory)
    position = 1
