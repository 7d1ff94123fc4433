"""Pages of fairs by who looks: everybody, a person, an employer's member, the desk."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from placement import fair_figures
from placement.actions import fairs, intents
from placement.enums.fairs import FairEmployerState, FairState, IntentStage
from placement.models import EmploymentIntent, FairEmployer, JobFair
from services.enums import BookingState
from services.models import Booking
from tests.factories.accounts import UserFactory
from tests.factories.placement_fairs import (
    EmploymentIntentFactory,
    FairEmployerFactory,
    FairVacancyFactory,
    JobFairFactory,
    VacancyFactory,
    today,
)
from tests.placement.fair_scene import begins_now, draft, open_fair, scene, with_employer
from tests.services.booking_scene import take, with_rules

pytestmark = pytest.mark.django_db
HOSTILE = ["<b>x</b>", "=cmd|'/c calc'!A1", "馆\x00内", "🎖️体育馆", "9" * 28]


@pytest.fixture
def s():
    return scene()


def page(client, name, *args, **query):
    return client.get(reverse(f"placement:{name}", args=args), query)


def says(answer, *words):
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in words:
        assert word in text, word
    return text


def plan(**more):
    return {
        "title": "秋季专场招聘会", "venue": "体育馆", "co_hosts": "人社局", "held_on": today(20),
        "apply_by": today(15), "morning_start": "09:00", "morning_end": "11:30",
        "afternoon_start": "", "afternoon_end": "", "places": "100", "stands": "10",
        "introduction": "",
    } | more  # fmt: skip


def test_public_list__shows_what_comes_and_what_was__no_drafts(client, s):
    open_fair(s, title="将来的招聘会")
    draft(s, title="起草中的招聘会")
    JobFairFactory(held=True, title="办过的招聘会")
    text = says(page(client, "fairs"), "将来的招聘会", "办过的招聘会")
    assert "起草中" not in text


def test_public_page__of_a_draft__is_404(client, s):
    assert page(client, "fair", draft(s).pk).status_code == 404


def test_public_page__names_employers_and_posts__and_leads_to_registering(client, s):
    fair = open_fair(s)
    with_employer(s, fair)
    slots = reverse("services:book_slots", args=[fair.visits_id])
    says(page(client, "fair", fair.pk), s.partner.name, s.vacancy.title, "1家单位", slots)
    assert client.get(slots).status_code == 200


def test_public_page__registered__shows_the_code(client, s):
    fair = open_fair(s)
    booking = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    client.force_login(s.person.account)
    says(page(client, "fair", fair.pk), booking.spoken_code)


def test_screen__updates_itself__and_answers_304_while_nothing_changed(client, s):
    fair = open_fair(s)
    with_employer(s, fair)
    says(page(client, "fair_board", fair.pk), s.partner.name, 'data-board="')
    now = page(client, "fair_board_now", fair.pk)
    assert s.person.name not in now.content.decode()
    again = client.get(
        reverse("placement:fair_board_now", args=[fair.pk]),
        headers={"if-none-match": now.headers["ETag"]},
    )
    assert again.status_code == 304


def test_screen__more_stands_than_fit__take_turns(s):
    fair = open_fair(s)
    employers = [FairEmployerFactory(fair=fair, stand_number=n + 1) for n in range(8)]
    for employer in employers:
        FairVacancyFactory(employer=employer)
    begin = datetime.fromtimestamp(fair_figures.TURN * 1000, tz=UTC)
    shown = [
        fair_figures.screen_of(fair, now=begin + timedelta(seconds=fair_figures.TURN * turn))
        for turn in range(3)
    ]
    numbers = [[each["employer"].stand_number for each in screen["stands"]] for screen in shown]
    assert numbers == [[1, 2, 3, 4, 5, 6], [7, 8], [1, 2, 3, 4, 5, 6]]
    assert {screen["turns"] for screen in shown} == {2}


def test_desk__clerk_plans__and_another_opens(client, s):
    client.force_login(s.clerk)
    says(page(client, "desk_fair_new"), s.station.name)
    answer = client.post(reverse("placement:desk_fair_new"), plan())
    fair = JobFair.objects.get()
    assert answer.url == reverse("placement:desk_fair", args=[fair.pk])
    assert 'act/open/"' not in says(client.get(answer.url), "等待发布")
    says(page(client, "desk_fair_edit", fair.pk), "体育馆", "09:00")
    client.force_login(s.head)
    says(page(client, "desk_fair", fair.pk), "发布")
    client.post(reverse("placement:desk_fair_act", args=[fair.pk, "open"]))
    fair.refresh_from_db()
    assert fair.state == FairState.OPEN


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"apply_by": today(25)}, "不应晚于举办日期"),
        ({"morning_end": "08:00"}, "结束时间应晚于开始时间"),
        ({"places": "0"}, "至少为1"),
        ({"stands": "很多"}, "应为整数"),
        ({"held_on": "9999-12-31"}, "2100年以前"),
        ({"held_on": today(-5), "apply_by": today(-6)}, "已经过去"),
        ({"title": ""}, "请填写名称"),
        ({"places": "9" * 28}, "最多5000"),
    ],
)
def test_desk__plan_that_does_not_fit__says_so_and_keeps_what_was_typed(client, s, typed, words):
    client.force_login(s.clerk)
    answer = client.post(reverse("placement:desk_fair_new"), plan(**typed))
    says(answer, words, "体育馆")
    assert not JobFair.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_desk__hostile_venue__is_kept_as_plain_text(client, s, text):
    client.force_login(s.clerk)
    answer = client.post(reverse("placement:desk_fair_new"), plan(venue=text))
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert "<b>x</b>" not in shown
    assert "\x00" not in JobFair.objects.get().venue


def test_desk__employer__is_accepted_and_refused_with_reasons(client, s):
    fair = open_fair(s)
    employer = fairs.apply(
        fair=fair, partner=s.partner, vacancies=[s.vacancy], by=s.member, client_key="apply-key-1"
    )
    client.force_login(s.clerk)
    address = reverse("placement:desk_fair_employer", args=[employer.pk])
    assert "核对单位和岗位" not in says(client.get(address), s.vacancy.title)
    client.force_login(s.head)
    says(client.get(address), "核对单位和岗位")
    says(client.post(address, {"do": "refuse", "reason": ""}), "请填写原因")
    client.post(address, {"do": "accept"})
    employer.refresh_from_db()
    assert employer.state == FairEmployerState.ACCEPTED


def test_desk__enters_an_employer__for_another_to_check(client, s):
    fair = open_fair(s)
    client.force_login(s.clerk)
    address = reverse("placement:desk_fair_employer_new", args=[fair.pk])
    says(client.get(address), s.partner.name)
    says(client.get(address, {"partner": s.partner.pk}), s.vacancy.title)
    client.post(
        f"{address}?partner={s.partner.pk}",
        {"vacancies": [s.vacancy.pk], "note": "", "client_key": "desk-key-1"},
    )
    assert FairEmployer.objects.get().applied_by == s.clerk
    assert client.get(address, {"partner": "9" * 30}).status_code == 200


def test_door__signs_in_by_code__and_enters_walk_ins(client, s):
    fair = open_fair(s)
    booking = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    begins_now(fair)
    client.force_login(s.clerk)
    address = reverse("placement:desk_fair_door", args=[fair.pk])
    says(client.get(address), "凭码签到")
    says(client.post(address, {"do": "sign-in", "code": "ZZZZZ99999"}), "不是本场招聘会的")
    client.post(address, {"do": "sign-in", "code": booking.spoken_code})
    booking.refresh_from_db()
    assert booking.state == BookingState.CHECKED_IN
    walk = {"do": "walk-in", "name": "李来宾", "phone": "123", "heads": "1", "client_key": "k" * 10}
    says(client.post(address, walk), "11位", "李来宾")
    assert client.post(address, walk | {"phone": ""}).status_code == 302
    says(client.get(address), "李来宾")
    assert Booking.objects.filter(contact_name="李来宾", state=BookingState.CHECKED_IN).exists()


def test_door__before_its_time__is_open_but_refuses_in_words(client, s):
    fair = open_fair(s)
    booking = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    client.force_login(s.clerk)
    address = reverse("placement:desk_fair_door", args=[fair.pk])
    says(client.post(address, {"do": "sign-in", "code": booking.code}), "还没到时间")


def test_figures__page_and_workbook__say_the_same(client, s):
    fair = begins_now(with_employer(s, open_fair(s)).fair)
    fairs.walk_in(fair=fair, name="李来宾", by=s.clerk, client_key="walk-in-1")
    EmploymentIntentFactory(vacancy=s.vacancy, fair=fair, name="=cmd|x", station=s.station)
    client.force_login(s.clerk)
    says(page(client, "desk_fair_figures", fair.pk), s.partner.name, "下载 Excel")
    answer = page(client, "desk_fair_workbook", fair.pk)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    sums = {row[0]: row[1] for row in book.get_sheet_by_name("总体").to_python() if len(row) > 1}
    assert (sums["参会单位"], sums["提供岗位数"], sums["到场人数"], sums["达成意向"]) == (
        1,
        5,
        1,
        1,
    )
    (row,) = book.get_sheet_by_name("意向").to_python()[1:]
    assert row[0] == "=****x"


def test_room__employer_applies__and_leaves_again(client, s):
    fair = open_fair(s)
    client.force_login(s.member)
    says(client.get(reverse("services:partner_room", args=[s.partner.pk])), "招聘岗位", "招聘会")
    says(page(client, "partner_fairs", s.partner.pk), fair.title)
    address = reverse("placement:partner_fair_apply", args=[s.partner.pk, fair.pk])
    says(client.get(address), s.vacancy.title)
    says(
        client.post(address, {"client_key": "room-key-1", "note": "要插座"}),
        "请至少选一个岗位",
        "要插座",
    )
    client.post(address, {"client_key": "room-key-1", "vacancies": [s.vacancy.pk], "note": ""})
    employer = FairEmployer.objects.get()
    says(page(client, "partner_stand", s.partner.pk, employer.pk), "待核对")
    client.post(
        reverse("placement:partner_stand_leave", args=[s.partner.pk, employer.pk]), {"reason": "忙"}
    )
    employer.refresh_from_db()
    assert employer.state == FairEmployerState.WITHDRAWN


def test_room__stand__makes_an_intention_by_the_visitors_code(client, s):
    fair = open_fair(s)
    employer = with_employer(s, fair)
    booking = take(with_rules(fair.visits.slots.first()), s.person.account, person=s.person)
    begins_now(fair)
    client.force_login(s.member)
    address = reverse("placement:partner_stand", args=[s.partner.pk, employer.pk])
    typed = {"vacancy": s.vacancy.pk, "code": booking.code, "agreed": "on"}
    says(client.post(address, typed), "还没有签到")
    fairs.sign_in(fair=fair, code=booking.code, by=s.clerk)
    says(client.post(address, typed | {"agreed": ""}), "请先当面确认")
    assert client.post(address, typed).status_code == 302
    says(client.get(address), s.person.name)
    intent = EmploymentIntent.objects.get()
    assert (intent.stage, intent.person, intent.fair) == (IntentStage.FIRST, s.person, fair)
    says(client.post(address, typed), "已经登记过")


def test_rooms__of_others__are_404(client, s):
    fair = open_fair(s)
    employer = with_employer(s, fair)
    intent = EmploymentIntentFactory(vacancy=s.vacancy)
    client.force_login(UserFactory())
    for name, args in (
        ("partner_vacancies", ()), ("partner_vacancy_new", ()), ("partner_fairs", ()),
        ("partner_vacancy", (s.vacancy.pk,)), ("partner_fair_apply", (fair.pk,)),
        ("partner_stand", (employer.pk,)), ("partner_intents", ()),
        ("partner_intent", (intent.pk,)),
    ):  # fmt: skip
        assert page(client, name, s.partner.pk, *args).status_code == 404, name
    other = scene()
    client.force_login(other.member)
    assert page(client, "partner_stand", other.partner.pk, employer.pk).status_code == 404
    assert page(client, "partner_intent", other.partner.pk, intent.pk).status_code == 404


def test_room__intention__is_taken_further_and_ended(client, s):
    intent = EmploymentIntentFactory(vacancy=s.vacancy, wished=True)
    client.force_login(s.member)
    says(page(client, "partner_intents", s.partner.pk), "1位求职者在等您答复")
    address = reverse("placement:partner_intent", args=[s.partner.pk, intent.pk])
    assert intent.phone not in says(client.get(address), "****", "没有提供简历")
    says(client.post(address, {"do": "phone"}), intent.phone)
    assert AuditEntry.objects.filter(act="placement.intent_phone_read", actor=s.member).exists()
    says(client.post(address, {"do": "step", "stage": "HIRED", "on": today(3)}), "还没有到")
    client.post(address, {"do": "step", "stage": "HIRED"})
    intent.refresh_from_db()
    assert (intent.stage, intent.reached_on) == (IntentStage.HIRED, today())
    says(client.post(address, {"do": "end", "reason": ""}), "请填写原因")
    client.post(address, {"do": "end", "reason": "体检未过"})
    intent.refresh_from_db()
    assert intent.stage == IntentStage.ENDED
    assert client.post(address, {"do": "other"}).status_code == 404
    assert client.post(address, {"do": "phone"}).status_code == 404


def test_desk_home__names_what_waits(client, s):
    fairs.apply(
        fair=open_fair(s),
        partner=s.partner,
        vacancies=[s.vacancy],
        by=s.member,
        client_key="apply-key",
    )
    client.force_login(s.head)
    says(client.get(reverse("services:desk")), "要核对的参会单位", "要核对的岗位")


@pytest.mark.parametrize("rows", [1, 20])
def test_lists__queries__do_not_grow(client, s, rows, django_assert_max_num_queries):
    for number in range(rows):
        fair = JobFairFactory(station=s.station)
        vacancy = VacancyFactory(partner=s.partner)
        employer = FairEmployerFactory(fair=fair, partner=s.partner, stand_number=number + 1)
        FairVacancyFactory(employer=employer, vacancy=vacancy)
        EmploymentIntentFactory(vacancy=vacancy, fair=fair)
    with django_assert_max_num_queries(8):
        page(client, "fairs")
    with django_assert_max_num_queries(10):
        page(client, "fair", fair.pk)
    client.force_login(s.member)
    for name in ("partner_vacancies", "partner_fairs", "partner_intents"):
        with django_assert_max_num_queries(14):
            says(page(client, name, s.partner.pk))
    client.force_login(s.head)
    for name in ("desk_fairs", "desk_vacancies"):
        with django_assert_max_num_queries(14):
            says(page(client, name, **({"state": "all"} if name == "desk_vacancies" else {})))
    with django_assert_max_num_queries(20):
        says(page(client, "desk_fair", fair.pk))


def test_person__gives_up__only_their_own(client, s):
    intent = intents.wish(vacancy=VacancyFactory(), person=s.person, by=s.person.account)
    address = reverse("placement:intent_give_up", args=[intent.pk])
    client.force_login(UserFactory())
    assert client.post(address).status_code == 404
    client.force_login(s.person.account)
    client.post(address)
    intent.refresh_from_db()
    assert intent.stage == IntentStage.ENDED
