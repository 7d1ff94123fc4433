"""One code, two people who rate; a bad grade and two who mend it; an invitation that two acts ask for.

The row of the invitation is locked; with the guard off only the database's "once" is left, and the
second person gets an error page instead of a kind word.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from services.actions import ratings
from services.actions.ratings import RatingError
from services.enums import RectificationState, Role
from services.models import Rating, RatingInvitation, Rectification
from tests.factories.network import PostingFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.ratings import RatingInvitationFactory
from tests.races.arena import after, all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def rated(invitation, grade):
    return ratings.rate(invitation=invitation, grade=grade, channel="WEB")


def rated_twice(invitation):
    return all_at_once(
        lambda: rated(invitation, 1), after(0.05, lambda: rated(invitation, 5))
    )  # fmt: skip


def test_rate__twice_at_once__stands_once_and_the_second_is_told(late_commit):
    late_commit.add("services.rated")
    first, second = rated_twice(RatingInvitationFactory())
    assert isinstance(first, Rating)
    assert isinstance(second, RatingError)
    assert (Rating.objects.get().grade, Rectification.objects.count()) == (1, 1)


def test_rate__twice_at_once_without_the_lock__only_the_database_refuses(late_commit, monkeypatch):
    late_commit.add("services.rated")
    rows = RatingInvitation.objects.all()
    monkeypatch.setattr(type(rows), "select_for_update", lambda self, **_: self)
    first, second = rated_twice(RatingInvitationFactory())
    assert isinstance(first, Rating)
    assert isinstance(second, IntegrityError)


def test_rate__expires_while_it_waits__is_refused(late_commit):
    late_commit.add("services.rated")
    now = timezone.now()
    invitation = RatingInvitationFactory(expires_at=now + timedelta(seconds=0.1))
    answer = all_at_once(after(0.3, lambda: rated(invitation, 5)))[0]
    assert isinstance(answer, RatingError)
    assert answer.code == "rating_over"
    assert not Rating.objects.exists()


def test_invite__two_acts_at_once__is_one_invitation():
    matter = HeldMatterFactory()
    deed = lambda: ratings.invite(matter=matter)  # noqa: E731
    first, second = all_at_once(deed, deed)
    assert first == second
    assert RatingInvitation.objects.count() == 1


def test_call_back__two_heads_at_once__is_written_once(late_commit):
    late_commit.add("services.rectification_called_back")
    invitation = RatingInvitationFactory()
    heads = [PostingFactory(station=invitation.station, role=Role.HEAD).user for _ in range(2)]
    rated(invitation, 1)
    case = Rectification.objects.get()
    results = all_at_once(*[
        lambda by=by: ratings.call_back(rectification=case, by=by, note="已道歉", satisfied=True)
        for by in heads
    ])  # fmt: skip
    assert sum(isinstance(each, RatingError) for each in results) == 1
    assert Rectification.objects.get().state == RectificationState.CALLED_BACK
