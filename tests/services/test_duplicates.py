"""Files that may be one person's: found, merged with all that belongs to them, taken back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import duplicates as acts
from services.actions import merging
from services.actions.merging import MOVED, STAYING, DuplicateError
from services.enums import DuplicateState, FileState, IdentityCategory, Role
from services.models import Booking, Duplicate, Person
from tests.factories.bookings import BookingFactory
from tests.factories.duplicates import DuplicateFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.papers import CardFactory, HeldMatterFactory
from tests.factories.persons import IdentityFactory, PersonFactory
from tests.factories.proxies import ProxyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def reviewer(station):
    return PostingFactory(station=station.parent, role=Role.REVIEWER).user


@pytest.fixture
def pair(station):
    return DuplicateFactory(first=PersonFactory(station=station, phone="19900201111"))


@pytest.fixture
def elsewhere():
    """A village of another town."""
    from tests.factories.network import DivisionFactory

    town = StationFactory(
        division=DivisionFactory(town=True, code="320281103000", name="远镇"),
        tier=3, parent=StationFactory(district=True),
    )  # fmt: skip
    return StationFactory(
        division=DivisionFactory(code="320281103201", parent=town.division), parent=town
    )


def merge(pair, by, survivor=None, **more):
    return acts.propose(
        pair=pair, survivor=survivor or pair.first, by=by, reason="本人到场核对", **more
    )


def test_every_foreign_key_to_a_person__is_moved_or_listed_with_a_reason():
    known = {(label, field) for label, field in MOVED.items()}
    for relation in Person._meta.related_objects:
        label = relation.related_model._meta.label
        assert (label, relation.field.name) in known or label in STAYING, (
            f"{label}.{relation.field.name}: say in services.actions.merging what a merge does to it"
        )


def test_merge__inside_one_scope__moves_what_belongs_to_the_person(pair, reviewer):
    booking = BookingFactory(person=pair.second)
    matter = HeldMatterFactory(person=pair.second, by=booking.by)
    mine = IdentityFactory(person=pair.second, category=IdentityCategory.MARTYR_FAMILY)
    IdentityFactory(person=pair.first)
    double = IdentityFactory(person=pair.second)
    done = merge(pair, reviewer)
    assert done.state == DuplicateState.MERGED
    for row in (booking, matter, mine):
        row.refresh_from_db()
        assert row.person == pair.first
    double.refresh_from_db()
    assert double.person == pair.second
    gone = Person.objects.get(pk=pair.second.pk)
    assert (gone.state, gone.merged_into) == (FileState.MERGED, pair.first)
    assert AuditEntry.objects.filter(act="services.duplicate_merged").count() == 2


def test_merge__coming_booking__counts_once_for_the_file_that_stayed_and_back_again(pair, reviewer):
    booking = BookingFactory(person=pair.second, once_key=f"7:d20990101:p{pair.second.pk}")
    merge(pair, reviewer)
    booking.refresh_from_db()
    assert booking.once_key == f"7:d20990101:p{pair.first.pk}"
    merging.undo(pair=pair, by=reviewer, reason="弄错了")
    booking.refresh_from_db()
    assert booking.once_key == f"7:d20990101:p{pair.second.pk}"


def test_merge__both_booked_the_same_day__keeps_both_bookings(pair, reviewer):
    mine = BookingFactory(person=pair.first, once_key=f"7:d20990101:p{pair.first.pk}")
    theirs = BookingFactory(person=pair.second, once_key=f"7:d20990101:p{pair.second.pk}")
    merge(pair, reviewer)
    theirs.refresh_from_db()
    assert theirs.person == mine.person
    assert theirs.once_key != mine.once_key


def test_collect__same_name_and_birth__warns_the_clerk(client, station):
    clerk = PostingFactory(station=station, role=Role.CLERK).user
    known = PersonFactory(station=station)
    person = PersonFactory(station=station, name=known.name, birth=known.birth, draft=True)
    assert acts.find_for(person=person, by=clerk)
    client.force_login(clerk)
    page = client.get(reverse("services:desk_person", args=[person.pk])).content.decode()
    assert "疑似重复" in page


def test_merge__facts_kept_from_the_other__are_taken(pair, reviewer):
    Person.objects.filter(pk=pair.second.pk).update(lives_alone=True)
    merge(pair, reviewer, keep=["lives_alone", "id_number"])
    stayed = Person.objects.get(pk=pair.first.pk)
    assert stayed.lives_alone
    assert stayed.id_number == pair.first.id_number


def test_merge__account_of_the_other__goes_with_the_person(station, reviewer):
    pair = DuplicateFactory(
        first=PersonFactory(station=station), second=PersonFactory(station=station, claimed=True)
    )
    account = pair.second.account
    merge(pair, reviewer)
    assert Person.objects.get(account=account) == pair.first


def test_merge__absorbed_number_searched_later__leads_to_the_file_that_stayed(pair, reviewer):
    merge(pair, reviewer)
    assert Person.objects.with_id_number(pair.second.id_number).get() == pair.first


def test_merge__booking_written_for_the_absorbed_file__follows_to_the_one_that_stayed(
    pair, reviewer
):
    merge(pair, reviewer)
    late = BookingFactory(person=Person.objects.get(pk=pair.second.pk))
    assert Booking.objects.get(pk=late.pk).person == pair.first


@pytest.mark.parametrize("state", [FileState.SUBMITTED, FileState.CHANGE_PENDING])
def test_merge__file_with_a_step_under_way__says_to_finish_it_first(station, reviewer, state):
    facts = {"submitted": True} if state == FileState.SUBMITTED else {"state": state}
    pair = DuplicateFactory(
        first=PersonFactory(station=station), second=PersonFactory(station=station, **facts)
    )
    with pytest.raises(DuplicateError, match="办完这一步"):
        merge(pair, reviewer)


def test_merge__two_accounts__is_refused(station, reviewer):
    pair = DuplicateFactory(
        first=PersonFactory(station=station, claimed=True),
        second=PersonFactory(station=station, claimed=True),
    )
    with pytest.raises(DuplicateError, match="登录账号"):
        merge(pair, reviewer)


def test_merge__two_cards__is_refused(pair, reviewer, station):
    for person in (pair.first, pair.second):
        matter = HeldMatterFactory(card=True, station=station, person=person, by=reviewer)
        CardFactory(matter=matter)
    with pytest.raises(DuplicateError, match="优待证"):
        merge(pair, reviewer)


def test_merge__by_a_clerk__is_left_to_the_reviewer(pair, station):
    clerk = PostingFactory(station=station, role=Role.CLERK).user
    with pytest.raises(DuplicateError, match="上一级审核人"):
        merge(pair, clerk)


def test_merge__across_scopes__waits_for_the_other_station(station, reviewer, elsewhere):
    pair = DuplicateFactory(
        first=PersonFactory(station=station), second=PersonFactory(station=elsewhere)
    )
    theirs = PostingFactory(station=elsewhere.parent, role=Role.REVIEWER).user
    assert merge(pair, reviewer).state == DuplicateState.PROPOSED
    assert Message.objects.filter(user=theirs, kind="services.duplicate").exists()
    with pytest.raises(DuplicateError, match="对方站点"):
        acts.consent(pair=pair, by=reviewer)
    assert acts.consent(pair=pair, by=theirs).state == DuplicateState.MERGED


def test_refuse__other_station__sets_the_pair_back_and_tells_the_proposer(
    station, reviewer, elsewhere
):
    pair = DuplicateFactory(
        first=PersonFactory(station=station), second=PersonFactory(station=elsewhere)
    )
    theirs = PostingFactory(station=elsewhere.parent, role=Role.REVIEWER).user
    merge(pair, reviewer)
    done = acts.refuse(pair=pair, by=theirs, reason="是堂兄弟")
    assert done.state == DuplicateState.FOUND
    told = Message.objects.filter(user=reviewer, title="合并提议没有通过")
    assert "堂兄弟" in told.get().body


def test_undo__within_the_week__puts_back_exactly_what_was_moved(pair, reviewer):
    booking = BookingFactory(person=pair.second)
    Person.objects.filter(pk=pair.second.pk).update(lives_alone=True)
    merge(pair, reviewer, keep=["lives_alone"])
    later = BookingFactory(person=pair.first)
    done, left = merging.undo(pair=pair, by=reviewer, reason="弄错了")
    assert (done.state, left) == (DuplicateState.UNDONE, [])
    booking.refresh_from_db()
    later.refresh_from_db()
    first, second = Person.objects.get(pk=pair.first.pk), Person.objects.get(pk=pair.second.pk)
    assert (booking.person, later.person) == (second, first)
    assert (second.state, second.merged_into, second.closed_at) == (FileState.FILED, None, None)
    assert not first.lives_alone


def test_undo__fact_changed_since__keeps_the_newer_and_says_so(pair, reviewer):
    Person.objects.filter(pk=pair.second.pk).update(lives_alone=True)
    merge(pair, reviewer, keep=["lives_alone"])
    Person.objects.filter(pk=pair.first.pk).update(lives_alone=False)
    _, left = merging.undo(pair=pair, by=reviewer, reason="弄错了")
    assert "独居" in left[0]


@pytest.mark.parametrize(
    ("first", "second", "keep"),
    [
        ({}, {"disability_grade": 5, "disability_nature": "WAR"}, "disability_grade"),
        ({"disability_grade": 5, "disability_nature": "WAR"}, {}, "disability_nature"),
        ({"enlisted_on": date(1990, 1, 1)}, {"discharged_on": date(1989, 1, 1)}, "discharged_on"),
    ],
)
def test_merge__facts_that_do_not_fit__are_refused_in_words(station, reviewer, first, second, keep):
    bare = {"enlisted_on": None, "discharged_on": None}
    pair = DuplicateFactory(
        first=PersonFactory(station=station, **bare | first),
        second=PersonFactory(station=station, **bare | second),
    )
    with pytest.raises(DuplicateError, match="合不到一起") as refused:
        merge(pair, reviewer, keep=[keep])
    assert refused.value.field == "keep"
    pair.refresh_from_db()
    assert pair.state == DuplicateState.FOUND


def test_undo__half_of_what_was_taken_changed_since__leaves_both_and_says_so(station, reviewer):
    well = PersonFactory(station=station)
    hurt = PersonFactory(station=station, disability_grade=5, disability_nature="WAR")
    pair = DuplicateFactory(first=well, second=hurt)
    merge(pair, reviewer, keep=["disability_grade", "disability_nature"])
    Person.objects.filter(pk=pair.first.pk).update(disability_grade=6)
    _, left = merging.undo(pair=pair, by=reviewer, reason="弄错了")
    assert "分不开" in left[0]
    first = Person.objects.get(pk=pair.first.pk)
    assert (first.disability_grade, first.disability_nature) == (6, "WAR")


def test_undo__file_that_stayed_merged_on__the_later_one_comes_first(pair, station, reviewer):
    merge(pair, reviewer)
    later = DuplicateFactory(first=pair.first, second=PersonFactory(station=station))
    merge(later, reviewer, survivor=later.second)
    with pytest.raises(DuplicateError, match="先撤销后一次"):
        merging.undo(pair=pair, by=reviewer, reason="弄错了")
    merging.undo(pair=later, by=reviewer, reason="弄错了")
    merging.undo(pair=pair, by=reviewer, reason="弄错了")
    states = Person.objects.in_bulk([pair.first.pk, pair.second.pk, later.second.pk]).values()
    assert {each.state for each in states} == {FileState.FILED}


def test_merge__both_with_the_same_agent__keeps_one_proxy_open(pair, reviewer):
    mine = ProxyFactory(person=pair.first)
    ProxyFactory(person=pair.second, agent=mine.agent)
    merge(pair, reviewer)
    assert list(pair.first.proxies.all()) == [mine]


def test_undo__after_the_week__is_refused(pair, reviewer):
    merge(pair, reviewer)
    Duplicate.objects.update(undo_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(DuplicateError, match="超过7天"):
        merging.undo(pair=pair, by=reviewer, reason="弄错了")


def test_distinct__told_apart__is_not_found_again(pair, reviewer):
    acts.mark_distinct(pair=pair, by=reviewer, reason="双胞胎")
    assert acts.find() == 0
    assert not Duplicate.objects.to_check().exists()


@pytest.mark.parametrize("taken_back", [False, True])
def test_distinct__while_proposed__tells_the_proposer_who_waits_for_an_answer(
    station, reviewer, elsewhere, taken_back
):
    pair = DuplicateFactory(
        first=PersonFactory(station=station), second=PersonFactory(station=elsewhere)
    )
    theirs = PostingFactory(station=elsewhere.parent, role=Role.REVIEWER).user
    merge(pair, reviewer)
    acts.mark_distinct(pair=pair, by=reviewer if taken_back else theirs, reason="是堂兄弟")
    told = Message.objects.filter(user=reviewer, title="提议合并的是两个人")
    assert ["堂兄弟" in each.body for each in told] == ([] if taken_back else [True])


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("duplicate_proposed_says_who_and_which_stays", {"state": DuplicateState.PROPOSED}),
        ("duplicate_merged_can_be_undone_until", {"state": DuplicateState.MERGED}),
    ],
)
def test_constraint__duplicate__is_refused_by_name(name, facts):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DuplicateFactory(**facts)


def test_constraint__pair__is_once_and_in_order(pair):
    with pytest.raises(IntegrityError, match="duplicate_pair_once"), transaction.atomic():
        DuplicateFactory(first=pair.first, second=pair.second)
    with pytest.raises(IntegrityError, match="duplicate_pair_in_order"), transaction.atomic():
        DuplicateFactory(first=pair.second, second=pair.first)


# --- pages -----------------------------------------------------------------------------------


def test_duplicate_page__from_comparing_to_merging_to_undoing(client, pair, reviewer):
    client.force_login(reviewer)
    address = reverse("services:desk_duplicate", args=[pair.pk])
    page = client.get(address).content.decode()
    assert "姓名和出生日期相同" in page
    assert page.count('<td class="row-title">姓名</td>') == 1
    assert f"第一份：{pair.first.station.name}的一份" in page
    typed = {"survivor": pair.first.pk, "reason": ""}
    assert "请填写怎么确认" in client.post(f"{address}merge/", typed).content.decode()
    client.post(f"{address}merge/", typed | {"reason": "本人到场"})
    pair.refresh_from_db()
    assert pair.state == DuplicateState.MERGED
    opened = client.get(reverse("services:desk_person", args=[pair.second.pk]))
    assert opened.url == pair.first.get_absolute_url()
    client.post(f"{address}undo/", {"reason": "弄错了"})
    pair.refresh_from_db()
    assert pair.state == DuplicateState.UNDONE


def test_duplicate_page__file_of_another_scope__is_masked(client, station, reviewer, elsewhere):
    mine = PersonFactory(station=station)
    other = PersonFactory(station=elsewhere, name="欧阳建国", address="远镇长征路99号")
    pair = DuplicateFactory(first=mine, second=other)
    client.force_login(reviewer)
    page = client.get(reverse("services:desk_duplicate", args=[pair.pk])).content.decode()
    assert "欧阳建国" not in page
    assert "长征路" not in page
    assert elsewhere.phone in page


def test_duplicate_list__twenty_pairs__asks_as_often_as_for_one(
    client, station, reviewer, django_assert_max_num_queries
):
    for _ in range(20):
        DuplicateFactory(first=PersonFactory(station=station))
    client.force_login(reviewer)
    with django_assert_max_num_queries(10):
        client.get(reverse("services:desk_duplicates"))


def test_find_for__person_page__leads_to_the_pair(client, station):
    clerk = PostingFactory(station=station, role=Role.CLERK).user
    first = PersonFactory(station=station)
    PersonFactory(station=station, name=first.name, birth=first.birth)
    client.force_login(clerk)
    answer = client.post(reverse("services:desk_find_duplicates", args=[first.pk]))
    assert answer.url == reverse("services:desk_duplicate", args=[Duplicate.objects.get().pk])
