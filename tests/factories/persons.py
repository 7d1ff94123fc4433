from datetime import date

import factory
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from services.enums import FileSource, FileState, IdentityCategory, RequestState, Sex
from services.models import Identity, Person, RegistrationRequest
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory


def id_number(serial=1, birth=date(1960, 1, 1), region="320281", sex=Sex.MALE):
    """A valid ID number that belongs to nobody: region, birth date, serial, check digit."""
    odd = 1 if sex == Sex.MALE else 0
    body = f"{region}{birth:%Y%m%d}{serial * 2 % 1000 + odd:03d}"
    return body + calc_check_digit(body + "0")


class PersonFactory(factory.django.DjangoModelFactory):
    """A filed person; traits give the other states."""

    class Meta:
        model = Person

    name = "王建国"
    sex = Sex.MALE
    birth = factory.Sequence(lambda n: date(1940 + n // 400 % 60, 1 + n % 12, 1 + n // 12 % 28))
    id_number = factory.LazyAttributeSequence(lambda o, n: id_number(n, o.birth))
    phone = factory.Sequence(lambda n: f"199002{n:05d}")
    address = "江阴市测试镇幸福路8号"
    station = factory.SubFactory(StationFactory)
    source = FileSource.COUNTER
    state = FileState.FILED
    filed_at = factory.LazyFunction(timezone.now)

    class Params:
        draft = factory.Trait(state=FileState.DRAFT, filed_at=None)
        submitted = factory.Trait(
            state=FileState.SUBMITTED,
            filed_at=None,
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SubFactory(UserFactory, staff=True),
        )
        reviewed = factory.Trait(state=FileState.REVIEWED, filed_at=None)
        closed = factory.Trait(
            state=FileState.CLOSED,
            closed_at=factory.LazyFunction(timezone.now),
            closed_reason="去世",
        )
        claimed = factory.Trait(
            account=factory.SubFactory(UserFactory, phone=factory.SelfAttribute("..phone"))
        )


class IdentityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Identity

    person = factory.SubFactory(PersonFactory)
    category = IdentityCategory.DISCHARGED_SOLDIER
    evidence = "退出现役证"

    class Params:
        verified = factory.Trait(
            verified_at=factory.LazyFunction(timezone.now),
            verified_by=factory.SubFactory(UserFactory, staff=True),
        )


class RegistrationRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegistrationRequest

    user = factory.SubFactory(UserFactory)
    station = factory.SubFactory(StationFactory)
    name = "李卫国"
    id_number = factory.Sequence(lambda n: id_number(n, date(1970, 2, 3)))
    phone = factory.LazyAttribute(lambda o: o.user.phone)
    address = "江阴市测试镇幸福路9号"
    categories = [IdentityCategory.DISCHARGED_SOLDIER]

    class Params:
        returned = factory.Trait(
            state=RequestState.RETURNED,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, staff=True),
            reason="请补充退役时间。",
        )
