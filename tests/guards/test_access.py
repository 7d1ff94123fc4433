"""URL × role: every address against everybody who might ask for it, by the table in access_table.py."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.guards import access_world
from tests.guards.access_table import TABLE

pytestmark = pytest.mark.django_db

# Addresses outside the table, each with the reason.
UNLISTED = {
    "styleguide": "drawn in development and tests only (settings.STYLEGUIDE)",
    "styleguide_kind": "drawn in development and tests only (settings.STYLEGUIDE)",
}
ROWS = [
    tuple(part.strip() for part in line.split("|")) for line in TABLE.strip().splitlines() if line
]


def names(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, namespace + inner)
        else:
            yield namespace + (pattern.name or str(pattern.pattern))


def argument(world, words):
    """`booking.code` out of the world; a single word stands for itself."""
    if "." not in words:
        return words
    row, _, attribute = words.partition(".")
    return getattr(getattr(world, row), attribute)


def address(world, name, arguments):
    return reverse(name, args=[argument(world, w.strip()) for w in arguments.split(",") if w])


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world and a signed-in client per viewer, made once and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = access_world.build()
        world.clients = {}
        for viewer in access_world.VIEWERS:
            world.clients[viewer] = Client(raise_request_exception=True)
            if viewer != "anonymous":
                world.clients[viewer].force_login(getattr(world, viewer))
        yield world
        transaction.set_rollback(True)


def ask(client, method, url):
    """The status of one request, whose changes are undone, in the browser's cookies too."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return str(status)


@pytest.mark.parametrize(
    ("name", "method", "arguments", "answers"), ROWS, ids=[f"{r[1]} {r[0]}" for r in ROWS]
)
def test_address__asked_by_everybody__answers_by_the_table(world, name, method, arguments, answers):
    url = address(world, name, arguments)
    seen = [ask(world.clients[viewer], method, url) for viewer in access_world.VIEWERS]
    expected = answers.split()
    wrong = {
        viewer: f"{was} instead of {should}"
        for viewer, was, should in zip(access_world.VIEWERS, seen, expected, strict=True)
        if was != should
    }
    assert not wrong, f"{method} {url}: {wrong}"


def test_head__asked_by_one_who_may__answers_as_get_does(world):
    """Proxies and link checkers ask with HEAD: require_safe, or HEAD in require_http_methods."""
    wrong = {}
    for name, _, arguments, answers in (row for row in ROWS if row[1] == "get"):
        expected = dict(zip(access_world.VIEWERS, answers.split(), strict=True))
        viewer = min(expected, key=lambda who: furthest(who, expected[who]))
        seen = ask(world.clients[viewer], "head", address(world, name, arguments))
        if seen != expected[viewer]:
            wrong[f"{name} as {viewer}"] = f"{seen} instead of {expected[viewer]}"
    assert not wrong


def furthest(viewer, status):
    """Who sees something first, then who is sent on from inside, then the clerk."""
    rank = 3 if viewer == "anonymous" and status != "200" else {"2": 0, "3": 1}.get(status[0], 2)
    return rank, viewer != "clerk"


def test_logout__asked_with_head__lets_nobody_out(world):
    door = reverse("account_logout")
    client = world.clients["citizen"]
    assert client.head(door).status_code == 200
    assert client.get(reverse("accounts:security")).status_code == 200


def test_every_address__stands_in_the_table__or_is_listed_with_a_reason():
    known = {row[0] for row in ROWS} | set(UNLISTED)
    everything = set(names())
    assert everything - known == set(), "give these addresses a line in access_table.py"
    assert known - everything == set(), "these lines name addresses that no longer exist"
