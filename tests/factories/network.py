from datetime import date

import factory

from services.enums import DivisionLevel, Role, StationKind, Tier
from services.models import Division, Posting, ServiceItem, Station, Window
from tests.factories.accounts import UserFactory


class DivisionFactory(factory.django.DjangoModelFactory):
    """A village under a made-up chain; `code` decides equality, so the chain is shared.

    Villages made here end in 300 to 699: tests that name a village of their own keep out of these.
    """

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"320281101{n % 400 + 300:03d}")
    name = factory.LazyAttribute(lambda o: f"区划{o.code}")
    level = DivisionLevel.VILLAGE
    parent = factory.SubFactory("tests.factories.network.DivisionFactory", town=True)

    class Params:
        province = factory.Trait(
            code="320000000000", name="江苏省", level=DivisionLevel.PROVINCE, parent=None
        )
        city = factory.Trait(
            code="320200000000",
            name="无锡市",
            level=DivisionLevel.CITY,
            parent=factory.SubFactory("tests.factories.network.DivisionFactory", province=True),
        )
        district = factory.Trait(
            code="320281000000",
            name="江阴市",
            level=DivisionLevel.DISTRICT,
            parent=factory.SubFactory("tests.factories.network.DivisionFactory", city=True),
        )
        town = factory.Trait(
            code="320281101000",
            name="测试镇",
            level=DivisionLevel.TOWN,
            parent=factory.SubFactory("tests.factories.network.DivisionFactory", district=True),
        )


class StationFactory(factory.django.DjangoModelFactory):
    """A village station with its chain of town, district and city stations."""

    class Meta:
        model = Station
        django_get_or_create = ("code",)

    division = factory.SubFactory(DivisionFactory)
    code = factory.LazyAttribute(lambda o: o.division.code)
    name = factory.LazyAttribute(lambda o: f"{o.division.name}退役军人服务站")
    pinyin = "cs"
    tier = Tier.VILLAGE
    parent = factory.SubFactory("tests.factories.network.StationFactory", town=True)
    path = factory.LazyAttribute(
        lambda o: f"{o.parent.path if o.parent else ''}{o.code.rstrip('0') or o.code}/"
    )
    address = "无锡市测试路1号"
    phone = "0510-80000000"
    opening_hours = "工作日 9:00—17:00"
    active_from = date(2019, 1, 1)

    class Params:
        city = factory.Trait(
            division=factory.SubFactory(DivisionFactory, city=True),
            tier=Tier.CITY,
            parent=None,
        )
        district = factory.Trait(
            division=factory.SubFactory(DivisionFactory, district=True),
            tier=Tier.DISTRICT,
            parent=factory.SubFactory("tests.factories.network.StationFactory", city=True),
        )
        town = factory.Trait(
            division=factory.SubFactory(DivisionFactory, town=True),
            tier=Tier.TOWN,
            parent=factory.SubFactory("tests.factories.network.StationFactory", district=True),
        )
        special = factory.Trait(
            kind=StationKind.CAMPUS,
            tier=None,
            code=factory.Sequence(lambda n: f"320281-G{n}"),
            division=factory.SubFactory(DivisionFactory, district=True),
            parent=factory.SubFactory("tests.factories.network.StationFactory", district=True),
        )
        closed = factory.Trait(active_to=date(2024, 1, 1))


class ServiceItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceItem
        django_get_or_create = ("code",)

    code = "policy"
    name = "政策咨询"
    is_consultation = True


class WindowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Window

    station = factory.SubFactory(StationFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = "综合窗口"


class PostingFactory(factory.django.DjangoModelFactory):
    """A clerk's posting; give `role` and `station` for others."""

    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory, staff=True)
    station = factory.SubFactory(StationFactory)
    role = Role.CLERK
    since = date(2020, 1, 1)
