"""Each constraint of matters, tried against the database itself."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from services.enums import MatterState, ProxyProof, Relation
from services.models import Matter, MatterEvent, MatterKind, Proxy
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory, RequiredPaperFactory
from tests.factories.matters import MatterEventFactory, MatterFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RULES = [
    ("matter_submitted_has_its_time", {}, {"submitted_at": None}),
    ("matter_supplement_is_a_list_with_a_term", {}, {"supplement_list": "身份证"}),
    ("matter_supplement_is_a_list_with_a_term", {"supplement": True}, {"supplement_by": None}),
    ("matter_waiting_for_papers_was_asked", {}, {"state": MatterState.SUPPLEMENT}),
    ("matter_accepted_has_its_clock", {"accepted": True}, {"due_on": None}),
    ("matter_accepted_has_its_clock", {"accepted": True}, {"handler": None}),
    ("matter_suspended_says_since_when_and_why", {"suspended": True}, {"suspended_reason": ""}),
    ("matter_suspended_says_since_when_and_why", {"accepted": True}, {"suspended_at": NOW}),
    ("matter_done_has_time_and_outcome", {"done": True}, {"outcome": None}),
    ("matter_done_has_time_and_outcome", {"done": True}, {"late_days": None}),
    ("matter_delivered_has_time_and_way", {"delivered": True}, {"delivery": None}),
    ("matter_ended_early_says_why", {"withdrawn": True}, {"ended_reason": ""}),
    ("matter_ended_early_says_why", {}, {"state": MatterState.ENDED}),
    ("matter_archived_has_its_time", {}, {"archived_at": NOW}),
]


def refused(constraint, change, error=IntegrityError):
    with pytest.raises(error, match=constraint), transaction.atomic():
        change()


@pytest.mark.parametrize(("constraint", "traits", "values"), RULES)
def test_matter__against_its_rule__database_refuses(constraint, traits, values):
    matter = MatterFactory(**traits)
    refused(constraint, lambda: Matter.objects.filter(pk=matter.pk).update(**values))


def test_matter__same_client_key_twice__database_refuses():
    matter = MatterFactory()
    refused(
        "matter_client_key_once",
        lambda: MatterFactory(by=matter.by, client_key=matter.client_key),
    )


def test_matter__proxy_without_a_file__database_refuses():
    person, today = PersonFactory(), timezone.localdate()
    proxy = Proxy.objects.create(
        person=person, agent_name="王芳", relation=Relation.CHILD, proof=ProxyProof.HOUSEHOLD,
        starts_on=today, ends_on=today, asked_by=UserFactory(),
    )  # fmt: skip
    matter = MatterFactory(on_behalf=True)
    refused(
        "matter_by_proxy_is_for_a_file",
        lambda: Matter.objects.filter(pk=matter.pk).update(proxy=proxy),
    )


@pytest.mark.parametrize(
    ("traits", "state"),
    [
        ({}, MatterState.DONE),
        ({"done": True}, MatterState.ACCEPTED),
        ({"withdrawn": True}, MatterState.SUBMITTED),
        ({"done": True}, MatterState.ENDED),
    ],
)
def test_matter__to_a_state_no_way_leads_to__database_refuses(traits, state):
    matter = MatterFactory(**traits)
    refused(
        "Invalid transition",
        lambda: Matter.objects.filter(pk=matter.pk).update(state=state),
        error=InternalError,
    )


def test_timeline__changed_or_removed__database_refuses():
    event = MatterEventFactory()
    mine = MatterEvent.objects.filter(pk=event.pk)
    refused("matter_event_is_kept|Cannot", lambda: mine.update(by_name="别人"), InternalError)
    refused("matter_event_is_kept|Cannot", mine.delete, InternalError)


def test_kind__promise_longer_than_the_law__database_refuses():
    kind = MatterKindFactory()
    refused(
        "matter_kind_promises_within_the_statutory_term",
        lambda: MatterKind.objects.filter(pk=kind.pk).update(promised_days=30),
    )


def test_kind__same_paper_twice__database_refuses():
    paper = RequiredPaperFactory()
    refused(
        "paper_named_once_per_kind",
        lambda: RequiredPaperFactory(kind=paper.kind, name=paper.name),
    )
