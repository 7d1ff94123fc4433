"""A bank's month: the file cell by cell, what differs, who decides, what counts for A124."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import Message
from placement import bank_sheets
from placement.actions import bank_returns as acts
from placement.actions import loans
from placement.actions.bank_returns import BankReturnError, CellsRefused
from placement.enums.loans import (
    AnswerKind,
    BankReturnState,
    Finding,
    LineDecision,
    LoanProduct,
    LoanState,
)
from placement.loan_indicators import EMP_13, EMP_14
from placement.models import BankReturn, BankReturnLine, LoanReferral
from reports import counting
from services.rosters.reading import FileRefused
from tests.factories.partners import PartnerFactory
from tests.factories.placement_loans import (
    BankReturnFactory,
    BankReturnLineFactory,
    LoanReferralFactory,
)
from tests.placement.loan_scene import MONEY, answer, granted, loan_row, pushed, scene, workbook
from veterans_portal.indicators import Span, previous_month

pytestmark = pytest.mark.django_db
MONTH = timezone.localdate().replace(day=1)
HOSTILE = ["<b>x</b>", "=cmd|'/c calc'!A1", "🎖️", "9" * 28, "9999-12-31", "-1", "1e400", "NaN"]


@pytest.fixture
def s():
    return scene()


def upload(s, *rows, month=MONTH, by=None):
    return acts.upload(bank=s.bank, month=month, data=workbook(*rows), by=by or s.member)


def findings(made):
    return list(made.lines.order_by("row", "pk").values_list("finding", flat=True))


def figure(indicator, station, month=MONTH):
    city = station
    while city.parent is not None:
        city = city.parent
    return counting.total(Span.month(month), city, indicator).value


def sheet_rows(bank):
    book = CalamineWorkbook.from_filelike(io.BytesIO(bank_sheets.template(bank, MONTH)))
    return book.get_sheet_by_index(0).to_python()


def test_sheet__has_the_banks_own_referrals__with_what_it_noted(s):
    paid, open_ = granted(s), pushed(s, product=LoanProduct.GUARANTEED, key="wish-key-2")
    LoanReferralFactory(pushed=True)
    rows = sheet_rows(s.bank)
    assert [row[0] for row in rows] == ["推荐编号", paid.number, open_.number]
    assert rows[1][3:6] == [300000, 2.6, 36]


def test_sheet__with_receipts_filled_in__is_read_back__without_those_that_came_to_nothing(s):
    granted(s)
    pushed(s, product=LoanProduct.GUARANTEED, key="wish-key-2")
    rows = [[cell or None for cell in row] for row in sheet_rows(s.bank)[1:]]
    rows[0][1] = "JJ-0001"
    assert findings(upload(s, *rows)) == [Finding.MATCH]


def test_match__counts_without_a_decision__once_another_confirms(s):
    paid = granted(s)
    made = upload(s, loan_row(number=paid.number))
    assert figure(EMP_14, s.bank.station) == 0
    acts.accept(bank_return=made, by=s.checker)
    assert figure(EMP_14, s.bank.station) == Decimal(30)
    assert Message.objects.filter(user=s.member, title="月度回报已确认").exists()


def test_without_referral__counts_as_returned(s):
    made = upload(s, loan_row(amount=1234567.89))
    assert findings(made) == [Finding.NO_REFERRAL]
    acts.accept(bank_return=made, by=s.checker)
    assert BankReturnLine.objects.get().counted == Decimal("1234567.89")


def test_differs__shows_both__and_waits_for_a_decision(s):
    paid = granted(s)
    made = upload(s, loan_row(number=paid.number, amount=350000, months=24))
    line = made.lines.get()
    assert line.differences == [
        ["放款金额", "350,000.00元", "300,000.00元"], ["期限", "24个月", "36个月"],
    ]  # fmt: skip
    with pytest.raises(BankReturnError, match="没有决定"):
        acts.accept(bank_return=made, by=s.checker)


@pytest.mark.parametrize(
    ("decision", "counted", "at_referral"),
    [
        (LineDecision.RETURN, Decimal(35), Decimal(350000)),
        (LineDecision.REFERRAL, Decimal(30), Decimal(300000)),
        (LineDecision.LEAVE_OUT, Decimal(0), Decimal(300000)),
    ],
)
def test_decision__says_whose_figure_counts(s, decision, counted, at_referral):
    paid = granted(s)
    made = upload(s, loan_row(number=paid.number, amount=350000))
    acts.decide(line=made.lines.get(), decision=decision, by=s.checker, reason="核对了借据")
    acts.accept(bank_return=made, by=s.checker)
    paid.refresh_from_db()
    assert (figure(EMP_14, s.bank.station), paid.amount) == (counted, at_referral)
    corrected = paid.answers.filter(kind=AnswerKind.CORRECTED).exists()
    assert corrected is (decision == LineDecision.RETURN)


def test_not_noted__taken_over__grants_the_referral(s):
    open_ = pushed(s)
    made = upload(s, loan_row(number=open_.number))
    assert findings(made) == [Finding.NOT_NOTED]
    acts.decide(line=made.lines.get(), decision=LineDecision.RETURN, by=s.checker)
    acts.accept(bank_return=made, by=s.checker)
    open_.refresh_from_db()
    assert (open_.state, open_.amount) == (LoanState.GRANTED, Decimal(300000))
    assert figure(EMP_13, s.station) == 1


def test_ended_referral__may_count__but_stays_ended(s):
    gone = loans.withdraw(referral=pushed(s), by=s.person.account)
    made = upload(s, loan_row(number=gone.number))
    assert findings(made) == [Finding.ENDED]
    acts.decide(line=made.lines.get(), decision=LineDecision.RETURN, by=s.checker)
    acts.accept(bank_return=made, by=s.checker)
    gone.refresh_from_db()
    assert (gone.state, figure(EMP_14, s.bank.station)) == (LoanState.WITHDRAWN, Decimal(30))


def test_missing__referral_that_the_file_leaves_out__is_a_line_to_decide(s):
    granted(s)
    made = upload(s, loan_row())
    assert findings(made) == [Finding.NO_REFERRAL, Finding.MISSING]
    line = made.lines.get(finding=Finding.MISSING)
    with pytest.raises(BankReturnError):
        acts.decide(line=line, decision=LineDecision.RETURN, by=s.checker)
    acts.decide(line=line, decision=LineDecision.REFERRAL, by=s.checker)
    acts.accept(bank_return=made, by=s.checker)
    assert figure(EMP_14, s.bank.station) == Decimal(60)


def test_accept__after_the_bank_noted_something_since__compares_again(s):
    open_ = pushed(s)
    made = upload(s, loan_row(number=open_.number))
    acts.decide(line=made.lines.get(), decision=LineDecision.RETURN, by=s.checker)
    answer(s, open_, AnswerKind.GRANTED, key="grant-key-1", money=MONEY)
    with pytest.raises(BankReturnError) as refused:
        acts.accept(bank_return=made, by=s.checker)
    assert refused.value.code == "moved"
    assert findings(made) == [Finding.MATCH]
    acts.accept(bank_return=made, by=s.checker)
    assert figure(EMP_14, s.bank.station) == Decimal(30)


def test_one_referral__in_two_months__counts_once(s):
    paid = granted(s)
    acts.accept(bank_return=upload(s, loan_row(number=paid.number)), by=s.checker)
    before = previous_month(MONTH)
    again = upload(s, loan_row(number=paid.number, receipt="JJ-2", on=f"{before}"), month=before)
    acts.decide(line=again.lines.get(), decision=LineDecision.RETURN, by=s.checker)
    with pytest.raises(BankReturnError, match="已经在别的月份计入"):
        acts.accept(bank_return=again, by=s.checker)
    again.refresh_from_db()
    paid.refresh_from_db()
    assert again.state == BankReturnState.SUBMITTED
    assert paid.granted_on == timezone.localdate()


def test_one_receipt__in_two_months__counts_once(s):
    acts.accept(bank_return=upload(s, loan_row()), by=s.checker)
    before = previous_month(MONTH)
    again = upload(s, loan_row(on=f"{before}"), month=before)
    with pytest.raises(BankReturnError, match="借据号"):
        acts.accept(bank_return=again, by=s.checker)


def test_month__takes_one_return__a_mended_one_after_it_was_sent_back(s):
    made = upload(s, loan_row())
    with pytest.raises(BankReturnError, match="已经有一份"):
        upload(s, loan_row())
    with pytest.raises(BankReturnError):
        acts.send_back(bank_return=made, by=s.checker, reason=" ")
    acts.send_back(bank_return=made, by=s.checker, reason="金额单位写成了万元")
    assert upload(s, loan_row()).version == 2
    assert Message.objects.filter(user=s.member, title="月度回报要修改").exists()


def test_month__ahead__is_refused(s):
    ahead = date(MONTH.year + 1, MONTH.month, 1)
    with pytest.raises(BankReturnError, match="还没有到"):
        upload(s, loan_row(on=f"{ahead}"), month=ahead)


def test_upload__by_another_bank_or_station__is_refused(s):
    for by in (s.clerk, s.person.account):
        with pytest.raises(BankReturnError):
            upload(s, loan_row(), by=by)


def test_upload__by_staff__is_confirmed_by_another(s):
    made = upload(s, loan_row(), by=s.keeper)
    with pytest.raises(BankReturnError):
        acts.accept(bank_return=made, by=s.keeper)
    assert acts.accept(bank_return=made, by=s.checker).state == BankReturnState.ACCEPTED


def test_accept__by_who_may_not__is_refused(s):
    made = upload(s, loan_row())
    for by in (s.member, s.clerk, s.keeper):
        with pytest.raises(BankReturnError):
            acts.accept(bank_return=made, by=by)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"number": "DK000000000000"}, "推荐编号", "没有推送给贵行"),
        ({"receipt": None}, "借据号", "请填写"),
        ({"receipt": "借据一"}, "借据号", "字母、数字"),
        ({"product": "房贷"}, "贷款产品", "请写"),
        ({"amount": "三十万"}, "放款金额", "请只写数字"),
        ({"amount": 0}, "放款金额", "应大于0"),
        ({"amount": 100000001}, "放款金额", "不超过1亿元"),
        ({"amount": 1.005}, "放款金额", "两位小数"),
        ({"rate": 0.026}, "年利率", "请写百分数"),
        ({"rate": 25}, "年利率", "0至24"),
        ({"months": 0}, "期限", "1至360"),
        ({"months": 12.5}, "期限", "整数"),
        ({"on": "昨天"}, "放款日期", "年-月-日"),
        ({"on": "1999-01-01"}, "放款日期", "不在"),
    ],
)
def test_cell__that_is_wrong__is_named__and_nothing_is_kept(s, cells, column, words):
    with pytest.raises(CellsRefused) as refused:
        upload(s, loan_row(receipt="JJ-OK"), loan_row(**{"receipt": "JJ-2"} | cells))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert not BankReturn.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_cells__with_anything_at_all__are_refused_in_words(s, text):
    with pytest.raises(CellsRefused) as refused:
        upload(s, [text] * 7)
    assert {each.row for each in refused.value.problems} == {2}


def test_receipt_or_number__twice_in_a_file__is_named(s):
    paid = granted(s)
    with pytest.raises(CellsRefused) as refused:
        upload(s, loan_row(number=paid.number), loan_row(number=paid.number))
    assert [each.column for each in refused.value.problems] == ["借据号", "推荐编号"]


def test_amount__with_commas_as_text__is_read(s):
    made = upload(s, loan_row(amount="1,234,567.80"))
    assert made.lines.get().amount == Decimal("1234567.80")


def test_number_of_another_bank__is_unknown(s):
    other = LoanReferralFactory(pushed=True, bank=PartnerFactory(bank=True))
    with pytest.raises(CellsRefused):
        upload(s, loan_row(number=other.number))


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04 broken", workbook(), workbook(loan_row(), titles=["a"])]
)
def test_file__that_is_no_return__is_refused(s, data):
    with pytest.raises(FileRefused):
        acts.upload(bank=s.bank, month=MONTH, data=data, by=s.member)


def test_emp_14__recounted_from_the_lines__by_day_and_only_confirmed(s):
    of = BankReturnFactory(bank=s.bank)
    before = previous_month(MONTH)
    rows = [
        BankReturnLineFactory(of=of, counts=True, counted=Decimal("123456.78")),
        BankReturnLineFactory(of=of, counts=True, counted=Decimal("500000.00")),
        BankReturnLineFactory(of=of, counts=True, counted_on=before),
        BankReturnLineFactory(of=of, counts=False),
    ]
    yuan = sum(each.counted for each in rows if each.counts and each.counted_on == MONTH)
    assert yuan == Decimal("623456.78")
    assert figure(EMP_14, s.bank.station) == yuan / 10000
    assert figure(EMP_14, s.bank.station, before) == Decimal(50)


def test_emp_13__recounted__start_up_loans_only(s):
    paid = [LoanReferralFactory(granted=True, person__station=s.station) for _ in range(3)]
    paid[0].granted_on = previous_month(MONTH)
    paid[0].save()
    LoanReferralFactory(granted=True, person__station=s.station, product=LoanProduct.GUARANTEED,
                        granted_on=MONTH)  # fmt: skip
    LoanReferral.objects.filter(pk__in=[each.pk for each in paid[1:]]).update(granted_on=MONTH)
    assert figure(EMP_13, s.station) == 2
