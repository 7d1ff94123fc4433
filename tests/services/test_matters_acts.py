"""Matters through their states: who may, what is written, what is refused, what happens twice."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.enums import Channel, MessageState
from accounts.models import AuditEntry, Message
from services.actions import matters, persons
from services.enums import (
    Delivery,
    DocumentKind,
    FileState,
    MatterAct,
    MatterChannel,
    MatterState,
    Outcome,
    Role,
)
from services.matter_rules import MatterError, days_over
from services.models import Matter, MatterKind
from tests.factories.accounts import UserFactory
from tests.factories.guides import MatterKindFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db
ASKED = {"topic": "PENSION", "question": "怎么领？", "reply_by": "ONLINE"}


@pytest.fixture
def person():
    return PersonFactory(claimed=True)


@pytest.fixture
def station(person):
    return person.station


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station).user


def draft(person, by=None, **changes):
    return matters.save_draft(
        **{
            "kind": MatterKindFactory(),
            "station": person.station,
            "by": by or person.account,
            "client_key": "key-00000001",
            "applicant_name": person.name,
            "person": person,
            "channel": MatterChannel.WEB,
            "answers": ASKED,
        }
        | changes
    )


def audited(matter):
    return list(
        AuditEntry.objects.filter(target_id=str(matter.pk), act__startswith="services.matter")
        .order_by("pk")
        .values_list("act", flat=True)
    )


def acts_of(matter):
    return list(matter.events.values_list("act", flat=True))


def papers(matter):
    return sorted(matter.documents.values_list("kind", flat=True))


def said_to(user):
    found = Message.objects.filter(user=user, channel=Channel.INBOX).order_by("created_at")
    return list(found.values_list("title", flat=True))


def test_matter__the_whole_way__leaves_its_trail(person, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.accept(matter=matter, by=clerk)
    matters.note(matter=matter, by=clerk, public_words="已联系社区。", staff_words="再核一次")
    matters.finish(matter=matter, by=clerk, outcome=Outcome.GRANTED, result="可以领取。")
    done = matters.deliver(matter=matter, by=clerk, delivery=Delivery.COUNTER)
    assert (done.state, done.handler, done.late_days) == (MatterState.DELIVERED, clerk, 0)
    assert acts_of(done) == ["SUBMITTED", "ACCEPTED", "STEP", "DONE", "DELIVERED"]
    assert audited(done) == [f"services.matter_{act.lower()}" for act in acts_of(done)]
    assert papers(done) == ["ACCEPTANCE", "RECEIPT", "RESULT"]
    assert said_to(person.account)[:2] == ["申请已提交", "申请已受理"]
    names = list(done.events.values_list("by_name", flat=True))
    assert (names[0], names[1]) == ("本人", clerk.name)


def test_message__on_acceptance__says_by_when_with_the_weekday_and_whom_to_call(person, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.accept(matter=matter, by=clerk)
    body = Message.objects.filter(user=person.account, title="申请已受理").first().body
    matter.refresh_from_db()
    assert f"{matter.due_on.month}月{matter.due_on.day}日 星期" in body
    assert person.station.phone in body


def test_sms__overtaken_by_the_next_act__is_not_sent(person, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.accept(matter=matter, by=clerk)
    sms = Message.objects.filter(channel=Channel.SMS, about_id=str(matter.pk)).order_by(
        "created_at"
    )
    states = [(each.title, each.state) for each in sms]
    assert states == [
        ("申请已提交", MessageState.CANCELLED),
        ("申请已受理", MessageState.PENDING),
    ]


def test_draft__same_key_again__is_the_same_draft_with_what_changed(person):
    first = draft(person)
    again = draft(person, answers=ASKED | {"question": "还有呢？"})
    assert (again.pk, again.answers["question"]) == (first.pk, "还有呢？")
    handed_in = matters.submit(matter=again, by=person.account)
    third = draft(person, answers=ASKED | {"question": "晚了"})
    assert (third.pk, third.answers["question"]) == (handed_in.pk, "还有呢？")
    assert Matter.objects.count() == 1


def test_submit__second_tap__writes_nothing_more(person):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.submit(matter=matter, by=person.account)
    assert acts_of(matter) == ["SUBMITTED"]
    assert papers(matter) == ["RECEIPT"]


def test_draft__for_another_ones_file__is_refused(person):
    with pytest.raises(MatterError, match="只能为自己"):
        draft(person, by=UserFactory())


def test_draft__closed_kind_or_ended_file__is_refused_with_whom_to_call(person):
    with pytest.raises(MatterError, match="12345"):
        draft(person, kind=MatterKindFactory(code="shut", closed=True))
    gone = PersonFactory(closed=True, account=UserFactory())
    with pytest.raises(MatterError, match="档案"):
        draft(gone)


def test_act__by_whom_it_does_not_belong_to__is_refused(person, station, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    strangers = [
        PostingFactory().user,
        PostingFactory(station=station, role=Role.REVIEWER).user,
        person.account,
    ]
    for user in strangers:
        with pytest.raises(MatterError, match="不是这个站点的经办人"):
            matters.accept(matter=matter, by=user)
    with pytest.raises(MatterError, match="代办关系"):
        matters.withdraw(matter=matter, by=UserFactory(), reason="不办了")


def test_head_above__may_handle(person, station):
    matter = matters.submit(matter=draft(person), by=person.account)
    head = PostingFactory(station=station.parent.parent, role=Role.HEAD).user
    assert matters.accept(matter=matter, by=head).handler == head


def test_accept__by_a_second_clerk__is_refused_and_a_double_tap_is_not(person, station, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.accept(matter=matter, by=clerk)
    matters.accept(matter=matter, by=clerk)
    with pytest.raises(MatterError, match="可能刚有人办过"):
        matters.accept(matter=matter, by=PostingFactory(station=station).user)
    assert acts_of(matter).count("ACCEPTED") == 1


def test_finish__by_a_second_clerk__is_refused_and_a_double_tap_is_not(person, station, clerk):
    matter = MatterFactory(accepted=True, person=person, station=station, handler=clerk)
    said = {"matter": matter, "outcome": Outcome.GRANTED, "result": "好了"}
    matters.finish(by=clerk, **said)
    matters.finish(by=clerk, **said)
    with pytest.raises(MatterError, match="可能刚有人办过"):
        matters.finish(by=PostingFactory(station=station).user, **said)
    assert papers(matter) == ["RESULT"]


def test_supplement__asked_once__cannot_be_asked_again(person, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    matters.ask_supplement(matter=matter, by=clerk, wanted="身份证\n退役证", workdays=5)
    matter.refresh_from_db()
    assert (matter.state, papers(matter)) == (
        MatterState.SUPPLEMENT,
        ["RECEIPT", "SUPPLEMENT"],
    )
    matters.supplement(matter=matter, by=person.account)
    with pytest.raises(MatterError, match="只能告知一次"):
        matters.ask_supplement(matter=matter, by=clerk, wanted="户口本")
    assert matters.accept(matter=matter, by=clerk).state == MatterState.ACCEPTED


@pytest.mark.parametrize(
    ("act", "field", "more"),
    [
        ("ask_supplement", "wanted", {"wanted": "  "}),
        ("refuse_acceptance", "reason", {"reason": ""}),
        ("withdraw", "reason", {"reason": "\n"}),
    ],
)
def test_act__without_its_words__names_the_field(person, clerk, act, field, more):
    matter = MatterFactory(person=person, station=person.station)
    with pytest.raises(MatterError) as refused:
        getattr(matters, act)(matter=matter, by=clerk, **more)
    assert refused.value.field == field
    matter.refresh_from_db()
    assert matter.state == MatterState.SUBMITTED


def test_refused_acceptance__says_why_on_paper_and_in_a_message(person, clerk):
    matter = MatterFactory(person=person, station=person.station)
    matters.refuse_acceptance(matter=matter, by=clerk, reason="不属于本站办理")
    matter.refresh_from_db()
    assert (matter.state, papers(matter)) == (MatterState.NOT_ACCEPTED, [DocumentKind.REFUSAL])
    assert "不属于本站办理" in Message.objects.filter(user=person.account).latest("created_at").body


def test_hand_over__to_a_colleague__tells_them_and_not_the_person(person, station, clerk):
    matter = MatterFactory(accepted=True, person=person, station=station, handler=clerk)
    colleague = PostingFactory(station=station).user
    matters.hand_over(matter=matter, by=clerk, to=colleague, note="我明天休假")
    matter.refresh_from_db()
    assert matter.handler == colleague
    assert said_to(colleague) == ["有一件事转给您办"]
    assert said_to(person.account) == []
    event = matter.events.get(act=MatterAct.HANDED_OVER)
    assert (event.public_words, "我明天休假" in event.staff_words) == ("", True)


def test_hand_over__out_of_the_scope_or_to_whom_has_it__is_refused(station, clerk):
    matter = MatterFactory(accepted=True, station=station, handler=clerk)
    with pytest.raises(MatterError, match="本站点或上级"):
        matters.hand_over(matter=matter, by=clerk, to=PostingFactory().user)
    with pytest.raises(MatterError, match="已经由此人承办"):
        matters.hand_over(matter=matter, by=clerk, to=clerk)


def test_withdraw__while_suspended__turns_the_clock_off(person, clerk):
    matter = MatterFactory(suspended=True, person=person, station=person.station)
    matters.withdraw(matter=matter, by=person.account, reason="不用办了")
    matter.refresh_from_db()
    assert (matter.state, matter.suspended_at) == (MatterState.WITHDRAWN, None)
    with pytest.raises(MatterError, match="已撤回"):
        matters.withdraw(matter=matter, by=person.account, reason="再来")


def test_withdraw__once_done__is_too_late(person):
    matter = MatterFactory(done=True, person=person, station=person.station)
    with pytest.raises(MatterError, match="不能撤回"):
        matters.withdraw(matter=matter, by=person.account, reason="不用办了")


def entered(clerk, station, **changes):
    return matters.enter(
        **{
            "by": clerk,
            "kind": MatterKindFactory(),
            "station": station,
            "client_key": "desk-00000001",
            "applicant_name": "李大爷",
            "applicant_phone": "13812345678",
            "channel": MatterChannel.COUNTER,
            "answers": ASKED,
        }
        | changes
    )


def test_enter__without_a_file__is_submitted_and_told_by_phone(clerk, station):
    matter = entered(clerk, station)
    assert (matter.state, matter.person) == (MatterState.SUBMITTED, None)
    message = Message.objects.get(about_id=str(matter.pk))
    assert (message.channel, message.user) == (Channel.SMS, None)


def test_enter__and_accept__starts_the_clock_at_once(clerk, station):
    matter = entered(clerk, station, accept=True)
    assert (matter.state, matter.handler) == (MatterState.ACCEPTED, clerk)
    assert matter.due_on > timezone.localdate()


def test_enter__same_key_twice__is_one_matter(clerk, station):
    assert entered(clerk, station).pk == entered(clerk, station).pk
    assert Matter.objects.count() == 1


def test_enter__at_a_station_that_is_not_theirs__is_refused(clerk):
    with pytest.raises(MatterError, match="不是这个站点的经办人"):
        entered(clerk, StationFactory())


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "=1+1", "😀" * 50, "１２３" * 10, "9" * 28]
)
def test_words__of_every_kind__are_kept_as_written(person, clerk, words):
    matter = MatterFactory(person=person, station=person.station)
    matters.note(matter=matter, by=clerk, public_words=words)
    assert matter.events.get().public_words == words


# --- the file behind it ----------------------------------------------------------------------


def closed(person, reason="本人去世"):
    reviewer = PostingFactory(station=person.station.parent, role=Role.REVIEWER).user
    return persons.close_file(person=person, by=reviewer, reason=reason)


@pytest.mark.parametrize("trait", ["draft", "supplement", "accepted", "suspended"])
def test_file_closed__ends_what_is_undecided(person, trait):
    matter = MatterFactory(person=person, station=person.station, **{trait: True})
    closed(person)
    matter.refresh_from_db()
    assert (matter.state, matter.ended_reason) == (MatterState.ENDED, "档案已注销")
    assert acts_of(matter) == [MatterAct.ENDED]
    assert audited(matter) == ["services.matter_ended"]


def test_file_closed__what_is_done_stays_done(person):
    matter = MatterFactory(done=True, person=person, station=person.station)
    closed(person)
    matter.refresh_from_db()
    assert matter.state == MatterState.DONE


def test_file_closed_by_death__tells_nobody_and_takes_back_what_waits(person, clerk):
    matter = matters.submit(matter=draft(person), by=person.account)
    closed(person)
    about = Message.objects.filter(about_id=str(matter.pk))
    assert not about.filter(state=MessageState.PENDING).exists()
    assert "办理已终止" not in said_to(person.account)


def test_file_closed_otherwise__says_so_once(person):
    MatterFactory(person=person, station=person.station)
    closed(person, reason="身份撤销")
    assert said_to(person.account).count("办理已终止") == 1


def test_closed_file__result_delivered_later__is_not_told(person, clerk):
    matter = MatterFactory(done=True, person=person, station=person.station)
    closed(person)
    before = Message.objects.count()
    matters.deliver(matter=matter, by=clerk, delivery=Delivery.COUNTER)
    assert Message.objects.count() == before
    assert Matter.objects.get(pk=matter.pk).person.state == FileState.CLOSED


def test_move_with_file__open_ones_follow_with_their_terms(person, clerk):
    matter = MatterFactory(accepted=True, person=person, station=person.station, handler=clerk)
    MatterFactory(delivered=True, person=person, station=person.station)
    to = StationFactory()
    by = PostingFactory(station=to).user
    assert matters.move_with_file(person=person, to_station=to, by=by) == 1
    moved = Matter.objects.get(pk=matter.pk)
    assert (moved.station, moved.handler, moved.due_on) == (to, by, matter.due_on)
    assert matters.move_with_file(person=person, to_station=to, by=by) == 0


def test_submit__kind_closed_since_it_was_written__stays_a_draft(person):
    matter = draft(person)
    MatterKind.objects.update(is_open=False)
    with pytest.raises(MatterError, match="暂停办理"):
        matters.submit(matter=matter, by=person.account)
    assert Matter.objects.get().state == MatterState.DRAFT


def test_finish__on_the_day_of_rest_after_the_promise__is_late():
    friday, saturday, monday = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
    over = [days_over(friday, today=day) for day in (friday, saturday, monday)]
    assert over == [0, 1, 1]
