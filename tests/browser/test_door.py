"""Signing in with a real browser, and the pages around it in every mode and width."""

import pytest
from django.urls import reverse

from accounts.actions import codes, locks
from services.actions.staffing import grant_posting
from services.enums import Role
from tests.accounts.doors import last_code
from tests.browser import checks, hands
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.network import StationFactory
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODES = {"normal": [], "senior-contrast": ["senior", "contrast"]}
COOKIES = {"senior": SENIOR_COOKIE, "contrast": CONTRAST_COOKIE}
FIELDS = {"senior": "senior_mode", "contrast": "high_contrast"}
PUBLIC = [
    "/accounts/login/",
    "/accounts/login/?way=password",
    "/accounts/login/?way=staff",
    "/accounts/signup/",
]


def sign_in(page, base, number):
    page.goto(f"{base}/accounts/login/?way=staff")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def each_stands(page, base, paths):
    for path in paths:
        page.goto(base + path)
        checks.assert_stands(page)


@pytest.fixture(params=[360, 1280])
def sized(page, request):
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


@pytest.mark.parametrize("mode", MODES)
def test_ways_in__in_each_mode_and_width__stand_all_checks(sized, live_server, mode):
    sized.context.add_cookies(
        [{"name": COOKIES[each], "value": "1", "url": live_server.url} for each in MODES[mode]]
    )
    each_stands(sized, live_server.url, PUBLIC)
    sized.goto(f"{live_server.url}/accounts/login/")
    sized.get_by_label("手机号").fill("1990000")
    sized.get_by_role("button", name="获取验证码").click()
    assert "您填了7位" in sized.locator(".error-summary").inner_text()
    checks.assert_stands(sized)


@pytest.mark.parametrize("mode", MODES)
def test_own_account__in_each_mode_and_width__stands_all_checks(sized, live_server, mode):
    user = UserFactory(phone="19900000077", **{FIELDS[each]: True for each in MODES[mode]})
    sized.goto(f"{live_server.url}/accounts/login/?way=password")
    sized.get_by_label("手机号").fill(user.phone)
    sized.get_by_label("密码").fill(PASSWORD)
    sized.locator("main form button").first.click()
    sized.wait_for_url(lambda url: "/accounts/login/" not in url)
    paths = [reverse(f"accounts:{name}") for name in ("security", "new_phone", "welcome")]
    each_stands(sized, live_server.url, [*paths, "/accounts/password/", "/accounts/logout/"])


@pytest.mark.parametrize("mode", MODES)
def test_administrators__in_each_mode_and_width__stand_all_checks(sized, live_server, mode):
    modes = {FIELDS[each]: True for each in MODES[mode]}
    system = UserFactory(administrator=True, staff_number="GL0001", **modes)
    security = UserFactory(security=True, staff_number="GL0002", **modes)
    clerk = UserFactory(staff=True, staff_number="JY0231", name="陆春华")
    station = StationFactory(town=True)
    grant_posting(user=clerk, station=station, role=Role.CLERK, by=security)
    for _ in range(5):
        locks.take_attempt("phone:19900000099", "203.0.113.9")
    sign_in(sized, live_server.url, system.staff_number)
    account = reverse("accounts:account", args=[clerk.pk])
    each_stands(sized, live_server.url, ["/staff/", "/staff/new/", account])
    sized.goto(live_server.url + account)
    sized.get_by_role("button", name="重置密码").click()
    checks.assert_stands(sized)
    sized.context.clear_cookies()
    sign_in(sized, live_server.url, security.staff_number)
    person = reverse("services:desk_staffing_person", args=[clerk.pk])
    each_stands(
        sized, live_server.url, ["/locks/", "/desk/staffing/", person, f"{person}?station=测试"]
    )


def test_veteran__on_a_phone__gets_in_by_code_and_may_set_a_password(page, live_server):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("手机号").fill("199 0000 0077")
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/accounts/login/code/")
    digits = last_code()
    assert digits not in page.content()
    page.get_by_label("短信验证码").fill(digits)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/accounts/welcome/")
    page.get_by_role("link", name="设置登录密码").click()
    page.get_by_label("新密码", exact=True).fill("Canal-Bridge-88")
    page.get_by_label("再填一次新密码").fill("Canal-Bridge-88")
    page.get_by_role("button", name="保存新密码").click()
    page.wait_for_url("**/me/security/")
    assert "199****0077" in page.locator("main").inner_text()
    assert codes.OneTimeCode.objects.get().used_at


def test_typed_form__with_the_session_gone__is_there_again_after_signing_in(page, live_server):
    UserFactory(administrator=True, staff_number="GL0001")
    sign_in(page, live_server.url, "GL0001")
    page.goto(f"{live_server.url}/staff/new/")
    page.get_by_label("姓名").fill("陆春华")
    page.get_by_label("工号").fill("JY0999")
    hands.rest_too_long(page)
    page.get_by_role("button", name="建好账号").click()
    page.get_by_role("link", name="工作人员登录").click()
    page.get_by_label("工号").fill("GL0001")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/staff/new/")
    assert page.get_by_label("姓名").input_value() == "陆春华"
    assert page.get_by_label("工号").input_value() == "JY0999"
    page.get_by_role("button", name="建好账号").click()
    page.get_by_text("临时密码（只显示这一次）").wait_for()


def test_page_left_open__warns_two_minutes_before_and_stays_when_asked(page, live_server, settings):
    settings.SESSION_IDLE_SECONDS_STAFF = 122
    UserFactory(administrator=True, staff_number="GL0001")
    sign_in(page, live_server.url, "GL0001")
    page.goto(f"{live_server.url}/staff/")
    page.get_by_role("button", name="继续使用").click(timeout=15000)
    page.locator(".session-warning").wait_for(state="detached")
