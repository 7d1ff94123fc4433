"""A rule from its first line to the visit that came of it; and a person who would rather not."""

from datetime import date

import pytest

from accounts.models import Job
from placement.models import OutreachLead, OutreachRefusal, OutreachTask
from services.enums import Role
from tests import live
from tests.browser import checks, hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.persons import PersonFactory
from tests.factories.placement_outreach import OutreachTaskFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    place = village.build()
    place.writer = village.staff(place.district)
    place.head = village.staff(place.district, role=Role.HEAD)
    place.visitor = village.staff(place.village)
    place.person = PersonFactory(
        station=place.village, name="王德才", birth=date(1945, 3, 4), lives_alone=True, claimed=True
    )
    return place


def test_rule__written_and_published__sends_the_village_whose_visit_counts(
    browser, live_server, place, real_worker
):
    base = live_server.url
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_at_once(page, base, place.writer)
        writes_the_offer(page, base)
        adds_conditions(page)
        adds_cases(page)
        checks.assert_stands(page)
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_at_once(page, base, place.head)
        page.goto(f"{base}/desk/outreach/rules/?state=DRAFT")
        follow(page, "高龄独居")
        follow(page, "预览并发布")
        sees(page, "符合条件", "王*才", "周岁")
        checks.assert_stands(page)
        press(page, "发布，并开始查找")
        sees(page, "规则已发布")
    live.wait_until(lambda: Job.objects.get().is_over, seconds=60)
    assert OutreachTask.objects.get().station == place.village
    with hands.page_of(browser, hands.PHONE) as page:
        hands.sign_in_at_once(page, base, place.visitor)
        page.goto(f"{base}/desk/outreach/")
        checks.assert_stands(page)
        follow(page, "王德才")
        page.get_by_label("上门", exact=True).check()
        page.get_by_label("当场办理或说明清楚").check()
        checks.assert_stands(page)
        press(page, "记下结果")
        sees(page, "已记下")
    assert OutreachTask.objects.served().count() == 1


def writes_the_offer(page, base):
    page.goto(f"{base}/desk/outreach/rules/")
    follow(page, "起草规则")
    fill(page, 规则名称="高龄独居上门看望", 告诉本人的标题="服务站来看望您")
    fill(page, 告诉本人的话="服务站的同志想上门看望。", 几个工作日内="10", 起用日期="2026-01-01")
    page.get_by_label("请服务站上门或打电话").check()
    checks.assert_stands(page)
    press(page, "下一步：写条件")


def adds_conditions(page):
    for kind, values in (("年龄", {"最小（周岁）": "75"}), ("独居", {})):
        follow(page, "添加条件")
        page.get_by_role("main").get_by_role("link", name=kind, exact=True).click()
        fill(page, **values)
        press(page, "保存条件")
    sees(page, "年满75周岁", "独居")


def adds_cases(page):
    for name, birth, answer, alone in (
        ("八十岁独居", "1945-01-01", "符合", True),
        ("五十岁", "1975-01-01", "暂不符合", False),
    ):
        follow(page, "添加例子")
        fill(page, 给例子起个名=name, 出生日期=birth)
        page.get_by_label(answer, exact=True).check()
        if alone:
            page.get_by_label("独居", exact=False).last.check()
        press(page, "保存例子")
    sees(page, "八十岁独居", "五十岁")


def test_person__without_scripts_on_a_phone__reads_why_and_declines(browser, live_server, place):
    OutreachTaskFactory(lead__person=place.person)
    with hands.page_of(browser, hands.PHONE) as page:
        hands.sign_in_at_once(page, live_server.url, place.person.account)
        page.goto(f"{live_server.url}/me/")
        sees(page, "为您找到的服务")
        page.goto(f"{live_server.url}/me/outreach/")
        checks.assert_stands(page)
    with hands.page_of(browser, hands.PHONE, java_script_enabled=False) as page:
        hands.sign_in_at_once(page, live_server.url, place.person.account)
        page.goto(f"{live_server.url}/me/outreach/")
        heading(page, "为您找到的服务")
        sees(page, "为什么找您", "今年76周岁")
        page.get_by_role("button", name="这项不需要").click()
        sees(page, "您说不需要")
        page.get_by_role("button", name="恢复").click()
        sees(page, "已恢复")
    assert OutreachLead.objects.get().state == "DECLINED"
    assert not OutreachRefusal.objects.standing().exists()
