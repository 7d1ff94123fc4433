"""Three administrators and a newcomer: made by one, let in by another, seen by the third."""

import pytest
from playwright.sync_api import expect

from accounts.models import AuditEntry, User
from services.enums import Role
from services.models import Posting
from tests.browser import hands, village
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER, NAME = "JY0231", "陆春华"
OWN_PASSWORD = "Canal-Bridge-88"


@pytest.fixture
def place():
    return village.build()


@pytest.fixture
def desk(browser):
    with hands.page_of(browser, hands.DESKTOP) as page:
        yield page


def sign_in(page, base, user):
    page.context.clear_cookies()
    hands.sign_in_staff(page, base, user)


def test_newcomer__made_granted_and_signed_in__leaves_a_trail_for_the_auditor(
    desk, live_server, place
):
    base = live_server.url
    sign_in(desk, base, UserFactory(administrator=True, name="系统管理员甲"))
    password = make_account(desk)
    newcomer = User(staff_number=NUMBER)
    refused_before_the_grant(desk, base, password)
    sign_in(desk, base, UserFactory(security=True, name="安全管理员乙"))
    grant(desk, place)
    desk.context.clear_cookies()
    hands.sign_in_staff(desk, base, newcomer, password)
    choose_own_password(desk, password)
    desk.goto(f"{base}/desk/")
    heading(desk, f"今日工作 · {place.village.name}")
    sign_in(desk, base, UserFactory(auditor=True, name="审计员丙"))
    the_trail_is_there(desk)
    assert Posting.objects.get().role == Role.CLERK


def make_account(page):
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="人员账号").click()
    follow(page, "新建账号")
    fill(page, 姓名=NAME, 工号=NUMBER)
    press(page, "建好账号")
    sees(page, "临时密码（只显示这一次）")
    return page.locator(".confirmation .code").inner_text()


def refused_before_the_grant(page, base, password):
    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/?way=staff")
    fill(page, 工号=NUMBER, 密码=password)
    press(page, "登录")
    expect(page.locator(".error-summary")).to_be_visible()


def grant(page, place):
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="岗位授权").click()
    follow(page, NAME)
    fill(page, 先找站点="幸福村")
    press(page, "找站点")
    page.get_by_role("main").get_by_label(place.village.name).check()
    page.get_by_role("main").get_by_label(Role.CLERK.label).check()
    press(page, "授予岗位")
    sees(page, "已授权，本人可以登录了。", place.village.name)


def choose_own_password(page, password):
    sees(page, "您现在用的是临时密码")
    page.goto(page.url.partition("/accounts/")[0] + "/desk/")
    sees(page, "您现在用的是临时密码")
    page.locator("main input[type=password]").first.fill(password)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再填一次新密码").fill(OWN_PASSWORD)
    press(page, "保存新密码")
    page.wait_for_url(lambda url: "/password/" not in url)


def the_trail_is_there(page):
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="审计日志").click()
    table = page.locator("main tbody")
    for actor in ("系统管理员甲", "安全管理员乙", NAME):
        expect(table.locator("tr").filter(has_text=actor).first).to_be_visible()
    granted = AuditEntry.objects.get(act="services.posting_granted")
    fill(page, 操作人="安全管理员乙")
    press(page, "查找")
    row = page.locator(f"a[href='{granted.get_absolute_url()}']")
    row.click()
    sees(page, "安全管理员乙", NUMBER)
