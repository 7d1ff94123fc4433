"""Every page of the access table, seen by somebody who may see it, in each look.

A page is any address of `guards/access_table.py` that answers a GET with HTML. The four looks differ in
who looks too, so that a page of the desk is seen by those who work on it and by those above.
"""

import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error

from accounts.models import Consent, User
from tests import pages
from tests.browser import checks
from tests.guards import access_world
from tests.guards.access_table import TABLE
from veterans_portal.context_processors import CONTRAST_COOKIE, SENIOR_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NEAREST = ("clerk", "citizen", "stranger", "system", "security", "auditor", "anonymous", "city")
HIGHEST = ("city", "town", *NEAREST)
VISITOR = ("anonymous", "stranger", *HIGHEST)
LOOKS = {
    "phone": (360, "", NEAREST),
    "desktop": (1280, "", HIGHEST),
    "phone-senior": (360, "senior", VISITOR),
    "desktop-contrast": (1280, "contrast", NEAREST),
}
# Answers that no browser shows as a page: files, pictures, machine talk.
NO_PAGES = re.compile(
    r"healthz|readyz|accounts:extend|api:|services:(booking_(qr|calendar)|.*(_template|_marked)$)"
    r"|services:(desk_hall_line|board_now|document_pdf|matter_file|rate_screen_back)$"
    r"|reports:(workbook|consolidated_file)|placement:(\w+_now|selection_record|\w+_workbook|\w+_sheet)$"
)
# Latin words that Chinese readers know, and the codes of this portal; anything longer is a leftover.
KNOWN = {"excel", "word", "xlsx", "pdf", "jpg", "icp", "enter", "tab", "wcag", "wjg"}
# Numbers of nobody, shown in hints to say how a number looks.
EXAMPLES = {"13800000000", "13812345678"}
# Where a number is meant to be read: an enterprise's own published phone, and that of a borrower who
# consented to be called by this very bank.
NUMBERS_MEANT = re.compile(r"/enterprises/\d+/|/partner/\d+/loans/")
LATIN = re.compile(r"[A-Za-z_]{3,}(?![A-Za-z_0-9])")
CODES = re.compile(r"\b(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{2,}\b|\b[\w-]+\.(?:xlsx|docx)\b")
CLEAR = re.compile(r"(?<![\w.-])(?:1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?![\w-])")
WORDS = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) if (!node.parentElement.closest('script, style, noscript, .brand-latin, .code, .figures, .digest')) said.push(node.data);
  for (const el of document.querySelectorAll('[aria-label], [title], [alt], [placeholder]'))
    for (const name of ['aria-label', 'title', 'alt', 'placeholder']) said.push(el.getAttribute(name) || '');
  return said.join('\\n');
}"""
HEADINGS = "[...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).map(h => h.innerText.trim())"


def addresses(world):
    """(name, url, {who may see it}) of every page of the table."""
    for line in TABLE.strip().splitlines():
        name, method, arguments, answers = (part.strip() for part in line.split("|"))
        seen = {
            viewer
            for viewer, status in zip(access_world.VIEWERS, answers.split(), strict=True)
            if status == str(HTTPStatus.OK.value)
        }
        if method == "get" and seen and not NO_PAGES.match(name):
            args = [_argument(world, each.strip()) for each in arguments.split(",") if each]
            yield name, reverse(name, args=args), seen


def _argument(world, words):
    row, _, attribute = words.partition(".")
    return getattr(getattr(world, row), attribute) if attribute else words


def new_page(browser, live_server, width, mode, user):
    """A page of a context of its own, signed in as `user`, drawn in `mode`."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": 800}
    )
    cookies = {{"senior": SENIOR_COOKIE, "contrast": CONTRAST_COOKIE}[mode]: "1"} if mode else {}
    if user:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies[name] = client.cookies[name].value
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    return context.new_page()


def findings(page, url, complaints):
    """Everything that is wrong with one page, in words; the page itself is left open."""
    complaints.clear()
    try:
        answer = page.goto(url)
    except Error as problem:
        return [f"is no page: {problem.message.splitlines()[0]}"]
    if answer.status != HTTPStatus.OK:
        return [f"answered {answer.status} at {page.url}"]
    found = []
    for check in (
        lambda: checks.assert_stands(page),
        lambda: pages.assert_clean(answer.text(), address=url),
    ):
        try:
            check()
        except AssertionError as problem:
            found.append(str(problem)[:900])
    found += [f"console: {each}" for each in complaints]
    return [*found, *in_words(page)]


def in_words(page):
    """Language, title, headings, foreign words, clear numbers."""
    if page.get_attribute("html", "lang") != "zh-CN":
        yield "is not marked as Chinese"
    if not page.title().removesuffix(" - 无锡市退役军人服务平台").strip():
        yield "has no title of its own"
    headings = page.evaluate(HEADINGS)
    if len(headings) != 1 or not headings[0]:
        yield f"has the headings {headings}"
    said = page.evaluate(WORDS)
    foreign = {word for word in LATIN.findall(CODES.sub(" ", said)) if word.lower() not in KNOWN}
    if foreign:
        yield f"speaks foreign words: {sorted(foreign)}"
    clear = set(CLEAR.findall(said)) - EXAMPLES
    if clear and not NUMBERS_MEANT.search(page.url):
        yield f"shows numbers in clear: {sorted(clear)}"


@pytest.mark.parametrize("look", LOOKS)
def test_every_page__in_this_look__stands_all_checks(browser, live_server, look):
    width, mode, order = LOOKS[look]
    world = access_world.build()
    world.anonymous = None
    Consent.objects.filter(pk=world.consent.pk).update(purpose="主动联系")
    User.objects.update(senior_mode=mode == "senior", high_contrast=mode == "contrast")
    wrong, opened, complaints = {}, {}, []
    for name, url, seen in addresses(world):
        viewer = next(each for each in (*order, *access_world.VIEWERS) if each in seen)
        if viewer not in opened:
            page = new_page(browser, live_server, width, mode, getattr(world, viewer))
            page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            opened[viewer] = page
        # A poll of the page before, cut off on leaving it, may complain here: what is wrong with this
        # page is there at the second look too.
        if list(findings(opened[viewer], live_server.url + url, complaints)) and (
            found := list(findings(opened[viewer], live_server.url + url, complaints))
        ):
            wrong[f"{name} by {viewer}"] = found
    for page in opened.values():
        page.context.close()
    told = "\n".join(f"{page}: {each}" for page, found in wrong.items() for each in found)
    assert not wrong, f"{len(wrong)} pages in the look {look}:\n{told}"
