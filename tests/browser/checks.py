"""What any page must stand: axe, targets of a thumb's size, borders that can be seen, no sideways scroll."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LEAST_TARGET = 44  # px, ui.md; in senior mode 60 for what stands alone
LEAST_BORDER_CONTRAST = 3  # WCAG 2.2, 1.4.11

# Links drawn in an SVG are left out: a map's points have a list of the same beside them.
TARGETS = """least => {
  const seen = el => el.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !el.closest('.visually-hidden, .skip, svg');
  const inText = el => getComputedStyle(el).display === 'inline' && el.parentElement.innerText.trim() !== el.innerText.trim();
  const dense = el => innerWidth >= 1000 && el.closest('.rows.dense');
  const box = el => {
    if (el.matches('.tile-title a')) return el.closest('.tile').getBoundingClientRect();
    if (el.matches('input[type=radio], input[type=checkbox]')) return (el.closest('label') || el.closest('.check') || el).getBoundingClientRect();
    return el.getBoundingClientRect();
  };
  return [...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')]
    .filter(el => seen(el) && !inText(el) && !dense(el))
    .map(el => [el.outerHTML.slice(0, 90), box(el)])
    .filter(([, r]) => r.height && (r.height < least - 0.5 || r.width < least - 0.5))
    .map(([html, r]) => `${html} is ${Math.round(r.width)}x${Math.round(r.height)}`);
}"""

BORDERS = """least => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = el => { for (let e = el; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length && c[3] !== 0) return c; } return [255, 255, 255]; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  return [...document.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, .button.secondary, .button.danger')]
    .filter(el => el.checkVisibility() && !el.closest('.masthead'))
    .map(el => [el.outerHTML.slice(0, 90), ratio(rgb(getComputedStyle(el).borderTopColor), ground(el.parentElement))])
    .filter(([, found]) => found < least)
    .map(([html, found]) => `${html} has ${found.toFixed(2)}`);
}"""


def assert_stands(page: Page, *, least: int = LEAST_TARGET) -> None:
    """Everything below in turn, with the page's address in the words of a failure."""
    assert not axe_findings(page), (page.url, axe_findings(page))
    assert not small_targets(page, least), (page.url, small_targets(page, least))
    assert not pale_borders(page), (page.url, pale_borders(page))
    assert not sideways(page), f"{page.url} is wider than the window: {widest(page)}"


def axe_findings(page: Page) -> list[str]:
    """axe's findings, one line each."""
    only = {"resultTypes": ["violations"]}  # what is right need not be described
    violations = Axe().run(page, options=only).response["violations"]
    return [
        f"{v['id']}: {n['target']} {n.get('failureSummary', '')}"
        for v in violations
        for n in v["nodes"]
    ]


def small_targets(page: Page, least: int = LEAST_TARGET) -> list[str]:
    """Controls and links outside running text that a thumb would miss."""
    return page.evaluate(TARGETS, least)


def pale_borders(page: Page) -> list[str]:
    """Fields and outlined buttons whose border cannot be told from the ground."""
    return page.evaluate(BORDERS, LEAST_BORDER_CONTRAST)


def sideways(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def widest(page: Page) -> str:
    """The first element that sticks out, to find it."""
    return page.evaluate(
        "[...document.querySelectorAll('body *')].find(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('.table-wrap, .visually-hidden'))?.outerHTML.slice(0, 160) || ''"
    )
