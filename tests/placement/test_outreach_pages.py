"""The pages of "we come to you": writing a rule, its preview, the visits, and what a person sees."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from placement.models import OutreachLead, OutreachRefusal, OutreachTask
from services.enums import RuleState
from services.models import RuleVersion
from services.rules.conditions import ORDER
from tests.factories.persons import PersonFactory
from tests.factories.placement_outreach import OutreachLeadFactory, OutreachTaskFactory
from tests.factories.rules import RuleVersionFactory
from tests.placement.outreach_scene import scene

pytestmark = pytest.mark.django_db
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "a\x00b",
    "😀" * 3,
    "9" * 28,
    "9999-12-31",
]
OFFER = {
    "offer_title": "您可以申领优待证", "offer_words": "带身份证到服务站。", "occasion": "ONCE",
    "valid_from": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def s():
    return scene()


@pytest.fixture
def draft(s):
    return RuleVersionFactory(rule__station=s.city, draft=True, author=s.writer)


def address(name, *args):
    return reverse(f"placement:{name}", args=args)


def test_rule__from_its_first_line_to_its_first_visit__is_written_in_forms_only(
    client, s, django_capture_on_commit_callbacks
):
    client.force_login(s.writer)
    given = {"title": "高龄老人", "station": s.city.pk, "visit": "on", "visit_workdays": "10"}
    client.post(address("desk_outreach_rule_new"), OFFER | given)
    version = RuleVersion.objects.get(state=RuleState.DRAFT)
    condition = address("desk_outreach_condition", version.pk)
    assert "添加条件" in client.get(condition).content.decode()
    client.post(f"{condition}?at=&is=age", {"edits": 0, "min": "70", "max": ""})
    client.post(
        address("desk_outreach_tree", version.pk), {"edits": 1, "at": "", "do": "group-any"}
    )
    client.post(f"{condition}?at=1&is=plaque_missing", {"edits": 2})
    client.post(f"{condition}?at=1&is=card", {"edits": 3, "any_of": ["none"], "missing": "先不用"})
    client.post(f"{condition}?at=0&edit=1", {"edits": 4, "min": "75", "max": ""})
    version.refresh_from_db()
    assert version.conditions == {"all": [{"is": "age", "min": 75}, {"any": [
        {"is": "plaque_missing"}, {"is": "card", "any_of": ["none"], "missing": "先不用"}]}]}  # fmt: skip
    case = address("desk_outreach_case", version.pk)
    for edits, (title, birth, expected) in enumerate(
        [("老", "1950-01-01", "YES"), ("少", "1990-01-01", "NOT_YET")], start=5
    ):
        answer = client.post(case, {"edits": edits, "title": title, "on": "2026-06-01", "birth": birth,
                                    "expected": expected, "card": "none"})  # fmt: skip
        assert answer.status_code == 302
    asked = client.post(address("desk_outreach_decide", version.pk, "ask"), follow=True)
    page = asked.content.decode()
    assert "已请同事发布" in page
    assert "等待发布的规则" not in client.get(reverse("services:desk")).content.decode()
    assert "年满75周岁" in page
    assert "先不用" in page
    assert "预览并发布" not in page
    client.force_login(s.head)
    assert "等待发布的规则" in client.get(reverse("services:desk")).content.decode()
    preview = client.get(address("desk_outreach_preview", version.pk)).content.decode()
    assert "王**" in preview or "王*才" in preview
    assert "王德才" not in preview
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("desk_outreach_decide", version.pk, "publish"))
    assert set(OutreachTask.objects.values_list("lead__person__name", flat=True)) == {
        "王德才",
        "李福生",
    }
    rule = client.get(address("desk_outreach_rule", version.rule_id)).content.decode()
    assert "已告知" in rule


def test_condition_form__of_every_kind__opens_and_keeps_what_was_typed(client, s, draft):
    client.force_login(s.writer)
    for kind in ORDER:
        url = f"{address('desk_outreach_condition', draft.pk)}?at=&is={kind.key}"
        assert client.get(url).status_code == 200
        typed = {param.name: "长江7号" for param in kind.params} | {"edits": 0, "met": "长" * 121}
        answer = client.post(url, typed)
        assert answer.status_code == 200
        assert answer.context["form"].errors["met"]
    draft.refresh_from_db()
    assert draft.conditions == {"all": []}


def test_condition_form__for_stations__takes_names_and_says_which_it_does_not_know(
    client, s, draft
):
    client.force_login(s.writer)
    url = f"{address('desk_outreach_condition', draft.pk)}?at=&is=place"
    answer = client.post(url, {"edits": 0, "under": f"{s.station.name}\n没有的站"})
    assert "没有找到这个站点" in answer.content.decode()
    client.post(url, {"edits": 0, "under": f"{s.station.name}\n{s.station.parent.code}"})
    draft.refresh_from_db()
    assert draft.conditions["all"][0]["under"] == [s.station.path, s.station.parent.path]
    page = client.get(f"{address('desk_outreach_condition', draft.pk)}?at=0&edit=1")
    assert s.station.parent.name in page.content.decode()


@pytest.mark.parametrize("typed", HOSTILE)
def test_forms__with_hostile_input__answer_in_words(client, s, draft, typed):
    client.force_login(s.writer)
    everything = dict.fromkeys(
        ["title", "station", "offer_title", "offer_words", "offer_url", "occasion", "visit",
         "visit_workdays", "valid_from", "valid_to", "on", "birth", "expected", "card", "identities",
         "disability_grade", "min", "max", "ages", "any_of", "edits", "at", "do", "under", "unit"],
        typed,
    )  # fmt: skip
    pages = [address("desk_outreach_rule_new")] + [
        address(name, draft.pk) for name in ("desk_outreach_offer", "desk_outreach_case")
    ]
    pages += [
        f"{address('desk_outreach_condition', draft.pk)}?at=&is={kind}"
        for kind in ("age", "birthday", "card", "place", "since")
    ]
    for page in pages:
        answer = client.post(page, everything)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
    assert client.post(address("desk_outreach_tree", draft.pk), everything).status_code in (
        302,
        404,
    )
    for query in ({"at": typed}, {"at": "", "is": typed}):
        assert client.get(address("desk_outreach_condition", draft.pk), query).status_code in (
            200,
            404,
        )
    for name in ("desk_outreach", "desk_outreach_rules"):
        got = client.get(address(name), {"q": typed, "state": typed, "page": typed, "reach": typed})
        assert got.status_code == 200


def test_offer__kept_as_typed_when_refused__and_written_when_right(client, s, draft):
    client.force_login(s.writer)
    url = address("desk_outreach_offer", draft.pk)
    answer = client.post(
        url, OFFER | {"edits": 0, "valid_to": "2020-01-01", "offer_title": "改过的标题"}
    )
    assert "停用日期不应早于起用日期" in answer.content.decode()
    assert "改过的标题" in answer.content.decode()
    assert (
        client.post(url, OFFER | {"edits": 0, "offer_url": "services:my_card"}).status_code == 302
    )
    draft.refresh_from_db()
    assert (draft.offer_url, draft.visit, draft.visit_workdays) == ("services:my_card", False, None)


def test_draft__changed_in_another_window__is_not_overwritten(client, s, draft):
    client.force_login(s.writer)
    url = f"{address('desk_outreach_condition', draft.pk)}?at=&is=lives_alone"
    client.post(url, {"edits": 0})
    assert "刚才已被改过" in client.post(url, {"edits": 0}).content.decode()
    tree = address("desk_outreach_tree", draft.pk)
    answer = client.post(tree, {"edits": 0, "at": "0", "do": "remove"}, follow=True)
    assert "刚才已被改过" in answer.content.decode()


def test_version__of_another_author__has_no_controls(client, s, draft):
    client.force_login(s.head)
    page = client.get(address("desk_outreach_version", draft.pk)).content.decode()
    assert "添加条件" not in page
    for name in ("desk_outreach_offer", "desk_outreach_condition", "desk_outreach_case"):
        assert client.get(address(name, draft.pk)).status_code == 404


def test_publish__refused__says_why_and_leaves_the_draft(client, s, draft):
    client.force_login(s.head)
    answer = client.post(address("desk_outreach_decide", draft.pk, "publish"), follow=True)
    assert "还是空的" in answer.content.decode()
    client.force_login(s.writer)
    answer = client.post(address("desk_outreach_decide", draft.pk, "publish"), follow=True)
    assert "起草人不能发布" in answer.content.decode()
    assert client.post(address("desk_outreach_decide", draft.pk, "burn")).status_code == 404


def test_retire_and_discard__by_who_may__take_effect(client, s, draft):
    client.force_login(s.head)
    client.post(address("desk_outreach_decide", s.version.pk, "retire"))
    client.post(address("desk_outreach_decide", draft.pk, "discard"))
    s.version.refresh_from_db()
    assert s.version.state == RuleState.RETIRED
    assert not RuleVersion.objects.filter(pk=draft.pk).exists()


def test_next_version__begun_by_the_clerk__opens_as_a_draft(client, s):
    client.force_login(s.writer)
    answer = client.post(address("desk_outreach_draft", s.version.rule_id), follow=True)
    assert "第2版" in answer.content.decode()


@pytest.mark.parametrize("name", ["desk_outreach", "desk_outreach_rules"])
def test_list__however_long__asks_as_often(client, s, name, django_assert_max_num_queries):
    client.force_login(s.clerk)
    for count in (1, 20):
        for _ in range(count):
            version = RuleVersionFactory(rule__station=s.city, visiting=True)
            OutreachTaskFactory(
                lead__person=PersonFactory(station=s.station), lead__version=version
            )
        with django_assert_max_num_queries(9):
            assert client.get(address(name)).status_code == 200


def test_task_list__by_state_name_and_reach__is_narrowed(client, s):
    for person in (s.old, s.phoneless):
        OutreachTaskFactory(lead__person=person, lead__version=s.version)
    OutreachTaskFactory(done=True, lead__person=s.young, lead__version=s.version)
    client.force_login(s.clerk)
    assert (
        client.get(address("desk_outreach"), {"q": "王"}).context["page_obj"].paginator.count == 1
    )
    done = client.get(address("desk_outreach"), {"state": "DONE"})
    assert "当场办理或说明清楚" in done.content.decode()
    client.force_login(s.head)
    assert client.get(address("desk_outreach")).context["page_obj"].paginator.count == 0
    below = client.get(address("desk_outreach"), {"reach": "below"})
    assert below.context["page_obj"].paginator.count == 2


def test_task_page__shows_why_and_is_written_down__health_only_to_who_may(client, s):
    task = OutreachTaskFactory(lead__person=s.old, lead__version=s.version)
    client.force_login(s.clerk)
    page = client.get(task.get_absolute_url()).content.decode()
    assert "今年76周岁" in page
    assert "残疾等级5级" in page
    assert AuditEntry.objects.filter(act="placement.outreach_read").count() == 1
    client.force_login(s.writer)  # a clerk of the city, not of the person's own station
    page = client.get(task.get_absolute_url()).content.decode()
    assert "残疾等级5级" not in page
    assert "另有健康情况" in page
    assert s.version.rule.title not in page


@pytest.mark.parametrize(
    "act, typed, state",
    [
        (
            "finish",
            {"contact": "PHONE", "result": "LATER", "done_on": str(timezone.localdate())},
            "DONE",
        ),
        ("decline", {"what": "all"}, "DECLINED"),
        ("cancel", {"reason": "已办过"}, "CANCELLED"),
    ],
)
def test_task__answered__leaves_the_list(client, s, act, typed, state):
    task = OutreachTaskFactory(lead__person=s.old, lead__version=s.version)
    client.force_login(s.clerk)
    refused = client.post(address("desk_outreach_act", task.pk, act), {})
    assert refused.status_code == 200
    assert "请" in str(refused.context[f"{act}_form"].errors)
    client.post(address("desk_outreach_act", task.pk, act), typed)
    task.refresh_from_db()
    assert task.state == state
    assert client.post(address("desk_outreach_act", task.pk, "burn"), {}).status_code == 404


def test_task_page__of_somebody_who_no_longer_fits__says_what_changed(client, s):
    task = OutreachTaskFactory(lead__person=s.young, lead__version=s.version)
    client.force_login(s.clerk)
    page = client.get(task.get_absolute_url()).content.decode()
    assert "情况有变化" in page
    assert "还不满70周岁" in page


def test_draft_page__of_its_author__says_at_once_how_many_it_would_gain_and_lose(client, s):
    draft = RuleVersionFactory(rule=s.version.rule, number=2, draft=True, author=s.writer)
    client.force_login(s.writer)
    url = f"{address('desk_outreach_condition', draft.pk)}?at=&is=age"
    page = client.post(url, {"edits": 0, "min": "50"}, follow=True).content.decode()
    assert "<strong>3</strong>" in page
    assert "比现行版本多 1 人、少 0 人" in page


def test_own_page__with_something_found__names_the_newest_and_how_many(client, s):
    client.force_login(s.old.account)
    assert "为您找到的服务" not in client.get(reverse("services:me")).content.decode()
    OutreachLeadFactory(person=s.old, version=s.version)
    OutreachLeadFactory(
        person=s.old, version__rule__station=s.city, version__offer_title="新的服务"
    )
    page = client.get(reverse("services:me")).content.decode()
    assert "新的服务等2项" in page
    assert address("my_outreach") in page


def test_worklist__of_the_village__names_whom_to_see(client, s):
    OutreachTaskFactory(lead__person=s.old, lead__version=s.version)
    client.force_login(s.clerk)
    page = client.get(reverse("services:desk")).content.decode()
    assert "我来找您" in page
    assert "王德才" in page


def test_my_page__shows_what_was_found_and_why__and_declines_it(client, s):
    lead = OutreachLeadFactory(person=s.old, version=s.version)
    OutreachTaskFactory(lead=lead)
    client.force_login(s.old.account)
    page = client.get(address("my_outreach")).content.decode()
    assert s.version.offer_title in page
    assert "残疾等级5级" in page
    assert "前联系您" in page
    client.post(address("my_outreach_decline"), {"lead": lead.pk})
    page = client.get(address("my_outreach")).content.decode()
    assert "您说不需要" in page
    refusal = OutreachRefusal.objects.get()
    assert refusal.rule == s.version.rule
    client.post(address("my_outreach_again", refusal.pk))
    assert not OutreachRefusal.objects.standing().exists()
    client.post(address("my_outreach_decline"))
    assert OutreachRefusal.objects.standing().get().rule is None


@pytest.mark.parametrize("lead", ["7", "x", "9" * 28, "a\x00b", "-1", "²"])
def test_my_page__declining_what_is_not_mine__is_not_found(client, s, lead):
    client.force_login(s.old.account)
    assert client.post(address("my_outreach_decline"), {"lead": lead}).status_code == 404
    other = OutreachLeadFactory(person=s.phoneless, version=s.version)
    assert client.post(address("my_outreach_decline"), {"lead": other.pk}).status_code == 404


def test_my_page__however_much_was_found__asks_as_often(client, s, django_assert_max_num_queries):
    client.force_login(s.old.account)
    for count in (1, 20):
        for _ in range(count):
            OutreachLeadFactory(person=s.old, version=RuleVersionFactory(rule__station=s.city))
        with django_assert_max_num_queries(10):
            assert client.get(address("my_outreach")).status_code == 200
    assert OutreachLead.objects.count() == 21


def test_my_data__holds_what_was_found_and_what_was_declined(client, s):
    OutreachLeadFactory(person=s.old, version=s.version)
    OutreachRefusal.objects.create(person=s.old, by=s.old.account, channel="SELF")
    client.force_login(s.old.account)
    page = client.get(reverse("accounts:my_data")).content.decode()
    assert "为您找到的服务" in page
    assert "所有主动服务" in page
