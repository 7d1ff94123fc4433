"""A station with a clerk and a head, an employer with its keeper, a fair with two sessions."""

from datetime import time, timedelta
from types import SimpleNamespace

from django.utils import timezone

from placement.actions import fairs
from placement.models import JobFair
from services.enums import Role
from services.models import Slot
from tests.factories.accounts import UserFactory
from tests.factories.network import StationFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.persons import IdentityFactory, PersonFactory
from tests.factories.placement_fairs import VacancyFactory, today
from tests.factories.staff import PostingFactory

SESSIONS = [(time(9), time(11, 30)), (time(13, 30), time(16))]


def scene():
    s = SimpleNamespace()
    s.station = StationFactory()
    s.clerk = PostingFactory(station=s.station, role=Role.CLERK).user
    s.head = PostingFactory(station=s.station, role=Role.HEAD).user
    s.partner = PartnerFactory(station=s.station)
    s.member = PartnerMemberFactory(partner=s.partner).user
    s.vacancy = VacancyFactory(submitted=True, partner=s.partner, created_by=s.member)
    s.person = veteran(s.station)
    return s


def veteran(station, **more):
    """A filed veteran with an account."""
    person = PersonFactory(station=station, claimed=True, **more)
    IdentityFactory(person=person, verified=True)
    return person


def draft(s, *, title="春季专场招聘会", days=10, places=50, stands=3):
    fair = JobFair(
        title=title,
        station=s.station,
        venue="体育馆",
        held_on=today(days),
        apply_by=today(days - 1),
    )
    return fairs.save_fair(fair=fair, sessions=SESSIONS, places=places, stands=stands, by=s.clerk)


def open_fair(s, **more):
    return fairs.open_fair(fair=draft(s, **more), by=s.head)


def with_employer(s, fair):
    """The scene's employer has applied and was accepted."""
    employer = fairs.apply(
        fair=fair, partner=s.partner, vacancies=[s.vacancy], by=s.member, client_key="apply-key-1"
    )
    return fairs.accept(employer=employer, by=s.head)


def begins_now(fair):
    """It is the day of the fair: its first session goes on, the second follows."""
    now = timezone.now()
    JobFair.objects.filter(pk=fair.pk).update(held_on=timezone.localdate(now), apply_by=today(-1))
    slots = list(Slot.objects.filter(offering=fair.visits_id).order_by("starts_at"))
    for number, slot in enumerate(slots):
        start = now - timedelta(minutes=30) + timedelta(hours=3 * number)
        Slot.objects.filter(pk=slot.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))
    fair.refresh_from_db()
    return fair


def another_member():
    return PartnerMemberFactory(user=UserFactory())
