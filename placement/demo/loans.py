"""Demonstration loans: the first half of 2025 gives A124 exactly (60000万元 over the five banks),
months since go on, last month's returns wait with differences, and some referrals are under way.
"""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placement.actions.recruitment import VETERANS
from placement.enums.loans import (
    LOAN_PAID,
    AnsweredBy,
    AnswerKind,
    BankReturnState,
    Borrower,
    Finding,
    LineDecision,
    LoanProduct,
    LoanState,
)
from placement.models import BankReturn, BankReturnLine, LoanAnswer, LoanReferral, LoanTerms
from services.actions.workdays import due_day
from services.demo.partners import SAMPLES, credit_code
from services.enums import PartnerRole
from services.models import Identity, Partner, Person
from veterans_portal.indicators import next_month, previous_month

FIRST = date(2025, 1, 1)
HALF_YEAR = [date(2025, month, 1) for month in range(1, 7)]
A124 = Decimal(600_000_000)  # yuan: 6亿元 in the first half of 2025
A_MONTH = A124 / 30  # of each of five banks in each of six months
LOANS_A_MONTH = 24  # of a bank, of them the first REFERRED came of referrals
REFERRED = 1
LATER = 8  # loans of a bank in a month after the half year
BUSINESSES = (
    ("生鲜配送", "购置冷藏车"), ("汽车维修", "添置检测设备"), ("农家乐", "改造厨房和客房"),
    ("无人机植保", "购置植保无人机"), ("紫砂工作室", "租用场地、购买泥料"), ("五金加工", "购置数控车床"),
    ("家政服务", "培训和周转"), ("水产养殖", "建冷库"),
)  # fmt: skip
# State, days since it was pushed (None: not yet), green channel.
OPEN = (
    (LoanState.SUBMITTED, None, ""), (LoanState.SUBMITTED, None, ""), (LoanState.PUSHED, 1, ""),
    (LoanState.PUSHED, 1, "立二等功，已签供货合同"), (LoanState.PUSHED, 9, ""),
    (LoanState.CONTACTED, 4, ""), (LoanState.ASSESSING, 12, "参战退役军人"),
    (LoanState.ASSESSING, 8, ""), (LoanState.DECLINED, 20, ""), (LoanState.WITHDRAWN, 6, ""),
)  # fmt: skip


@transaction.atomic
def load(*, seed=2025, today=None):
    """Make them once; needs partners and persons."""
    today = today or timezone.localdate()
    banks = _banks()
    checker = User.objects.filter(staff_number="CS003").first()
    if not banks or checker is None or BankReturn.objects.exists():
        return
    _terms()
    maker = _Maker(random.Random(seed), banks, checker, today)
    month = FIRST
    while month < today.replace(day=1):
        maker.month(month)
        month = next_month(month)
    maker.save()
    maker.open_referrals()


def _banks():
    codes = [credit_code(n) for n, each in enumerate(SAMPLES) if PartnerRole.BANK in each.roles]
    return list(Partner.objects.filter(credit_code__in=codes).order_by("credit_code"))


def _terms():
    LoanTerms.objects.get_or_create(
        effective_from=date(2024, 12, 1),
        defaults={
            "verify_workdays": 3, "contact_workdays": 3, "decide_workdays": 15,
            "green_verify_workdays": 1, "green_contact_workdays": 1, "green_decide_workdays": 7,
            "basis": "示例：市局与五家银行的合作协议",
        },
    )  # fmt: skip


