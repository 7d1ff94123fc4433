"""Papers on a phone: a photo that does not fit is made to fit; an issued paper is verified by anyone."""

import pytest
from playwright.sync_api import expect

from services.actions import documents
from services.enums import CardState, DocumentKind
from services.models import Card
from tests.browser import hands
from tests.browser.checks import assert_stands
from tests.browser.hands import heading, press, sees
from tests.factories.guides import RequiredPaperFactory
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.services.card_scene import scene
from tests.services.paper_makers import picture, portrait

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def file(name, data, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": data}


def test_phone__photo_that_does_not_fit__is_made_to_fit_and_handed_in(browser, live_server):
    matter = HeldMatterFactory(draft=True, details='{"topic": "OTHER", "question": "问"}')
    RequiredPaperFactory(kind=matter.kind, name="证件照片", is_photo=True)
    with hands.page_of(browser, hands.PHONE) as page:
        hands.sign_in_at_once(page, live_server.url, matter.by)
        page.goto(f"{live_server.url}/me/matters/{matter.number}/papers/")
        page.get_by_label("这是哪一份材料").select_option(label="证件照片")
        page.get_by_label("选择照片或文件").set_input_files(file("a.jpg", portrait((600, 800))))
        press(page, "上传这一份")
        sees(page, "已帮您调整好", "大小是 600×800 像素")
        expect(page.get_by_alt_text("调整后的证件照")).to_be_visible()
        assert_stands(page)
        press(page, "就用这一张")
        sees(page, "“证件照片”传好了")
        page.get_by_label("选择照片或文件").set_input_files(file("b.jpg", picture((900, 700))))
        press(page, "上传这一份")
        sees(page, "传好了")
        assert_stands(page)
    assert matter.files.kept().count() == 2


@pytest.mark.parametrize("size", [hands.PHONE, hands.DESKTOP], ids=["phone", "desktop"])
def test_anybody__paper__is_verified_by_its_code_and_by_its_file(browser, live_server, size):
    matter = HeldMatterFactory()
    paper = documents.issue(
        matter=matter, kind=DocumentKind.RECEIPT, by=matter.by, content={"name": "王建国"}
    )
    with hands.page_of(browser, hands.PHONE) as holder:
        hands.sign_in_at_once(holder, live_server.url, matter.by)
        answer = holder.request.get(f"{live_server.url}/papers/{paper.code}.pdf")
        pdf = answer.body()
    with hands.page_of(browser, size) as page:
        page.goto(f"{live_server.url}/verify/")
        assert_stands(page)
        page.get_by_label("校验码").fill("ABCD")
        press(page, "核对")
        sees(page, "没有查到这个校验码")
        page.get_by_label("校验码").fill(documents.grouped(paper.code).lower())
        press(page, "核对")
        heading(page, "核验结果")
        sees(page, "签名有效", "王*国")
        assert_stands(page)
        page.goto(f"{live_server.url}/verify/")
        page.get_by_label("文书的 PDF 文件").set_input_files(file("a.pdf", pdf, "application/pdf"))
        press(page, "核对这个文件")
        sees(page, "这个文件没有改动")
        assert_stands(page)


def test_district__cards__are_signed_in_many_at_once(browser, live_server):
    s = scene()
    for _ in range(8):
        CardFactory(state=CardState.PRODUCING, station=s.village)
    with hands.page_of(browser, hands.DESKTOP) as page:
        hands.sign_in_at_once(page, live_server.url, s.county_clerk)
        page.goto(f"{live_server.url}/desk/cards/?state=PRODUCING")
        assert_stands(page)
        for box in page.get_by_role("checkbox").all():
            box.check()
        press(page, "县级签收")
        sees(page, "8张卡已登记为“县级签收”")
        page.goto(f"{live_server.url}/desk/cards/{Card.objects.first().pk}/")
        assert_stands(page)
