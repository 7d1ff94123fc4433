"""Citizens' matters: written, kept as drafts, looked over, sent, followed, taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Session
from services.actions import documents, matters
from services.actions.matters import papers
from services.enums import DocumentKind, MatterState, Outcome
from services.models import Matter
from tests.accounts.doors import by_phone
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory, RequiredPaperFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.papers import MatterFileFactory
from tests.factories.persons import IdentityFactory, PersonFactory
from tests.services.matter_scene import QUESTION, new_url, sent, text, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


@pytest.fixture
def kind():
    return MatterKindFactory()


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.account)
    return client


# --- writing ------------------------------------------------------------------------------------


def test_new__person_with_a_file__is_asked_only_the_questions(signed_in, kind, person):
    page = text(signed_in.get(new_url(kind)))
    assert 'name="question"' in page
    assert 'name="name"' not in page
    assert 'name="station"' not in page
    assert person.station.name in page


def test_new__filled_in__leads_over_the_check_page_to_the_number(signed_in, kind, person):
    answer = signed_in.post(new_url(kind), typed(signed_in, kind))
    matter = Matter.objects.get()
    assert matter.state == MatterState.DRAFT
    assert answer.url == url("matter_check", matter)
    page = text(signed_in.get(answer.url))
    assert "60岁有补助吗？" in page
    assert "抚恤补助" in page
    answer = signed_in.post(answer.url)
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED
    assert (matter.person, matter.station) == (person, person.station)
    page = text(signed_in.get(answer.url))
    assert f"{matter.number[:4]} {matter.number[4:8]} {matter.number[8:]}" in page
    assert "已提交" in page
    assert "接下来" in page
    assert reverse("services:matter_paper", args=[matter.number]) in page


def test_new__kind_with_papers__asks_for_them_on_the_way(signed_in, kind):
    paper = RequiredPaperFactory(kind=kind)
    answer = signed_in.post(new_url(kind), typed(signed_in, kind))
    matter = Matter.objects.get()
    assert answer.url == url("matter_papers", matter)
    page = text(signed_in.get(answer.url))
    assert paper.name in page
    assert url("matter_check", matter) in page
    assert paper.name in text(signed_in.get(url("matter_check", matter)))


def test_new__sent_twice__is_one_matter(signed_in, kind):
    data = typed(signed_in, kind)
    for _ in range(2):
        signed_in.post(new_url(kind), data)
    matter = Matter.objects.get()
    for _ in range(2):
        assert signed_in.post(url("matter_check", matter)).status_code == 302
    assert Matter.objects.count() == 1
    answer = signed_in.post(new_url(kind), data)
    assert answer.url == matter.get_absolute_url()


def test_new__bad_input__keeps_what_was_typed(signed_in, kind):
    data = typed(signed_in, kind, topic="", question="留着<b>这句")
    answer = signed_in.post(new_url(kind), data)
    assert answer.status_code == 200
    assert "留着&lt;b&gt;这句" in text(answer)
    assert data["client_key"] in text(answer)
    assert not Matter.objects.exists()


@pytest.mark.parametrize("words", ["<script>x</script>", "=1+1", "😀" * 900, "a\0b", "9" * 28])
def test_new__hostile_words__are_only_words(signed_in, kind, words):
    answer = signed_in.post(new_url(kind), typed(signed_in, kind, question=words), follow=True)
    assert answer.status_code == 200
    assert "<script>x" not in text(answer)


@pytest.mark.parametrize("key", ["", "x", "a b c d e f g h", "k" * 65, "ключключ", "\0" * 9])
def test_new__odd_key__starts_over_without_a_matter(signed_in, kind, key):
    assert signed_in.post(new_url(kind), typed(signed_in, kind, client_key=key)).status_code == 200
    assert not Matter.objects.exists()


def test_new__without_a_file__asks_who_and_where(client, kind):
    user, station = UserFactory(name="李卫国"), StationFactory()
    client.force_login(user)
    page = text(client.get(new_url(kind, f"?station={station.code}")))
    assert "李卫国" in page
    assert station.code in page
    data = typed(client, kind, name="李卫国", phone=user.phone, station=station.name)
    client.post(new_url(kind), data)
    matter = Matter.objects.get()
    assert (matter.person, matter.station, matter.applicant_name) == (None, station, "李卫国")
    assert matter.applicant_phone == user.phone


def test_new__kind_that_needs_a_file__leads_to_registering(client):
    kind = MatterKindFactory(proof=True)
    client.force_login(UserFactory())
    page = text(client.get(new_url(kind)))
    assert "先登记建档" in page
    assert reverse("services:my_file") in page
    assert client.post(new_url(kind), {"purpose": "SIGHTS"}).status_code == 200
    assert not Matter.objects.exists()


def test_new__closed_or_offline_kind__is_not_there(signed_in):
    assert signed_in.get(new_url(MatterKindFactory(closed=True))).status_code == 404
    kind = MatterKindFactory(card=True, online=False)
    assert signed_in.get(new_url(kind)).status_code == 404


def test_new__proof_without_a_verified_identity__is_refused_kindly(signed_in, person):
    kind = MatterKindFactory(proof=True)
    data = typed(signed_in, kind, purpose="SIGHTS")
    signed_in.post(new_url(kind), data)
    answer = signed_in.post(url("matter_check", Matter.objects.get()), follow=True)
    assert "还没有核验" in text(answer)
    assert Matter.objects.get().state == MatterState.DRAFT
    IdentityFactory(person=person, verified=True)
    signed_in.post(url("matter_check", Matter.objects.get()))
    assert Matter.objects.get().state == MatterState.SUBMITTED


# --- drafts -------------------------------------------------------------------------------------


def test_draft__half_filled__is_kept_and_taken_up_again(signed_in, kind):
    data = typed(signed_in, kind, step="save", topic="", question="写到一半")
    answer = signed_in.post(new_url(kind), data, follow=True)
    draft = Matter.objects.get()
    assert draft.state == MatterState.DRAFT
    assert "写到一半" in text(answer)
    assert "已存成草稿" in text(answer)
    assert url("matter_edit", draft) in text(signed_in.get(reverse("services:my_matters")))
    answer = signed_in.post(url("matter_edit", draft), QUESTION | {"client_key": draft.client_key})
    assert answer.url == url("matter_check", draft)


def test_draft__not_complete__cannot_be_sent(signed_in, kind):
    signed_in.post(new_url(kind), typed(signed_in, kind, step="save", topic=""))
    draft = Matter.objects.get()
    answer = signed_in.post(url("matter_check", draft))
    assert answer.url == url("matter_edit", draft)
    assert Matter.objects.get().state == MatterState.DRAFT


def test_draft__without_a_file__may_change_its_station(client, kind):
    user, before, after = UserFactory(), StationFactory(), StationFactory(town=True)
    client.force_login(user)
    data = typed(client, kind, name="李卫国", phone=user.phone, station=before.code)
    client.post(new_url(kind), data)
    draft = Matter.objects.get()
    client.post(url("matter_edit", draft), data | {"station": after.code, "name": "李卫民"})
    draft.refresh_from_db()
    assert (draft.station, draft.applicant_name) == (after, "李卫民")


def test_draft__staff_and_others__do_not_see_it(client, signed_in, kind, person):
    signed_in.post(new_url(kind), typed(signed_in, kind, step="save"))
    draft = Matter.objects.get()
    for other in (UserFactory(), PostingFactory(station=person.station).user):
        client.force_login(other)
        for name in ("matter_edit", "matter_papers", "matter_check", "matter_withdraw"):
            assert client.get(url(name, draft)).status_code == 404


def test_draft__not_wanted__is_dropped(signed_in, kind):
    signed_in.post(new_url(kind), typed(signed_in, kind, step="save"))
    draft = Matter.objects.get()
    assert "删除草稿" in text(signed_in.get(url("matter_withdraw", draft)))
    signed_in.post(url("matter_withdraw", draft), {"sure": "1"})
    assert Matter.objects.get().state == MatterState.WITHDRAWN


def test_typing__session_ended__comes_back_with_the_words(client, kind):
    user = UserFactory()
    person = PersonFactory(account=user, phone=user.phone)
    by_phone(client, user.phone)
    data = typed(client, kind, question="打了很久的字", topic="")
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    answer = client.post(new_url(kind), data)
    assert "/accounts/login/" in answer.url
    assert not Matter.objects.exists()
    by_phone(client, user.phone)
    page = text(client.get(new_url(kind)))
    assert "打了很久的字" in page
    client.post(new_url(kind), data | {"topic": "PENSION"})
    assert Matter.objects.get().person == person


# --- following ----------------------------------------------------------------------------------


def test_detail__accepted__says_the_day_and_the_working_days_left(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.accept(matter=matter, by=clerk)
    page = text(signed_in.get(matter.get_absolute_url()))
    assert "已受理，正在办" in page
    assert "个工作日" in page
    assert "星期" in page
    assert clerk.name not in page


def test_detail__papers_asked_for__shows_the_list_and_takes_the_answer(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.ask_supplement(matter=matter, by=clerk, wanted="户口本<b>\n身份证")
    page = text(signed_in.get(matter.get_absolute_url()))
    assert "请补充材料" in page
    assert "户口本&lt;b&gt;<br>身份证" in page
    assert reverse("services:matter_file_add", args=[matter.number]) in page
    again = signed_in.post(url("matter_supplement", matter), follow=True)
    assert "还没有看到您新上传的材料" in text(again)
    matter.refresh_from_db()
    assert matter.state == MatterState.SUPPLEMENT
    signed_in.post(url("matter_supplement", matter), {"elsewhere": "1"})
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED


def test_supplement__handed_in_since_it_was_asked__needs_no_tick(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.ask_supplement(matter=matter, by=clerk, wanted="身份证")
    MatterFileFactory(matter=matter)
    assert "elsewhere" not in text(signed_in.get(matter.get_absolute_url()))
    signed_in.post(url("matter_supplement", matter))
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED


def test_detail__done__shows_the_result_and_the_papers(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.accept(matter=matter, by=clerk)
    matters.note(matter=matter, by=clerk, staff_words="只给同事看的话")
    matters.finish(matter=matter, by=clerk, outcome=Outcome.GRANTED, result="可以领取。")
    page = text(signed_in.get(matter.get_absolute_url()))
    assert "办好了" in page
    assert "可以领取。" in page
    assert "只给同事看的话" not in page
    for document in matter.documents.all():
        assert reverse("services:document_pdf", args=[document.code]) in page


def test_detail__other_states__each_answer(signed_in, kind, person):
    clerk = PostingFactory(station=person.station).user
    refused, suspended, gone = (sent(signed_in, kind) for _ in range(3))
    matters.refuse_acceptance(matter=refused, by=clerk, reason="不归我们办")
    matters.accept(matter=suspended, by=clerk)
    matters.suspend(matter=suspended, by=clerk, reason="等医院证明")
    matters.withdraw(matter=gone, by=person.account, reason="不用办了")
    for matter, words in [(refused, "不归我们办"), (suspended, "等医院证明"), (gone, "您已撤回")]:
        assert words in text(signed_in.get(matter.get_absolute_url()))


def test_detail__strangers__find_nothing(client, signed_in, kind):
    matter = sent(signed_in, kind)
    client.force_login(UserFactory())
    for name in ("matter", "matter_paper", "matter_withdraw"):
        assert client.get(url(name, matter)).status_code == 404
    assert client.post(url("matter_supplement", matter)).status_code == 404
    assert client.post(url("matter_withdraw", matter), {"reason": "不用办了"}).status_code == 404
    client.logout()
    assert client.get(matter.get_absolute_url()).status_code == 302


def test_withdraw__with_a_reason__is_taken_back(signed_in, kind):
    matter = sent(signed_in, kind)
    assert signed_in.post(url("matter_withdraw", matter), {"reason": "乱写"}).status_code == 200
    signed_in.post(url("matter_withdraw", matter), {"reason": "不用办了"})
    matter.refresh_from_db()
    assert (matter.state, matter.ended_reason) == (MatterState.WITHDRAWN, "不用办了")
    answer = signed_in.post(url("matter_withdraw", matter), {"reason": "不用办了"}, follow=True)
    assert "不能撤回" in text(answer)


def test_overview__open_matters__stand_there(signed_in, kind):
    matter = sent(signed_in, kind)
    page = text(signed_in.get(reverse("services:me")))
    assert matter.get_absolute_url() in page


@pytest.mark.parametrize("count", [1, 20])
def test_list__any_number__takes_few_queries(
    signed_in, kind, person, count, settings, django_assert_max_num_queries
):
    settings.MATTERS_OPEN_PER_KIND = settings.MATTERS_OPEN_IN_ALL = count
    for number in range(count):
        matter = matters.save_draft(
            kind=kind, station=person.station, by=person.account, client_key=f"key-{number:08}",
            applicant_name=person.name, person=person, channel="WEB", answers=QUESTION,
        )  # fmt: skip
        if number % 2:
            matters.submit(matter=matter, by=person.account)
    with django_assert_max_num_queries(12):
        signed_in.get(reverse("services:my_matters"))


def test_detail__takes_few_queries(signed_in, kind, django_assert_max_num_queries):
    matter = sent(signed_in, kind)
    with django_assert_max_num_queries(22):
        signed_in.get(matter.get_absolute_url())


def test_detail__not_granted__is_no_good_news_and_keeps_its_lines(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.accept(matter=matter, by=clerk)
    words = "不符合条件。\n可以申请复核。"
    matters.finish(matter=matter, by=clerk, outcome=Outcome.REFUSED, result=words)
    page = text(signed_in.get(url("matter", matter)))
    assert "没有批准" in page
    assert "办好了" not in page.partition("<h2>进展")[0]
    assert "不符合条件。<br>可以申请复核。" in page
    assert Message.objects.filter(title="您的申请没有批准").exists()


def test_supplement__list_of_lines__is_one_sentence_in_the_message(signed_in, kind, person):
    matter = sent(signed_in, kind)
    clerk = PostingFactory(station=person.station).user
    matters.ask_supplement(matter=matter, by=clerk, wanted="身份证\n户口簿；")
    told = Message.objects.filter(title="请补充材料").first()
    assert "身份证；户口簿。" in told.body


def test_receipt__names_the_papers_as_the_guide_does(signed_in, kind, person):
    clerk = PostingFactory(station=person.station).user
    wanted = RequiredPaperFactory(kind=kind, name="居民身份证")
    matter = sent(signed_in, kind)
    for title in ("IMG_1.jpg", "IMG_2.jpg"):
        MatterFileFactory(matter=matter, paper=wanted, title=title, by=clerk)
    body = documents.body_of(papers.issue(matter, DocumentKind.RECEIPT, by=clerk))
    assert body["items"] == ["居民身份证（2份）"]
    assert body["items_title"] == "收到的材料："
