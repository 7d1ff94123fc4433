"""A fair from the application to the counted intention; a CV to an answer and a reserved post."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from placement.enums.fairs import FairState, IntentStage
from placement.fair_indicators import INDICATORS
from placement.models import Applicant, EmploymentIntent, FairEmployer, JobFair, Vacancy
from services.enums import Role
from services.models import Booking
from tests.browser import checks, hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_fairs import DirectedRecruitmentFactory, VacancyFactory
from tests.placement.fair_scene import begins_now, veteran
from veterans_portal.indicators import Span

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    """The district's clerk and head, an employer it keeps with a member, a veteran of the village."""
    place = village.build()
    place.clerk = village.staff(place.district)
    place.head = village.staff(place.district, role=Role.HEAD)
    partner = PartnerFactory(station=place.district, name="江阴远帆物流有限公司")
    place.partner = partner
    place.member = PartnerMemberFactory(partner=partner).user
    place.person = veteran(place.village, name="王建国")
    return place


def test_fair__from_application_to_the_counted_intention__each_by_its_own_role(
    browser, live_server, place
):
    base = live_server.url
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_at_once(desk, base, place.clerk)
        clerk_plans(desk, base)
    with hands.page_of(browser, hands.DESKTOP) as desk:
        hands.sign_in_at_once(desk, base, place.head)
        head_opens(desk, base)
        with hands.page_of(browser, hands.PHONE) as phone:
            hands.sign_in_at_once(phone, base, place.member)
            employer_applies(phone, base)
            head_accepts(desk, base)
            with hands.page_of(browser, hands.PHONE) as visitor:
                hands.sign_in_at_once(visitor, base, place.person.account)
                veteran_registers(visitor, base)
            fair = begins_now(JobFair.objects.get())
            code = Booking.objects.get(slot__offering=fair.visits_id).code
            head_signs_in(desk, base, fair, code)
            employer_meets(phone, base, code)
            screen_of_the_hall(browser, base, fair)
            head_closes(desk, base, fair)
        intent = EmploymentIntent.objects.get()
        assert (intent.stage, intent.person) == (IntentStage.FIRST, place.person)
    today = timezone.localdate()
    counted = {each.code: each.counted for each in INDICATORS}
    span = Span(today, today)
    assert counted["EMP-09"].behind(span).count() == counted["EMP-11"].behind(span).count() == 1
    assert sum(each.headcount for each in counted["EMP-10"].behind(span)) == 6


def clerk_plans(desk, base):
    day = timezone.localdate() + timedelta(days=9)
    desk.goto(f"{base}/desk/fairs/new/")
    checks.assert_stands(desk)
    fill(desk, 名称="江阴冬季退役军人专场", 地点="江阴市体育馆", 举办日期=f"{day}")
    fill(desk, 单位报名截止=f"{day - timedelta(days=2)}", 每场人数="80", 展位数="12")
    press(desk, "保存")
    heading(desk, "江阴冬季退役军人专场")
    sees(desk, "等待发布", "筹备中")


def head_opens(desk, base):
    desk.goto(f"{base}/desk/fairs/")
    checks.assert_stands(desk)
    desk.get_by_role("main").locator("tbody a").first.click()
    press(desk, "发布")
    sees(desk, "已发布", "报名中")
    checks.assert_stands(desk)


def employer_applies(phone, base):
    phone.goto(f"{base}/partner/")
    follow(phone, "招聘岗位")
    follow(phone, "发布岗位")
    checks.assert_stands(phone)
    fill(
        phone,
        岗位名称="货运驾驶员",
        招聘人数="6",
        招聘截止=f"{timezone.localdate() + timedelta(40)}",
    )
    phone.get_by_label("行业").select_option("LOGISTICS")
    phone.get_by_label("工作地", exact=True).select_option(label="江阴市")
    phone.get_by_label("月薪从（元）").fill("7000")
    press(phone, "提交核对")
    sees(phone, "岗位已提交", "货运驾驶员")
    phone.goto(f"{base}/partner/")
    follow(phone, "招聘会")
    checks.assert_stands(phone)
    follow(phone, "报名")
    phone.get_by_label("货运驾驶员").check()
    press(phone, "报名")
    sees(phone, "展位先为贵单位留着", "待核对")


def head_accepts(desk, base):
    employer = FairEmployer.objects.get()
    desk.goto(base + reverse("services:desk"))
    sees(desk, "要核对的参会单位")
    desk.goto(base + reverse("placement:desk_fair_employer", args=[employer.pk]))
    checks.assert_stands(desk)
    press(desk, "通过")
    sees(desk, "展位是1号")


