"""Loan referrals: the wish, the consent that names one bank, verifying, pushing, answering."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions.consents import withdraw_consent
from accounts.models import AuditEntry, Message
from placement.actions import loans
from placement.actions.loans import LoanError
from placement.actions.loans.answering import Money
from placement.enums.loans import AnswerKind, LoanProduct, LoanState
from placement.models import LoanReferral, LoanTerms
from services.actions import partners
from services.actions.workdays import due_day
from services.models import Identity
from tests.factories.accounts import UserFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_loans import LoanTermsFactory, today
from tests.placement.loan_scene import (
    MONEY,
    answer,
    drafted,
    granted,
    pushed,
    scene,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def workday(n):
    return due_day(n)


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def test_draft__sent_twice_by_one_key__is_one(s):
    assert drafted(s).pk == drafted(s).pk
    assert LoanReferral.objects.get().number.startswith("DK")


def test_draft__second_of_one_product__is_refused_until_the_first_is_over(s):
    first = submitted(s)
    with pytest.raises(LoanError, match="已经有一份在办"):
        drafted(s, key="wish-key-2")
    drafted(s, key="wish-key-3", product=LoanProduct.GUARANTEED)
    loans.withdraw(referral=first, by=s.person.account)
    assert drafted(s, key="wish-key-4").state == LoanState.DRAFT


def test_draft__for_another_person__is_refused(s):
    with pytest.raises(LoanError):
        drafted(s, by=UserFactory())


def test_draft__at_a_bank_that_ended__is_refused(s):
    partners.end(partner=s.bank, by=s.checker, reason="协议到期")
    s.bank.refresh_from_db()
    with pytest.raises(LoanError, match="另选一家"):
        drafted(s)


def test_submit__without_agreeing__is_refused(s):
    with pytest.raises(LoanError, match="请先同意"):
        loans.submit(referral=drafted(s), by=s.person.account, agreed=False)


def test_submit__gives_a_consent_that_names_the_bank__and_starts_the_clock(s):
    wish = submitted(s)
    assert s.bank.name in wish.consent.purpose
    assert wish.number in wish.consent.purpose
    assert wish.due_on == workday(3)
    assert "placement.loan_submitted" in acts()
    assert Message.objects.filter(user=s.person.account, title="贷款申请已提交").exists()


def test_submit__by_somebody_else__is_refused(s):
    with pytest.raises(LoanError):
        loans.submit(referral=drafted(s), by=s.clerk, agreed=True)


def test_submit__without_terms_in_force__says_so(s):
    wish = drafted(s)
    with pytest.raises(Exception, match="时限还没有填写"):
        loans.submit(referral=wish, by=s.person.account, agreed=True,
                     now=timezone.now() - timedelta(days=800))  # fmt: skip


def test_enter__at_the_counter_with_a_paper__then_another_verifies(s):
    unlinked = PersonFactory(station=s.station)
    Identity.objects.create(person=unlinked, category="DISCHARGED_SOLDIER", evidence="退出现役证",
                            verified_by=s.clerk, verified_at=timezone.now())  # fmt: skip
    wish = drafted(s, person=unlinked, by=s.clerk)
    with pytest.raises(LoanError, match="同意书"):
        loans.enter(referral=wish, by=s.clerk, written_consent=" ")
    loans.enter(referral=wish, by=s.clerk, written_consent="同意书2026-1")
    with pytest.raises(LoanError, match="另一位同事"):
        loans.verify(referral=wish, by=s.clerk)
    done = loans.verify(referral=wish, by=s.colleague)
    assert done.shows_person
    assert (
        AuditEntry.objects.filter(
            act="placement.loan_submitted", on_behalf_of=unlinked.name
        ).exists()
        or "placement.loan_submitted" in acts()
    )


def test_verify__pushes_and_tells_both__the_bank_without_the_name(s):
    done = pushed(s)
    assert (done.state, done.due_on) == (LoanState.PUSHED, workday(3))
    told = Message.objects.filter(user=s.member, title="有新的贷款推荐").first()
    assert done.number in told.body
    assert s.person.name not in told.body


def test_verify__with_a_green_reason__runs_on_its_own_clock(s):
    done = pushed(s, green="立二等功")
    assert done.green_channel
    assert done.due_on == workday(1)


def test_verify__without_a_verified_identity__is_refused(s):
    wish = submitted(s)
    Identity.objects.update(verified_at=None, verified_by=None)
    with pytest.raises(LoanError, match="身份"):
        loans.verify(referral=wish, by=s.clerk)


def test_verify__after_the_consent_was_withdrawn__is_refused(s):
    wish = submitted(s)
    withdraw_consent(consent=wish.consent, by=s.person.account)
    with pytest.raises(LoanError, match="撤回同意"):
        loans.verify(referral=wish, by=s.clerk)


def test_verify__by_a_stranger_to_the_station__is_refused(s):
    with pytest.raises(LoanError):
        loans.verify(referral=submitted(s), by=s.keeper)


def test_verify__twice__is_refused(s):
    done = pushed(s)
    with pytest.raises(LoanError, match="已推送银行"):
        loans.verify(referral=done, by=s.clerk)


def test_refuse__says_why__and_no_bank_hears(s):
    wish = submitted(s)
    with pytest.raises(LoanError):
        loans.refuse(referral=wish, by=s.clerk, reason=" ")
    done = loans.refuse(referral=wish, by=s.clerk, reason="档案在外地")
    assert done.state == LoanState.UNVERIFIED
    assert not LoanReferral.objects.of_bank(s.bank).exists()
    assert not Message.objects.filter(user=s.member).exists()


def test_withdraw__ends_the_consent__and_hides_the_person(s):
    done = loans.withdraw(referral=pushed(s), by=s.person.account)
    done = LoanReferral.objects.with_all().get(pk=done.pk)
    assert done.consent.withdrawn_at is not None
    assert not done.shows_person
    assert Message.objects.filter(user=s.member, title="贷款推荐已放弃").exists()


def test_withdraw__after_it_was_paid__is_refused(s):
    with pytest.raises(LoanError):
        loans.withdraw(referral=granted(s), by=s.person.account)


def test_consent__withdrawn_in_my_data__hides_the_person_at_once(s):
    done = pushed(s)
    withdraw_consent(consent=done.consent, by=s.person.account)
    assert not LoanReferral.objects.with_all().get(pk=done.pk).shows_person


def test_answers__go_their_way__contact_assess_grant_aftercare(s):
    done = pushed(s)
    for kind, money, state in (
        (AnswerKind.CONTACTED, None, LoanState.CONTACTED),
        (AnswerKind.ASSESSING, None, LoanState.ASSESSING),
        (AnswerKind.GRANTED, MONEY, LoanState.GRANTED),
        (AnswerKind.AFTERCARE, None, LoanState.AFTERCARE),
    ):
        answer(s, done, kind, key=f"key-{kind}", money=money)
        done.refresh_from_db()
        assert done.state == state
    answer(s, done, AnswerKind.AFTERCARE, key="key-again")
    assert (done.amount, done.rate, done.term_months) == (Decimal(300000), Decimal("2.6"), 36)
    assert done.answers.count() == 5


def test_contact__starts_the_term_of_the_decision(s):
    done = pushed(s, green="立二等功")
    answer(s, done, AnswerKind.CONTACTED, key="key-1-contact")
    done.refresh_from_db()
    assert done.due_on == workday(7)


def test_answer__sent_twice_by_one_key__is_written_once(s):
    done = pushed(s)
    first = answer(s, done, AnswerKind.GRANTED, key="same-key-1", money=MONEY)
    again = answer(s, done, AnswerKind.GRANTED, key="same-key-1", money=MONEY)
    assert (first.pk, first.replayed, again.replayed) == (again.pk, False, True)
    assert done.answers.count() == 1


def test_answer__same_key_other_amount__is_refused(s):
    done = pushed(s)
    answer(s, done, AnswerKind.GRANTED, key="same-key-1", money=MONEY)
    other = Money(Decimal("300001.00"), MONEY.rate, MONEY.term_months)
    with pytest.raises(LoanError) as refused:
        answer(s, done, AnswerKind.GRANTED, key="same-key-1", money=other)
    assert refused.value.code == "key_reused"


def test_amount__entered_a_second_time_under_another_key__is_refused(s):
    done = granted(s)
    with pytest.raises(LoanError) as refused:
        answer(s, done, AnswerKind.GRANTED, key="another-key", money=MONEY)
    assert refused.value.code == "granted_already"


def test_answer__by_another_bank__is_refused(s):
    stranger = PartnerMemberFactory(partner=PartnerFactory(bank=True)).user
    with pytest.raises(LoanError):
        answer(s, pushed(s), AnswerKind.CONTACTED, key="key-1-contact", by=stranger)


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (None, "请填写放款金额"),
        (Money(Decimal(0), Decimal(2), 12), "应大于0"),
        (Money(Decimal(-1), Decimal(2), 12), "应大于0"),
        (Money(Decimal("100000000.01"), Decimal(2), 12), "不超过1亿元"),
        (Money(Decimal(1), Decimal("24.1"), 12), "年利率"),
        (Money(Decimal(1), Decimal(2), 0), "期限"),
        (Money(Decimal(1), Decimal(2), 361), "期限"),
    ],
)
def test_grant__with_figures_out_of_range__is_refused(s, money, words):
    with pytest.raises(LoanError, match=words):
        answer(s, pushed(s), AnswerKind.GRANTED, key="key-1-grant", money=money)


def test_answer__on_a_day_ahead_or_before_the_push__is_refused(s):
    done = pushed(s, days_ago=3)
    for on in (today(1), today(-4)):
        with pytest.raises(LoanError) as refused:
            answer(s, done, AnswerKind.CONTACTED, key="key-1-contact", on=on)
        assert refused.value.field == "on"


def test_decline__wants_a_reason__and_the_person_reads_it(s):
    done = pushed(s)
    with pytest.raises(LoanError):
        answer(s, done, AnswerKind.DECLINED, key="key-1-no")
    answer(s, done, AnswerKind.DECLINED, key="key-1-no", note="征信逾期")
    told = Message.objects.filter(user=s.person.account, title="贷款进展").latest("pk")
    assert "征信逾期" in told.body


def test_answer__after_withdrawal__is_refused(s):
    done = loans.withdraw(referral=pushed(s), by=s.person.account)
    with pytest.raises(LoanError, match="本人放弃"):
        answer(s, done, AnswerKind.GRANTED, key="key-1-grant", money=MONEY)


def test_terms__only_heads_of_the_city_enter_them(s):
    new = LoanTermsFactory.build(effective_from=today(3))
    with pytest.raises(LoanError):
        loans.enter_terms(terms=new, by=s.colleague)
    assert LoanTerms.objects.count() == 1


def test_delete_draft__leaves_nothing__but_the_trail(s):
    loans.delete_draft(referral=drafted(s), by=s.person.account)
    assert not LoanReferral.objects.exists()
    assert "placement.loan_draft_deleted" in acts()
