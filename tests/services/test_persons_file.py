"""The registration file from collection to closing, and who may take each step."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import AuditEntry, Message
from services.actions import persons as acts
from services.actions.changes import accept_change, ask_change, withdraw_change
from services.actions.identities import declare_identity, end_identity, verify_identity
from services.enums import FILE_TRANSITIONS, ChangeState, FileState, IdentityCategory
from services.models import Person
from tests.factories.network import DivisionFactory, StationFactory
from tests.factories.persons import IdentityFactory, PersonFactory, id_number
from tests.factories.staff import clerk_at, head_at, reviewer_at
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db
SOLDIER = IdentityCategory.DISCHARGED_SOLDIER


@pytest.fixture
def village():
    return StationFactory()


@pytest.fixture
def clerk(village):
    return clerk_at(village)


@pytest.fixture
def reviewer(village):
    return reviewer_at(village.parent)


def collect(village, clerk, **facts):
    values = {
        "name": "赵大山",
        "id_number": id_number(7, date(1950, 3, 1)),
        "categories": [SOLDIER],
    }
    return acts.create_file(by=clerk, station=village, **(values | facts))


def test_file__collected_at_the_counter_without_a_phone__is_a_draft_with_its_identity(
    village, clerk
):
    person = collect(village, clerk)
    assert (person.state, person.phone, person.sex) == (FileState.DRAFT, None, "M")
    assert person.birth == date(1950, 3, 1)
    assert person.name_pinyin == "zhaodashan"
    assert [each.category for each in person.identities.all()] == [SOLDIER]
    entry = AuditEntry.objects.get(act="services.file_created")
    assert (entry.actor, entry.on_behalf_of) == (clerk, "赵*山")


def test_file__from_draft_to_filed__passes_two_people_and_tells_the_person(
    village, clerk, reviewer
):
    person = collect(village, clerk, phone="19900001234")
    acts.submit_file(person=person, by=clerk)
    person = acts.review_file(person=person, by=reviewer)
    assert person.state == FileState.FILED
    assert person.filed_at is not None
    assert (person.submitted_by, person.reviewed_by) == (clerk, reviewer)
    assert Message.objects.filter(kind="services.file_entered").count() == 1


def test_file__where_the_district_has_the_last_step__waits_for_it(
    village, clerk, reviewer, settings
):
    settings.FILES_ENTERED_BY = "DISTRICT"
    person = acts.submit_file(person=collect(village, clerk), by=clerk)
    person = acts.review_file(person=person, by=reviewer)
    assert person.state == FileState.REVIEWED
    with pytest.raises(DomainError, match="市（县）区审核人"):
        acts.enter_file(person=person, by=reviewer)
    district = reviewer_at(village.parent.parent)
    assert acts.enter_file(person=person, by=district).state == FileState.FILED


def test_file__reviewed_by_its_filler__is_refused_in_words_and_by_the_database(village):
    head = head_at(village.parent)
    person = acts.submit_file(person=collect(village, head), by=head)
    with pytest.raises(DomainError, match="不能是同一个人"):
        acts.review_file(person=person, by=head)
    with pytest.raises(IntegrityError, match="person_reviewer_is_not_the_filler"):
        Person.objects.filter(pk=person.pk).update(reviewed_by=head)


def test_file__reviewed_by_the_villages_own_head__is_left_to_the_town(village, clerk):
    person = acts.submit_file(person=collect(village, clerk), by=clerk)
    with pytest.raises(DomainError, match="上一级审核人"):
        acts.review_file(person=person, by=head_at(village))


def test_file__reviewed_twice__says_that_a_colleague_was_faster(village, clerk, reviewer):
    person = acts.submit_file(person=collect(village, clerk), by=clerk)
    acts.review_file(person=person, by=reviewer)
    with pytest.raises(DomainError, match=r"已建档.*刷新"):
        acts.review_file(person=person, by=reviewer_at(village.parent))


def test_file__returned__goes_back_with_its_reason_and_tells_the_clerk(village, clerk, reviewer):
    person = acts.submit_file(person=collect(village, clerk), by=clerk)
    person = acts.return_file(person=person, by=reviewer, reason="请补充退役时间。")
    assert (person.state, person.returned_reason) == (FileState.DRAFT, "请补充退役时间。")
    assert Message.objects.inbox_of(clerk).get().kind == "services.file_returned"


def test_file__without_an_identity__cannot_be_submitted(village, clerk):
    with pytest.raises(DomainError, match="至少一种身份"):
        acts.submit_file(person=collect(village, clerk, categories=[]), by=clerk)


def test_file__of_another_station__is_not_for_this_clerk(village):
    other = StationFactory(division=DivisionFactory(code="320281101777"))
    with pytest.raises(DomainError, match="不是这个站点的经办人"):
        collect(village, clerk_at(other))


def test_file__for_a_number_on_file_elsewhere__names_the_station_and_never_the_person(
    village, clerk
):
    other = StationFactory(division=DivisionFactory(code="320281101778"), phone="0510-80001111")
    PersonFactory(id_number=id_number(7, date(1950, 3, 1)), name="孙秘密", station=other)
    with pytest.raises(DomainError) as refused:
        collect(village, clerk)
    assert "0510-80001111" in refused.value.message
    assert "孙秘密" not in refused.value.message
    assert refused.value.field == "id_number"


def test_file__for_a_number_on_file_here__says_whose_it_is(village, clerk):
    PersonFactory(id_number=id_number(7, date(1950, 3, 1)), name="孙已建", station=village)
    with pytest.raises(DomainError, match="孙已建"):
        collect(village, clerk)


def test_draft__corrected__keeps_history_and_names_the_fields_in_the_trail(village, clerk):
    person = collect(village, clerk)
    changed = acts.correct_draft(person=person, by=clerk, name="赵大川", phone="19900005678")
    assert changed == ["name", "phone"]
    person.refresh_from_db()
    assert person.name_pinyin == "zhaodachuan"
    assert person.history.count() == 1
    entry = AuditEntry.objects.get(act="services.file_corrected")
    assert entry.detail == {"fields": ["name", "phone"]}


def test_filed__corrected_like_a_draft__points_to_the_change_request(village, clerk):
    with pytest.raises(DomainError, match="申请变更"):
        acts.correct_draft(person=PersonFactory(station=village), by=clerk, name="赵大川")


@pytest.mark.parametrize(
    ("act", "state"), [(acts.move_out, FileState.MOVED), (acts.close_file, FileState.CLOSED)]
)
def test_file__closed_by_the_reviewer__keeps_time_and_reason(village, reviewer, act, state):
    person = act(person=PersonFactory(station=village), by=reviewer, reason="本人去世")
    assert (person.state, person.closed_reason) == (state, "本人去世")
    assert person.closed_at is not None


def test_file__closed_while_a_correction_waits__ends_the_correction_too(village, clerk, reviewer):
    person = PersonFactory(station=village)
    change = ask_change(person=person, by=clerk, wanted={"lives_alone": True}, reason="独居")
    acts.close_file(person=person, by=reviewer, reason="本人去世")
    change.refresh_from_db()
    assert (change.state, change.answer) == (ChangeState.WITHDRAWN, "本人去世")
    for decide in (withdraw_change, accept_change):
        with pytest.raises(DomainError, match="请刷新"):
            decide(change=change, by=clerk)


def test_file__closed_by_the_clerk__is_left_to_the_reviewer(village, clerk):
    with pytest.raises(DomainError, match="上一级审核人"):
        acts.close_file(person=PersonFactory(station=village), by=clerk, reason="本人去世")


def test_account__unlinked_by_the_reviewer__is_free_again(village, reviewer):
    person = PersonFactory(station=village, claimed=True)
    acts.unlink_account(person=person, by=reviewer, reason="误关联。")
    person.refresh_from_db()
    assert person.account is None


@pytest.mark.parametrize("start", FileState)
@pytest.mark.parametrize("end", FileState)
def test_state__moved_past_the_acts__is_refused_unless_the_table_allows_it(start, end):
    if start == end:
        return
    gone = (FileState.MOVED, FileState.CLOSED, FileState.MERGED)
    unfiled = (FileState.DRAFT, FileState.SUBMITTED, FileState.REVIEWED)
    person = PersonFactory(state=start, **columns(start, gone, unfiled))
    with transaction.atomic():
        try:
            with transaction.atomic():
                Person.objects.filter(pk=person.pk).update(state=end, **columns(end, gone, unfiled))
            moved = True
        except DatabaseError as refused:
            moved, said = False, str(refused).lower()
    assert moved or "transition" in said
    assert moved == ((start, end) in FILE_TRANSITIONS)


def columns(state, gone, unfiled):
    from django.utils import timezone

    now = timezone.now()
    return {
        "filed_at": None if state in unfiled else now,
        "merged_into": PersonFactory() if state == FileState.MERGED else None,
        "submitted_at": now,
        "closed_at": now if state in gone else None,
        "closed_reason": "原因" if state in gone else "",
    }


# --- identities ------------------------------------------------------------------------------


def test_identities__several_at_once__stand_side_by_side(village, clerk):
    person = PersonFactory(station=village)
    declare_identity(person=person, category=SOLDIER, by=clerk)
    declare_identity(person=person, category=IdentityCategory.MARTYR_FAMILY, by=clerk)
    assert person.identities.count() == 2


def test_identity__declared_twice__is_refused(village, clerk):
    identity = IdentityFactory(person__station=village)
    with pytest.raises(DomainError, match="不必重复登记"):
        declare_identity(person=identity.person, category=identity.category, by=clerk)


def test_identity__verified__names_paper_time_and_clerk(village, clerk):
    identity = IdentityFactory(person__station=village, evidence="")
    identity = verify_identity(
        identity=identity, by=clerk, evidence="退出现役证", evidence_number="20001234"
    )
    assert (identity.verified_by, identity.evidence) == (clerk, "退出现役证")
    assert list(identity.person.identities.valid()) == [identity]


def test_identity__verified_without_paper__asks_for_it(village, clerk):
    with pytest.raises(DomainError, match="证明材料"):
        verify_identity(identity=IdentityFactory(person__station=village), by=clerk, evidence="  ")


def test_identity__ended__may_be_declared_again_later(village, clerk):
    identity = IdentityFactory(person__station=village, verified=True)
    end_identity(identity=identity, by=clerk, valid_to=date(2025, 1, 1), reason="身份撤销")
    again = declare_identity(person=identity.person, category=identity.category, by=clerk)
    assert again.pk != identity.pk
    assert not identity.person.identities.valid().exists()


def test_identity__ended_before_it_began__is_refused(village, clerk):
    identity = IdentityFactory(person__station=village, valid_from=date(2024, 1, 1))
    with pytest.raises(DomainError, match="不应早于起始日期"):
        end_identity(identity=identity, by=clerk, valid_to=date(2023, 1, 1), reason="更正")


# --- what the rows hold -----------------------------------------------------------------------


def test_rows__of_files_and_identities__hold_nothing_personal_in_clear(village, clerk):
    number = id_number(9, date(1948, 8, 1))
    person = collect(
        village, clerk, id_number=number, phone="19900007777", address="测试镇幸福路8号"
    )
    verify_identity(
        identity=person.identities.get(),
        by=clerk,
        evidence="退出现役证",
        evidence_number="证字第55号",
    )
    acts.correct_draft(person=person, by=clerk, phone="19900008888")
    tables = ["services_person", "services_personhistory", "services_identity",
              "services_identityhistory", "accounts_auditentry", "accounts_message"]  # fmt: skip
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            rows = "".join(row[0] for row in cursor.fetchall())
            for secret in (number, "19900007777", "19900008888", "幸福路", "55号"):
                assert secret not in rows, f"{table} holds {secret[:3]}…"
