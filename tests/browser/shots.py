"""Pictures of pages, to look at them: `python -m tests.browser.shots --base URL --out DIR PATH…`.

Each path is taken at 360 and 1280 px in the normal, senior and high-contrast modes. `--sign-in
NUMBER[:PASSWORD]` signs in first; `--modes` and `--widths` narrow the set.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.browser_fixtures import system_browser

MODES = {"normal": {}, "senior": {"portal_senior": "1"}, "contrast": {"portal_contrast": "1"}}
SWITCHES = ("senior", "contrast")
CHINESE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--force-color-profile=srgb",
    "--disable-background-networking", "--lang=zh-CN", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def main() -> None:
    """Take the pictures that the command line asks for and print where each one lies."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=QUIET)
        signed_in = _signed_in(browser, asked) if asked.sign_in else None
        for mode in asked.modes:
            context = browser.new_context(**CHINESE, storage_state=signed_in)
            page = context.new_page()
            switch(context, page, asked.base, mode, signed_in=bool(asked.sign_in))
            for width in asked.widths:
                page.set_viewport_size({"width": width, "height": 800})
                for path in asked.paths:
                    target = asked.out / f"{_name(path)}-{width}-{mode}.png"
                    print(picture(page, urljoin(asked.base, path), target))
            context.close()
        browser.close()


def _signed_in(browser: Browser, asked: argparse.Namespace) -> StorageState:
    """The cookies after signing in; once for all modes, for a code can be asked for once a minute."""
    context = browser.new_context(**CHINESE)
    sign_in(context.new_page(), asked.base, *asked.sign_in.split(":", 1))
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, base: str, number: str, password: str = "") -> None:
    """Sign in as everybody does: staff by number and password, a citizen by the code in the outbox."""
    page.goto(urljoin(base, f"/accounts/login/?way={'staff' if password else 'code'}"))
    if password:
        page.locator("main [name=staff_number]").fill(number)
        page.locator("main [name=password]").fill(password)
    else:
        page.locator("main [name=phone]").fill(number)
        page.locator("main .button.primary").first.click()
        page.wait_for_url("**/login/code/")
        outbox = page.context.new_page()
        outbox.goto(urljoin(base, "/outbox/"))
        code = re.search(r"(?<!\d)\d{6}(?!\d)", outbox.locator("tbody tr").first.inner_text())
        outbox.close()
        page.locator("main [name=one_time_code]").fill(code[0] if code else "")
    page.locator("main .button.primary").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def switch(context: BrowserContext, page: Page, base: str, mode: str, *, signed_in: bool) -> None:
    """Draw in this mode: a cookie for visitors, the switches on top for a signed-in person."""
    if not signed_in:
        cookies = [
            {"name": name, "value": value, "url": base} for name, value in MODES[mode].items()
        ]
        if cookies:
            context.add_cookies(cookies)
        return
    page.goto(base)
    for name in SWITCHES:
        button = page.locator(f".switches button[name={name}]")
        if (button.get_attribute("aria-pressed") == "true") != (name == mode):
            button.click()
            page.wait_for_load_state()


def picture(page: Page, address: str, target: Path) -> str:
    """One full-page picture; says so when the page is wider than the window."""
    answer = page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.screenshot(path=target, full_page=True)
    status = answer.status if answer else "?"
    return f"{target} {status}{' WIDER THAN THE WINDOW' if wide else ''}"


def _name(path: str) -> str:
    return re.sub(r"\W+", "_", path.strip("/")) or "home"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000/")
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--sign-in", metavar="NUMBER[:PASSWORD]")
    parser.add_argument("--modes", nargs="+", choices=list(MODES), default=list(MODES))
    parser.add_argument("--widths", nargs="+", type=int, default=[360, 1280])
    parser.add_argument("paths", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    main()
