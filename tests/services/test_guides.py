"""Guides: laid down from data, read by everybody, kept by the city's heads."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEntry
from services.actions.guides import GuideError, change_guide, lay_down_guides
from services.enums import MatterForm, Role
from services.forms.matters import form_for
from services.models import MatterKind, RequiredPaper
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory, RequiredPaperFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(network):
    call_command("load_network", verbosity=0)


@pytest.fixture
def head():
    return PostingFactory(station=StationFactory(city=True), role=Role.HEAD).user


def facts(kind, **changes):
    """What the form of a guide would post, with changes."""
    names = ["name", "summary", "conditions", "steps", "place", "hours", "phone", "fee", "basis",
             "promised_days", "statutory_days", "online", "is_open"]  # fmt: skip
    values = {name: getattr(kind, name) for name in names} | changes
    return {name: value for name, value in values.items() if value is not False}


def test_guides__loaded__cover_every_form_with_their_papers(laid):
    kinds = {kind.code: kind for kind in MatterKind.objects.all()}
    assert len(kinds) == 9
    assert {kind.form for kind in kinds.values()} == set(MatterForm)
    assert all(kind.promised_days <= kind.statutory_days for kind in kinds.values())
    photo = RequiredPaper.objects.get(kind="card-apply", is_photo=True)
    assert "352×440" in photo.hint
    for kind in kinds.values():
        kind.full_clean()
        assert form_for(kind)().fields


def test_guides__loaded_again__change_nothing(laid):
    MatterKind.objects.filter(code="hardship").update(phone="0510-81000000")
    RequiredPaper.objects.filter(kind="hardship").delete()
    assert lay_down_guides() == 0
    assert MatterKind.objects.get(code="hardship").phone == "0510-81000000"
    assert not RequiredPaper.objects.filter(kind="hardship").exists()


def test_change__by_a_city_head__is_written_and_audited(head):
    kind = MatterKindFactory()
    changed = change_guide(kind=kind, by=head, values={"promised_days": 3, "fee": kind.fee})
    assert changed == ["承诺时限（工作日）"]
    assert MatterKind.objects.get().promised_days == 3
    entry = AuditEntry.objects.get(act="services.guide_changed")
    assert entry.actor == head


def test_change__of_nothing__writes_nothing(head):
    kind = MatterKindFactory()
    assert change_guide(kind=kind, by=head, values={"fee": kind.fee}) == []
    assert not AuditEntry.objects.filter(act="services.guide_changed").exists()


@pytest.mark.parametrize(
    ("role", "place"), [(Role.CLERK, "city"), (Role.REVIEWER, "city"), (Role.HEAD, "district")]
)
def test_change__by_others__is_refused(role, place):
    by = PostingFactory(station=StationFactory(**{place: True}), role=role).user
    with pytest.raises(GuideError):
        change_guide(kind=MatterKindFactory(), by=by, values={"fee": "10元"})


def test_list__anybody__finds_by_a_word(client):
    MatterKindFactory()
    MatterKindFactory(card=True, summary="首次申领和跟进")
    page = client.get(reverse("services:guides"), {"q": "申领"}).content.decode()
    assert "优待证申领" in page
    assert "政策咨询</a>" not in page


@pytest.mark.parametrize("word", ["", "没有这件事", "<b>", "a\0b", "😀" * 40, "%", "x" * 3000])
def test_list__odd_words__still_answers(client, word):
    MatterKindFactory()
    assert client.get(reverse("services:guides"), {"q": word}).status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_list__any_number__takes_few_queries(client, django_assert_max_num_queries, count):
    for number in range(count):
        MatterKindFactory(code=f"kind-{number}")
    with django_assert_max_num_queries(6):
        client.get(reverse("services:guides"))


def test_guide__anybody__says_all_that_counts(client):
    paper = RequiredPaperFactory(kind=MatterKindFactory())
    page = client.get(paper.kind.get_absolute_url()).content.decode()
    for words in ["都可以咨询。", "写下问题。", paper.name, "承诺5个工作日", "法定20个工作日",
                  "免费", "12345", "工作日 9:00—17:00"]:  # fmt: skip
        assert words in page
    assert client.get(reverse("services:guide_paper", args=[paper.kind_id])).status_code == 200


def test_guide__person_with_a_file__reads_their_station(client):
    person = PersonFactory(claimed=True)
    client.force_login(person.account)
    page = client.get(MatterKindFactory().get_absolute_url()).content.decode()
    assert person.station.name in page
    assert person.station.phone in page


def test_guide__closed__says_so_and_cannot_be_applied_for(client):
    page = client.get(MatterKindFactory(closed=True).get_absolute_url()).content.decode()
    assert "这件事暂停办理" in page
    assert "/me/matters/new/" not in page


def test_guide__unknown__is_not_there(client):
    assert client.get(reverse("services:guide", args=["no-such"])).status_code == 404


def test_station_page__names_what_can_be_done_online(client):
    kind, station = MatterKindFactory(), StationFactory()
    page = client.get(station.get_absolute_url()).content.decode()
    assert f"{kind.get_absolute_url()}?station={station.code}" in page


def test_desk__city_head__changes_a_guide(client, head):
    kind = MatterKindFactory()
    client.force_login(head)
    url = reverse("services:desk_guide", args=[kind.code])
    assert client.get(url).status_code == 200
    posted = facts(kind, promised_days="2", conditions="一\n\n  二 ", is_open=False)
    assert client.post(url, posted).status_code == 302
    kind.refresh_from_db()
    assert (kind.promised_days, kind.conditions, kind.is_open) == (2, "一\n二", False)


def test_desk__promise_longer_than_the_law__keeps_what_was_typed(client, head):
    kind = MatterKindFactory()
    client.force_login(head)
    url = reverse("services:desk_guide", args=[kind.code])
    page = client.post(url, facts(kind, promised_days="30", summary="新的说明")).content.decode()
    assert "承诺时限不应长于法定时限" in page
    assert "新的说明" in page
    assert MatterKind.objects.get().promised_days == 5


@pytest.mark.parametrize("typed", ["0", "-1", "一", "9" * 28, "", "5.5"])
def test_desk__odd_terms__are_explained(client, head, typed):
    kind = MatterKindFactory()
    client.force_login(head)
    url = reverse("services:desk_guide", args=[kind.code])
    assert client.post(url, facts(kind, promised_days=typed)).status_code == 200


def test_desk__other_staff__see_the_list_only(client):
    kind = MatterKindFactory()
    client.force_login(PostingFactory().user)
    assert client.get(reverse("services:desk_guides")).status_code == 200
    assert client.get(reverse("services:desk_guide", args=[kind.code])).status_code == 404
    client.force_login(UserFactory())
    assert client.get(reverse("services:desk_guides")).status_code == 404
