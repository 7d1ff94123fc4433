"""What matters do to a file: facts, an identity, moving away; and the proof of identity."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import changes, documents, matters, persons
from services.actions.matters import file_change, proof
from services.enums import ChangeState, FileState, MatterChannel, MatterState, Outcome, Role
from services.models import Document, Identity, Matter
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import IdentityFactory, PersonFactory
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


@pytest.fixture
def clerk(person):
    return PostingFactory(station=person.station).user


@pytest.fixture
def reviewer(person):
    return PostingFactory(station=person.station.parent, role=Role.REVIEWER).user


def asked(person, answers, outcome=None, **trait):
    """A submitted matter of a kind for the person; `outcome` as it would be when finished."""
    matter = Matter(
        number=f"T{Matter.objects.count() + 1:06d}",
        kind=MatterKindFactory(**trait),
        station=person.station if person else StationFactory(),
        person=person,
        applicant_name="王建国",
        by=person.account if person else UserFactory(),
        channel=MatterChannel.WEB,
        client_key=f"key-{Matter.objects.count()}",
        state=MatterState.SUBMITTED,
        submitted_at=timezone.now(),
    )
    matter.answers = answers
    matter.save()
    matter.outcome = outcome
    return matter


ADDRESS = {"address": "新民路9号", "reason": "搬家"}


def test_address__accepted_reviewed_done__is_in_the_file(person, clerk, reviewer):
    matter = asked(person, ADDRESS, Outcome.GRANTED, address=True)
    file_change.on_accepted(matter, by=clerk)
    change = matter.change
    assert matter.number in change.reason
    with pytest.raises(DomainError, match="还在等上一级审核"):
        file_change.on_done(matter, by=clerk)
    changes.accept_change(change=change, by=reviewer)
    matter = fresh(matter)
    file_change.on_done(matter, by=clerk)
    person.refresh_from_db()
    assert (person.address, person.state) == ("新民路9号", FileState.FILED)


def fresh(matter):
    again = Matter.objects.get(pk=matter.pk)
    again.outcome = matter.outcome
    return again


def test_address__refused_by_the_reviewer__cannot_be_granted(person, clerk, reviewer):
    matter = asked(person, ADDRESS, Outcome.GRANTED, address=True)
    file_change.on_accepted(matter, by=clerk)
    changes.refuse_change(change=matter.change, by=reviewer, answer="证明不清楚")
    matter = fresh(matter)
    with pytest.raises(DomainError, match="没有被采纳"):
        file_change.on_done(matter, by=clerk)
    matter.outcome = Outcome.REFUSED
    file_change.on_done(matter, by=clerk)
    person.refresh_from_db()
    assert person.address == "江阴市测试镇幸福路8号"


def test_address__the_clerk_who_asked__cannot_review(person, clerk):
    town = PostingFactory(station=person.station.parent, role=Role.HEAD).user
    matter = asked(person, ADDRESS, address=True)
    file_change.on_accepted(matter, by=town)
    with pytest.raises(DomainError, match="您提出的"):
        changes.accept_change(change=matter.change, by=town)


def test_address__decided__tells_the_clerk(person, clerk, reviewer):
    matter = asked(person, ADDRESS, address=True)
    file_change.on_accepted(matter, by=clerk)
    changes.accept_change(change=matter.change, by=reviewer)
    told = Message.objects.filter(user=clerk, kind="services.change_decided")
    assert told.exists()


def test_address__ended_before_the_decision__leaves_the_file_free(person, clerk):
    matter = asked(person, ADDRESS, address=True)
    file_change.on_accepted(matter, by=clerk)
    file_change.on_ended(matter, by=person.account)
    person.refresh_from_db()
    assert matter.change.__class__.objects.get().state == ChangeState.WITHDRAWN
    assert person.state == FileState.FILED


def test_address__nothing_new__is_refused_at_acceptance(person, clerk):
    matter = asked(person, {"address": person.address, "reason": "x"}, address=True)
    with pytest.raises(DomainError, match="没有填写与现在不同"):
        file_change.on_accepted(matter, by=clerk)


def test_submitted__without_a_file_or_before_it_is_filed__is_refused():
    for person in (None, PersonFactory(draft=True, claimed=True)):
        matter = asked(person, ADDRESS, address=True)
        with pytest.raises(DomainError):
            file_change.on_submitted(matter, by=matter.by)


IDENTITY = {"change": "ADD", "category": "DISABLED_SOLDIER", "evidence": "残疾军人证",
            "evidence_number": "苏军A012345", "valid_from": "2010-01-02"}  # fmt: skip


def test_identity__accepted_and_granted__stands_verified_in_the_file(person, clerk):
    matter = asked(person, IDENTITY, Outcome.GRANTED, identity=True)
    file_change.on_accepted(matter, by=clerk)
    declared = Identity.objects.get(person=person)
    assert not declared.is_verified
    file_change.on_done(matter, by=clerk)
    verified = person.identities.valid().get()
    assert verified.evidence_number == "苏军A012345"
    assert AuditEntry.objects.filter(act="services.identity_verified", actor=clerk).exists()


def test_identity__refused__stays_unverified(person, clerk):
    matter = asked(person, IDENTITY, Outcome.REFUSED, identity=True)
    file_change.on_accepted(matter, by=clerk)
    file_change.on_done(matter, by=clerk)
    assert not person.identities.valid().exists()


def test_identity__accepted_twice__is_declared_once(person, clerk):
    matter = asked(person, IDENTITY, identity=True)
    file_change.on_accepted(matter, by=clerk)
    file_change.on_accepted(matter, by=clerk)
    assert person.identities.count() == 1


def test_identity__granted_to_end__ends_on_the_day(person, clerk):
    IdentityFactory(person=person, category="SERVING_FAMILY", verified=True)
    answers = {"change": "END", "category": "SERVING_FAMILY", "valid_to": "2026-01-31"}
    matter = asked(person, answers, Outcome.GRANTED, identity=True)
    file_change.on_accepted(matter, by=clerk)
    file_change.on_done(matter, by=clerk)
    assert str(person.identities.get().valid_to) == "2026-01-31"


MOVING = {"to_place": "苏州市", "why": "HUKOU"}


def test_moving__accepted__tells_the_reviewers(person, clerk, reviewer):
    file_change.on_accepted(asked(person, MOVING, moving=True), by=clerk)
    assert Message.objects.filter(user=reviewer, kind="services.moving_away_asked").exists()


def test_moving__granted_by_a_clerk__waits_for_the_reviewer(person, clerk, reviewer):
    matter = asked(person, MOVING, Outcome.GRANTED, moving=True)
    file_change.on_accepted(matter, by=clerk)
    with pytest.raises(DomainError, match="上一级审核人"):
        file_change.on_done(matter, by=clerk)
    persons.move_out(person=person, by=reviewer, reason="迁往苏州市")
    file_change.on_done(matter, by=clerk)
    person.refresh_from_db()
    assert person.state == FileState.MOVED


def test_moving__file_moved_out_by_the_reviewer__is_still_the_clerks_to_finish(
    person, clerk, reviewer
):
    matter = matters.accept(matter=asked(person, MOVING, moving=True), by=clerk)
    other = matters.accept(matter=asked(person, {}), by=clerk)
    persons.move_out(person=person, by=reviewer, reason="迁往苏州市")
    matter = matters.finish(matter=matter, by=clerk, outcome=Outcome.GRANTED, result="已转出。")
    assert matter.state == MatterState.DONE
    other.refresh_from_db()
    assert other.state == MatterState.ENDED


def test_moving__granted_by_a_head_above__moves_the_file_out(person):
    head = PostingFactory(station=person.station.parent, role=Role.HEAD).user
    matter = asked(person, MOVING, Outcome.GRANTED, moving=True)
    file_change.on_accepted(matter, by=head)
    file_change.on_done(matter, by=head)
    person.refresh_from_db()
    assert person.state == FileState.MOVED
    assert "苏州市" in person.closed_reason


def test_proof__with_a_verified_identity__is_issued_and_valid_for_thirty_days(person, clerk):
    IdentityFactory(person=person, verified=True)
    matter = asked(person, {"purpose": "SIGHTS"}, Outcome.GRANTED, proof=True)
    proof.on_submitted(matter, by=person.account)
    proof.on_done(matter, by=clerk)
    paper = Document.objects.get(kind="IDENTITY_PROOF")
    assert paper.valid_until == timezone.localdate() + timedelta(days=30)
    assert documents.standing(paper) == documents.Standing.VALID
    said = documents.body_of(paper)
    assert ["身份", "退役士兵"] in said["rows"]
    assert person.id_number not in paper.content


def test_proof__nothing_verified__is_refused_kindly(person):
    IdentityFactory(person=person)
    matter = asked(person, {"purpose": "SIGHTS"}, proof=True)
    with pytest.raises(DomainError, match="还没有核验") as refused:
        proof.on_submitted(matter, by=person.account)
    assert person.station.phone in refused.value.message


def test_proof__identity_ended_meanwhile__is_refused_at_the_end(person, clerk):
    yesterday = timezone.localdate() - timedelta(days=1)
    IdentityFactory(person=person, verified=True, valid_to=yesterday)
    matter = asked(person, {"purpose": "SIGHTS"}, Outcome.GRANTED, proof=True)
    with pytest.raises(DomainError, match="还没有核验"):
        proof.on_done(matter, by=clerk)
    assert not Document.objects.exists()


def test_proof__refused_or_without_a_file__issues_nothing(person, clerk):
    proof.on_done(asked(person, {}, Outcome.REFUSED, proof=True), by=clerk)
    assert not Document.objects.exists()
    with pytest.raises(DomainError, match="先有档案"):
        proof.on_submitted(asked(None, {}, proof=True), by=clerk)
