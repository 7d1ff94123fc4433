"""Self-registration: claimed at once, or asked of the station of the address."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import requests as acts
from services.enums import FileState, IdentityCategory, RequestState
from services.models import Person, RegistrationRequest
from tests.factories.accounts import UserFactory
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import PersonFactory, RegistrationRequestFactory, id_number
from tests.factories.staff import clerk_at, reviewer_at
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
SOLDIER = IdentityCategory.DISCHARGED_SOLDIER
NUMBER = id_number(41, date(1966, 5, 4))


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def clerk(village):
    return clerk_at(village)


def register(user, village, **changes):
    values = {
        "name": "周长河",
        "id_number": NUMBER,
        "address": "测试镇幸福路9号",
        "division": village.division,
        "categories": [SOLDIER],
    }
    return acts.register(user=user, station=village, **(values | changes))


def on_file(village, user, **changes):
    values = {"name": "周长河", "id_number": NUMBER, "phone": user.phone, "birth": date(1966, 5, 4)}
    return PersonFactory(station=village, **(values | changes))


# --- claiming ---------------------------------------------------------------------------------


def test_registration__of_the_person_on_file__claims_the_file_at_once(village):
    user = UserFactory()
    person = on_file(village, user)
    assert register(user, village) == person
    person.refresh_from_db()
    assert person.account == user
    assert not RegistrationRequest.objects.exists()
    assert AuditEntry.objects.filter(act="services.file_claimed", actor=user).count() == 1
    assert Message.objects.inbox_of(user).get().kind == "services.file_claimed"


@pytest.mark.parametrize(
    "difference",
    [
        {"name": "周长江"},
        {"phone": "19900009999"},
        {"phone": None},
        {"id_number": id_number(42, date(1966, 5, 4))},
        {"state": FileState.CLOSED, "closed_at": timezone.now(), "closed_reason": "去世"},
        {"account": "someone"},
    ],
    ids=["other name", "other phone", "no phone", "other number", "closed", "claimed already"],
)
def test_registration__that_does_not_fit_a_free_file__opens_a_request_with_the_same_words(
    village, difference
):
    if difference.get("account"):
        difference = {"account": UserFactory()}
    user = UserFactory()
    person = on_file(village, user, **difference)
    account = person.account
    asked = register(user, village)
    assert isinstance(asked, RegistrationRequest)
    person.refresh_from_db()
    assert person.account == account
    message = Message.objects.inbox_of(user).get()
    due = f"{asked.due_on.month}月{asked.due_on.day}日"
    assert message.body == (
        f"您的登记申请已送到{village.name}，工作人员会在{due}前与您核对。电话{village.phone}。"
    )


def test_registration__of_an_account_with_a_file__points_to_the_file(village):
    user = UserFactory()
    on_file(village, user, account=user)
    with pytest.raises(DomainError, match="已经建档"):
        register(user, village)


def test_registration__twice__says_that_one_is_being_checked(village):
    user = UserFactory()
    register(user, village)
    with pytest.raises(DomainError, match="已有一份登记申请"):
        register(user, village)
    assert RegistrationRequest.objects.count() == 1


def test_registration__with_an_unverified_phone__asks_for_the_code_first(village):
    user = UserFactory(phone_verified_at=None)
    with pytest.raises(DomainError, match="验证码"):
        register(user, village)


def test_registration__with_a_wrong_check_digit__names_the_field(village):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    with pytest.raises(DomainError, match="校验位") as refused:
        register(UserFactory(), village, id_number=wrong)
    assert refused.value.code == "id_check_digit"


def test_registration__born_in_1899__is_doubted_in_words(village):
    with pytest.raises(DomainError, match="出生日期不合常理"):
        register(UserFactory(), village, id_number=id_number(3, date(1899, 6, 1)))


@pytest.mark.parametrize(
    "typed",
    [
        id_number(3, date(1955, 6, 1), region="320219"),
        id_number(3, date(1955, 6, 1), region="320205"),
        " ".join([NUMBER[:6], NUMBER[6:14], NUMBER[14:]]),
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
    ],
    ids=["region gone", "newer than its county", "spaces", "full width"],
)
def test_registration__with_an_odd_but_right_number__is_taken(village, typed):
    asked = register(UserFactory(), village, id_number=typed)
    assert len(asked.id_number) == 18
    assert asked.id_number.isascii()


def test_registration__with_a_small_x__is_stored_large(village):
    serial = next(n for n in range(1, 400) if id_number(n, date(1961, 1, 1)).endswith("X"))
    asked = register(UserFactory(), village, id_number=id_number(serial, date(1961, 1, 1)).lower())
    assert asked.id_number.endswith("X")


def test_registration__again_and_again_in_one_day__has_a_limit(village, settings):
    settings.REGISTRATIONS_PER_DAY = 2
    user = UserFactory()
    for _ in range(2):
        acts.withdraw(asked=register(user, village), by=user)
    with pytest.raises(DomainError, match="明天再试"):
        register(user, village)


def test_request__withdrawn_by_another__is_refused(village):
    asked = register(UserFactory(), village)
    with pytest.raises(DomainError, match="本人"):
        acts.withdraw(asked=asked, by=UserFactory())


# --- the clerk decides ------------------------------------------------------------------------


def test_request__confirmed_for_an_unknown_number__creates_a_file_that_waits_for_review(
    village, clerk
):
    user = UserFactory()
    asked = register(user, village, discharged_on=date(1990, 12, 1))
    person = acts.confirm(asked=asked, by=clerk)
    assert (person.state, person.account, person.station) == (FileState.SUBMITTED, user, village)
    assert person.discharged_on == date(1990, 12, 1)
    assert [each.category for each in person.identities.all()] == [SOLDIER]
    asked.refresh_from_db()
    assert (asked.state, asked.person, asked.decided_by) == (RequestState.CONFIRMED, person, clerk)
    assert Message.objects.inbox_of(user).filter(kind="services.registration_confirmed").exists()


def test_request__confirmed_for_a_file_in_scope__links_it_and_takes_over_what_was_ticked(
    village, clerk
):
    user = UserFactory()
    person = on_file(village, user, phone="19900009999", address="旧地址")
    asked = register(user, village)
    assert acts.confirm(asked=asked, by=clerk, take_over=["phone"]) == person
    person.refresh_from_db()
    assert (person.account, person.phone, person.address) == (user, user.phone, "旧地址")


def test_request__confirmed_for_a_file_elsewhere__names_that_station_to_the_clerk(village, clerk):
    other = StationFactory(
        division=DivisionFactory(code="320281101770"), phone="0510-80002222", name="别处服务站"
    )
    user = UserFactory()
    on_file(other, user, phone="19900009999")
    with pytest.raises(DomainError, match="别处服务站（0510-80002222）"):
        acts.confirm(asked=register(user, village), by=clerk)


def test_request__confirmed_for_a_file_of_another_account__is_refused(village, clerk):
    user = UserFactory()
    on_file(village, user, account=UserFactory())
    with pytest.raises(DomainError, match="另一个账号"):
        acts.confirm(asked=register(user, village), by=clerk)


def test_request__of_an_account_that_got_a_file_meanwhile__is_refused(village, clerk):
    user = UserFactory()
    asked = register(user, village)
    PersonFactory(station=village, account=user)
    with pytest.raises(DomainError, match="一人一个账号"):
        acts.confirm(asked=asked, by=clerk)


def test_request__decided_twice__says_by_whom_and_when(village, clerk):
    asked = register(UserFactory(), village)
    acts.return_request(asked=asked, by=clerk, reason="请补充退役时间。")
    with pytest.raises(DomainError, match=f"已退回（由{clerk.name}"):
        acts.confirm(asked=asked, by=clerk_at(village))


def test_request__returned__tells_the_reason_and_leaves_the_way_open(village, clerk):
    user = UserFactory()
    acts.return_request(asked=register(user, village), by=clerk, reason="姓名与证件不符。")
    body = Message.objects.inbox_of(user).filter(kind="services.registration_returned").get().body
    assert "姓名与证件不符。" in body
    assert village.phone in body
    assert register(user, village).state == RequestState.OPEN


def test_request__decided_by_a_reviewer_of_elsewhere__is_refused(village):
    other = StationFactory(division=DivisionFactory(code="320281101771"))
    with pytest.raises(DomainError, match="不是这个站点的经办人"):
        acts.confirm(asked=register(UserFactory(), village), by=clerk_at(other))


def test_request__passed_on__waits_at_the_other_station(village, clerk):
    other = StationFactory(division=DivisionFactory(code="320281101772"))
    asked = acts.pass_on(asked=register(UserFactory(), village), by=clerk, to_station=other)
    assert asked.station == other
    assert list(RegistrationRequest.objects.visible_to(clerk)) == []


def test_requests__listed_for_a_reviewer_above__include_the_villages(village):
    asked = register(UserFactory(), village)
    assert list(RegistrationRequest.objects.visible_to(reviewer_at(village.parent))) == [asked]


# --- truth in the database ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": RequestState.RETURNED, "decided_at": timezone.now()}, "returned_says_why"),
        ({"state": RequestState.WITHDRAWN}, "decided_has_time"),
        ({"state": RequestState.CONFIRMED, "decided_at": timezone.now()}, "confirmed_has_person"),
        ({"categories": []}, "names_an_identity"),
    ],
)
def test_request__that_contradicts_itself__is_refused_by_the_database(values, constraint):
    with pytest.raises(IntegrityError, match=f"registration_request_{constraint}"):
        RegistrationRequestFactory(**values)


def test_request__second_open_one_of_an_account__is_refused_by_the_database():
    first = RegistrationRequestFactory()
    with pytest.raises(IntegrityError, match="one_open_per_account"):
        RegistrationRequestFactory(user=first.user)


def test_request__reopened__is_refused_by_the_database():
    asked = RegistrationRequestFactory(returned=True)
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        RegistrationRequest.objects.filter(pk=asked.pk).update(
            state=RequestState.OPEN, decided_at=None
        )


def test_rows__of_requests__hold_nothing_personal_in_clear(village):
    user = UserFactory(phone="19900006543")
    register(user, village)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM services_registrationrequest AS t")
        rows = "".join(row[0] for row in cursor.fetchall())
    for secret in (NUMBER, "19900006543", "幸福路"):
        assert secret not in rows


# --- races ---------------------------------------------------------------------------------------


def at_once(*calls):
    """Run the calls in threads that start together; returns their results or exceptions."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            gate.wait(10)
            results[number] = call()
        except Exception as problem:
            results[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_claim__from_two_tabs_at_once__links_once_and_tells_the_second():
    village = StationFactory()
    user = UserFactory()
    person = on_file(village, user)
    results = at_once(*[lambda: register(user, village)] * 4)
    assert [each for each in results if isinstance(each, Person)] == [person]
    refused = [each for each in results if isinstance(each, DomainError)]
    assert len(refused) == 3
    assert all(each.code == "registered" for each in refused)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_request__from_two_tabs_at_once__is_opened_once():
    village = StationFactory()
    user = UserFactory()
    results = at_once(*[lambda: register(user, village)] * 4)
    assert sum(isinstance(each, RegistrationRequest) for each in results) == 1
    assert RegistrationRequest.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_file__of_one_number_confirmed_for_two_accounts_at_once__goes_to_one():
    village = StationFactory()
    asked = [register(UserFactory(), village) for _ in range(2)]
    clerks = [clerk_at(village), clerk_at(village)]
    results = at_once(
        lambda: acts.confirm(asked=asked[0], by=clerks[0]),
        lambda: acts.confirm(asked=asked[1], by=clerks[1]),
    )
    assert sum(isinstance(each, Person) for each in results) == 1
    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert Person.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_request__decided_by_two_clerks_at_once__is_decided_once():
    village = StationFactory()
    asked = register(UserFactory(), village)
    clerks = [clerk_at(village), clerk_at(village)]
    results = at_once(
        lambda: acts.confirm(asked=asked, by=clerks[0]),
        lambda: acts.return_request(asked=asked, by=clerks[1], reason="请补充。"),
    )
    refused = [each for each in results if isinstance(each, DomainError)]
    assert len(refused) == 1
    assert refused[0].code == "decided"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_claim__while_a_clerk_links_the_file__ends_with_one_account():
    village = StationFactory()
    clerk = clerk_at(village)
    stranger = UserFactory()
    asked = register(stranger, village)
    owner = UserFactory()
    person = on_file(village, owner)
    results = at_once(lambda: register(owner, village), lambda: acts.confirm(asked=asked, by=clerk))
    person.refresh_from_db()
    assert person.account in (owner, stranger)
    assert sum(isinstance(each, Person) for each in results) == 1


def test_due_day__where_the_calendar_ends__counts_monday_to_friday():
    from services.actions.workdays import due_day

    friday = date(2031, 1, 3)
    assert due_day(5, after=friday) == friday + timedelta(days=7)
