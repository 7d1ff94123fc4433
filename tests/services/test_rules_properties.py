"""What always holds of the rules engine: both ways agree, and reasons agree with the answer."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enums import CardState, FileState
from services.models import Card, Identity, Person
from services.rules import RuleError, facts_of, parse, persons, verdict, with_facts
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.services.rule_scene import days, people, trees

PATHS = ["3202/", "3202/320281/", "3202/320281/320281101/320281101201/"]
CROWD = 40
quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def store(facts, station, elsewhere):
    """A file with these facts."""
    filed = facts.state not in ("DRAFT", "SUBMITTED", "REVIEWED")
    ended = facts.state == FileState.CLOSED
    stored = PersonFactory(
        birth=facts.birth, state=FileState.FILED if facts.state == "CHANGE_PENDING" else facts.state,
        station=station if facts.station_path == station.path else elsewhere,
        filed_at=timezone.now() if filed else None,
        submitted_at=timezone.now() if facts.state == "SUBMITTED" else None,
        closed_at=timezone.now() if ended else None, closed_reason="去世" if ended else "",
    )  # fmt: skip
    Person.objects.filter(pk=stored.pk).update(
        enlisted_on=facts.enlisted_on, discharged_on=facts.discharged_on,
        placement_way=facts.placement_way, disability_grade=facts.disability_grade,
        disability_nature=facts.disability_nature, honour_plaque_on=facts.honour_plaque_on,
        lives_alone=facts.lives_alone, state=facts.state,
    )  # fmt: skip
    Identity.objects.bulk_create(
        Identity(
            person=stored, category=each.category, evidence="证件", valid_from=each.valid_from,
            valid_to=each.valid_to, verified_at=timezone.now() if each.verified else None,
        )
        for each in facts.identities
    )  # fmt: skip
    for state in facts.cards:
        matter = HeldMatterFactory(
            card=True, station=stored.station, person=stored, by=UserFactory()
        )
        issued = date(2025, 1, 1) if state in ("ISSUED", "TEMP_LOST", "LOST") else None
        ends = timezone.now() if state == CardState.TEMP_LOST else None
        Card.objects.create(person=stored, station=stored.station, matter=matter, kind="VETERAN",
                            state=state, issued_on=issued, temp_lost_until=ends)  # fmt: skip
    return stored


@pytest.mark.django_db
def test_rule__asked_in_one_query_and_of_each_person__gives_the_same_people():
    station = StationFactory(code="320281101201", division__code="320281101201")
    elsewhere = station.parent.parent
    somebody = people([station.path, elsewhere.path])

    @settings(quiet, max_examples=CROWD)
    @given(somebody)
    def fill(facts):
        store(facts, station, elsewhere)

    fill()
    crowd = {each.pk: facts_of(each) for each in with_facts(Person.objects.all())}
    assert len(crowd) >= CROWD / 2

    nonempty = []

    @settings(quiet, max_examples=300)
    @given(
        trees([station.path, "3202/", elsewhere.path]), days, st.sampled_from(["", station.path])
    )
    def compare(data, on, reach):
        root = parse(data)
        fits = set(persons(root, on=on, reach=reach).values_list("pk", flat=True))
        judged = {pk: verdict(root, facts, on=on, reach=reach) for pk, facts in crowd.items()}
        nonempty.append(bool(fits))
        assert fits == {pk for pk, found in judged.items() if found.answer == "YES"}, data

    compare()
    assert sum(nonempty) > 50


WORDS = st.sampled_from(
    [
        "all",
        "any",
        "not",
        "is",
        "age",
        "card",
        "place",
        "birthday",
        "min",
        "any_of",
        "ages",
        "under",
    ]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(WORDS, st.text(max_size=5)), inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(quiet, max_examples=500)
@given(JSON)
def test_parse__of_anything__is_a_rule_or_refused_in_words(data):
    words = "。"
    try:
        parse(data)
    except RuleError as refused:
        words = refused.message
    assert words.endswith("。")


@pytest.fixture
def _known_places(monkeypatch):
    monkeypatch.setattr("services.rules.conditions.person._kept_name", lambda path, _: "测试站")


@pytest.mark.usefixtures("_known_places")
class TestReasons:
    @settings(quiet, max_examples=300)
    @given(trees(PATHS), people(PATHS), days)
    def test_verdict__of_anybody__agrees_with_its_reasons(self, data, facts, on):
        found = verdict(parse(data), facts, on=on)
        assert all(each.words for each in found.reasons)
        if found.answer == "YES":
            assert not found.missing
        else:
            assert found.missing
            assert all(each.may_change for each in found.missing) == (found.answer == "NOT_YET")

    @settings(quiet, max_examples=200)
    @given(trees(PATHS), trees(PATHS), people(PATHS), days)
    def test_all_of__one_condition_more__never_fits_more_people(self, one, other, facts, on):
        both = verdict(parse({"all": [one, other]}), facts, on=on).answer
        alone = verdict(parse({"all": [one]}), facts, on=on).answer
        order = ["NO", "NOT_YET", "YES"]
        # a state asked for by the other tree widens whom the rule considers at all
        if "file_state" not in str(other):
            assert order.index(both) <= order.index(alone)

    @settings(quiet, max_examples=200)
    @given(trees(PATHS), trees(PATHS), people(PATHS), days)
    def test_any_of__one_condition_more__never_fits_fewer_people(self, one, other, facts, on):
        either = verdict(parse({"any": [one, other]}), facts, on=on).answer
        alone = verdict(parse({"any": [one]}), facts, on=on).answer
        if alone == "YES":
            assert either == "YES"

    @settings(quiet, max_examples=200)
    @given(trees(PATHS), people(PATHS), days)
    def test_nobody__is_both_fit_and_unfit(self, data, facts, on):
        yes = verdict(parse({"all": [data]}), facts, on=on).answer == "YES"
        no = verdict(parse({"not": [data]}), facts, on=on).answer == "YES"
        assert not (yes and no)

    @settings(quiet, max_examples=200)
    @given(trees(PATHS))
    def test_tree__written_and_read_again__is_the_same(self, data):
        root = parse(data)
        assert parse(root.to_data()).to_data() == root.to_data()
