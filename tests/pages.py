"""What no page may hold: template leftovers, undefined variables, inline handlers and styles."""

from __future__ import annotations

import contextlib
import re

from django.template import base, engines
from django.test import Client

UNDEFINED = "⟦undefined:%s⟧"
REFUSED = {
    "template leftover": re.compile(r"\{\{|\{%|%\}"),
    "undefined variable": re.compile(r"⟦undefined:[^⟧]*⟧"),
    "inline handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "inline style": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>"),
    "foreign file": re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=.(?:https?:)?//"),
}
NOT_OURS = ("/admin/",)  # Django's own pages rely on undefined variables being empty


class StrictClient(Client):
    """A test client whose every HTML answer is looked through."""

    def request(self, **request):
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            assert_clean(response.content.decode(), address=request["PATH_INFO"])
        return response


def assert_clean(html: str, *, address: str) -> None:
    """Fail with what was found and its surroundings."""
    if address.startswith(NOT_OURS):
        return
    for what, pattern in REFUSED.items():
        found = pattern.search(html)
        if found:
            around = html[max(0, found.start() - 80) : found.end() + 80]
            raise AssertionError(f"{address} holds an {what}: …{around}…")


@contextlib.contextmanager
def undefined_variables_shown():
    """`{{ typo }}` prints a mark that StrictClient refuses; `|default` still speaks for itself."""
    engine = engines["django"].engine
    original, engine.string_if_invalid = engine.string_if_invalid, UNDEFINED
    resolve = base.FilterExpression.resolve

    def forgiving(self, context, ignore_failures=False):
        defaults = any(
            getattr(func, "__name__", "") in ("default", "default_if_none")
            for func, _ in self.filters
        )
        return resolve(self, context, ignore_failures or defaults)

    base.FilterExpression.resolve = forgiving
    try:
        yield
    finally:
        engine.string_if_invalid = original
        base.FilterExpression.resolve = resolve
