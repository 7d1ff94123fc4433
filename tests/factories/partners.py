"""Partners with their members: `role="BANK"`, `applied=True` for one that waits for its check."""

from datetime import timedelta

import factory
from django.utils import timezone
from stdnum.cn import uscc

from services.enums import PartnerNature, PartnerRole, PartnerState
from services.models import Partner, PartnerKey, PartnerMember
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory


def credit_code(n):
    """The n-th made-up credit code with a right check sign."""
    body = f"91320200MA{n:07d}"
    return body + uscc.calc_check_digit(body)


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner

    class Params:
        bank = factory.Trait(
            roles=[PartnerRole.BANK], nature=PartnerNature.STATE_ENTERPRISE, name="太湖银行无锡分行"
        )
        trainer = factory.Trait(roles=[PartnerRole.TRAINER])
        applied = factory.Trait(state=PartnerState.APPLIED, decided_by=None, decided_at=None)

    name = factory.Sequence(lambda n: f"无锡运河制造{n}有限公司")
    credit_code = factory.Sequence(credit_code)
    nature = PartnerNature.PRIVATE_ENTERPRISE
    roles = factory.LazyFunction(lambda: [PartnerRole.EMPLOYER])
    station = factory.SubFactory(StationFactory)
    division = factory.SelfAttribute("station.division")
    address = "运河路1号"
    contact_name = "周联系"
    contact_phone = factory.Sequence(lambda n: f"138{n:08d}")
    state = PartnerState.APPROVED
    applied_by = factory.SubFactory(UserFactory)
    decided_by = factory.SubFactory(UserFactory, staff=True)
    decided_at = factory.LazyFunction(timezone.now)


class PartnerMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerMember

    partner = factory.SubFactory(PartnerFactory)
    user = factory.SubFactory(UserFactory)
    name = "周联系"
    is_keeper = True
    added_by = factory.SelfAttribute("user")


class PartnerKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerKey

    member = factory.SubFactory(PartnerMemberFactory)
    partner = factory.SelfAttribute("member.partner")
    label = "行内系统"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
