"""Enterprises (listed; `submitted` waits) and bundles with their items."""

from datetime import timedelta

import factory
from django.utils import timezone

from placement.enums.fairs import JobField
from placement.enums.startups import EnterpriseState
from placement.models import BundleItem, BundleKind, StartupBundle, VeteranEnterprise
from tests.factories.accounts import UserFactory
from tests.factories.partners import credit_code
from tests.factories.persons import PersonFactory


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


class VeteranEnterpriseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VeteranEnterprise

    class Params:
        submitted = factory.Trait(
            state=EnterpriseState.SUBMITTED, decided_by=None, decided_at=None, published_on=None,
            valid_until=None,
        )  # fmt: skip

    name = factory.Sequence(lambda n: f"无锡老兵冷链{n}有限公司")
    credit_code = factory.Sequence(lambda n: credit_code(5_000_000 + n))
    person = factory.SubFactory(PersonFactory, claimed=True)
    station = factory.SelfAttribute("person.station")
    division = factory.SelfAttribute("station.division")
    field = JobField.LOGISTICS
    introduction = "为社区配送生鲜。"
    products = "冷链配送"
    address = "运河路2号"
    phone = "13800138000"
    state = EnterpriseState.PUBLISHED
    submitted_by = factory.SelfAttribute("person.account")
    decided_by = factory.SubFactory(UserFactory, staff=True)
    decided_at = factory.LazyFunction(timezone.now)
    published_on = factory.LazyFunction(lambda: today(-30))
    valid_until = factory.LazyFunction(lambda: today(300))


class BundleKindFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BundleKind

    title = factory.Sequence(lambda n: f"事项{n}")
    department = "市场监管局"
    workdays = 3
    position = factory.Sequence(lambda n: n % 900)


class StartupBundleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StartupBundle

    number = factory.Sequence(lambda n: f"CY202611{n:06d}")
    person = factory.SubFactory(PersonFactory, claimed=True)
    station = factory.SelfAttribute("person.station")
    business_name = "老兵早餐店"
    business = "早餐"
    address = "运河路3号"
    by = factory.SelfAttribute("person.account")
    client_key = factory.Sequence(lambda n: f"bundle-key-{n}")


class BundleItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BundleItem

    bundle = factory.SubFactory(StartupBundleFactory)
    kind = factory.SubFactory(BundleKindFactory)
    title = factory.SelfAttribute("kind.title")
    department = factory.SelfAttribute("kind.department")
    due_on = factory.LazyFunction(lambda: today(3))