def veteran_registers(visitor, base):
    visitor.goto(base + reverse("work"))
    follow(visitor, "招聘会")
    checks.assert_stands(visitor)
    follow(visitor, "江阴冬季退役军人专场")
    sees(visitor, "江阴远帆物流有限公司", "货运驾驶员")
    checks.assert_stands(visitor)
    follow(visitor, "预约参加")
    visitor.get_by_role("main").get_by_role("link", name="9:00").first.click()
    press(visitor, "下一步：核对")
    press(visitor, "确认预约")
    heading(visitor, "预约好了")
    visitor.goto(base + reverse("placement:jobs") + "?q=yuanfan")
    sees(visitor, "货运驾驶员")
    checks.assert_stands(visitor)


def head_signs_in(desk, base, fair, code):
    desk.goto(base + reverse("placement:desk_fair_door", args=[fair.pk]))
    checks.assert_stands(desk)
    fill(desk, 预约码=code)
    press(desk, "签到")
    sees(desk, "王建国已签到")


def employer_meets(phone, base, code):
    phone.goto(f"{base}/partner/")
    follow(phone, "招聘会")
    follow(phone, "江阴冬季退役军人专场")
    checks.assert_stands(phone)
    phone.get_by_label("货运驾驶员").check()
    fill(phone, 对方的预约码=code)
    phone.get_by_label("双方都有意").check()
    press(phone, "登记意向")
    sees(phone, "已登记王建国的初步意向")


def screen_of_the_hall(browser, base, fair):
    with hands.page_of(browser, hands.DESKTOP) as screen:
        screen.goto(base + reverse("placement:fair_board", args=[fair.pk]))
        sees(screen, "江阴远帆物流有限公司", "人次达成意向")


def head_closes(desk, base, fair):
    desk.goto(base + reverse("placement:desk_fair", args=[fair.pk]))
    press(desk, "记为已举办")
    sees(desk, "已记为举办")
    follow(desk, "统计")
    sees(desk, "意向进展", "江阴远帆物流有限公司")
    checks.assert_stands(desk)
    assert JobFair.objects.get().state == FairState.HELD
    assert Vacancy.objects.get().state == "OPEN"


def test_work__from_the_cv_to_an_answer_and_a_reserved_post__on_a_phone(
    browser, live_server, place
):
    base = live_server.url
    vacancy = VacancyFactory(
        partner=place.partner, title="货运驾驶员", field="LOGISTICS", veterans_only=True
    )
    notice = DirectedRecruitmentFactory(station=place.district, title="江阴“兵教师”公告")
    VacancyFactory(directed=True, recruitment=notice, title="体育教师", station=place.district)
    with hands.page_of(browser, hands.PHONE) as phone:
        hands.sign_in_at_once(phone, base, place.person.account)
        writes_the_cv(phone, base)
        is_interested(phone)
        applies_for_a_reserved_post(phone, base)
    with hands.page_of(browser, hands.DESKTOP) as room:
        hands.sign_in_at_once(room, base, place.member)
        employer_answers(room, base, place)
    intent = EmploymentIntent.objects.get()
    assert (intent.vacancy, intent.stage, intent.cv_is_shown) == (vacancy, IntentStage.FIRST, True)
    assert Applicant.objects.get().post.title == "体育教师"


def writes_the_cv(phone, base):
    phone.goto(base + reverse("work"))
    follow(phone, "我的求职")
    checks.assert_stands(phone)
    follow(phone, "填简历")
    checks.assert_stands(phone)
    phone.get_by_label("物流驾驶").check()
    fill(phone, 技能证书="A2驾照", 期望月薪="5000")
    press(phone, "保存简历")
    sees(phone, "简历已保存", "为什么推荐", "行业是您想做的物流驾驶", "专招退役军人")
    checks.assert_stands(phone)


def is_interested(phone):
    follow(phone, "货运驾驶员")
    checks.assert_stands(phone)
    follow(phone, "我有意")
    checks.assert_stands(phone)
    phone.get_by_label("同意把我的姓名和手机号告诉江阴远帆物流有限公司").check()
    phone.get_by_label("同意江阴远帆物流有限公司查看我的求职简历").check()
    press(phone, "告诉单位我有意")
    sees(phone, "已告诉江阴远帆物流有限公司", "本人有意")


def applies_for_a_reserved_post(phone, base):
    phone.goto(base + reverse("placement:recruitments"))
    checks.assert_stands(phone)
    follow(phone, "兵教师”公告")
    checks.assert_stands(phone)
    follow(phone, "报名")
    phone.get_by_label("体育教师").check()
    fill(phone, 符合条件的说明="本科，有初中体育教师资格证")
    checks.assert_stands(phone)
    press(phone, "报名")
    sees(phone, "报名成功，报名号DX")


def employer_answers(room, base, place):
    room.goto(f"{base}/partner/{place.partner.pk}/")
    sees(room, "1位等答复")
    follow(room, "就业意向")
    checks.assert_stands(room)
    follow(room, "王建国")
    sees(room, "A2驾照", "经本人同意")
    checks.assert_stands(room)
    room.get_by_label("进展到").select_option("FIRST")
    press(room, "记下")
    sees(room, "进展已记下", "初步意向")
