"""A bank's month: uploaded, set against the referrals, decided line by line, accepted (A124)."""

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from accounts import audit, private_files
from placement import bank_sheets, perms
from placement.actions import loans
from placement.actions.loans.answering import Money
from placement.enums.loans import (
    DECISIONS,
    FINDING_TO_DECIDE,
    LOAN_PAID,
    LOAN_WITH_BANK,
    BankReturnState,
    Finding,
    LineDecision,
)
from placement.models import BankReturn, BankReturnLine, LoanReferral
from placement.notices import loans as notices
from services.actions.partners import is_member
from veterans_portal import locking
from veterans_portal.errors import DomainError


class BankReturnError(DomainError):
    """A rule about banks' monthly returns refuses."""

    code = "bank_return_refused"


class CellsRefused(BankReturnError):  # noqa: N818
    """Cells of the file are wrong; `problems` says which and how to mend them."""

    code = "cells"

    def __init__(self, problems):
        super().__init__(f"文件里有{len(problems)}处要改，改好以后再上传。", field="file")
        self.problems = problems


def locked(bank_return):
    """Return the bank's return, locked until the transaction ends."""
    rows = BankReturn.objects.select_related("bank", "station")
    return locking.locked(rows, getattr(bank_return, "pk", bank_return))


def upload(*, bank, month, data, by, now=None):
    """Take in a bank's workbook of a month and set it against the referrals; returns the BankReturn.

    By a member of the bank, or by staff who keep the bank. Raises CellsRefused with every wrong cell,
    FileRefused, or BankReturnError when the month has a return already.
    """
    now = now or timezone.now()
    _require_sender(bank, by)
    if month > timezone.localdate(now).replace(day=1):
        raise BankReturnError("这个月还没有到，请核对月份。", field="month")
    rows, problems = bank_sheets.read(data, bank, month)
    if problems:
        raise CellsRefused(problems)
    with transaction.atomic():
        return _keep(bank, month, data, rows, by, now)


def _keep(bank, month, data, rows, by, now):
    last = BankReturn.objects.filter(bank=bank, month=month).aggregate(last=Max("version"))["last"]
    try:
        with transaction.atomic():
            made = BankReturn.objects.create(
                bank=bank, station=bank.station, month=month, version=(last or 0) + 1,
                uploaded_by=by, uploaded_at=now,
            )  # fmt: skip
    except IntegrityError as clash:
        raise BankReturnError(
            "这个月已经有一份回报。要改的话，请核对中心先退回那一份。",
            code="month_taken", field="month",
        ) from clash  # fmt: skip
    lines = [_line(made, row) for row in rows]
    named = {each.referral_id for each in lines if each.referral_id}
    lines += _missing(made, bank_sheets.granted_in(bank, month).exclude(pk__in=named))
    BankReturnLine.objects.bulk_create(lines)
    made.file = private_files.keep(data, lasting=True)
    made.save(update_fields=["file"])
    _record("uploaded", made, by, lines=len(lines), month=f"{month:%Y-%m}")
    return made


def _line(made, row):
    line = BankReturnLine(
        of=made, bank=made.bank, row=row.row, referral=row.referral, receipt=row.receipt,
        product=row.product, amount=row.amount, rate=row.rate, term_months=row.term_months,
        granted_on=row.granted_on,
    )  # fmt: skip
    line.finding, line.differences = compare(line, row.referral)
    if line.finding not in FINDING_TO_DECIDE:
        _count(line, LineDecision.RETURN)
    return line


def compare(line, referral):
    """`(finding, differences)` of a line of a file; a difference is [what, returned, noted]."""
    if referral is None:
        return Finding.NO_REFERRAL, []
    if referral.state in LOAN_WITH_BANK:
        return Finding.NOT_NOTED, []
    if referral.state not in LOAN_PAID:
        return Finding.ENDED, [["推荐单", "已放款", referral.get_state_display()]]
    facts = (
        ("贷款产品", line.get_product_display(), referral.get_product_display()),
        ("放款金额", f"{line.amount:,.2f}元", f"{referral.amount:,.2f}元"),
        ("年利率", f"{line.rate.normalize():f}%", f"{referral.rate.normalize():f}%"),
        ("期限", f"{line.term_months}个月", f"{referral.term_months}个月"),
        ("放款日期", f"{line.granted_on:%Y-%m-%d}", f"{referral.granted_on:%Y-%m-%d}"),
    )
    differences = [list(each) for each in facts if each[1] != each[2]]
    return (Finding.DIFFERS if differences else Finding.MATCH), differences


def _count(line, decision):
    """Set what the line counts by a decision; it does once the return is accepted."""
    line.decision = decision
    if decision == LineDecision.RETURN:
        line.counted, line.counted_on = line.amount, line.granted_on
    elif decision == LineDecision.REFERRAL:
        line.counted, line.counted_on = line.referral.amount, line.referral.granted_on
    else:
        line.counted = line.counted_on = None


@transaction.atomic
def decide(*, line, decision, by, reason="", now=None):
    """Decide a line that differs from its referral: whose figure counts, or neither."""
    bank_return = locked(line.of_id)
    _require_checker(bank_return, by)
    _must_be_open(bank_return)
    line = locking.locked(BankReturnLine.objects.select_related("referral"), line.pk)
    if decision not in DECISIONS.get(Finding(line.finding), []):
        raise BankReturnError("这一笔不能这样决定，请重新选择。", field="decision")
    if decision == LineDecision.REFERRAL and not line.referral.is_paid:
        raise BankReturnError("推荐单上没有放款记录，请重新选择。", field="decision")
    _count(line, decision)
    line.reason = reason.strip()[:200]
    line.decided_by, line.decided_at = by, now or timezone.now()
    line.save()
    _record("line_decided", bank_return, by, line=line.pk, decision=decision, reason=line.reason)
    return line


