"""Asking for something online: a card on a phone, with two papers; a question on a desktop."""

import pytest
from playwright.sync_api import expect

from services.actions.guides import lay_down_guides
from services.enums import MatterState
from services.models import Matter, ServiceItem
from services.network_data import read
from tests.browser import hands, village
from tests.browser.checks import assert_stands
from tests.browser.hands import fill, follow, heading, press, sees
from tests.factories.persons import IdentityFactory, PersonFactory
from tests.services import paper_makers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_NUMBER = "19900000078"


@pytest.fixture
def place(settings):
    settings.LOCAL_OUTBOX = True
    for row in read("service_items.csv"):
        ServiceItem.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
    lay_down_guides()
    place = village.build()
    place.person = PersonFactory(station=place.village, phone=PHONE_NUMBER, claimed=True)
    IdentityFactory(person=place.person, verified=True)
    return place


def upload(page, paper, name, kind, data):
    """Hand in one paper, chosen by name from the list."""
    page.get_by_label("这是哪一份材料").select_option(label=paper)
    page.get_by_label("选择照片或文件").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
    press(page, "上传这一份")
    sees(page, f"“{paper}”传好了")


def test_card__on_a_phone__from_the_guide_to_the_number_with_two_papers(
    browser, live_server, place
):
    base = live_server.url
    with hands.page_of(browser, hands.PHONE, java_script_enabled=False) as page:
        hands.sign_in_by_code(page, base, PHONE_NUMBER)
        page.goto(base)
        follow(page, "办事指南")
        follow(page, "优待证申领")
        sees(page, "352×440", "首次申领免费", place.village.name)
        follow(page, "办理")
        heading(page, "优待证申领")
        page.get_by_label("退役军人优待证", exact=True).check()
        press(page, "存草稿")
        sees(page, "已存成草稿")
        press(page, "下一步：材料")
        upload(page, "证件照片", "photo.jpg", "image/jpeg", paper_makers.portrait())
        upload(page, "居民身份证", "id.pdf", "application/pdf", paper_makers.pdf())
        sees(page, "还缺")
        follow(page, "下一步：核对")
        heading(page, "请核对一遍")
        sees(page, "退役军人优待证", "居民身份证", place.village.name)
        press(page, "确认提交")
        heading(page, "已提交")
        number = page.locator(".confirmation .code").inner_text().replace(" ", "")
        sees(page, "接下来", "10个工作日内办好")
    matter = Matter.objects.get()
    assert (matter.number, matter.state) == (number, MatterState.SUBMITTED)
    assert matter.files.count() == 2


def test_question__on_a_desktop__is_asked_followed_and_taken_back(browser, live_server, place):
    base = live_server.url
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_by_code(page, base, PHONE_NUMBER)
        page.goto(f"{base}/guides/?q=咨询")
        follow(page, "政策咨询")
        assert_stands(page)
        follow(page, "办理")
        press(page, "下一步：材料")
        sees(page, "请选择咨询哪方面")
        assert_stands(page)
        page.get_by_label("抚恤补助").check()
        fill(page, 您的问题="60岁以后有补助吗？")
        page.get_by_label("网上查看").check()
        press(page, "下一步：材料")
        assert_stands(page)
        follow(page, "下一步：核对")
        assert_stands(page)
        press(page, "确认提交")
        heading(page, "已提交")
        assert_stands(page)
        page.goto(f"{base}/me/")
        follow(page, "政策咨询")
        sees(page, "等站里看材料", "提交")
        assert_stands(page)
        follow(page, "撤回")
        press(page, "确认撤回")
        expect(page).to_have_url(f"{base}/me/matters/")
        sees(page, "已经撤回", "您已撤回")
        assert_stands(page)
