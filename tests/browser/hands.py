"""What a person does with a page: sign in, fill in, press; and pages in the size they use."""

import contextlib
import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts import sessions
from tests.factories.accounts import PASSWORD

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 20_000  # ms; the machine may be busy
expect.set_options(timeout=PATIENCE)


@contextlib.contextmanager
def page_of(browser, size, **options):
    """A page in a browser context of its own: another person at another machine."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, **options
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


def press(page, name):
    """Press the button of the page's body with this name."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    """Follow the first link of the page's body with this name."""
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def fill(page, **fields):
    """Fill in the fields by their labels."""
    for label, text in fields.items():
        page.get_by_role("main").get_by_label(label).first.fill(text)


def sees(page, *words):
    """The page's body shows these words, soon."""
    for text in words:
        expect(page.locator("main")).to_contain_text(text)


def heading(page, text):
    """The page with this heading is open."""
    expect(page.locator("h1")).to_have_text(re.compile(text))


def sign_in_by_code(page, base, phone, *, through="/accounts/login/"):
    """A citizen's way in: the code comes by message; here it is read from the local outbox page."""
    page.goto(base + through)
    enter_code(page, base, phone)


def enter_code(page, base, phone):
    """From the page that asks for the phone to where one was going."""
    fill(page, 手机号=phone)
    press(page, "获取验证码")
    page.wait_for_url("**/login/code/")
    fill(page, 短信验证码=code_in_outbox(page, base))
    press(page, "登录")
    page.wait_for_url(lambda url: "/login/" not in url and "/signup/" not in url)


def code_in_outbox(page, base):
    """The newest code, from the page where developers see what would have gone to phones."""
    outbox = page.context.new_page()
    outbox.goto(f"{base}/outbox/")
    row = outbox.locator("tbody tr").first.inner_text()
    outbox.close()
    return re.search(r"验证码\s*(\d{6})(?!\d)", row)[1]


def sign_in_at_once(page, base, user):
    """Signed in without the way there, where the way is not what is looked at."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])


def sign_in_staff(page, base, user, password=PASSWORD):
    """A staff member's way in."""
    page.goto(f"{base}/accounts/login/?way=staff")
    fill(page, 工号=user.staff_number, 密码=password)
    press(page, "登录")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def rest_too_long(page):
    """Nobody has touched the page for an hour: its session is over when the next request comes."""
    name = settings.SESSION_COOKIE_NAME
    (cookie,) = (each for each in page.context.cookies() if each["name"] == name)
    session = sessions.SessionStore(cookie["value"])
    session[sessions.SEEN] -= 3600
    session.save()
