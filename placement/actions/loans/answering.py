"""The bank answers: it has called, it looks into it, it lent or did not (`domain.md` B.8)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from placement.actions.loans.trail import LoanError, due, expect, locked, record
from placement.enums.loans import (
    ANSWERABLE,
    LOAN_PAID,
    LOAN_WITH_BANK,
    AnsweredBy,
    AnswerKind,
    LoanState,
)
from placement.models import LoanAnswer
from placement.models.loans import MOST_MONTHS, MOST_RATE, MOST_YUAN
from placement.notices import loans as notices
from services.actions.partners import is_member


@dataclass(frozen=True)
class Money:
    """What was lent: yuan, percent a year, months."""

    amount: Decimal
    rate: Decimal
    term_months: int


@transaction.atomic
def answer(*, referral, kind, on, by, client_key, via, money=None, note="", now=None):
    """Write down the bank's answer; returns the LoanAnswer, with `replayed` True for one sent twice.

    By a member of the bank (in its room or by its system's key). `client_key` is the sender's own
    name for the answer: the same key with the same content is answered as the first time, with other
    content refused. Raises LoanError.
    """
    now = now or timezone.now()
    referral = locked(referral)
    bank = referral.bank
    if not is_member(by, bank):
        raise LoanError("请由意向银行的成员登记。", code="not_yours")
    kind, note = AnswerKind(kind), note.strip()[:200]
    facts = _facts(kind, money)
    known = LoanAnswer.objects.filter(bank=bank, client_key=client_key).first()
    if known is not None:
        return _again(known, referral, kind, on, note, facts)
    if kind not in ANSWERABLE:
        raise LoanError("请选择进展。", code="no_such_answer", field="kind")
    if kind == AnswerKind.GRANTED and referral.is_paid:
        raise LoanError(
            f"这份推荐已经登记放款{referral.amount:,.2f}元，不用再登记；金额有误请在月度回报里更正。",
            code="granted_already",
        )
    expect(referral, ANSWERABLE[kind], f"记为“{kind.label}”")
    _check(referral, kind, on, note, now)
    try:
        with transaction.atomic():
            given = LoanAnswer.objects.create(
                referral=referral, bank=bank, kind=kind, on=on, note=note, via=via,
                client_key=client_key, by=by, at=now, **facts,
            )  # fmt: skip
    except IntegrityError as clash:
        raise LoanError("这条答复刚刚登记过，请刷新页面再看。", code="twice") from clash
    _move(referral, given, now)
    record(kind.lower(), referral, by, via=via, on=f"{on}", **_spoken(facts))
    notices.tell_person(referral, notices.answered(referral, given))
    given.replayed = False
    return given


@transaction.atomic
def correct(*, referral, money, on, by, client_key, now=None):
    """Take over what the bank's accepted return says: grant, or mend what was granted.

    Called while a return is accepted; `by` decides there.
    """
    now = now or timezone.now()
    referral = locked(referral)
    expect(referral, [*LOAN_WITH_BANK, *LOAN_PAID], "按月度回报更正")
    was_paid = referral.is_paid
    kind = AnswerKind.CORRECTED if was_paid else AnswerKind.GRANTED
    given = LoanAnswer.objects.create(
        referral=referral, bank=referral.bank, kind=kind, on=on, via=AnsweredBy.RETURN,
        client_key=client_key, by=by, at=now, **_facts(kind, money),
    )  # fmt: skip
    before = {"amount_was": f"{referral.amount}"} if was_paid else {}
    _move(referral, given, now)
    record(kind.lower(), referral, by, via=AnsweredBy.RETURN, on=f"{on}",
           **before, **_spoken(_facts(kind, money)))  # fmt: skip
    notices.tell_person(referral, notices.answered(referral, given))
    return given


def _facts(kind, money):
    if kind not in (AnswerKind.GRANTED, AnswerKind.CORRECTED):
        return {}
    if money is None:
        raise LoanError("请填写放款金额、年利率和期限。", code="no_amount", field="amount")
    for value, most, name, words in (
        (money.amount, MOST_YUAN, "amount", "放款金额应大于0、不超过1亿元。"),
        (money.term_months, MOST_MONTHS, "term_months", "期限为1至360个月。"),
    ):
        if not 0 < value <= most:
            raise LoanError(words, field=name)
    if not 0 <= money.rate <= MOST_RATE:
        raise LoanError("年利率为0至24，例如 2.6。", field="rate")
    return {"amount": money.amount, "rate": money.rate, "term_months": money.term_months}


def _check(referral, kind, on, note, now):
    if on > timezone.localdate(now):
        raise LoanError("这个日期还没有到，请核对。", field="on")
    if on < timezone.localdate(referral.pushed_at):
        raise LoanError(
            f"不应早于推送日期（{timezone.localdate(referral.pushed_at):%Y-%m-%d}）。", field="on"
        )
    if kind == AnswerKind.DECLINED and not note:
        raise LoanError("请写明没有通过的原因，本人会看到。", field="note")


def _again(known, referral, kind, on, note, facts):
    same = (known.referral_id, known.kind, known.on, known.note) == (referral.pk, kind, on, note)
    if not same or any(getattr(known, name) != value for name, value in facts.items()):
        raise LoanError("这个 client_key 已经用在另一条答复上，请换一个再提交。", code="key_reused")
    known.replayed = True
    return known


def _move(referral, given, now):
    kind, green = given.kind, referral.green_channel
    if kind == AnswerKind.CONTACTED:
        referral.state, referral.due_on = LoanState.CONTACTED, due("decide", green=green, now=now)
    elif kind == AnswerKind.ASSESSING:
        if referral.state == LoanState.PUSHED:
            referral.due_on = due("decide", green=green, now=now)
        referral.state = LoanState.ASSESSING
    elif kind == AnswerKind.DECLINED:
        referral.state, referral.due_on = LoanState.DECLINED, None
        referral.reason, referral.ended_at = given.note, now
    elif kind == AnswerKind.AFTERCARE:
        referral.state = LoanState.AFTERCARE
    else:
        if not referral.is_paid:
            referral.state = LoanState.GRANTED
        referral.due_on = None
        referral.amount, referral.rate = given.amount, given.rate
        referral.term_months, referral.granted_on = given.term_months, given.on
    referral.save()


def _spoken(facts):
    return {name: f"{value}" for name, value in facts.items()}
