"""A hall's working day: forty people, three windows, a reception, a screen, and a network that blinks."""

from contextlib import ExitStack
from datetime import timedelta
from itertools import cycle

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports import counting
from reports.catalogue import BY_CODE
from services.enums import ArrivalState, BookingState, Role
from services.models import Arrival, ArrivalEvent, Booking
from tests.browser import hands, village
from tests.browser.checks import assert_stands, axe_findings, sideways
from tests.browser.hands import press, sees
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import ServiceItemFactory, WindowFactory
from tests.factories.persons import PersonFactory
from tests.services.test_arrivals_acts import proxy_of
from veterans_portal.indicators import Span

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BOOKED, WALKED_IN, BY_RELATIVES = 14, 19, 8  # one of them leaves: forty are served
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"


@pytest.fixture
def place():
    place = village.build()
    place.policy = ServiceItemFactory()
    place.windows = [
        place.window,
        *(WindowFactory(station=place.village, number=n) for n in (2, 3)),
    ]
    for window in place.windows:
        window.items.set([place.policy])
    offering = OfferingFactory(station=place.village, item=place.policy, title="政策咨询预约")
    begun = SlotFactory(
        offering=offering, starts_at=timezone.now() - timedelta(minutes=1), capacity=BOOKED
    )
    place.bookings = [
        BookingFactory(slot=begun, contact_name=f"{SURNAMES[n]}预约", heads=1 + (n == 0))
        for n in range(BOOKED)
    ]
    place.clerks = [village.staff(place.village, name=f"{each}窗口") for each in "甲乙丙"]
    place.front = village.staff(place.village, name="前台", role=Role.CLERK)
    place.persons = [
        PersonFactory(station=place.village, name=f"{SURNAMES[n]}老伯") for n in range(BY_RELATIVES)
    ]
    for person in place.persons[:3]:
        proxy_of(person, place.front)
    return place


@pytest.fixture
def page_for(browser, live_server):
    """`page_for(user, path)`: another person at another machine, signed in there."""
    with ExitStack() as stack:

        def make(user, path, size=hands.DESKTOP):
            page = stack.enter_context(hands.page_of(browser, size))
            if user is not None:
                hands.sign_in_at_once(page, live_server.url, user)
            page.goto(live_server.url + path)
            return page

        yield make


STANDS = "document.querySelector('[data-hall]').dataset.stands"


class WindowPage:
    """A window as its clerk sees it; `served` are the tickets this window finished."""

    def __init__(self, page, *, by_keyboard=False):
        self.page, self.by_keyboard, self.served = page, by_keyboard, []

    @property
    def primary(self):
        return self.page.locator("[data-hall] .button.primary")

    @property
    def ticket(self):
        return self.page.locator(".hall-now .hall-ticket .figures").inner_text()

    def stands(self):
        return self.page.evaluate(STANDS)

    def step(self):
        """The one thing to do now; returns False when nobody waits."""
        before = self.stands()
        if self.finishes():
            self.served.append(self.ticket)
        if self.by_keyboard:
            self.page.keyboard.press("n")
        else:
            self.primary.click()
        return self.moved_from(before)

    def finishes(self):
        return self.primary.inner_text() == "办完，叫下一位"

    def moved_from(self, before):
        """Wait until the page shows something else than `before`, or says that nobody waits."""
        self.page.wait_for_function(
            "before => !document.querySelector('[data-hall][aria-busy=true]') && "
            f"({STANDS} !== before || document.body.innerText.includes('现在没有人等这个窗口'))",
            arg=before,
        )
        return self.stands() != ""


class Reception:
    """The front desk; `tickets` are those it gave out."""

    def __init__(self, page, base):
        self.page, self.base, self.tickets = page, base, []

    def _ticket(self):
        shown = self.page.locator(".notice.done .hall-ticket .figures")
        if self.tickets:
            expect(shown).not_to_have_text(self.tickets[-1])
        self.tickets.append(shown.inner_text())

    def check_in(self, booking):
        self.page.locator("#id_code").fill(booking.code)
        self.page.keyboard.press("Enter")
        self._ticket()

    def walk_in(self, name, **more):
        self.page.locator("#id_name").fill(name)
        self.page.locator("#id_item").select_option("policy")
        self._rest(**more)

    def for_file(self, person, **more):
        self.page.goto(f"{self.base}?person={person.pk}")
        self.page.locator("#id_item").select_option("policy")
        self._rest(**more)

    def _rest(self, *, came_for="", by_proxy=False):
        if by_proxy:
            self.page.locator("#id_proxy").select_option(index=1)
        if came_for:
            self.page.locator("details summary", has_text="代办").click()
            self.page.locator("#id_came_for").fill(came_for)
        press(self.page, "取号")
        self._ticket()


