"""From the course to the verified certificate, each step by its own role."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.models import Course, CourseRun, Enrolment, Lesson
from services.enums import Role
from services.models import Slot
from tests.browser import checks, hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.placement.training_scene import back_from_the_army

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """The district's clerk and head, and a veteran of the village who came back lately."""
    place = village.build()
    place.clerk = village.staff(place.district)
    place.head = village.staff(place.district, role=Role.HEAD)
    place.person = back_from_the_army(place.village, name="王建国")
    return place


def test_course__from_the_draft_to_the_verified_certificate__each_by_its_own_role(
    browser, live_server, place
):
    base = live_server.url
    with (
        hands.page_of(browser, hands.DESKTOP) as desk,
        hands.page_of(browser, hands.DESKTOP) as chief,
        hands.page_of(browser, hands.PHONE) as phone,
    ):
        hands.sign_in_at_once(desk, base, place.clerk)
        hands.sign_in_at_once(chief, base, place.head)
        hands.sign_in_at_once(phone, base, place.person.account)
        clerk_drafts(desk, base)
        chief.goto(base + reverse("placement:desk_course", args=[Course.objects.get().pk]))
        press(chief, "开设这门课")
        sees(chief, "开设中")
        clerk_plans(desk, base)
        veteran_enrols(phone, base)
        lesson_begins()
        desk.reload()
        sees(desk, "课堂码")
        checks.assert_stands(desk)
        veteran_signs_in(phone, base)
        run_is_over()
        clerk_closes(desk, base)
        veteran_reads(phone, base)
        code = Enrolment.objects.get().certificate.code
    with hands.page_of(browser, hands.PHONE) as anybody:
        anybody.goto(f"{base}/verify/")
        fill(anybody, 校验码=code)
        anybody.get_by_role("main").get_by_role("button").first.click()
        sees(anybody, "有效", "培训合格证书")


def clerk_drafts(desk, base):
    desk.goto(f"{base}/desk/courses/new/")
    checks.assert_stands(desk)
    desk.get_by_label("类别").select_option("SKILL")
    fill(desk, 课程名称="无人机操控", 一句话介绍="从认识到会飞", 学时="8")
    desk.get_by_label("领域").select_option("无人机")
    press(desk, "保存")
    heading(desk, "无人机操控")
    checks.assert_stands(desk)


def clerk_plans(desk, base):
    desk.reload()
    follow(desk, "排班次")
    checks.assert_stands(desk)
    fill(desk, 班次="2026年第1期", 上课地点="服务中心三楼", 上课天数="1", 每天学时="8")
    fill(desk, 第一次课=f"{timezone.localdate() + timedelta(days=5)}")
    press(desk, "排好")
    sees(desk, "班次已排好")


def veteran_enrols(phone, base):
    phone.goto(base + reverse("work"))
    follow(phone, "技能培训")
    checks.assert_stands(phone)
    follow(phone, "无人机操控")
    checks.assert_stands(phone)
    follow(phone, "报名")
    checks.assert_stands(phone)
    press(phone, "确认报名")
    sees(phone, "已报名", "无人机操控")


def lesson_begins():
    now = timezone.now()
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=2)}
    Lesson.objects.update(**times)
    Slot.objects.filter(course_run__isnull=False).update(**times)


def veteran_signs_in(phone, base):
    phone.goto(f"{base}/me/training/")
    checks.assert_stands(phone)
    follow(phone, "无人机操控")
    fill(phone, 课堂码="999999")
    press(phone, "签到")
    sees(phone, "课堂码不对")
    fill(phone, 课堂码=Lesson.objects.get().code.lower())
    press(phone, "签到")
    sees(phone, "这节课已签到")
    checks.assert_stands(phone)


def run_is_over():
    now = timezone.now()
    times = {"starts_at": now - timedelta(hours=9), "ends_at": now - timedelta(hours=1)}
    Lesson.objects.update(**times)
    Slot.objects.filter(course_run__isnull=False).update(**times)


def clerk_closes(desk, base):
    desk.goto(base + reverse("placement:desk_run", args=[CourseRun.objects.get().pk]))
    follow(desk, "登记成绩并结业")
    checks.assert_stands(desk)
    fill(desk, 王建国的成绩="86")
    press(desk, "登记并结业")
    sees(desk, "1人合格", "86分")


def veteran_reads(phone, base):
    phone.goto(f"{base}/me/training/")
    sees(phone, "合格", "下载证书")
    checks.assert_stands(phone)
    follow(phone, "无人机操控")
    phone.get_by_label("非常满意", exact=True).check()
    press(phone, "提交评价")
    sees(phone, "您评了5分")