def accept(*, bank_return, by, now=None):
    """Confirm the return: its lines count for EMP-14, and referrals take over what was decided.

    By a reviewer or head who did not upload it, once nothing is left to decide. When referrals moved
    since the upload the lines are compared anew, and it raises BankReturnError (`moved`).
    """
    with transaction.atomic():
        bank_return = locked(bank_return)
        _require_checker(bank_return, by)
        _must_be_open(bank_return)
        moved = _compare_again(bank_return)
        if not moved:
            return _accept(bank_return, by, now or timezone.now())
    raise BankReturnError(
        f"推荐单后来有{moved}笔新的登记，已重新核对，请再看一遍有差异的。", code="moved"
    )


def _accept(bank_return, by, now):
    if bank_return.uploaded_by_id == by.pk:
        raise BankReturnError("您上传的回报请由另一位同事确认。", code="own_upload")
    if left := bank_return.lines.undecided().count():
        raise BankReturnError(f"还有{left}笔没有决定，请先逐笔决定。", code="undecided")
    _take_over(bank_return, by, now)
    try:
        with transaction.atomic():
            bank_return.lines.exclude(decision=LineDecision.LEAVE_OUT).update(counts=True)
    except IntegrityError as clash:
        raise BankReturnError(
            "有一笔的推荐编号或借据号已经在别的月份计入。请退回银行，或把重复的那一笔决定为“不计入”。",
            code="counted_already",
        ) from clash
    bank_return.state = BankReturnState.ACCEPTED
    bank_return.decided_by, bank_return.decided_at = by, now
    bank_return.save()
    total = bank_return.lines.filter(counts=True).aggregate(sum=Sum("counted"))["sum"]
    _record("accepted", bank_return, by, yuan=f"{total or 0}")
    notices.tell_bank_of_return(bank_return, notices.return_accepted(bank_return))
    return bank_return


def _compare_again(bank_return):
    """Write down what lines are against referrals that moved since; those wait for a decision again.

    Returns how many they are.
    """
    moved, missing = _stale(bank_return)
    for line in moved:
        line.finding, line.differences = compare(line, line.referral)
        line.decision = line.decided_by = line.decided_at = None
        line.counted = line.counted_on = None
        if line.finding not in FINDING_TO_DECIDE:
            _count(line, LineDecision.RETURN)
        line.save()
    BankReturnLine.objects.bulk_create(_missing(bank_return, missing))
    return len(moved) + len(missing)


def _stale(bank_return):
    """`(lines, referrals)`: lines that now compare otherwise, and referrals granted since without
    a line. Their referrals stay locked until the transaction ends."""
    with_one = bank_return.lines.filter(referral__isnull=False)
    keys = list(with_one.values_list("referral_id", flat=True))
    locks = LoanReferral.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    by_key = {each.pk: each for each in locks}
    moved = []
    for line in with_one.filter(row__isnull=False).order_by("pk"):
        line.referral = by_key[line.referral_id]
        if compare(line, line.referral) != (line.finding, line.differences):
            moved.append(line)
    missing = bank_sheets.granted_in(bank_return.bank, bank_return.month).exclude(pk__in=keys)
    return moved, list(missing)


def _missing(bank_return, referrals):
    """Lines for referrals that the bank noted as lent in the month and its file leaves out."""
    return [
        BankReturnLine(
            of=bank_return, bank=bank_return.bank, referral=each, product=each.product,
            finding=Finding.MISSING,
        )
        for each in referrals
    ]  # fmt: skip


def _take_over(bank_return, by, now):
    """Bring referrals up to what was decided by the return."""
    lines = bank_return.lines.filter(
        decision=LineDecision.RETURN, finding__in=[Finding.NOT_NOTED, Finding.DIFFERS]
    ).select_related("referral")
    for line in lines.order_by("referral_id"):
        loans.correct(
            referral=line.referral, on=line.granted_on, by=by, now=now,
            client_key=f"return-{bank_return.pk}-{line.pk}",
            money=Money(line.amount, line.rate, line.term_months),
        )  # fmt: skip


@transaction.atomic
def send_back(*, bank_return, by, reason, now=None):
    """Return it to the bank with the reason; it uploads a mended one."""
    bank_return = locked(bank_return)
    _require_checker(bank_return, by)
    _must_be_open(bank_return)
    if not reason.strip():
        raise BankReturnError("请写明原因，银行会看到。", field="reason")
    bank_return.state, bank_return.reason = BankReturnState.RETURNED, reason.strip()[:200]
    bank_return.decided_by, bank_return.decided_at = by, now or timezone.now()
    bank_return.save()
    _record("sent_back", bank_return, by, reason=bank_return.reason)
    notices.tell_bank_of_return(bank_return, notices.return_sent_back(bank_return))
    return bank_return


def _require_sender(bank, by):
    allowed = perms.may_keep_loans(by, bank.station) if by.is_staff_member else is_member(by, bank)
    if not allowed:
        raise BankReturnError("请由这家银行的成员或对接中心上传。", code="not_yours")


def _require_checker(bank_return, by):
    if not perms.may_check_loans(by, bank_return.station):
        raise BankReturnError("请由对接中心的审核人或负责人核对。", code="not_yours")


def _must_be_open(bank_return):
    if bank_return.state != BankReturnState.SUBMITTED:
        raise BankReturnError(
            f"这份回报现在是“{bank_return.get_state_display()}”，请刷新页面再看。",
            code="wrong_state",
        )


def _record(act, bank_return, by, **detail):
    audit.record(
        f"placement.bank_return_{act}", bank_return, by=by, station=bank_return.station,
        detail={"bank": bank_return.bank_id} | detail,
    )  # fmt: skip
