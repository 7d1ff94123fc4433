"""The desk declares an issued paper void: with a reason, for good, and its holder is told."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Message
from services.actions import documents
from services.actions.documents import Standing
from services.enums import DocumentKind
from tests.factories.network import PostingFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.services.test_documents import CONTENT, issued, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter():
    return HeldMatterFactory()


@pytest.fixture
def document(matter):
    return issued(matter)


def revoke_page(document):
    return reverse("services:desk_document_revoke", args=[document.code])


def test_revoke__by_somebody_elses_clerk__is_refused(document):
    with pytest.raises(documents.DocumentError) as refusal:
        documents.revoke(document=document, by=PostingFactory().user, reason="身份已变更")
    assert refusal.value.code == "not_allowed"
    assert documents.standing(stored(document)) == Standing.VALID


def test_revoke__a_paper_of_a_file_alone__tells_the_person(matter):
    person = PersonFactory(station=matter.station, claimed=True)
    mine = documents.issue(
        kind=DocumentKind.IDENTITY_PROOF, by=matter.by, content=CONTENT, person=person,
        station=matter.station, number="锡证1号",
    )  # fmt: skip
    by = PostingFactory(station=matter.station).user
    documents.revoke(document=mine, by=by, reason="姓名有误")
    told = Message.objects.filter(kind="services.document", user=person.account)
    assert "姓名有误" in told.first().body
    assert mine.code not in told.first().body  # who has the code can read the paper


def test_revoke_page__with_a_reason__voids_the_paper_for_whoever_verifies(client, document):
    client.force_login(PostingFactory(station=document.station).user)
    matter_page = reverse("services:desk_matter", args=[document.matter.number])
    assert revoke_page(document) in client.get(matter_page).content.decode()
    assert "作废后不能恢复" in client.get(revoke_page(document)).content.decode()
    page = client.post(revoke_page(document), {"reason": " "})
    assert "请填写原因" in page.content.decode()
    page = client.post(revoke_page(document), {"reason": "<b>姓名有误</b>"})
    assert page.url == matter_page
    html = client.get(matter_page).content.decode()
    assert "作废：&lt;b&gt;姓名有误&lt;/b&gt;" in html
    assert revoke_page(document) not in html
    again = client.post(revoke_page(document), {"reason": "再一次"})
    assert "已经作废，不用再处理" in again.content.decode()
    client.logout()
    shown = client.get(reverse("services:verify_code", args=[document.code])).content.decode()
    assert "已经作废" in shown
    assert "姓名有误" not in shown  # the reason is the holder's and the desk's
    entry = AuditEntry.objects.get(act="services.document_revoked")
    assert entry.detail["reason"] == "<b>姓名有误</b>"
    assert Message.objects.filter(title__endswith="已作废").exists()


def test_revoke_page__of_another_station__is_404(client, document):
    client.force_login(PostingFactory().user)
    assert client.get(revoke_page(document)).status_code == 404
