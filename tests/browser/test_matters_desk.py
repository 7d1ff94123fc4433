"""Matters at the desk in the browser: from the list to the result, on a phone and on a desktop."""

import pytest
from django.urls import reverse

from services.models import Matter
from tests.browser.checks import assert_stands
from tests.browser.hands import press, sees, sign_in_staff
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "looks"), [(360, {"senior_mode": True}), (1280, {})])
def test_clerk__from_the_list_to_the_result__finds_the_next_step_first(
    page, live_server, width, looks
):
    clerk = PostingFactory(user=UserFactory(staff=True, password=PASSWORD, **looks)).user
    matter = MatterFactory(
        station=clerk.postings.get().station, details='{"topic": "PENSION", "question": "怎么领？"}'
    )
    sign_in_staff(page, live_server.url, clerk)
    page.set_viewport_size({"width": width, "height": 800})
    for path in (reverse("services:desk_matters"), reverse("services:desk_matter_new")):
        assert page.goto(live_server.url + path).status == 200
        assert_stands(page)
    page.goto(live_server.url + reverse("services:desk_matters"))
    page.get_by_role("link", name=matter.applicant_name, exact=True).click()
    assert_stands(page)
    press(page, "受理")
    sees(page, "承诺办结")
    page.get_by_label("结果说明").fill("可以领取，带身份证来。")
    press(page, "办结")
    sees(page, "可以领取，带身份证来。", "按期")
    assert_stands(page)
    assert Matter.objects.get().state == "DONE"