def _moment(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


class _Maker:
    """Puts everything together in memory, then writes it in a few statements."""

    def __init__(self, dice, banks, checker, today):
        self.dice, self.banks, self.checker, self.today = dice, banks, checker, today
        self.members = {
            bank.pk: bank.members.order_by("pk").values_list("user_id", flat=True).first()
            for bank in banks
        }
        veterans = Identity.objects.valid().filter(category__in=VETERANS).values("person")
        people = Person.objects.filed().filter(pk__in=veterans).order_by("pk")
        self.people = list(people.select_related("account", "station")[:400])
        self.next_person = 0
        self.returns, self.lines, self.referrals, self.answers = [], [], [], []

    def month(self, month):
        """Each bank's return of a month."""
        last = month == previous_month(self.today)
        for number, bank in enumerate(self.banks):
            waits = last and number < 2
            until = _moment(next_month(month) + timedelta(days=4))
            made = BankReturn(
                bank=bank, station_id=bank.station_id, month=month, version=1,
                uploaded_by_id=self.members[bank.pk], uploaded_at=until,
            )  # fmt: skip
            if not waits:
                made.state = BankReturnState.ACCEPTED
                made.decided_by, made.decided_at = self.checker, until + timedelta(days=1)
            self.returns.append(made)
            self._loans(made, waits)

    def _loans(self, made, waits):
        amounts = self._amounts(made.month)
        for position, amount in enumerate(amounts):
            on = made.month + timedelta(days=self.dice.randrange(27))
            rate = Decimal(self.dice.choice(["2.6", "2.85", "3.1", "3.35"]))
            months = self.dice.choice([12, 24, 36, 60])
            referral = None
            if position < REFERRED:
                referral = self._granted(made.bank, on, amount, rate, months)
            line = BankReturnLine(
                of=made, bank=made.bank, row=position + 2, referral=referral,
                receipt=f"JJ{made.bank_id:04d}{made.month:%Y%m}{position:03d}",
                product=LoanProduct.STARTUP if position % 6 else LoanProduct.GUARANTEED,
                amount=amount, rate=rate, term_months=months, granted_on=on,
                finding=Finding.MATCH if referral else Finding.NO_REFERRAL,
                decision=LineDecision.RETURN, counted=amount, counted_on=on, counts=not waits,
            )  # fmt: skip
            if referral is not None:
                line.product = referral.product
                if waits:
                    self._differ(line)
            self.lines.append(line)

    def _differ(self, line):
        """The bank's file says another amount than its room."""
        noted = line.amount
        line.amount += 20_000
        line.finding = Finding.DIFFERS
        line.differences = [["放款金额", f"{line.amount:,.2f}元", f"{noted:,.2f}元"]]
        line.decision = line.counted = line.counted_on = None

    def _amounts(self, month):
        """Round amounts; in the half year they make a thirtieth of A124."""
        if month not in HALF_YEAR:
            return [Decimal(self.dice.randrange(10, 90) * 10_000) for _ in range(LATER)]
        found = [Decimal(self.dice.randrange(20, 120) * 10_000) for _ in range(LOANS_A_MONTH - 1)]
        return [*found, A_MONTH - sum(found)]

    def _person(self):
        person = self.people[self.next_person % len(self.people)]
        self.next_person += 1
        return person

    def _referral(self, bank, person, day, **more):
        business, purpose = BUSINESSES[len(self.referrals) % len(BUSINESSES)]
        return LoanReferral(
            number=f"DK{day:%Y%m}9{len(self.referrals):05d}", person=person, station=person.station,
            bank=bank, borrower=self.dice.choice(Borrower.values), business=business,
            purpose=purpose, wanted_months=36, by=self.checker,
            client_key=f"demo-loan-{len(self.referrals):05d}", created_at=_moment(day),
            submitted_at=_moment(day), written_consent=f"同意书{day:%Y}-{len(self.referrals):03d}",
            **more,
        )  # fmt: skip

    def _granted(self, bank, on, amount, rate, months):
        pushed = on - timedelta(days=12)
        referral = self._referral(
            bank, self._person(), pushed - timedelta(days=2), product=LoanProduct.STARTUP,
            state=LoanState.GRANTED, wanted=amount, verified_by=self.checker,
            verified_at=_moment(pushed), pushed_at=_moment(pushed), amount=amount, rate=rate,
            term_months=months, granted_on=on,
        )  # fmt: skip
        self.referrals.append(referral)
        self.answers.append(self._answer(
            referral, AnswerKind.GRANTED, on, amount=amount, rate=rate, term_months=months
        ))  # fmt: skip
        return referral

    def _answer(self, referral, kind, on, **facts):
        return LoanAnswer(
            referral=referral, bank=referral.bank, kind=kind, on=on, via=AnsweredBy.ROOM,
            client_key=f"demo-answer-{len(self.answers):05d}",
            by_id=self.members[referral.bank_id], at=_moment(on, 16), **facts,
        )  # fmt: skip

    def save(self):
        """Write what was put together."""
        LoanReferral.objects.bulk_create(self.referrals)
        LoanAnswer.objects.bulk_create(self.answers)
        BankReturn.objects.bulk_create(self.returns)
        BankReturnLine.objects.bulk_create(self.lines, batch_size=1000)

    def open_referrals(self):
        """Referrals under way, each at another step; their clock runs from today."""
        kept, self.answers = len(self.answers), []
        made = []
        for number, (state, days, green) in enumerate(OPEN):
            day = self.today - timedelta(days=days or 0)
            referral = self._referral(
                self.banks[number % len(self.banks)], self._person(), day,
                product=LoanProduct.GUARANTEED if number % 5 == 4 else LoanProduct.STARTUP,
                state=state, wanted=Decimal(100_000 * (number + 1)), green_reason=green,
                green_channel=bool(green),
            )  # fmt: skip
            if days is not None:
                referral.verified_by = self.checker
                referral.verified_at = referral.pushed_at = _moment(day)
            if state in (LoanState.DECLINED, LoanState.WITHDRAWN):
                referral.ended_at = _moment(self.today, 9)
                referral.reason = "征信有逾期" if state == LoanState.DECLINED else "改用自有资金"
            elif state not in LOAN_PAID:
                referral.due_on = due_day(3, after=day)
            self.referrals.append(referral)
            made.append(referral)
        LoanReferral.objects.bulk_create(made)
        for referral in made:
            if referral.state in (LoanState.CONTACTED, LoanState.ASSESSING):
                answer = self._answer(referral, AnswerKind.CONTACTED, self.today)
                answer.client_key = f"demo-answer-{kept + len(self.answers):05d}"
                self.answers.append(answer)
        LoanAnswer.objects.bulk_create(self.answers)
