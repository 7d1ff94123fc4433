"""Pages in the states that no address alone leads to: with errors, empty, finished, sent back."""

import pytest

from accounts.enums import JobState
from reports.models import Return
from services.enums import FileState
from tests.browser import checks, hands
from tests.browser.test_every_page import in_words
from tests.factories.accounts import JobFactory
from tests.factories.bookings import BookingFactory, SlotFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory
from tests.factories.reports import FigureFactory, ReturnFactory
from tests.guards import access_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Addresses whose form is sent as it is: who, where, the button.
EMPTY_FORMS = [
    ("anonymous", "/accounts/login/", "获取验证码"),
    ("anonymous", "/accounts/login/?way=staff", "登录"),
    ("anonymous", "/help/", ""),
    ("anonymous", "/stations/mine/", "查找"),
    ("stranger", "/me/file/register/{station.code}/", "下一步：核对"),
    ("citizen", "/me/file/change/", "提交更正申请"),
    ("citizen", "/slots/{later.pk}/book/", "下一步：核对"),
    ("citizen", "/me/security/phone/", ""),
    ("clerk", "/desk/persons/new/", ""),
    ("clerk", "/desk/requests/{request.pk}/", "退回本人"),
    ("clerk", "/desk/check-in/", "签到"),
    ("clerk", "/desk/offerings/new/", ""),
    ("clerk", "/desk/rosters/", "上传并核对"),
    ("clerk", "/desk/returns/{return_.pk}/", "上报"),
    ("clerk", "/desk/returns/{return_.pk}/upload/", "上传并填入草稿"),
    ("clerk", "/desk/station/{station.code}/edit/", ""),
    ("system", "/staff/new/", "建好账号"),
    ("security", "/locks/", ""),
]
SHOWN = [
    ("anonymous", "/nowhere/"),
    ("anonymous", "/outbox/"),
    ("anonymous", "/stations/?q=没有这样的地方"),
    ("citizen", "/bookings/{booking.code}/?new=1"),
    ("citizen", "/bookings/{cancelled.code}/"),
    ("citizen", "/bookings/{no_show.code}/"),
    ("citizen", "/offerings/{offering.pk}/slots/?move={booking.code}"),
    ("citizen", "/slots/{full.pk}/book/"),
    ("stranger", "/me/file/"),
    ("stranger", "/me/"),
    ("clerk", "/desk/persons/{draft.pk}/"),
    ("clerk", "/desk/requests/?state=decided"),
    ("clerk", "/desk/bookings/?state=CANCELLED&day={cancelled.slot.day}"),
    ("clerk", "/desk/returns/{sent_back.pk}/"),
    ("clerk", "/jobs/{failed.pk}/"),
    ("town", "/desk/persons/{submitted.pk}/"),
    ("town", "/desk/?reach=below"),
    ("town", "/desk/returns/{filed.pk}/"),
    ("city", "/desk/bookings/?reach=below"),
    ("city", "/desk/returns/?month=all&state=ACCEPTED"),
    ("city", "/desk/rollup/?station={station.parent.code}"),
    ("city", "/desk/consolidated/"),
    ("auditor", "/audit/?actor=没有这个人"),
]


@pytest.fixture
def world(settings):
    settings.LOCAL_OUTBOX = True
    w = access_world.build()
    w.anonymous = None
    w.full = SlotFactory(offering=w.offering, full=True)
    mine = {"slot": SlotFactory(offering=w.offering), "person": w.person, "by": w.citizen}
    w.cancelled = BookingFactory(**mine, cancelled=True)
    w.no_show = BookingFactory(**mine, no_show=True)
    w.draft = PersonFactory(station=w.station, draft=True, returned_reason="请补齐退役时间")
    w.submitted = PersonFactory(station=w.station, submitted=True)
    assert w.submitted.state == FileState.SUBMITTED
    RegistrationRequestFactory(station=w.station, user=w.stranger, returned=True)
    _returns(w)
    _jobs(w)
    return w


def _returns(w):
    for name, month, more in [("filed", 5, {"filed": True}), ("sent_back", 4, {"filed": True})]:
        of = ReturnFactory(
            station=w.station, period__month=w.return_.period.month.replace(month=month), **more
        )
        FigureFactory(of=of)
        setattr(w, name, of)
    w.sent_back.figures.update(returned_reason="比走访记录少3人，请核对")
    Return.objects.filter(pk=w.sent_back.pk).update(
        state="RETURNED", reviewer=w.town, reviewed_at=w.sent_back.filed_at, times_returned=1
    )


def _jobs(w):
    w.failed = JobFactory(owner=w.clerk, failed=True, error="服务器刚刚重启，请再试一次。")
    reports = {"owner": w.city, "kind": "reports.consolidated", "title": "综合报告"}
    JobFactory(**reports, done_=True, result={"file": "a", "word": "b"})
    JobFactory(**reports, failed=True)
    JobFactory(**reports, state=JobState.RUNNING, done=3, total=9)


def address(world, words):
    """`/bookings/{booking.code}/` of the world's own booking."""
    return words.format(**vars(world))


def look(page, wrong, name):
    try:
        checks.assert_stands(page)
    except AssertionError as problem:
        wrong.append(f"{name}: {str(problem)[:900]}")
    wrong += [f"{name}: {each}" for each in in_words(page)]


class Desk:
    """One page per viewer, signed in when first needed."""

    def __init__(self, browser, base, world, size):
        self.browser, self.base, self.world, self.size = browser, base, world, size
        self.pages = {}

    def page(self, viewer):
        if viewer not in self.pages:
            context = self.browser.new_context(viewport=self.size, locale="zh-CN")
            context.set_default_timeout(hands.PATIENCE)
            page = self.pages[viewer] = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            if user := getattr(self.world, viewer):
                hands.sign_in_at_once(page, self.base, user)
        return self.pages[viewer]

    def close(self):
        for page in self.pages.values():
            page.context.close()


@pytest.fixture(params=[hands.PHONE, hands.DESKTOP], ids=["phone", "desktop"])
def desk(browser, live_server, world, request):
    made = Desk(browser, live_server.url, world, request.param)
    yield made
    made.close()


def test_states__shown_by_an_address__stand_all_checks(desk, world):
    wrong = []
    for viewer, words in SHOWN:
        page = desk.page(viewer)
        page.goto(desk.base + address(world, words))
        look(page, wrong, words)
    assert not wrong, "\n".join(wrong)


def test_forms__sent_empty__say_what_is_missing_and_stand_all_checks(desk, world):
    wrong = []
    for viewer, words, button in EMPTY_FORMS:
        page = desk.page(viewer)
        page.goto(desk.base + address(world, words))
        send(page, button)
        said = page.locator(".error-summary, .notice").count()
        wrong += [] if said else [f"{words}: says nothing when it is sent empty"]
        look(page, wrong, f"{words} sent empty")
    assert not wrong, "\n".join(wrong)


def send(page, button):
    """Empty every text and press the button, or the form's first one."""
    form = page.locator("main form[method=post]")
    if button:
        form = form.filter(has=page.get_by_role("button", name=button, exact=True))
    form = form.first
    for field in form.locator(
        "input[type=text], input[type=tel], input:not([type]), textarea"
    ).all():
        if field.is_visible():
            field.fill("")
    pressed = form.get_by_role("button", name=button, exact=True) if button else form.locator(
        "button.primary, button"
    )  # fmt: skip
    pressed.first.click()
    page.wait_for_load_state()
