"""The indicators of loans (`domain.md` C.5): EMP-13 and EMP-14.

EMP-13 counts start-up loans that came of referrals, by the day the bank lent. EMP-14 sums what
banks' confirmed monthly returns count (A124), loans without a referral with them, in 万元.
"""

from decimal import Decimal

from django.db.models import F, Q
from django.urls import reverse

from placement.enums.loans import LOAN_PAID, LoanProduct
from placement.models import BankReturnLine, LoanReferral
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import WAN, Counted, Indicator, Kind, plain
from veterans_portal.masking import mask_name


def lent(span):
    """Start-up loans of referrals that were paid out in the span."""
    return Q(
        state__in=LOAN_PAID,
        product=LoanProduct.STARTUP,
        granted_on__gte=span.first,
        granted_on__lte=span.last,
    )


def returned(span):
    """Loans of confirmed returns by the day they were paid out."""
    return Q(counts=True, counted_on__gte=span.first, counted_on__lte=span.last)


LOANS = Counted(
    records=lambda: LoanReferral.objects.select_related("person", "bank"),
    when=lent,
    station="station_id",
    path="station__path",
    order=("station__path", "granted_on", "pk"),
    columns=(
        ("推荐编号", lambda loan: loan.number),
        ("姓名", lambda loan: mask_name(loan.person.name)),
        ("银行", lambda loan: loan.bank.name),
        ("放款日期", lambda loan: short(loan.granted_on)),
        ("放款金额", lambda loan: f"{loan.amount:,.2f}元"),
    ),
    link=lambda loan: reverse("placement:desk_loan", args=[loan.pk]),
)
MONEY = Counted(
    records=lambda: BankReturnLine.objects.annotate(wan=F("counted") / Decimal(WAN)).select_related(
        "bank", "referral", "of"
    ),
    when=returned,
    station="of__station_id",
    path="of__station__path",
    amount="wan",
    order=("of__station__path", "counted_on", "pk"),
    columns=(
        ("银行", lambda line: line.bank.name),
        ("产品", lambda line: line.get_product_display()),
        ("推荐编号", lambda line: line.referral.number if line.referral else "没有经平台推荐"),
        ("放款日期", lambda line: short(line.counted_on)),
        ("金额", lambda line: f"{plain(line.counted / WAN)}万元"),
    ),
    link=lambda line: reverse("placement:desk_bank_return", args=[line.of_id]),
)

EMP_13 = Indicator(
    code="EMP-13",
    name="退役军人创业贷发放笔数",
    unit="笔",
    kind=Kind.FLOW,
    core=False,
    counted=LOANS,
    hint="本月经平台推荐、银行已登记放款的退役军人创业贷笔数；创业担保贷款不在内。",
)
EMP_14 = Indicator(
    code="EMP-14",
    name="专属优惠贷款发放金额",
    unit="万元",
    kind=Kind.FLOW,
    places=2,
    counted=MONEY,
    hint="各银行月度回报经核对确认后计入的放款金额之和，按放款日期计入当月。",
)
