"""Two answers to one referral, an amount entered twice, two returns of a month, at the same moment.

The row's lock makes the second one see the first; with it off the trigger of the states still refuses.
"""

import pytest
from django.utils import timezone

from placement.actions import bank_returns
from placement.actions.loans import LoanError, answering
from placement.enums.loans import AnsweredBy, AnswerKind, LineDecision, LoanState
from placement.models import BankReturn, BankReturnLine, LoanAnswer, LoanReferral
from tests.placement.loan_scene import MONEY, answer, drafted, loan_row, pushed, scene, workbook
from tests.races.arena import all_at_once
from veterans_portal.errors import DomainError

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MONTH = timezone.localdate().replace(day=1)


def lends_and_refuses(s, referral):
    """The room says lent, the bank's system says refused."""
    return all_at_once(
        lambda: answer(s, referral, AnswerKind.GRANTED, key="race-room-1", money=MONEY),
        lambda: answer(s, referral, AnswerKind.DECLINED, key="race-api-01", note="征信逾期",
                       via=AnsweredBy.API),
    )  # fmt: skip


def test_two_answers__at_once__one_is_written_the_other_refused(late_work):
    s = scene()
    referral = pushed(s)
    results = lends_and_refuses(s, referral)
    assert sum(isinstance(each, LoanError) for each in results) == 1
    assert LoanAnswer.objects.count() == 1
    referral.refresh_from_db()
    assert (referral.state == LoanState.GRANTED) is (referral.amount is not None)


def test_two_answers__guard_off__the_states_trigger_still_keeps_one(late_work, monkeypatch):
    s = scene()
    referral = pushed(s)
    rows = LoanReferral.objects.with_all()
    monkeypatch.setattr(answering, "locked", lambda each: rows.get(pk=each.pk))
    lends_and_refuses(s, referral)
    assert referral.answers.count() == 1


def test_amount__pressed_by_eight_under_eight_keys__is_entered_once(late_work):
    s = scene()
    referral = pushed(s)
    results = all_at_once(*[
        lambda n=n: answer(s, referral, AnswerKind.GRANTED, key=f"race-key-{n}", money=MONEY)
        for n in range(8)
    ])  # fmt: skip
    assert sum(isinstance(each, LoanAnswer) for each in results) == 1
    assert LoanAnswer.objects.filter(kind=AnswerKind.GRANTED).count() == 1


def test_amount__sent_by_eight_under_one_key__is_entered_once_and_all_are_told_so(late_work):
    s = scene()
    referral = pushed(s)
    results = all_at_once(*[
        lambda: answer(s, referral, AnswerKind.GRANTED, key="race-one-key", money=MONEY)
        for _ in range(8)
    ])  # fmt: skip
    assert {getattr(each, "pk", each) for each in results} == {LoanAnswer.objects.get().pk}


def test_wish__sent_by_eight_to_eight_keys__is_one_open(late_work):
    s = scene()
    all_at_once(*[lambda n=n: drafted(s, key=f"wish-race-{n}") for n in range(8)])
    assert LoanReferral.objects.count() == 1


def test_month__uploaded_twice_at_once__is_taken_once(late_work):
    s = scene()
    data = workbook(loan_row())
    results = all_at_once(*[
        lambda: bank_returns.upload(bank=s.bank, month=MONTH, data=data, by=s.member)
        for _ in range(4)
    ])  # fmt: skip
    assert sum(isinstance(each, DomainError) for each in results) == 3
    assert BankReturn.objects.count() == 1


def test_return_confirmed__while_the_bank_enters_the_amount__counts_and_grants_once(late_work):
    s = scene()
    referral = pushed(s)
    made = bank_returns.upload(
        bank=s.bank, month=MONTH, data=workbook(loan_row(number=referral.number)), by=s.member
    )
    bank_returns.decide(line=made.lines.get(), decision=LineDecision.RETURN, by=s.checker)
    all_at_once(
        lambda: bank_returns.accept(bank_return=made, by=s.checker),
        lambda: answer(s, referral, AnswerKind.GRANTED, key="race-room-1", money=MONEY),
    )
    made.refresh_from_db()
    if made.state != "ACCEPTED":
        bank_returns.accept(bank_return=made, by=s.checker)
    assert LoanAnswer.objects.filter(kind=AnswerKind.GRANTED).count() == 1
    assert BankReturnLine.objects.filter(counts=True).count() == 1
