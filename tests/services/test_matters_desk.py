"""Matters at the desk: the list, one matter, each act's form, entering at the counter."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from services.enums import MatterState, Outcome, Role
from services.models import Matter
from tests.factories.arrivals import ArrivalFactory
from tests.factories.guides import MatterKindFactory, RequiredPaperFactory
from tests.factories.matters import DONE, MatterFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def matter(station):
    return HeldMatterFactory(station=station)


def page_of(desk, matter):
    return desk.get(reverse("services:desk_matter", args=[matter.number])).content.decode()


def do(desk, matter, act, **typed):
    address = reverse("services:desk_matter_act", args=[matter.number, act])
    return desk.post(address, typed, follow=True)


def test_desk_matter__from_accepting_to_delivering__goes_step_by_step(desk, matter, clerk):
    assert "受理后开始计时" in page_of(desk, matter)
    do(desk, matter, "accept", x="1")
    matter.refresh_from_db()
    assert (matter.state, matter.handler) == (MatterState.ACCEPTED, clerk)
    do(desk, matter, "suspend", kind="等待上级批复", words="市里在看")
    matter.refresh_from_db()
    assert matter.suspended_reason == "等待上级批复：市里在看"
    assert "停止计时" in page_of(desk, matter)
    do(desk, matter, "resume", reason="")
    do(desk, matter, "finish", outcome=Outcome.ANSWERED, result="可以领取")
    matter.refresh_from_db()
    assert (matter.state, matter.late_days) == (MatterState.DONE, 0)
    do(desk, matter, "deliver", delivery="COUNTER")
    matter.refresh_from_db()
    assert matter.state == MatterState.DELIVERED


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("ask-supplement", {"wanted": " "}, "请填写还缺什么"),
        ("refuse", {"reason": ""}, "请填写原因"),
        ("note", {"public_words": "", "staff_words": ""}, "请写下进展"),
    ],
)
def test_desk_matter__act_without_words__says_so_where_it_stands(desk, matter, act, typed, words):
    page = do(desk, matter, act, **typed).content.decode()
    assert words in page
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED


def test_desk_matter__second_supplement__is_not_offered(desk, matter):
    do(desk, matter, "ask-supplement", wanted="退役证\n户口本")
    page = page_of(desk, matter)
    assert "退役证" in page
    do(desk, matter, "supplement", x="1")
    assert "一次性告知补正</summary>" not in page_of(desk, matter)


def test_desk_matter__finish_refused_by_its_form__keeps_what_was_typed(desk, matter):
    do(desk, matter, "accept", x="1")
    page = do(desk, matter, "finish", outcome="", result="写了很多字").content.decode()
    assert "写了很多字" in page


def test_matter_list__filters_that_are_no_choice__are_left_out(desk, matter):
    address = reverse("services:desk_matters")
    for query in ("state=NONE", "kind=zz", "light=blue", "q=%00", "page=999", "reach=below"):
        page = desk.get(f"{address}?{query}")
        assert page.status_code == 200
    assert matter.applicant_name in desk.get(f"{address}?q={matter.number}").content.decode()


def test_matter_list__twenty_rows__asks_as_often_as_for_one(
    desk, station, django_assert_max_num_queries
):
    for _ in range(20):
        HeldMatterFactory(station=station)
    with django_assert_max_num_queries(12):
        desk.get(reverse("services:desk_matters"))


def test_entry__consultation_answered_at_once__is_done_and_delivered_once(desk, station):
    kind = MatterKindFactory()
    address = f"{reverse('services:desk_matter_new')}?kind={kind.code}"
    form = desk.get(address).context["entry"]
    typed = {
        "client_key": form["client_key"].value(), "name": "王建国", "phone": "13812345678",
        "station": station.pk, "channel": "COUNTER", "topic": "PENSION",
        "question": "60岁以后有没有补助？", "reply_by": "PHONE", "answer": "有，请带退役证来登记。",
    }  # fmt: skip
    for _ in range(2):
        desk.post(address, typed)
    matter = Matter.objects.get()
    assert (matter.state, matter.outcome) == (MatterState.DELIVERED, Outcome.ANSWERED)
    assert matter.result == "有，请带退役证来登记。"


def test_entry__kind_not_chosen__lists_what_is_open(desk):
    MatterKindFactory(hardship=True)
    MatterKindFactory(proof=True, closed=True)
    page = desk.get(reverse("services:desk_matter_new")).content.decode()
    assert "困难帮扶申请" in page
    assert "享受优待身份证明" not in page


# what is missing, and what stops the clock


@pytest.fixture
def incomplete(station):
    kind = MatterKindFactory()
    for name in ("身份证", "退役证"):
        RequiredPaperFactory(kind=kind, name=name)
    return HeldMatterFactory(station=station, kind=kind)


def steps_of(page):
    first, others = page.context["next"], page.context["others"]
    return [first["act"], *(each["act"] for each in others)]


def test_desk_matter__papers_missing__asks_for_them_first_and_warns_before_accepting(
    desk, incomplete
):
    page = desk.get(reverse("services:desk_matter", args=[incomplete.number]))
    assert steps_of(page)[:2] == ["ask-supplement", "accept"]
    html = page.content.decode()
    assert html.count('class="button primary"') == 1
    assert "一次性告知补正" in html.split('class="button primary"')[1][:200]
    assert "还缺：身份证、退役证。在窗口当面看过原件的才可以受理" in html
    assert "身份证\n退役证</textarea>" in html
    do(desk, incomplete, "accept")  # seen at the counter
    incomplete.refresh_from_db()
    assert incomplete.state == MatterState.ACCEPTED


def test_desk_matter__papers_missing_but_asked_for_before__offers_accepting_with_the_warning(
    desk, incomplete
):
    do(desk, incomplete, "ask-supplement", wanted="身份证")
    do(desk, incomplete, "supplement")
    page = desk.get(reverse("services:desk_matter", args=[incomplete.number]))
    assert steps_of(page)[0] == "accept"
    assert "材料还不齐" in page.content.decode()


def test_desk_matter__papers_complete__accepts_first_without_a_warning(desk, matter):
    page = desk.get(reverse("services:desk_matter", args=[matter.number]))
    assert steps_of(page)[:2] == ["accept", "ask-supplement"]
    assert "材料还不齐" not in page.content.decode()


def test_suspend__because_the_person_should_explain__is_no_ground(desk, matter):
    do(desk, matter, "accept")
    page = do(desk, matter, "suspend", kind="等待本人说明情况")
    assert "请从列出的里选择" in page.content.decode()
    matter.refresh_from_db()
    assert matter.state == MatterState.ACCEPTED


def test_entry__from_a_window__leads_over_the_search_to_the_file_and_back_with_the_visit(
    desk, station
):
    person = PersonFactory(station=station, name="赵国良")
    arrival = ArrivalFactory(station=station, name="赵国良")
    page = desk.get(f"{reverse('services:desk_matter_new')}?arrival={arrival.pk}").content.decode()
    found = f"{reverse('services:desk_search')}?q={quote('赵国良')}&amp;arrival={arrival.pk}"
    assert f'href="{found}"' in page
    page = desk.get(found.replace("&amp;", "&")).content.decode()
    assert f'href="{person.get_absolute_url()}?arrival={arrival.pk}"' in page
    answer = desk.post(
        f"{reverse('services:desk_search')}?arrival={arrival.pk}", {"q": person.id_number}
    )
    assert answer.url == f"{person.get_absolute_url()}?arrival={arrival.pk}"
    page = desk.get(answer.url).content.decode()
    entry = f"{reverse('services:desk_matter_new')}?person={person.pk}&amp;arrival={arrival.pk}"
    assert f'href="{entry}"' in page


def test_entry__for_another__is_named_as_everywhere(desk, station):
    kind = MatterKindFactory()
    proxy = ProxyFactory(person=PersonFactory(station=station))
    address = f"{reverse('services:desk_matter_new')}?for={proxy.pk}"
    page = desk.get(address).content.decode()
    assert f'<input type="hidden" name="for" value="{proxy.pk}">' in page
    page = desk.get(f"{address}&kind={kind.code}").content.decode()
    assert f"由{proxy.agent_name}" in page


def test_entry__from_a_visit_whose_proxy_ended_meanwhile__goes_on_without_it(desk, station):
    proxy = ProxyFactory(person=PersonFactory(station=station), over=True)
    arrival = ArrivalFactory(station=station, person=proxy.person, proxy=proxy, came_for="王小明")
    kind = MatterKindFactory()
    address = f"{reverse('services:desk_matter_new')}?arrival={arrival.pk}"
    assert desk.get(address).status_code == 200
    page = desk.get(f"{address}&kind={kind.code}")
    assert page.status_code == 200
    assert page.context["proxy"] is None
    assert "王小明" in page.content.decode()


def test_entry__question_before_the_answer_and_nothing_online_without_an_account(desk, station):
    kind = MatterKindFactory()
    walk_in = f"{reverse('services:desk_matter_new')}?kind={kind.code}"
    page = desk.get(walk_in).content.decode()
    assert page.index('name="question"') < page.index('name="answer"')
    assert "网上查看" not in page
    person = PersonFactory(station=station, claimed=True)
    assert "网上查看" in desk.get(f"{walk_in}&person={person.pk}").content.decode()


def test_desk_matter__of_nobody_with_an_account__is_not_delivered_online(desk, clerk, station):
    matter = MatterFactory(station=station, by=clerk, done=True, handler=clerk)
    assert "网上查看" not in page_of(desk, matter)
    assert "网上查看" in page_of(desk, HeldMatterFactory(station=station, state="DONE", **DONE))
