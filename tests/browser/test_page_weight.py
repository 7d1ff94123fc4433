"""How much a citizen's phone must fetch: a first visit with styles and scripts, and the next page."""

import gzip

import pytest

from services.actions.network import lay_down_network
from services.demo import network as demo
from services.models import Station
from tests.browser import hands
from tests.factories.bookings import OfferingFactory, SlotFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_VISIT = 150_000  # bytes over the line, compressed
NEXT_PAGE = 20_000
TEXT = ("text/", "javascript", "json", "svg", "xml")


@pytest.fixture
def paths():
    """Home, a village's station page and its slots, in the whole network."""
    lay_down_network()
    demo.load()
    offering = OfferingFactory(station=Station.objects.get(code="320211001006"))
    for _ in range(16):
        SlotFactory(offering=offering)
    return ["/", "/stations/320211001006/", f"/offerings/{offering.pk}/slots/"]


def weight(answer):
    """What an answer weighs on the line; production serves text compressed."""
    body = answer.body()
    texts = any(kind in answer.headers.get("content-type", "") for kind in TEXT)
    return len(gzip.compress(body, 6)) if texts else len(body)


def test_citizens_pages__first_visit_and_next__are_light(browser, live_server, paths):
    for path in paths:
        with hands.page_of(browser, hands.PHONE) as page:
            answers = []
            page.on("response", lambda answer, seen=answers: seen.append(answer))
            document = page.goto(live_server.url + path, wait_until="networkidle")
            first = {answer.url: weight(answer) for answer in answers if answer.status == 200}
            assert len(first) > 1, f"{path}: the styles were not counted"
            assert sum(first.values()) < FIRST_VISIT, (path, first)
            assert weight(document) < NEXT_PAGE, (path, weight(document))
            assert all(url.startswith(live_server.url) for url in first), first
