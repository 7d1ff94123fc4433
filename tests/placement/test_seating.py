"""After the session: the result is shown, letters, seats, visits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Message
from placement.actions import seating, selection
from placement.enums import CaseState
from placement.enums.selection import LetterState, SessionState
from placement.models import FollowUp, IntroductionLetter, SelectionSession
from services.enums import DocumentKind
from tests.factories.partners import PartnerMemberFactory
from tests.placement.selection_scene import opened, person, post, scene, turn
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


def closed(people=2, places=(1, 1)):
    s = opened(scene(people=people, places=places))
    for n in range(1, people + 1):
        selection.choose(turn=turn(s, n), post=post(s, n), by=person(s, n))
    s.session = selection.close(session=s.session, by=s.clerk)
    return s


def settled(**more):
    s = closed(**more)
    seating.publish_result(session=s.session, by=s.head)
    s.session.refresh_from_db()
    seating.settle_due(s.session.publicity_until + timedelta(days=1))
    s.session.refresh_from_db()
    return s


def test_result__published_by_who_closed_it__is_refused():
    s = closed()
    s.session = SelectionSession.objects.get(pk=s.session.pk)
    with pytest.raises(DomainError):
        seating.publish_result(session=s.session, by=s.clerk)
    seating.publish_result(session=s.session, by=s.reviewer)
    s.session.refresh_from_db()
    assert s.session.state == SessionState.PUBLISHED
    assert turn(s, 1).case.state == CaseState.RESULT_PUBLICITY
    assert s.session.result_is_public()
    assert not s.session.result_is_public(s.session.publicity_until + timedelta(days=1))
    with pytest.raises(DomainError):
        seating.issue_letter(turn=turn(s, 1), by=s.clerk)


def test_result__that_does_not_stand__frees_the_place_for_another_session():
    from placement.actions.selection.preparing import offered

    s = settled()
    assert offered(s.plan) == []
    seating.annul(turn=turn(s, 1), by=s.head, reason="不符合岗位要求")
    assert turn(s, 1).case.state == CaseState.READY
    assert turn(s, 1).confirmation.revoked_at is not None
    assert [places for _, places in offered(s.plan)] == [1]


def test_letters__of_a_year__are_numbered_without_gaps_and_start_the_clock():
    s = settled()
    member = PartnerMemberFactory(partner=turn(s, 1).post.post.employer).user
    assert seating.issue_letters(session=s.session, by=s.clerk) == 2
    assert seating.issue_letters(session=s.session, by=s.clerk) == 0
    letters = list(IntroductionLetter.objects.order_by("serial"))
    assert [each.serial for each in letters] == [1, 2]
    assert letters[0].document.kind == DocumentKind.INTRODUCTION_LETTER
    assert letters[0].document.number == letters[0].number
    case = turn(s, 1).case
    assert case.state == CaseState.LETTER_ISSUED
    assert case.seat_by == letters[0].seat_by == timezone.localdate() + timedelta(days=30)
    assert Message.objects.filter(user=member, title="有退役军人来报到").exists()


def test_seat__confirmed_by_the_employer__ends_the_road_and_plans_a_visit():
    s = settled()
    letter = seating.issue_letter(turn=turn(s, 1), by=s.clerk)
    member = PartnerMemberFactory(partner=letter.employer).user
    with pytest.raises(DomainError):
        seating.seat(letter=letter, by=person(s, 2), on=timezone.localdate())
    with pytest.raises(DomainError):
        seating.seat(letter=letter, by=member, on=timezone.localdate() - timedelta(days=1))
    seating.seat(letter=letter, by=member, on=timezone.localdate())
    again = seating.seat(letter=letter, by=member, on=timezone.localdate())
    assert again.state == LetterState.SEATED
    assert turn(s, 1).case.state == CaseState.ONBOARD
    visit = FollowUp.objects.get()
    assert visit.due_on == timezone.localdate() + timedelta(days=90)
    seating.visit(follow_up=visit, by=s.clerk, on=timezone.localdate(), way="PHONE",
                  still_there=True, words="工作顺利")  # fmt: skip
    with pytest.raises(DomainError):
        seating.visit(follow_up=visit, by=s.clerk, on=timezone.localdate(), way="PHONE",
                      still_there=True, words="工作顺利")  # fmt: skip


def test_letter__over_its_term__stands_in_the_overdue_list():
    s = settled()
    letter = seating.issue_letter(turn=turn(s, 1), by=s.clerk)
    rows = IntroductionLetter.objects.visible_to(s.clerk)
    assert not rows.overdue(letter.seat_by).exists()
    assert rows.overdue(letter.seat_by + timedelta(days=1)).get() == letter
