"""What loans add to the work desk and to a bank's room."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from placement.enums.loans import LOAN_WITH_BANK, BankReturnState, LoanState
from placement.models import BankReturn, LoanReferral
from services.enums import PartnerRole, Role
from services.partner_room import Tile
from services.perms import scope_of
from services.worklist import Item, Section, first_of, reach


def _works_as(user, *roles):
    return bool({role for _, role in scope_of(user).postings} & set(roles))


def loans_to_verify(user, *, below):
    """Wishes whose identity is to be verified, green ones and those soonest due first."""
    if not _works_as(user, Role.CLERK, Role.HEAD):
        return None
    rows = LoanReferral.objects.visible_to(user).filter(state=LoanState.SUBMITTED)
    return _section(
        "要核验的创业贷款", rows, user, below, job="核验身份",
        url=f"{reverse('placement:desk_loans')}?state={LoanState.SUBMITTED}",
    )  # fmt: skip


def loans_to_chase(user, *, below):
    """Referrals in the green channel, and those that a bank let wait beyond its term."""
    if not _works_as(user, Role.CLERK, Role.HEAD):
        return None
    rows = LoanReferral.objects.visible_to(user).filter(state__in=LOAN_WITH_BANK)
    rows = rows.filter(Q(green_channel=True) | Q(due_on__lt=timezone.localdate()))
    return _section(
        "绿色通道和银行逾期的贷款", rows, user, below, job="催办银行",
        url=f"{reverse('placement:desk_loans')}?green=1",
    )  # fmt: skip


def _section(title, rows, user, below, *, job, url):
    rows = reach(rows, user, below=below).select_related("person", "bank", "station")
    rows = first_of(rows.order_by("due_on", "-green_channel", "pk"), due="due_on")
    if not rows:
        return None
    items = [
        Item(
            title=f"{each.person.name}，{each.bank.name}",
            job=f"{job}（绿色通道）" if each.green_channel else job,
            url=reverse("placement:desk_loan", args=[each.pk]),
            due=each.due_on,
            note=each.station.name if below else each.get_state_display(),
        )
        for each in rows
    ]
    return Section(title, url, items, rows[0].in_all, rows[0].late, rows[0].today, unit="份")


def returns_to_check(user, *, below):
    """Banks' monthly returns that wait, oldest first; for reviewers and heads."""
    if not _works_as(user, Role.REVIEWER, Role.HEAD):
        return None
    rows = BankReturn.objects.visible_to(user).filter(state=BankReturnState.SUBMITTED)
    rows = reach(rows, user, below=below)
    rows = rows.select_related("bank", "station").order_by("uploaded_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=f"{each.bank.name}{each.month.month}月",
            job="银行回报核对",
            url=reverse("placement:desk_bank_return", args=[each.pk]),
            at=each.uploaded_at,
            note=each.station.name if below else "",
        )
        for each in rows
    ]
    url = f"{reverse('placement:desk_bank_returns')}?state={BankReturnState.SUBMITTED}"
    return Section("要核对的银行回报", url, items, rows[0].in_all, unit="份")


def loans_tile(partner, user):
    """A bank's referrals."""
    if PartnerRole.BANK not in partner.roles:
        return None
    waiting = LoanReferral.objects.of_bank(partner).filter(state=LoanState.PUSHED).count()
    return Tile(
        "贷款推荐", "联系本人、登记审批和放款",
        reverse("placement:partner_loans", args=[partner.pk]), "briefcase",
        f"{waiting}份等联系" if waiting else "",
    )  # fmt: skip


def returns_tile(partner, user):
    """A bank's monthly returns."""
    if PartnerRole.BANK not in partner.roles:
        return None
    back = BankReturn.objects.filter(bank=partner).order_by("-month", "-version").first()
    is_back = back is not None and back.state == BankReturnState.RETURNED
    return Tile(
        "月度回报", "上传上月放款的表格",
        reverse("placement:partner_bank_returns", args=[partner.pk]), "upload",
        "有一份要修改" if is_back else "",
    )  # fmt: skip
