"""Loans: a draft; `submitted`, `pushed`, `granted` for others. Terms, answers, banks' returns."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from placement.enums.loans import (
    AnsweredBy,
    AnswerKind,
    Borrower,
    Finding,
    LineDecision,
    LoanProduct,
    LoanState,
)
from placement.models import BankReturn, BankReturnLine, LoanAnswer, LoanReferral, LoanTerms
from tests.factories.accounts import ConsentFactory, UserFactory
from tests.factories.partners import PartnerFactory
from tests.factories.persons import PersonFactory


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


class LoanTermsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LoanTerms
        django_get_or_create = ("effective_from",)

    effective_from = factory.LazyFunction(lambda: today(-400))
    verify_workdays = 3
    contact_workdays = 3
    decide_workdays = 15
    green_verify_workdays = 1
    green_contact_workdays = 1
    green_decide_workdays = 7
    basis = "市局与银行的合作协议"


class LoanReferralFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LoanReferral

    class Params:
        submitted = factory.Trait(
            state=LoanState.SUBMITTED,
            submitted_at=factory.LazyFunction(timezone.now),
            consent=factory.SubFactory(
                ConsentFactory,
                user=factory.SelfAttribute("..by"),
                purpose=factory.SelfAttribute("..number"),
            ),
            due_on=factory.LazyFunction(lambda: today(4)),
        )
        pushed = factory.Trait(
            submitted=True,
            state=LoanState.PUSHED,
            verified_by=factory.SubFactory(UserFactory, staff=True),
            verified_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=20)),
            pushed_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=20)),
        )
        granted = factory.Trait(
            pushed=True,
            state=LoanState.GRANTED,
            due_on=None,
            amount=Decimal("300000.00"),
            rate=Decimal("2.6"),
            term_months=36,
            granted_on=factory.LazyFunction(lambda: today(-1)),
        )

    number = factory.Sequence(lambda n: f"DK202611{n:06d}")
    person = factory.SubFactory(PersonFactory, claimed=True)
    station = factory.SelfAttribute("person.station")
    bank = factory.SubFactory(PartnerFactory, bank=True)
    product = LoanProduct.STARTUP
    borrower = Borrower.PLANNING
    business = "生鲜配送"
    purpose = "购置冷藏车"
    wanted = Decimal("300000.00")
    wanted_months = 36
    state = LoanState.DRAFT
    by = factory.SelfAttribute("person.account")
    client_key = factory.Sequence(lambda n: f"loan-key-{n}")


class LoanAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LoanAnswer

    referral = factory.SubFactory(LoanReferralFactory, pushed=True)
    bank = factory.SelfAttribute("referral.bank")
    kind = AnswerKind.CONTACTED
    on = factory.LazyFunction(today)
    via = AnsweredBy.ROOM
    client_key = factory.Sequence(lambda n: f"answer-key-{n}")
    by = factory.SubFactory(UserFactory)


class BankReturnFactory(factory.django.DjangoModelFactory):
    """One that waits."""

    class Meta:
        model = BankReturn

    bank = factory.SubFactory(PartnerFactory, bank=True)
    station = factory.SelfAttribute("bank.station")
    month = factory.LazyFunction(lambda: today().replace(day=1))
    version = 1
    uploaded_by = factory.SubFactory(UserFactory)


class BankReturnLineFactory(factory.django.DjangoModelFactory):
    """A loan that came without a referral."""

    class Meta:
        model = BankReturnLine

    of = factory.SubFactory(BankReturnFactory)
    bank = factory.SelfAttribute("of.bank")
    row = factory.Sequence(lambda n: n + 2)
    receipt = factory.Sequence(lambda n: f"JJ-{n:08d}")
    product = LoanProduct.STARTUP
    amount = Decimal("500000.00")
    rate = Decimal("3.1")
    term_months = 24
    granted_on = factory.LazyAttribute(lambda o: o.of.month)
    finding = Finding.NO_REFERRAL
    decision = LineDecision.RETURN
    counted = factory.SelfAttribute("amount")
    counted_on = factory.SelfAttribute("granted_on")
