"""Acts on fairs: planned by one, opened by another, employers with stands, people at the door."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement.actions import fairs, vacancies
from placement.actions.fairs import FairError
from placement.enums.fairs import FairEmployerState, FairState, VacancyState
from placement.models import FairVacancy, JobFair
from services.booking_rules import BookingRefusedError
from services.enums import BookingState
from services.models import Booking, Slot
from tests.factories.accounts import UserFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_fairs import VacancyFactory, today
from tests.placement.fair_scene import SESSIONS, begins_now, draft, open_fair, scene, with_employer
from tests.services.booking_scene import take, with_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def apply(s, fair, *, partner=None, posts=None, by=None, key="apply-key"):
    return fairs.apply(
        fair=fair, partner=partner or s.partner, vacancies=posts or [s.vacancy],
        by=by or s.member, client_key=key,
    )  # fmt: skip


def test_save_fair__makes_sessions_and_stands__on_the_booking_engine(s):
    fair = draft(s)
    assert [slot.capacity for slot in fair.visits.slots.order_by("starts_at")] == [50, 50]
    (stands,) = fair.stands.slots.all()
    assert (stands.capacity, stands.ends_at - stands.starts_at) == (3, timedelta(hours=7))
    assert (fair.visits.is_open, fair.stands.is_listed) == (False, False)
    assert AuditEntry.objects.filter(act="placement.fair_created").exists()


def test_registering__tells_the_venue__not_the_stations_address(s):
    visitor = take(with_rules(open_fair(s).visits.slots.first()), s.person.account)
    body = Message.objects.filter(about_id=str(visitor.pk), user=visitor.by).first().body
    assert "在体育馆，" in body
    assert s.station.name not in body


def test_save_fair__again__changes_it(s):
    fair = draft(s)
    fair.venue = "图书馆"
    fairs.save_fair(fair=fair, sessions=SESSIONS[:1], places=80, stands=5, by=s.clerk)
    assert fair.visits.slots.get().capacity == 80
    assert JobFair.objects.get().venue == "图书馆"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": today(-1), "apply_by": today(-1)}, "held_on"),
        ({"held_on": today(200)}, "held_on"),
    ],
)
def test_save_fair__on_an_impossible_day__is_refused(s, change, field):
    fair = JobFair(title="会", station=s.station, venue="馆", held_on=today(1), apply_by=today(1))
    for name, value in change.items():
        setattr(fair, name, value)
    with pytest.raises(FairError) as refused:
        fairs.save_fair(fair=fair, sessions=SESSIONS, places=5, stands=1, by=s.clerk)
    assert refused.value.field == field


def test_save_fair__title_taken_at_the_station__is_refused(s):
    draft(s)
    with pytest.raises(FairError) as refused:
        draft(s)
    assert refused.value.field == "title"


def test_save_fair__by_a_stranger__is_refused(s):
    s.clerk = scene().clerk
    with pytest.raises(FairError, match="经办人"):
        draft(s)


def test_open_fair__by_who_drafted_it__is_refused(s):
    fair = JobFair(title="会", station=s.station, venue="馆", held_on=today(1), apply_by=today(1))
    fairs.save_fair(fair=fair, sessions=SESSIONS, places=5, stands=1, by=s.head)
    with pytest.raises(FairError) as refused:
        fairs.open_fair(fair=fair, by=s.head)
    assert refused.value.code == "own_draft"


def test_open_fair__by_a_clerk__is_refused(s):
    with pytest.raises(FairError) as refused:
        fairs.open_fair(fair=draft(s), by=s.clerk)
    assert refused.value.code == "not_yours"


def test_apply__by_a_member__holds_a_stand_until_the_check(s):
    employer = apply(s, open_fair(s))
    assert employer.state == FairEmployerState.APPLIED
    assert employer.booking.state == BookingState.PENDING
    assert Slot.objects.get(pk=employer.booking.slot_id).taken == 1


def test_apply__last_stand_gone__is_refused_in_words(s):
    fair = open_fair(s, stands=1)
    apply(s, fair)
    other = PartnerMemberFactory(partner=PartnerFactory(station=s.station))
    post = VacancyFactory(submitted=True, partner=other.partner)
    with pytest.raises(FairError) as refused:
        apply(s, fair, partner=other.partner, posts=[post], by=other.user, key="other-key")
    assert refused.value.code == "full"


@pytest.mark.parametrize("case", ["twice", "late", "stranger", "bank", "foreign_post", "no_post"])
def test_apply__against_a_rule__is_refused(s, case):
    fair, by, posts = open_fair(s), s.member, [s.vacancy]
    if case == "twice":
        apply(s, fair)
    elif case == "late":
        JobFair.objects.filter(pk=fair.pk).update(apply_by=today(-1))
        fair.refresh_from_db()
    elif case == "stranger":
        by = UserFactory()
    elif case == "bank":
        s.partner.roles = ["BANK"]
    elif case == "foreign_post":
        posts = [VacancyFactory()]
    elif case == "no_post":
        posts = []
    with pytest.raises(FairError):
        fairs.apply(fair=fair, partner=s.partner, vacancies=posts, by=by, client_key="again-key")
    assert fair.employers.count() == (1 if case == "twice" else 0)


def test_accept__gives_the_lowest_stand__and_opens_the_vacancies(s):
    fair = open_fair(s)
    employer = with_employer(s, fair)
    s.vacancy.refresh_from_db()
    assert (employer.stand_number, s.vacancy.state) == (1, VacancyState.OPEN)
    assert Booking.objects.get(pk=employer.booking_id).state == BookingState.CONFIRMED
    assert Message.objects.filter(user=s.member, title="招聘会报名通过").exists()


def test_accept__by_who_entered_it__is_refused(s):
    employer = apply(s, open_fair(s), by=s.head)
    with pytest.raises(FairError) as refused:
        fairs.accept(employer=employer, by=s.head)
    assert refused.value.code == "own_entry"


def test_refuse__frees_the_stand__and_lets_it_be_mended(s):
    fair = open_fair(s, stands=1)
    employer = fairs.refuse(employer=apply(s, fair), by=s.head, reason="请补充薪资")
    assert employer.state == FairEmployerState.REFUSED
    assert fair.stands.slots.get().taken == 0
    again = apply(s, fair, key="second-key")
    assert (again.pk, again.state) == (employer.pk, FairEmployerState.APPLIED)


def test_withdraw__by_a_member__frees_stand_and_number(s):
    fair = open_fair(s)
    employer = fairs.withdraw(employer=with_employer(s, fair), by=s.member, reason="人手不够")
    assert (employer.state, employer.stand_number) == (FairEmployerState.WITHDRAWN, None)
    assert fair.stands.slots.get().taken == 0


def test_cancel__tells_who_registered__and_clears_the_stands(s):
    fair = open_fair(s)
    with_employer(s, fair)
    visitor = take(with_rules(fair.visits.slots.first()), UserFactory())
    fairs.cancel_fair(fair=fair, by=s.head, reason="场馆检修")
    visitor.refresh_from_db()
    assert visitor.state == BookingState.CANCELLED
    assert fair.employers.get().state == FairEmployerState.WITHDRAWN
    assert Message.objects.filter(user=visitor.by, title__contains="取消").exists()


def test_hold__freezes_what_was_offered(s):
    fair = begins_now(with_employer(s, open_fair(s)).fair)
    s.vacancy.refresh_from_db()
    s.vacancy.headcount = 9
    s.vacancy.save()
    fairs.hold_fair(fair=fair, by=s.clerk)
    assert FairVacancy.objects.get().headcount == 9
    s.vacancy.headcount = 20
    s.vacancy.save()
    fair.refresh_from_db()
    assert (FairVacancy.objects.get().headcount, fair.state) == (9, FairState.HELD)


def test_hold__before_its_day__is_refused(s):
    with pytest.raises(FairError) as refused:
        fairs.hold_fair(fair=open_fair(s), by=s.clerk)
    assert refused.value.code == "ahead"


def test_sign_in__by_code__checks_the_visitor_in(s):
    fair = open_fair(s)
    visitor = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    begins_now(fair)
    code = f"{visitor.code[:5].lower()} {visitor.code[5:]}"
    assert fairs.sign_in(fair=fair, code=code, by=s.clerk).state == BookingState.CHECKED_IN


def test_sign_in__by_the_code_of_a_stand__checks_the_employer_in(s):
    fair = open_fair(s)
    employer = with_employer(s, fair)
    begins_now(fair)
    Slot.objects.filter(offering=fair.stands_id).update(
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=6)
    )
    booking = fairs.sign_in(fair=fair, code=employer.booking.code, by=s.clerk)
    assert (booking.state, booking.contact_name) == (BookingState.CHECKED_IN, s.partner.name)


def test_sign_in__with_a_code_of_elsewhere__is_refused(s):
    fair = begins_now(open_fair(s))
    with pytest.raises(FairError) as refused:
        fairs.sign_in(fair=fair, code="ABCDE12345", by=s.clerk)
    assert refused.value.field == "code"


def test_walk_in__of_a_known_phone__is_the_file_and_checked_in(s):
    fair = begins_now(open_fair(s))
    booking = fairs.walk_in(
        fair=fair, name=s.person.name, phone=s.person.phone, by=s.clerk, client_key="walk-in-1"
    )
    assert (booking.person, booking.state) == (s.person, BookingState.CHECKED_IN)
    again = fairs.walk_in(
        fair=fair, name=s.person.name, phone=s.person.phone, by=s.clerk, client_key="walk-in-1"
    )
    assert again.pk == booking.pk


def test_walk_in__without_phone__needs_a_name_only(s):
    fair = begins_now(open_fair(s))
    booking = fairs.walk_in(fair=fair, name="李来宾", by=s.clerk, client_key="walk-in-2")
    assert (booking.person, booking.contact_name) == (None, "李来宾")


def test_walk_in__hall_full__is_refused(s):
    fair = begins_now(open_fair(s, places=1))
    fairs.walk_in(fair=fair, name="李来宾", by=s.clerk, client_key="walk-in-3")
    with pytest.raises(FairError) as refused:
        fairs.walk_in(fair=fair, name="张来宾", by=s.clerk, client_key="walk-in-4")
    assert refused.value.code == "hall_full"


def test_stand__in_the_members_bookings__is_not_cancelled_there(s):
    from services.actions import bookings

    employer = apply(s, open_fair(s))
    with pytest.raises(BookingRefusedError):
        bookings.cancel(booking=employer.booking, by=s.member, reason="不去了")


def test_vacancy__changed__is_checked_again(s):
    vacancies.accept(vacancy=s.vacancy, by=s.head)
    s.vacancy.refresh_from_db()
    s.vacancy.title = "高级技工"
    vacancies.submit(vacancy=s.vacancy, by=s.member)
    assert s.vacancy.state == VacancyState.SUBMITTED
    vacancies.refuse(vacancy=s.vacancy, by=s.head, reason="请写明薪资")
    s.vacancy.refresh_from_db()
    assert (s.vacancy.state, s.vacancy.reason) == (VacancyState.REFUSED, "请写明薪资")
    assert Message.objects.filter(user=s.member, title="岗位没有通过核对").exists()


def test_vacancy__checked_by_who_entered_it__is_refused(s):
    mine = VacancyFactory(submitted=True, partner=s.partner, created_by=s.head)
    with pytest.raises(vacancies.VacancyError) as refused:
        vacancies.accept(vacancy=mine, by=s.head)
    assert refused.value.code == "own_entry"


def test_vacancy__with_a_day_past__is_refused(s):
    s.vacancy.open_until = timezone.localdate() - timedelta(days=1)
    with pytest.raises(vacancies.VacancyError) as refused:
        vacancies.submit(vacancy=s.vacancy, by=s.member)
    assert refused.value.field == "open_until"
