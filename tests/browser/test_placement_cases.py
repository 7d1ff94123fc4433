"""A placement year, each by their own role: the employer's demand to published posts, the points to
the person's confirmation and a publication that everybody reads."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.enums import CaseState, PlanState
from placement.models import PlacementPlan, ScorePublication
from services.enums import PartnerNature, Role
from tests.browser import checks, hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_plans import DemandCallFactory
from tests.placement import placing_scene as scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """A district centre with its staff, an employer it asks, and a person whose points are counted."""
    scene.calendar()
    town = village.build()
    place = scene.centre(town.district)
    place.clerk, place.second = village.staff(town.district), village.staff(town.district)
    place.head = village.staff(town.district, role=Role.HEAD)
    place.reviewer = village.staff(town.district, role=Role.REVIEWER)
    place.partner = PartnerFactory(
        station=town.district, name="江阴临港建设有限公司", nature=PartnerNature.STATE_ENTERPRISE
    )
    place.member = PartnerMemberFactory(partner=place.partner).user
    place.call = DemandCallFactory(station=town.district, year=timezone.localdate().year)
    place.case = scene.checked_in(place, name="程远帆")
    return place


def test_placement_year__from_demand_and_points__each_by_their_own_role(
    browser, live_server, place
):
    base = live_server.url
    at = SimpleNamespace(base=base, browser=browser, place=place)
    with hands.page_of(browser, hands.PHONE) as phone:
        hands.sign_in_at_once(phone, base, place.member)
        employer_offers(phone, at)
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_at_once(desk, base, place.clerk)
        clerk_counts_and_plans(desk, at)
        with hands.page_of(browser, hands.DESKTOP) as other:
            hands.sign_in_at_once(other, base, place.head)
            head_checks_and_approves(other, at)
            clerk_finishes(desk, at)
            with hands.page_of(browser, hands.PHONE) as phone:
                hands.sign_in_at_once(phone, base, place.case.person.account)
                person_confirms_and_wishes(phone, at)
            clerk_prepares(desk, at)
            head_publishes_scores(other, at)
    with hands.page_of(browser, hands.PHONE) as anybody:
        everybody_reads(anybody, at)
    place.case.refresh_from_db()
    assert place.case.state == CaseState.SCORE_PUBLICITY
    assert PlacementPlan.objects.get().state == PlanState.PUBLISHED


def employer_offers(phone, at):
    phone.goto(f"{at.base}{at.place.partner.get_absolute_url()}")
    follow(phone, "岗位需求")
    heading(phone, "安置岗位需求")
    checks.assert_stands(phone)
    fill(phone, **{"编制（定员）核定数": "640", "缺编（缺员）数": "52"})
    fill(phone, 岗位名称="港口设备操作")
    phone.locator("[name=posts-0-headcount]").fill("4")
    press(phone, "提交")
    sees(phone, "待审核", "港口设备操作")
    checks.assert_stands(phone)


def clerk_counts_and_plans(desk, at):
    desk.goto(f"{at.base}/desk/post-demands/?state=SUBMITTED")
    checks.assert_stands(desk)
    follow(desk, at.place.partner.name)
    press(desk, "采纳")
    sees(desk, "已采纳")
    desk.goto(f"{at.base}/desk/plans/")
    desk.locator("summary", has_text="编制一版").click()
    press(desk, "开始编制")
    sees(desk, "港口设备操作", "应安置")
    checks.assert_stands(desk)
    press(desk, "提交批准")
    desk.goto(f"{at.base}{at.place.case.get_absolute_url()}")
    checks.assert_stands(desk)
    press(desk, "开始计分")
    sees(desk, "人员档案里已有的")
    desk.get_by_label("服现役年限").select_option(index=1)
    checks.assert_stands(desk)
    desk.get_by_role("button", name="服现役年限").click()
    sees(desk, "36.00")
    press(desk, "核对签名")
    sees(desk, "等第二人")


def head_checks_and_approves(other, at):
    other.goto(f"{at.base}/desk/")
    sees(other, "等待核对的计分", "等待批准")
    follow(other, "程远帆")
    press(other, "核对签名")
    sees(other, at.place.head.name)
    other.goto(f"{at.base}{PlacementPlan.objects.get().get_absolute_url()}")
    press(other, "批准计划")
    press(other, "公布岗位")
    sees(other, "已公布")


def clerk_finishes(desk, at):
    desk.reload()
    press(desk, "计分完成，请本人确认")
    sees(desk, "待本人确认")


def person_confirms_and_wishes(phone, at):
    phone.goto(f"{at.base}/me/placement/")
    sees(phone, "36.00", "服现役年限")
    checks.assert_stands(phone)
    press(phone, "我已核对，确认无误")
    sees(phone, "已确认，接下来公示")
    phone.locator("summary", has_text="填报岗位志愿").click()
    phone.get_by_label("第1志愿").select_option(index=1)
    press(phone, "填报岗位志愿")
    sees(phone, "1. 江阴临港建设有限公司：港口设备操作")


def clerk_prepares(desk, at):
    desk.goto(f"{at.base}/desk/score-publications/")
    desk.locator("summary", has_text="拟一份公示").click()
    fill(desk, 安置年度=str(at.place.case.year))
    checks.assert_stands(desk)
    press(desk, "拟公示")
    sees(desk, "程远帆")


def head_publishes_scores(other, at):
    other.goto(f"{at.base}{ScorePublication.objects.get().get_absolute_url()}")
    checks.assert_stands(other)
    press(other, "批准公示")
    sees(other, "公示中")


def everybody_reads(anybody, at):
    anybody.goto(at.base + reverse("placement:score_notices"))
    follow(anybody, "分数公示")
    sees(anybody, "程远帆", "36.00")
    checks.assert_stands(anybody)
    anybody.goto(at.base + reverse("placement:posts"))
    sees(anybody, "港口设备操作", "4.0 : 1")
    checks.assert_stands(anybody)
