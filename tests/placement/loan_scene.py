"""A village with its clerk and another, a bank kept by the city, a veteran who wants to start up."""

import io
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import xlsxwriter
from django.utils import timezone

from placement.actions import loans
from placement.actions.loans.answering import Money
from placement.bank_sheets import COLUMNS
from placement.enums.loans import AnsweredBy, AnswerKind, Borrower, LoanProduct
from placement.models import LoanReferral
from services.enums import Role
from tests.factories.network import StationFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_loans import LoanTermsFactory
from tests.factories.staff import PostingFactory
from tests.placement.fair_scene import veteran

MONEY = Money(Decimal("300000.00"), Decimal("2.6"), 36)


def scene():
    s = SimpleNamespace()
    LoanTermsFactory()
    s.station = StationFactory()
    s.clerk = PostingFactory(station=s.station, role=Role.CLERK).user
    s.colleague = PostingFactory(station=s.station, role=Role.HEAD).user
    s.bank = PartnerFactory(bank=True, name="太湖银行无锡分行")
    s.keeper = PostingFactory(station=s.bank.station, role=Role.CLERK).user
    s.checker = PostingFactory(station=s.bank.station, role=Role.REVIEWER).user
    s.member = PartnerMemberFactory(partner=s.bank).user
    s.person = veteran(s.station)
    return s


def drafted(s, *, by=None, person=None, key="wish-key-1", **more):
    person = person or s.person
    facts = {
        "product": LoanProduct.STARTUP, "borrower": Borrower.PLANNING, "bank": s.bank,
        "business": "生鲜配送", "purpose": "购置冷藏车", "wanted": Decimal("300000.00"),
        "wanted_months": 36,
    } | more  # fmt: skip
    wish = LoanReferral(person=person, client_key=key, **facts)
    return loans.save_draft(referral=wish, by=by or person.account)


def submitted(s, **more):
    wish = drafted(s, **more)
    return loans.submit(referral=wish, by=wish.person.account, agreed=True)


def pushed(s, *, green="", days_ago=0, **more):
    then = timezone.now() - timedelta(days=days_ago)
    return loans.verify(referral=submitted(s, **more), by=s.clerk, green_reason=green, now=then)


def answer(s, referral, kind, *, key, on=None, money=None, via=AnsweredBy.ROOM, note="", by=None):
    return loans.answer(
        referral=referral, kind=kind, on=on or timezone.localdate(), by=by or s.member,
        client_key=key, via=via, money=money, note=note,
    )  # fmt: skip


def granted(s, **more):
    referral = pushed(s, **more)
    answer(s, referral, AnswerKind.GRANTED, key=f"grant-{referral.pk}", money=MONEY)
    referral.refresh_from_db()
    return referral


def workbook(*rows, titles=None):
    """The bytes of a return: each row has the cells in the order of the columns."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, titles or [column.title for column in COLUMNS])
    for line, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(line, column, cell)
    book.close()
    return stream.getvalue()


def loan_row(*, number=None, receipt="JJ-0001", product="退役军人创业贷", amount=300000, rate=2.6,
             months=36, on=None):  # fmt: skip
    """One right row of a return."""
    return [number, receipt, product, amount, rate, months, on or f"{timezone.localdate()}"]
