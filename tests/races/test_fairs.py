"""The last stand of a fair, the same stand number, one person's code at two stands, the last hiring.

With the guard off (the row is read but not locked, the place counted before it is taken) the same
thing happens twice; on, it holds.
"""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from placement.actions import fairs, intents, recruitment
from placement.enums.fairs import FairEmployerState, IntentStage
from placement.enums.recruitment import ApplicantState, RecruitStep
from placement.models import Applicant, EmploymentIntent, FairEmployer
from services.models import Booking, Slot
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_fairs import VacancyFactory, today
from tests.placement.fair_scene import begins_now, open_fair, scene, veteran, with_employer
from tests.placement.test_recruitment import applied, published, through
from tests.races.arena import HOLD, all_at_once, miscounted, oversold
from tests.services.booking_scene import take, with_rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def rivals(s, count):
    """Employers with a vacancy each, and the deed by which each asks for a stand."""
    found = []
    for number in range(count):
        member = PartnerMemberFactory(partner=PartnerFactory(station=s.station))
        post = VacancyFactory(submitted=True, partner=member.partner)
        found.append((member, post, f"rival-key-{number}"))
    return found


def asks(fair, member, post, key):
    return lambda: fairs.apply(
        fair=fair, partner=member.partner, vacancies=[post], by=member.user, client_key=key
    )


def counted_first(fair, member):
    """The guard off: look whether a stand is free, then take it in a second statement."""
    slot = Slot.objects.get(offering=fair.stands_id)
    if slot.taken >= slot.capacity:
        return None
    time.sleep(HOLD)
    booking = Booking.objects.create(
        code=f"R{member.pk:09d}", slot=slot, station=fair.station, contact_name="单位",
        by=member.user, once_key=f"race:{member.pk}", client_key=f"race-{member.pk}",
    )  # fmt: skip
    return FairEmployer.objects.create(
        fair=fair, partner=member.partner, booking=booking, applied_by=member.user
    )


def test_last_stand__counted_before_it_is_taken__goes_to_two():
    s = scene()
    fair = open_fair(s, stands=1)
    all_at_once(*((lambda m=m: counted_first(fair, m)) for m, _, _ in rivals(s, 2)))
    assert FairEmployer.objects.filter(fair=fair).count() == 2
    assert oversold() == 1


@pytest.mark.usefixtures("late_work")
def test_last_stand__four_employers_at_once__goes_to_one():
    s = scene()
    fair = open_fair(s, stands=1)
    results = all_at_once(*(asks(fair, *rival) for rival in rivals(s, 4)))
    assert FairEmployer.objects.filter(fair=fair).count() == 1
    assert (oversold(), miscounted()) == (0, 0)
    assert sorted(getattr(each, "code", "") for each in results) == ["", "full", "full", "full"]


@pytest.mark.usefixtures("late_work")
def test_application__two_members_of_one_employer_at_once__takes_one_stand():
    s = scene()
    fair = open_fair(s)
    other = PartnerMemberFactory(partner=s.partner).user
    all_at_once(
        *(
            lambda by=by, key=key: fairs.apply(
                fair=fair, partner=s.partner, vacancies=[s.vacancy], by=by, client_key=key
            )
            for by, key in ((s.member, "first-key"), (other, "second-key"))
        )
    )
    assert FairEmployer.objects.filter(fair=fair).count() == 1
    assert Slot.objects.get(offering=fair.stands_id).taken == 1
    assert miscounted() == 0


@pytest.mark.usefixtures("late_work")
def test_stand_numbers__two_accepted_at_once__differ():
    s = scene()
    fair = open_fair(s)
    waiting = [asks(fair, *rival)() for rival in rivals(s, 2)]
    results = all_at_once(
        *(lambda each=each: fairs.accept(employer=each, by=s.head) for each in waiting)
    )
    assert sorted(each.stand_number for each in results) == [1, 2]


def refuses_and_accepts(s, employer):
    return all_at_once(
        lambda: fairs.accept(employer=employer, by=s.head),
        lambda: fairs.refuse(employer=employer, by=s.head, reason="薪资不明"),
    )


@pytest.mark.usefixtures("late_work")
def test_check__accepted_and_refused_at_once__is_one_of_the_two():
    s = scene()
    fair = open_fair(s)
    employer = asks(fair, *rivals(s, 1)[0])()
    results = refuses_and_accepts(s, employer)
    employer.refresh_from_db()
    kept = employer.state == FairEmployerState.ACCEPTED
    assert Slot.objects.get(offering=fair.stands_id).taken == (1 if kept else 0)
    assert sum(isinstance(each, Exception) for each in results) == 1


@pytest.mark.usefixtures("late_work")
def test_intention__typed_twice_at_once_at_the_stand__is_one():
    s = scene()
    fair = open_fair(s)
    employer = with_employer(s, fair)
    visitor = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    begins_now(fair)
    fairs.sign_in(fair=fair, code=visitor.code, by=s.clerk)
    fresh = FairEmployer.objects.select_related("fair__station", "partner").get(pk=employer.pk)

    def deed():
        return intents.at_stand(employer=fresh, vacancy=s.vacancy, code=visitor.code, by=s.member)

    all_at_once(deed, deed, deed)
    assert EmploymentIntent.objects.count() == 1


@pytest.mark.usefixtures("late_work")
def test_intention__ended_by_both_sides_at_once__ends_once():
    s = scene()
    VacancyFactory(partner=s.partner)
    vacancy = VacancyFactory(partner=s.partner)
    intent = intents.wish(vacancy=vacancy, person=s.person, by=s.person.account)
    results = all_at_once(
        lambda: intents.end(intent=intent, by=s.person.account),
        lambda: intents.end(intent=intent, by=s.member, reason="没有选上"),
    )
    assert sum(isinstance(each, Exception) for each in results) == 1
    assert EmploymentIntent.objects.get().stage == IntentStage.ENDED


@pytest.mark.usefixtures("late_work")
def test_numbers__two_apply_at_once__differ():
    s = scene()
    published(s)
    people = [s.person, veteran(s.station)]
    results = all_at_once(*(lambda person=person: applied(s, person) for person in people))
    assert len({each.number for each in results}) == 2


@pytest.mark.usefixtures("late_work")
def test_last_post__two_hired_at_once__is_given_once():
    s = scene()
    notice = published(s)
    both = [through(s, applied(s)), through(s, applied(s, veteran(s.station)))]
    recruitment.publish_list(recruitment=notice, first=today(), last=today(), by=s.head)
    later = timezone.now() + timedelta(days=2)
    all_at_once(*(lambda a=a: recruitment.hire(applicant=a, by=s.head, now=later) for a in both))
    assert Applicant.objects.filter(state=ApplicantState.HIRED).count() == 1
    assert Applicant.objects.filter(step=RecruitStep.HIRED).count() == 1
