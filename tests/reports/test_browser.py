"""The month in a real browser: every page in every look, and the clerk's job by keyboard."""

import pytest

from reports.actions.returns import Entry, file_return
from reports.models import Return
from services.enums import Role
from tests.browser.checks import assert_stands
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.network import PostingFactory
from tests.reports.conftest import JUNE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(1280, {}), (360, {}), (360, {"senior_mode": True}), (1280, {"high_contrast": True})]


def signed_in(page, live_server, station, role, **looks):
    """Sign a staff member of the station in through the client's cookie; returns the user."""
    from django.test import Client

    user = UserFactory(staff=True, password=PASSWORD, **looks)
    PostingFactory(user=user, station=station, role=role)
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    return user


@pytest.mark.parametrize(("width", "looks"), LOOKS)
def test_pages_of_the_month__in_each_look__stand_all_checks(
    page, live_server, june, city, width, looks
):
    clerk = PostingFactory(station=city.a1x).user
    of = june.of("a1x")
    codes = of.figures.filter(system_value__isnull=True).values_list("code", flat=True)
    entries = {code: Entry(0) for code in codes if code not in ("SVC-07", "SVC-16")}
    file_return(of=of, version=of.version, entries=entries, by=clerk)
    signed_in(page, live_server, city.city, Role.HEAD, **looks)
    page.set_viewport_size({"width": width, "height": 800})
    mine = Return.objects.get(station=city.city, period__month=JUNE)
    for path in (
        "/desk/returns/",
        f"/desk/returns/{mine.pk}/",
        f"/desk/returns/{mine.pk}/upload/",
        f"/desk/returns/{of.pk}/",
        f"/desk/returns/{of.pk}/versions/",
        f"/desk/returns/{of.pk}/paper/",
        "/desk/rollup/",
        "/desk/rollup/SVC-01/records/",
        "/desk/rollup/SVC-06/records/",
        "/desk/consolidated/",
    ):
        assert page.goto(live_server.url + path).status == 200
        assert_stands(page)


def test_clerk__by_keyboard_and_without_javascript__fills_and_files(
    browser, live_server, june, city
):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    signed_in(page, live_server, city.a1x, Role.CLERK)
    page.goto(f"{live_server.url}/desk/returns/{june.of('a1x').pk}/")
    page.get_by_label("“四访四送”联系人次填报数").fill("12")
    page.get_by_role("button", name="空着的填0并保存").press("Enter")
    page.get_by_text("已保存。填完以后请点“上报”。").wait_for()
    page.get_by_role("button", name="上报", exact=True).press("Enter")
    page.get_by_text("月报已上报，等待上级审核").wait_for()
    context.close()
    assert june.of("a1x").state == "FILED"
    assert june.of("a1x").figures.get(code="SVC-06").typed_value == 12
