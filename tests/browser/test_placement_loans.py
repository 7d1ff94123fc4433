"""From a loan wish on a phone to the bank's amount in the month's return, each by its own role."""

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.loan_indicators import EMP_14
from placement.models import BankReturn, LoanReferral
from reports import counting
from services.enums import Role
from services.models import Station
from tests.browser import checks, excel, hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_loans import LoanTermsFactory
from tests.placement.fair_scene import veteran
from veterans_portal.indicators import Span

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """A village's clerk, a bank kept by the district with its reviewer, a veteran of the village."""
    place = village.build()
    LoanTermsFactory()
    place.clerk = village.staff(place.village)
    place.checker = village.staff(place.district, role=Role.REVIEWER)
    place.bank = PartnerFactory(bank=True, station=place.district, name="太湖银行无锡分行")
    place.member = PartnerMemberFactory(partner=place.bank).user
    place.person = veteran(place.village, name="王建国")
    return place


def test_loan__from_the_wish_to_the_amount_in_the_months_return(
    browser, live_server, place, tmp_path
):
    base = live_server.url
    with hands.page_of(browser, hands.PHONE) as phone:
        hands.sign_in_at_once(phone, base, place.person.account)
        veteran_wishes(phone, base, place)
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_at_once(desk, base, place.clerk)
        clerk_verifies(desk, base)
    with hands.page_of(browser, hands.DESKTOP, accept_downloads=True) as bank:
        hands.sign_in_at_once(bank, base, place.member)
        bank_answers(bank, base, place)
        bank_returns(bank, base, place, tmp_path)
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_at_once(desk, base, place.checker)
        reviewer_confirms(desk, base)
    with hands.page_of(browser, hands.PHONE) as phone:
        hands.sign_in_at_once(phone, base, place.person.account)
        phone.goto(base + reverse("placement:my_loan", args=[LoanReferral.objects.get().pk]))
        sees(phone, "已放款", "280,000.00元")
        checks.assert_stands(phone)
    city = Station.objects.get(parent=None)
    today = timezone.localdate()
    assert counting.total(Span(today, today), city, EMP_14).value == 28


def veteran_wishes(phone, base, place):
    phone.goto(base + reverse("work"))
    follow(phone, "创业贷款")
    follow(phone, "申请贷款")
    checks.assert_stands(phone)
    main = phone.get_by_role("main")
    main.get_by_label("退役军人创业贷").check()
    main.get_by_label("准备创业的退役军人").check()
    main.get_by_label(place.bank.name).check()
    fill(phone, 经营项目="生鲜配送", 贷款用途="购置冷藏车", 想贷多少="300000", 想贷多久="36")
    press(phone, "下一步")
    sees(phone, f"只告诉{place.bank.name}一家")
    checks.assert_stands(phone)
    main.get_by_label("我同意把上面这些内容告诉").check()
    press(phone, "同意并提交")
    sees(phone, "待核验身份")


def clerk_verifies(desk, base):
    desk.goto(base + reverse("services:desk"))
    follow(desk, "王建国，太湖银行无锡分行")
    heading(desk, "王建国")
    checks.assert_stands(desk)
    press(desk, "核验通过并推送银行")
    sees(desk, "已推送银行")


def bank_answers(bank, base, place):
    bank.goto(base + reverse("services:partner_room", args=[place.bank.pk]))
    follow(bank, "贷款推荐")
    follow(bank, LoanReferral.objects.get().number)
    sees(bank, "王建国", "登记进展")
    checks.assert_stands(bank)
    bank.get_by_role("main").get_by_label("已放款", exact=True).check()
    fill(bank, 放款金额="280000", 年利率="2.6", 期限="36")
    press(bank, "登记")
    sees(bank, "280,000.00元")


def bank_returns(bank, base, place, folder):
    bank.goto(base + reverse("placement:partner_bank_returns", args=[place.bank.pk]))
    checks.assert_stands(bank)
    month = f"{timezone.localdate():%Y-%m}"
    main = bank.get_by_role("main")
    main.get_by_label("哪个月").select_option(month)
    with bank.expect_download() as download:
        press(bank, "下载表格")
    path = folder / "回报.xlsx"
    download.value.save_as(path)
    excel.type_into(path, "借据号", {LoanReferral.objects.get().number: "JJ-2026-0001"})
    main.get_by_label("月份").select_option(month)
    main.get_by_label("回报文件").set_input_files(path)
    press(bank, "上传")
    sees(bank, "一致", "280,000.00元")


def reviewer_confirms(desk, base):
    desk.goto(base + reverse("services:desk"))
    follow(desk, "太湖银行无锡分行")
    sees(desk, "没有要决定的了")
    checks.assert_stands(desk)
    press(desk, "确认这份回报")
    sees(desk, "已确认")
    assert BankReturn.objects.get().decided_by is not None
