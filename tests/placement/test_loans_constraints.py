"""What the database itself refuses about loans and banks' returns."""

from decimal import Decimal

import pytest
from django.db import Error, transaction

from placement.enums.loans import AnswerKind, Finding, LineDecision, LoanState
from placement.models import BankReturn, BankReturnLine, LoanAnswer, LoanReferral, LoanTerms
from tests.factories.placement_loans import (
    BankReturnFactory,
    BankReturnLineFactory,
    LoanAnswerFactory,
    LoanReferralFactory,
    LoanTermsFactory,
    today,
)

pytestmark = pytest.mark.django_db


def refused(name, deed):
    with pytest.raises(Error, match=name), transaction.atomic():
        deed()


def test_loan__every_rule_of_a_row():
    draft, open_ = LoanReferralFactory(), LoanReferralFactory(pushed=True)
    paid = LoanReferralFactory(granted=True)

    def change(row, **facts):
        return lambda: LoanReferral.objects.filter(pk=row.pk).update(**facts)

    for name, row, facts in (
        ("loan_wanted_in_range", draft, {"wanted": 0}),
        ("loan_wanted_in_range", draft, {"wanted_months": 361}),
        ("loan_paid_has_amount_rate_term_day", paid, {"amount": None}),
        ("loan_paid_has_amount_rate_term_day", open_, {"amount": 1}),
        ("loan_granted_in_range", paid, {"amount": Decimal("100000000.01")}),
        ("loan_granted_in_range", paid, {"rate": 25}),
        ("loan_submitted_with_a_consent", open_, {"consent": None}),
        ("loan_with_a_bank_was_verified", open_, {"verified_by": None}),
        ("loan_waits_until_a_day", open_, {"due_on": None}),
        ("loan_waits_until_a_day", draft, {"due_on": today()}),
        ("loan_green_says_why", open_, {"green_channel": True}),
        ("loan_not_given_says_why", open_, {"state": LoanState.DECLINED, "due_on": None}),
        ("Invalid transition", paid, {"state": LoanState.PUSHED}),
        ("Invalid transition", draft, {"state": LoanState.WITHDRAWN}),
    ):
        refused(name, change(row, **facts))


def test_loan__one_open_per_product__and_one_per_key():
    first = LoanReferralFactory(pushed=True)
    refused("loan_one_open_per_product", lambda: LoanReferralFactory(person=first.person))
    other = {"person": first.person, "product": "GUARANTEED", "client_key": first.client_key}
    refused("loan_once_per_key", lambda: LoanReferralFactory(**other))


def test_answer__once_per_kind__once_per_key__whole__for_good():
    first = LoanAnswerFactory()
    same = {"referral": first.referral}
    refused("loan_answer_once_per_kind", lambda: LoanAnswerFactory(**same))
    key = {"kind": AnswerKind.ASSESSING, "client_key": first.client_key}
    refused("loan_answer_once_per_key", lambda: LoanAnswerFactory(**same, **key))
    money = {"kind": AnswerKind.GRANTED}
    refused("loan_answer_of_money_is_whole", lambda: LoanAnswerFactory(**same, **money))
    refused("Cannot", lambda: LoanAnswer.objects.update(note="改"))
    refused("Cannot", lambda: LoanAnswer.objects.all().delete())


def test_terms__green_is_never_slower__and_they_are_kept():
    refused("loan_terms_green", lambda: LoanTermsFactory(green_decide_workdays=16))
    LoanTermsFactory()
    refused("Cannot", lambda: LoanTerms.objects.update(verify_workdays=9))


def test_return__one_in_force_a_month__on_its_first__decided_by_somebody():
    first = BankReturnFactory()
    same = {"bank": first.bank, "version": 2}
    refused("bank_return_one_in_force_per_month", lambda: BankReturnFactory(**same))
    refused("bank_return_version_once", lambda: BankReturnFactory(bank=first.bank))
    refused(
        "bank_return_month_is_its_first",
        lambda: BankReturnFactory(month=first.month.replace(day=2)),
    )
    rows = BankReturn.objects.filter(pk=first.pk)
    refused("bank_return_decided_has_who", lambda: rows.update(state="ACCEPTED"))
    user = first.uploaded_by
    back = {"state": "RETURNED", "decided_by": user, "decided_at": first.uploaded_at}
    refused("bank_return_sent_back_says_why", lambda: rows.update(**back))
    rows.update(**back, reason="单位错了")
    refused("Invalid transition", lambda: rows.update(state="SUBMITTED"))


def test_line__counts_once__whole__decided_by_somebody():
    loan = LoanReferralFactory(granted=True)
    first = BankReturnLineFactory(referral=loan, finding=Finding.MATCH, counts=True)
    other = BankReturnFactory(bank=first.bank, month=today(-62).replace(day=1))
    again = {"of": other, "counts": True, "finding": Finding.MATCH}
    refused("bank_line_referral_counts_once", lambda: BankReturnLineFactory(referral=loan, **again))
    refused(
        "bank_line_receipt_counts_once",
        lambda: BankReturnLineFactory(receipt=first.receipt, **again),
    )
    refused("bank_line_row_once", lambda: BankReturnLineFactory(of=first.of, row=first.row))
    rows = BankReturnLine.objects.filter(pk=first.pk)
    refused("bank_line_of_the_file_is_whole", lambda: rows.update(amount=None))
    refused("bank_line_of_the_file_is_whole", lambda: rows.update(receipt=""))
    refused("bank_line_counts_an_amount", lambda: rows.update(decision=LineDecision.LEAVE_OUT))
    refused(
        "bank_line_difference_was_decided_by_somebody",
        lambda: rows.update(finding=Finding.DIFFERS),
    )
