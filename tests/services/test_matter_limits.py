"""How many unfinished matters a citizen may have by self-service; the counter has no limit."""

import pytest

from services.actions import matters
from services.enums import MatterChannel, MatterState
from services.matter_rules import MatterError
from services.models import Matter
from tests.factories.guides import MatterKindFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory
from tests.factories.persons import PersonFactory
from tests.factories.proxies import ProxyFactory
from tests.services.matter_scene import new_url, text, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


@pytest.fixture
def kind():
    return MatterKindFactory()


@pytest.fixture
def limits(settings):
    settings.MATTERS_OPEN_PER_KIND, settings.MATTERS_OPEN_IN_ALL = 2, 3


def standing(person, kind, **more):
    facts = {"person": person, "by": person.account, "station": person.station, "kind": kind}
    return MatterFactory(**facts | more)


def draft(person, kind, by=None, **more):
    facts = {
        "kind": kind, "station": person.station, "by": by or person.account, "person": person,
        "client_key": "limit-key-1", "applicant_name": person.name,
        "channel": MatterChannel.WEB, "answers": {},
    }  # fmt: skip
    return matters.save_draft(**facts | more)


def test_draft__as_many_of_the_kind_as_may_be__is_refused_naming_them(limits, person, kind):
    known = [standing(person, kind), standing(person, kind, draft=True)]
    with pytest.raises(MatterError, match="2件") as refused:
        draft(person, kind)
    assert refused.value.code == "too_many"
    assert all(each.number in refused.value.message for each in known)
    assert draft(person, MatterKindFactory(code="hardship-help")).state == MatterState.DRAFT


def test_draft__as_many_in_all__is_refused(limits, person, kind):
    for code in ("one-kind", "two-kind", "three-kind"):
        standing(person, MatterKindFactory(code=code))
    with pytest.raises(MatterError, match="3件事"):
        draft(person, kind)


@pytest.mark.parametrize("trait", ["done", "delivered", "withdrawn"])
def test_draft__what_is_decided__does_not_count(limits, person, kind, trait):
    for _ in range(3):
        standing(person, kind, **{trait: True})
    assert draft(person, kind).pk


def test_draft__the_same_key_again__goes_on_with_it(limits, person, kind):
    standing(person, kind)
    first = draft(person, kind)
    assert draft(person, kind, answers={"question": "x"}) == first


def test_draft__at_the_counter__is_not_limited_nor_counts(limits, person, kind):
    clerk = PostingFactory(station=person.station).user
    for number in range(3):
        draft(person, kind, by=clerk, client_key=f"counter-{number}", channel=MatterChannel.COUNTER)
    Matter.objects.update(by=clerk)
    assert draft(person, kind).pk


def test_draft__by_an_agent__counts_for_the_person_without_naming_what_they_may_not_see(
    limits, person, kind
):
    known = [standing(person, kind), standing(person, kind)]
    proxy = ProxyFactory(person=person)
    with pytest.raises(MatterError) as refused:
        draft(person, kind, by=proxy.agent, proxy=proxy)
    assert not [each for each in known if each.number in refused.value.message]


def test_page__too_many__links_to_those_that_stand(limits, client, person, kind):
    known = [standing(person, kind), standing(person, kind)]
    client.force_login(person.account)
    page = text(client.post(new_url(kind), typed(client, kind)))
    assert "还没办完" in page
    assert all(each.get_absolute_url() in page for each in known)
    assert "60岁有补助吗" in page
