"""The components in every mode and width: axe, thumb-sized targets, visible borders, no sideways scroll."""

import pytest

from tests.browser import checks
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE
from veterans_portal.styleguide import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES = {
    "normal": {},
    "senior": {SENIOR_COOKIE: "1"},
    "contrast": {CONTRAST_COOKIE: "1"},
    "senior-contrast": {SENIOR_COOKIE: "1", CONTRAST_COOKIE: "1"},
}
PAGES = ["/styleguide/?messages=1", *(f"/styleguide/{kind}/" for kind in KINDS)]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("mode", MODES)
def test_every_component_and_page_kind__in_each_mode_and_width__stands_all_checks(
    page, live_server, mode, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.context.add_cookies(
        [{"name": n, "value": v, "url": live_server.url} for n, v in MODES[mode].items()]
    )
    for path in PAGES:
        page.goto(live_server.url + path)
        checks.assert_stands(page)


def test_senior_mode__on_the_phone__has_sixty_pixel_targets_and_large_type(page, live_server):
    page.set_viewport_size({"width": 360, "height": 800})
    page.context.add_cookies([{"name": SENIOR_COOKIE, "value": "1", "url": live_server.url}])
    page.goto(f"{live_server.url}/styleguide/home/")
    assert checks.small_targets(page, 60) == []
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"


def test_pages__under_the_strict_policy__break_no_rule(page, live_server):
    complaints = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    for path in PAGES:
        page.goto(live_server.url + path)
    assert complaints == []


def test_desk_rows__walked_by_j_and_k__take_the_focus(page, live_server):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/styleguide/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "张建国"


def test_a_form__sent_twice_by_a_hasty_thumb__is_sent_once(page, live_server):
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.route(
        "**/styleguide/form/",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.goto(f"{live_server.url}/styleguide/form/")
    page.evaluate(
        "() => { const f = document.querySelector('main form'); f.requestSubmit(); f.requestSubmit(); }"
    )
    page.wait_for_timeout(300)
    assert len(sent) == 1