def arrivals_of_the_day(reception, place):
    """Deeds of the front desk, one per party, booked and walked in and relatives mixed."""
    booked = [lambda booking=each: reception.check_in(booking) for each in place.bookings]
    walked = [lambda n=n: reception.walk_in(f"{SURNAMES[n]}现场") for n in range(WALKED_IN)]
    proxies = [lambda p=each: reception.for_file(p, by_proxy=True) for each in place.persons[:3]]
    relatives = [
        lambda p=each: reception.for_file(p, came_for="家里人（女儿）")
        for each in place.persons[3:]
    ]
    deeds = []
    for kind in (booked, walked, [*proxies, *relatives]):
        step = (BOOKED + WALKED_IN + BY_RELATIVES) / len(kind)
        deeds += [(number * step, deed) for number, deed in enumerate(kind)]
    return iter([deed for _, deed in sorted(deeds, key=lambda each: each[0])])


def called_on_screen(screen, tickets):
    """The hall's screen shows these tickets as called, soon; none: nobody is called or waits."""
    called = screen.locator(".board-called")
    for ticket in tickets:
        expect(called).to_contain_text(ticket)
    if not tickets:
        expect(called).to_contain_text("还没有叫号")
        expect(screen.locator(".board-next")).to_contain_text("没有人等")


def pass_over_and_back(window):
    """Who was called does not come, is passed over, and comes after all; their ticket."""
    ticket, before = window.ticket, window.stands()
    press(window.page, "没有来，过号")
    window.moved_from(before)
    passed = window.page.locator(".hall-line li", has_text=ticket)
    passed.get_by_role("button", name="重新排队").click()
    sees(window.page, f"{ticket}已重新排队")
    return ticket


def hand_over(window, other):
    """The party sits down, and has to go to the other window; their ticket."""
    window.step()
    ticket, before = window.ticket, window.stands()
    window.page.locator("summary", has_text="转到其他窗口").click()
    window.page.locator("#hall-to").select_option(index=0)
    press(window.page, "转过去")
    window.moved_from(before)
    expect(other.page.locator("[data-hall-line]")).to_contain_text(ticket)
    return ticket


def blink_of_a_window(window, other):
    """The network is away while the clerk presses; others go on; the press arrives later, once."""
    while not window.stands():
        window.step()
    before = window.stands()
    if window.finishes():
        window.served.append(window.ticket)
    window.page.context.set_offline(True)
    window.primary.click()
    status = window.page.locator("[data-hall-status]")
    expect(status).to_contain_text("还没有送到，网络恢复后会自动送出")
    for _ in range(3):
        other.step()
    assert window.stands() == before
    window.page.context.set_offline(False)
    window.moved_from(before)
    expect(status).to_be_hidden()


def lose_an_answer(window):
    """The press arrives, its answer does not: sent again, nobody is called twice."""
    while not window.stands() or not window.finishes():
        window.step()
    before = window.stands()
    window.served.append(window.ticket)

    def swallow(route):
        route.fetch(max_redirects=0)
        route.abort()

    window.page.route("**/next/", swallow, times=1)
    window.primary.click()
    window.moved_from(before)
    called = ArrivalEvent.objects.filter(arrival__ticket=window.ticket, act="CALLED")
    assert called.count() == 1


def reload_with_a_kept_press(window):
    """The clerk reloads while a press waits: it is still sent, and the page is right at once."""
    while not window.stands() or not window.finishes():
        window.step()
    before = window.stands()
    window.served.append(window.ticket)
    window.page.route("**/next/", lambda route: route.abort())
    window.primary.click()
    expect(window.page.locator("[data-hall-status]")).to_contain_text("还没有送到")
    window.page.unroute("**/next/")
    window.page.reload()
    window.moved_from(before)


def blink_of_the_screen(screen, window):
    """The screen keeps what it showed and says so; when the network is back it is right again."""
    warning = screen.locator("[data-board-away]")
    shown = screen.locator(".board-main").inner_text()
    screen.context.set_offline(True)
    expect(warning).to_contain_text("网络断开，正在重新连接")
    assert screen.locator(".board-main").inner_text() == shown
    while not window.step():
        pass
    screen.context.set_offline(False)
    expect(warning).to_be_hidden()
    called_on_screen(screen, [window.ticket])
    screen.reload()
    assert window.ticket in screen.locator(".board-called").inner_text()


def leave_from_the_line(front, base):
    """Somebody who waits goes home; their ticket."""
    last = Arrival.objects.filter(state=ArrivalState.WAITING, booking=None).latest("arrived_at")
    front.goto(f"{base}{last.get_absolute_url()}")
    front.get_by_label("原因").fill("等不及，改天再来")
    press(front, "记为离开")
    sees(front, "已记为离开")
    return last.ticket


