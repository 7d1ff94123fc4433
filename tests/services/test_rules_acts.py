"""Rules are written by one, checked on golden cases, published by another, and then only retired."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from services.actions import rules as acts
from services.enums import Answer, Occasion, Role, RuleKind, RuleState
from services.models import GoldenCase, Rule, RuleVersion
from services.rules import Facts, RuleError
from services.rules.golden import facts_to_data
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.rules import SEVENTY, GoldenCaseFactory, RuleFactory, RuleVersionFactory

pytestmark = pytest.mark.django_db
OFFER = {
    "valid_from": date(2026, 1, 1), "valid_to": None, "offer_title": "您可以申领优待证",
    "offer_words": "带身份证到服务站办。", "offer_url": "", "visit": False, "visit_workdays": None,
    "occasion": Occasion.ONCE,
}  # fmt: skip


@pytest.fixture
def city():
    return StationFactory(city=True)


@pytest.fixture
def clerk(city):
    return PostingFactory(station=city, role=Role.CLERK).user


@pytest.fixture
def reviewer(city):
    return PostingFactory(station=city, role=Role.REVIEWER).user


@pytest.fixture
def draft(city, clerk):
    return RuleVersionFactory(rule__station=city, draft=True, author=clerk)


@pytest.fixture
def ready(draft):
    """A draft that only waits for its publication."""
    draft.conditions = SEVENTY
    draft.save()
    GoldenCaseFactory(version=draft, title="76岁")
    GoldenCaseFactory(
        version=draft, title="56岁", expected=Answer.NOT_YET,
        facts=facts_to_data(Facts(date(1970, 1, 1), station_path=draft.rule.station.path)),
    )  # fmt: skip
    return draft


def audited(act):
    return AuditEntry.objects.filter(act=f"services.rule_{act}").count()


def test_begin__by_the_citys_clerk__is_a_draft_with_a_code_of_its_own(city, clerk):
    version = acts.begin(kind=RuleKind.OUTREACH, title="优待证", station=city, by=clerk, **OFFER)
    again = acts.begin(kind=RuleKind.OUTREACH, title="优待证", station=city, by=clerk, **OFFER)
    assert (version.state, version.number, version.conditions) == (RuleState.DRAFT, 1, {"all": []})
    assert version.rule.code.startswith("ydz-")
    assert again.rule.code != version.rule.code
    assert audited("begun") == 2


def test_begin__with_a_code_that_is_taken__is_refused(city, clerk):
    RuleFactory(code="card")
    with pytest.raises(RuleError) as refused:
        acts.begin(kind="OUTREACH", title="证", station=city, by=clerk, code="card", **OFFER)
    assert refused.value.field == "code"


def test_begin__by_a_reviewer_or_for_a_village__is_refused(city, clerk, reviewer):
    for by, station in ((reviewer, city), (clerk, StationFactory())):
        with pytest.raises(RuleError, match="市、县"):
            acts.begin(kind="OUTREACH", title="证", station=station, by=by, **OFFER)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"valid_to": date(2025, 1, 1)}, "valid_to"),
        ({"visit": True}, "visit_workdays"),
        ({"visit_workdays": 5}, "visit_workdays"),
    ],
)
def test_offer__that_does_not_fit_together__is_refused(draft, clerk, change, field):
    with pytest.raises(RuleError) as refused:
        acts.write_offer(version=draft, by=clerk, edits=0, **OFFER | change)
    assert refused.value.field == field


def test_conditions__are_added_changed_regrouped_and_removed(draft, clerk):
    same = {"version": draft, "by": clerk}
    acts.add_node(**same, edits=0, place="", node={"is": "lives_alone"})
    acts.add_node(**same, edits=1, place="", node={"any": []})
    acts.add_node(**same, edits=2, place="1", node={"is": "age", "min": 70})
    acts.change_node(**same, edits=3, place="1.0", node={"is": "age", "min": 80})
    acts.change_node(**same, edits=4, place="1", node="not")
    acts.remove_node(**same, edits=5, place="0")
    draft.refresh_from_db()
    assert draft.conditions == {"all": [{"not": [{"is": "age", "min": 80}]}]}
    acts.remove_node(**same, edits=6, place="")
    draft.refresh_from_db()
    assert (draft.conditions, draft.edits) == ({"all": []}, 7)
    assert audited("changed") == 7


def test_change__of_a_draft_that_was_changed_meanwhile__is_refused(draft, clerk):
    acts.add_node(version=draft, by=clerk, edits=0, place="", node={"is": "lives_alone"})
    with pytest.raises(RuleError) as refused:
        acts.add_node(version=draft, by=clerk, edits=0, place="", node={"is": "plaque_missing"})
    assert refused.value.code == "stale"


def test_change__of_anothers_draft__is_refused(draft, city):
    other = PostingFactory(station=city, role=Role.CLERK).user
    with pytest.raises(RuleError) as refused:
        acts.remove_node(version=draft, by=other, edits=0, place="")
    assert refused.value.code == "not_author"


def test_case__with_a_name_that_is_there__is_refused_and_can_be_removed(draft, clerk):
    same = {"version": draft, "by": clerk, "title": "老人", "on": date(2026, 6, 1),
            "facts": Facts(date(1950, 1, 1)), "expected": "YES"}  # fmt: skip
    acts.add_case(**same, edits=0)
    with pytest.raises(RuleError) as refused:
        acts.add_case(**same, edits=1)
    assert refused.value.field == "title"
    acts.remove_case(version=draft, by=clerk, edits=1, pk=draft.cases.get().pk)
    assert not draft.cases.exists()


def test_ask_to_publish__when_all_is_right__waits_until_something_is_changed(ready, clerk):
    acts.ask_to_publish(version=ready, by=clerk, edits=0)
    assert list(RuleVersion.objects.waiting()) == [ready]
    acts.remove_node(version=ready, by=clerk, edits=0, place="")
    assert not RuleVersion.objects.waiting().exists()
    with pytest.raises(RuleError, match="还是空的"):
        acts.ask_to_publish(version=ready, by=clerk, edits=1)
    assert audited("finished") == 1


def test_publish__by_another_when_all_cases_come_out_right__takes_effect(ready, reviewer):
    version = acts.publish(version=ready, by=reviewer)
    assert (version.state, version.published_by) == (RuleState.PUBLISHED, reviewer)
    assert list(RuleVersion.objects.in_force()) == [version]
    assert list(Rule.objects.in_force()) == [version.rule]
    assert audited("published") == 1


def test_publish__by_its_author__is_refused(ready, city):
    ready.author = PostingFactory(station=city, role=Role.HEAD).user
    ready.save()
    with pytest.raises(RuleError, match="起草人不能发布"):
        acts.publish(version=ready, by=ready.author)


def test_publish__by_a_clerk_or_from_below__is_refused(ready, city):
    for station, role in ((city, Role.CLERK), (StationFactory(district=True), Role.HEAD)):
        by = PostingFactory(station=station, role=role).user
        with pytest.raises(RuleError) as refused:
            acts.publish(version=ready, by=by)
        assert refused.value.code == "not_allowed"


def test_publish__with_a_case_that_comes_out_wrong__is_refused_and_names_it(ready, reviewer):
    ready.cases.filter(title="56岁").update(expected=Answer.NO)
    with pytest.raises(RuleError, match="“56岁”"):
        acts.publish(version=ready, by=reviewer)


def test_publish__without_a_case_of_each_side__is_refused(ready, reviewer):
    ready.cases.filter(expected=Answer.YES).delete()
    with pytest.raises(RuleError, match="至少写一个"):
        acts.publish(version=ready, by=reviewer)


def test_publish__with_an_empty_group_or_an_old_period__is_refused(ready, reviewer):
    ready.conditions = {"all": [{"is": "age", "min": 70}, {"any": []}]}
    ready.save()
    with pytest.raises(RuleError, match="还是空的"):
        acts.publish(version=ready, by=reviewer)
    ready.conditions, ready.valid_to = SEVENTY, timezone.localdate() - timedelta(days=1)
    ready.save()
    with pytest.raises(RuleError, match="已经过了"):
        acts.publish(version=ready, by=reviewer)


def test_publish__of_the_next_version__retires_the_one_before(ready, clerk, reviewer):
    first = acts.publish(version=ready, by=reviewer)
    second = acts.draft_again(rule=first.rule, by=clerk)
    assert (second.number, second.conditions, second.cases.count()) == (2, SEVENTY, 2)
    with pytest.raises(RuleError, match="已有一份草稿"):
        acts.draft_again(rule=first.rule, by=clerk)
    acts.publish(version=second, by=reviewer)
    first.refresh_from_db()
    assert (first.state, first.retired_by) == (RuleState.RETIRED, reviewer)
    assert list(RuleVersion.objects.in_force()) == [second]


def test_publish__of_a_next_version_that_begins_later__leaves_no_gap(ready, clerk, reviewer):
    first = acts.publish(version=ready, by=reviewer)
    second = acts.draft_again(rule=first.rule, by=clerk)
    second.valid_from = timezone.localdate() + timedelta(days=3)
    second.save()
    with pytest.raises(RuleError, match="不能晚于今天"):
        acts.publish(version=second, by=reviewer)


def test_retire__by_who_may_publish__ends_it_for_good(ready, clerk, reviewer):
    version = acts.publish(version=ready, by=reviewer)
    with pytest.raises(RuleError):
        acts.retire(version=version, by=clerk)
    acts.retire(version=version, by=reviewer)
    assert not RuleVersion.objects.in_force().exists()
    with pytest.raises(RuleError, match="已停用"):
        acts.retire(version=version, by=reviewer)


def test_discard__of_a_first_draft__takes_the_rule_with_it(ready, clerk):
    acts.discard(version=ready, by=clerk)
    assert not Rule.objects.exists()
    assert audited("discarded") == 1


def test_discard__of_what_was_published_or_by_a_stranger__is_refused(ready, reviewer, city):
    with pytest.raises(RuleError):
        acts.discard(version=ready, by=PostingFactory(station=city, role=Role.CLERK).user)
    acts.publish(version=ready, by=reviewer)
    with pytest.raises(RuleError):
        acts.discard(version=ready, by=reviewer)


def test_rules__are_seen_below_their_station_and_above__nowhere_else():
    district = RuleFactory(station=StationFactory(district=True))
    below = PostingFactory(station=StationFactory()).user
    above = PostingFactory(station=district.station.parent).user
    beside = StationFactory(district=True, division__code="320213000000", code="320213000000",
                            path="3202/320213/", parent=district.station.parent)  # fmt: skip
    for user, seen in ((below, 1), (above, 1), (PostingFactory(station=beside).user, 0)):
        assert Rule.objects.visible_to(user).count() == seen


# what the database itself keeps


def refused_by(name):
    return pytest.raises((IntegrityError, DatabaseError), match=name)


@pytest.mark.parametrize(
    "name, more",
    [
        ("rule_version_published_has_who_and_when", {"published_at": None}),
        ("rule_version_retired_has_its_time", {"state": RuleState.RETIRED}),
        ("rule_version_ends_after_it_begins", {"valid_to": date(2020, 1, 1)}),
        ("rule_version_visit_has_its_term", {"visit": True}),
        ("rule_version_visit_has_its_term", {"visit": True, "visit_workdays": 0}),
        ("rule_version_published_asks_something", {"conditions": {"all": []}}),
    ],
)
def test_version__against_its_constraint__is_refused_by_the_database(name, more):
    with refused_by(name), transaction.atomic():
        RuleVersionFactory(**more)


def test_version__published_by_its_author__is_refused_by_the_database(clerk):
    with refused_by("published_by_another"), transaction.atomic():
        RuleVersionFactory(author=clerk, published_by=clerk)


def test_version__of_a_number_twice_or_two_published_or_two_drafts__is_refused():
    version = RuleVersionFactory()
    for name, more in (
        ("rule_version_number_once", {"number": 1, "draft": True}),
        ("rule_one_version_published", {"number": 2}),
    ):
        with refused_by(name), transaction.atomic():
            RuleVersionFactory(rule=version.rule, **more)
    RuleVersionFactory(rule=version.rule, number=3, draft=True)
    with refused_by("rule_one_draft_at_a_time"), transaction.atomic():
        RuleVersionFactory(rule=version.rule, number=4, draft=True)


@pytest.mark.parametrize(
    "change",
    [{"conditions": {"all": [{"is": "lives_alone"}]}}, {"offer_words": "别的"}, {"number": 9},
     {"valid_to": date(2030, 1, 1)}, {"visit": True, "visit_workdays": 3}],
)  # fmt: skip
def test_version__once_published__cannot_be_changed(change):
    version = RuleVersionFactory()
    with refused_by("rule_version_is_fixed"), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(**change)


def test_version__once_published__is_neither_removed_nor_a_draft_again():
    version = RuleVersionFactory()
    with refused_by("published_is_not_removed"), transaction.atomic():
        version.delete()
    with refused_by("moves_legally|fixed_once_published"), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(
            state=RuleState.DRAFT, published_at=None, published_by=None
        )


def test_golden_case__of_a_published_version__is_fixed(ready, reviewer):
    acts.publish(version=ready, by=reviewer)
    case = ready.cases.first()
    for deed in (
        lambda: GoldenCaseFactory(version=ready),
        lambda: GoldenCase.objects.filter(pk=case.pk).update(title="别的"),
        lambda: case.delete(),
    ):
        with refused_by("golden case"), transaction.atomic():
            deed()


def test_golden_case__of_a_name_twice__is_refused_by_the_database(draft):
    GoldenCaseFactory(version=draft, title="同名")
    with refused_by("golden_case_title_once"), transaction.atomic():
        GoldenCaseFactory(version=draft, title="同名")