def test_hall_day__forty_people_three_windows_a_blink__the_figures_agree(
    page_for, live_server, place
):
    code = place.village.code
    front = page_for(place.front, f"/desk/hall/{code}/reception/")
    reception = Reception(front, front.url)
    windows = [
        WindowPage(
            page_for(clerk, f"/desk/hall/windows/{window.pk}/"), by_keyboard=window.number == 1
        )
        for clerk, window in zip(place.clerks, place.windows, strict=True)
    ]
    screen = page_for(None, f"/stations/{code}/board/")
    coming = arrivals_of_the_day(reception, place)
    for _ in range(12):
        next(coming)()
    windows[1].primary.dblclick()  # a hand that clicks twice calls, and does not begin as well
    windows[1].moved_from("")
    assert not windows[1].finishes()
    for window in (windows[0], windows[2]):
        assert window.step()
    called_on_screen(screen, [window.ticket for window in windows])
    skipped = pass_over_and_back(windows[2])
    handed = hand_over(windows[0], windows[1])

    # the day goes on, and in the middle of it the network blinks
    turns = cycle(windows)
    for number, deed in enumerate(coming):
        deed()
        next(turns).step()
        if number == 10:
            blink_of_a_window(windows[1], windows[0])
        if number == 16:
            lose_an_answer(windows[2])
        if number == 18:
            reload_with_a_kept_press(windows[0])
        if number == 20:
            blink_of_the_screen(screen, windows[0])
            still = windows[0].stands()
            windows[0].page.reload()
            assert windows[0].stands() == still
    left = leave_from_the_line(front, live_server.url)
    while any(window.step() for window in windows):
        pass
    called_on_screen(screen, [])

    # what the script did, what the database holds, what the page says
    served = [ticket for window in windows for ticket in window.served]
    assert len(served) == len(set(served)) == 40
    assert set(reception.tickets) == {*served, left}
    assert {skipped, handed} <= set(served)
    agree_with_the_database(place, served)
    agree_with_the_day_page(front, live_server.url, code)


def agree_with_the_database(place, served):
    ended = Arrival.objects.filter(station=place.village)
    assert sorted(served) == sorted(
        ended.filter(state=ArrivalState.SERVED).values_list("ticket", flat=True)
    )
    assert ended.filter(state=ArrivalState.LEFT).count() == 1
    assert not ended.in_the_hall().exists()
    assert Booking.objects.filter(state=BookingState.SERVED).count() == BOOKED
    begun = ArrivalEvent.objects.filter(act="SERVED").values_list("arrival__ticket", flat=True)
    assert sorted(begun) == sorted(served)
    month = Span.month(timezone.localdate())
    figure = counting.total(month, place.village, BY_CODE["SVC-08"], own=True)
    assert (figure.value, figure.rows) == (41, 40)  # one booking was for two


def agree_with_the_day_page(front, base, code):
    front.goto(f"{base}/desk/hall/{code}/day/")
    said = {
        stat.locator(".stat-label").inner_text(): stat.locator(".stat-value").inner_text()
        for stat in front.locator(".stat").all()
    }
    figures = {
        label: int("".join(c for c in value if c.isdigit())) for label, value in said.items()
    }
    assert figures == {
        "到访": 41, "其中预约": 14, "现场": 27, "代办": 8, "办完": 40, "离开": 1, "还在大厅": 0,
        "共来": 42,
    }  # fmt: skip
    row = front.locator("table").last.locator("tbody tr").first
    assert row.locator("td").all_inner_texts()[1:7] == ["41", "14", "27", "8", "40", "1"]


@pytest.mark.parametrize("size", [hands.PHONE, hands.DESKTOP], ids=["phone", "desktop"])
def test_hall_pages__every_kind__stand_on_phone_and_desktop(page_for, place, live_server, size):
    code = place.village.code
    clerk = place.clerks[0]
    page = page_for(clerk, f"/desk/hall/{code}/reception/", size)
    reception = Reception(page, page.url)
    reception.walk_in("王建国", came_for="王小明（儿子）")
    reception.walk_in("李卫国")
    assert_stands(page)
    ticket = Arrival.objects.first()
    for path in (
        "/desk/hall/", f"/desk/hall/windows/{place.windows[2].pk}/",
        ticket.get_absolute_url(), f"/desk/hall/{code}/day/",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        assert_stands(page)
    window = WindowPage(page_for(clerk, f"/desk/hall/windows/{place.windows[2].pk}/", size))
    assert window.step()
    assert_stands(window.page)
    screen = page_for(None, f"/stations/{code}/board/", size)
    assert not axe_findings(screen)
    assert not sideways(screen)


def test_window_page__without_javascript__serves_by_plain_forms(browser, place, live_server):
    with hands.page_of(browser, hands.DESKTOP, java_script_enabled=False) as page:
        hands.sign_in_at_once(page, live_server.url, place.clerks[0])
        page.goto(f"{live_server.url}/desk/hall/{place.village.code}/reception/")
        page.locator("#id_name").fill("王建国")
        press(page, "取号")
        page.goto(f"{live_server.url}/desk/hall/windows/{place.window.pk}/")
        for button in ("叫下一位", "人到了，开始办理", "办完，叫下一位"):
            press(page, button)
        sees(page, "现在没有人等这个窗口")
    assert Arrival.objects.get().state == ArrivalState.SERVED
