"""Vacancies found, wishes and intentions, CVs with consent, suggestions with reasons."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.consents import withdraw_consent
from accounts.models import AuditEntry, Consent, Message
from placement.actions import intents, vacancies
from placement.actions.intents import IntentError
from placement.enums.fairs import Education, EndedAs, IntentStage, JobField, VacancyState
from placement.models import Cv, EmploymentIntent, Vacancy
from placement.suggestions import reasons_for, suggestions_for
from services.booking_rules import BookingRefusedError
from tests.factories.accounts import UserFactory
from tests.factories.partners import PartnerFactory
from tests.factories.placement_fairs import (
    CvFactory,
    EmploymentIntentFactory,
    VacancyFactory,
    today,
)
from tests.placement.fair_scene import scene, veteran

pytestmark = pytest.mark.django_db
HOSTILE = ["<b>x</b>", "=1+1", "工\x00人", "🎖️", "%", "_", "'\"; --", "9" * 28, "a" * 400, "𠮷"]


@pytest.fixture
def s():
    s = scene()
    vacancies.accept(vacancy=s.vacancy, by=s.head)
    s.vacancy.refresh_from_db()
    return s


def page(client, name, *args, **query):
    return client.get(reverse(f"placement:{name}", args=args), query)


def says(answer, *words):
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in words:
        assert word in text, word
    return text


def found(text):
    return {each.title for each in Vacancy.objects.matching(text)}


def test_search__by_chinese_words__looks_everywhere_in_the_text():
    VacancyFactory(
        title="数控车工", duties="操作数控车床", partner__name="无锡惠泽精密机械有限公司"
    )
    VacancyFactory(title="货运司机", requirements="A2驾照", partner__name="江阴远帆物流有限公司")
    assert found("车工") == {"数控车工"}
    assert found("车床 数控") == {"数控车工"}
    assert found("远帆") == found("Ａ２") == {"货运司机"}
    assert found("车床 远帆") == set()
    assert found("工") == {"数控车工"}


def test_search__by_pinyin_or_initials_of_the_employer__finds_its_vacancies():
    VacancyFactory(title="数控车工", partner__name="无锡惠泽精密机械有限公司")
    VacancyFactory(title="货运司机", partner__name="江阴远帆物流有限公司")
    assert found("huize") == found("wuxihuize") == found("hzjm") == {"数控车工"}
    assert found("YUANFAN") == found("jyyf") == {"货运司机"}


@pytest.mark.parametrize("text", HOSTILE)
def test_search__hostile_words__are_answered_with_a_page(client, text):
    says(page(client, "jobs", q=text, pay=text, district=text, field=text, page=text))


def test_list__is_narrowed_by_district_pay_field_and_veterans(client):
    near = VacancyFactory(title="近处的岗位", pay_from=9000, pay_to=11000, field=JobField.COMPUTER)
    VacancyFactory(title="面议的岗位", pay_from=None, pay_to=None, field=JobField.SALES)
    VacancyFactory(title="专招的岗位", veterans_only=True, pay_from=4000, pay_to=4500)
    VacancyFactory(title="过期的岗位", open_until=today(-1))
    VacancyFactory(title="待核对的岗位", submitted=True)
    VacancyFactory(title="结束的岗位", closed=True)
    text = says(page(client, "jobs"), "近处的岗位", "面议的岗位", "专招的岗位")
    assert not {"过期的岗位", "待核对的岗位", "结束的岗位"} & set(text.split('"'))
    assert "待核对的岗位" not in text
    text = says(page(client, "jobs", pay="8000"), "近处的岗位")
    assert "面议" not in text
    assert "近处" not in says(page(client, "jobs", veterans="on"), "专招的岗位")
    assert "专招的岗位" not in says(page(client, "jobs", field="COMPUTER"), "近处的岗位")
    says(page(client, "jobs", district=near.division.code), "近处的岗位")  # no choice: left out
    says(page(client, "jobs", closed="on"), "结束的岗位", "过期的岗位")
    assert "待核对的岗位" not in says(page(client, "jobs", closed="on"))


def test_list__of_an_employer_that_works_with_us_no_more__is_empty(client):
    ended = PartnerFactory(state="ENDED", reason="合作到期")
    vacancy = VacancyFactory(partner=ended, title="不招的岗位")
    assert "不招的岗位" not in says(page(client, "jobs"))
    says(page(client, "job", vacancy.pk), "已停止招聘")


def test_list__by_a_district_that_has_some__shows_them(client):
    district = VacancyFactory(title="镇上的岗位").station.parent.parent
    VacancyFactory(title="区里的岗位", partner=PartnerFactory(station=district))
    says(page(client, "jobs", district=district.division.code), "区里的岗位")


@pytest.mark.parametrize("rows", [1, 20])
def test_list__queries__do_not_grow(client, rows, django_assert_max_num_queries):
    VacancyFactory.create_batch(rows)
    with django_assert_max_num_queries(6):
        says(page(client, "jobs", q="装配"))


def test_search__uses_the_index_of_pieces():
    VacancyFactory()
    with CaptureQueriesContext(connection) as captured:
        list(Vacancy.objects.matching("车床"))
    assert 'portal_bigrams("placement_vacancy"."search_text")' in captured[0]["sql"]


def test_job__waiting_for_its_check__is_404(client):
    assert page(client, "job", VacancyFactory(submitted=True).pk).status_code == 404


def test_wish__with_the_cv__is_told_and_consented_by_name(client, s):
    CvFactory(person=s.person, skills="电工证")
    client.force_login(s.person.account)
    says(page(client, "job", s.vacancy.pk), "我有意")
    address = reverse("placement:wish", args=[s.vacancy.pk])
    says(client.get(address), f"同意{s.partner.name}查看我的求职简历")
    says(client.post(address, {}), "请勾选同意")
    assert client.post(address, {"told": "on", "share_cv": "on"}).status_code == 302
    intent = EmploymentIntent.objects.get()
    assert (intent.stage, intent.reached_on, intent.cv_is_shown) == (IntentStage.WISHED, None, True)
    assert Consent.objects.get().purpose == f"向{s.partner.name}提供求职简历"
    assert Message.objects.filter(user=s.member, title="有人对岗位有意").exists()
    says(page(client, "my_work"), "本人有意", s.vacancy.title)
    says(client.post(address, {"told": "on"}), "已经登记过意向")


def test_cv__is_shown_while_its_consent_stands__and_looking_is_written_down(client, s):
    CvFactory(person=s.person, skills="有电工证")
    intent = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account, share_cv=True)
    client.force_login(s.member)
    address = reverse("placement:partner_intent", args=[s.partner.pk, intent.pk])
    says(client.get(address), "有电工证")
    assert AuditEntry.objects.filter(act="placement.cv_read", target_id=str(s.person.pk)).exists()
    withdraw_consent(consent=Consent.objects.get(), by=s.person.account)
    assert "有电工证" not in says(client.get(address), "没有提供简历")


@pytest.mark.parametrize("case", ["closed", "expired", "stranger", "directed", "moved", "no_cv"])
def test_wish__against_a_rule__is_refused(s, case):
    vacancy, by, share = s.vacancy, s.person.account, False
    if case == "closed":
        vacancy = VacancyFactory(closed=True)
    elif case == "expired":
        vacancy = VacancyFactory(open_until=today(-1))
    elif case == "stranger":
        by = UserFactory()
    elif case == "directed":
        vacancy = VacancyFactory(directed=True)
    elif case == "moved":
        s.person.state = "MOVED"
    elif case == "no_cv":
        share = True
    with pytest.raises((IntentError, BookingRefusedError)):
        intents.wish(vacancy=vacancy, person=s.person, by=by, share_cv=share)
    assert not EmploymentIntent.objects.exists()


def test_wish__by_staff_who_keep_the_file__is_on_behalf(s):
    intent = intents.wish(vacancy=s.vacancy, person=s.person, by=s.clerk, share_cv=True)
    assert intent.cv_consent is None
    entry = AuditEntry.objects.get(act="placement.intent_wished")
    assert entry.on_behalf_of


def test_wish__at_the_counter__by_the_id_number(client, s):
    client.force_login(s.clerk)
    says(page(client, "job", s.vacancy.pk), "代本人登记意向")
    address = reverse("placement:desk_wish", args=[s.vacancy.pk])
    says(client.post(address, {"id_number": ""}), "请填写身份证号")
    assert client.post(address, {"id_number": s.person.id_number}).status_code == 302
    assert EmploymentIntent.objects.get().by == s.clerk
    says(client.post(address, {"id_number": s.person.id_number}), "已经登记过意向")


def test_advance__step_by_step__keeps_every_day(s):
    intent = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account)
    for stage in (IntentStage.FIRST, IntentStage.INTERVIEW, IntentStage.HIRED, IntentStage.SEATED):
        intent = intents.advance(intent=intent, stage=stage, by=s.member)
    days = (intent.reached_on, intent.interview_on, intent.hired_on, intent.seated_on)
    assert set(days) == {timezone.localdate()}
    assert Message.objects.filter(user=s.person.account, title="求职进展：录用").exists()


@pytest.mark.parametrize("case", ["back", "ahead", "before", "stranger", "ended"])
def test_advance__against_a_rule__is_refused(s, case):
    intent = EmploymentIntentFactory(
        vacancy=s.vacancy, stage=IntentStage.INTERVIEW, interview_on=today()
    )
    stage, on, by = IntentStage.HIRED, None, s.member
    if case == "back":
        stage = IntentStage.FIRST
    elif case == "ahead":
        on = today(2)
    elif case == "before":
        on = today(-1)
    elif case == "stranger":
        by = UserFactory()
    elif case == "ended":
        intents.end(intent=intent, by=s.member, reason="没有选上")
    with pytest.raises(IntentError):
        intents.advance(intent=intent, stage=stage, on=on, by=by)


def test_end__by_the_person__says_so_to_the_employer(s):
    intent = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account)
    intent = intents.end(intent=intent, by=s.person.account)
    assert intent.ended_as == EndedAs.PERSON
    assert Message.objects.filter(user=s.member, title="一位求职者放弃了").exists()
    again = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account)
    assert again.pk != intent.pk


def test_close__ends_wishes_nobody_answered(s):
    wished = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account)
    reached = EmploymentIntentFactory(vacancy=s.vacancy)
    vacancies.close(vacancy=s.vacancy, by=s.member, reason="已招满")
    wished.refresh_from_db()
    reached.refresh_from_db()
    assert (wished.stage, wished.ended_as) == (IntentStage.ENDED, EndedAs.CLOSED)
    assert reached.stage == IntentStage.FIRST


def test_cv__by_the_person__is_kept_and_asks_for_no_unit(client, s):
    client.force_login(s.person.account)
    says(page(client, "my_cv"), "请不要写部队番号", s.person.name)
    typed = {"education": "4", "skills": "电工证", "experience": "", "wanted_fields": ["ELECTRIC"],
             "division": "", "pay_from": "6000"}  # fmt: skip
    says(
        client.post(reverse("placement:my_cv"), typed | {"pay_from": "六千"}),
        "请只写数字",
        "电工证",
    )
    says(client.post(reverse("placement:my_cv"), typed | {"pay_from": "9" * 28}), "核对")
    client.post(reverse("placement:my_cv"), typed)
    cv = Cv.objects.get()
    assert (cv.education, cv.wanted_fields, cv.pay_from) == (Education.BACHELOR, ["ELECTRIC"], 6000)


def test_my_work__without_a_file__leads_to_registering(client):
    client.force_login(UserFactory())
    says(page(client, "my_work"), "请先登记建档")


def test_suggestions__say_why__best_first(s):
    cv = CvFactory(
        person=s.person, wanted_fields=[JobField.ELECTRIC], pay_from=Decimal(6000),
        education=Education.COLLEGE, division=s.station.division,
    )  # fmt: skip
    best = VacancyFactory(
        field=JobField.ELECTRIC, pay_from=6000, pay_to=9000, veterans_only=True, partner=s.partner
    )
    good = VacancyFactory(field=JobField.ELECTRIC, pay_from=4000, pay_to=5000)
    VacancyFactory(field=JobField.ELECTRIC, education=Education.MASTER)
    VacancyFactory(field=JobField.ELECTRIC, age_to=18)
    VacancyFactory(field=JobField.FINANCE, pay_from=4000, pay_to=5000)
    found = suggestions_for(s.person, cv)
    shown = [each.vacancy for each in found]
    assert shown[0] == best
    assert good in shown
    assert len(shown) == 3  # the scene's own vacancy is at the wished place
    assert found[0].reasons[0] == "行业是您想做的电气维修"
    assert "专招退役军人" in found[0].reasons
    assert best not in [each.vacancy for each in suggestions_for(s.person, cv, taken=[best.pk])]


def test_reasons__of_a_vacancy_that_asks_too_much__are_none(s):
    cv = CvFactory(person=s.person, education=Education.HIGH)
    vacancy = VacancyFactory(education=Education.BACHELOR)
    assert reasons_for(vacancy, s.person, cv) == []


def test_my_work__shows_suggestions_with_their_reasons(client, s):
    CvFactory(person=s.person, wanted_fields=[JobField.MANUFACTURE])
    client.force_login(s.person.account)
    says(page(client, "my_work"), "为什么推荐：行业是您想做的生产制造")


def test_room__vacancy__is_written_mended_and_closed(client, s):
    client.force_login(s.member)
    address = reverse("placement:partner_vacancy_new", args=[s.partner.pk])
    district = s.station.parent.parent.division
    typed = {"title": "叉车工", "field": "LOGISTICS", "headcount": "3", "division": district.pk,
             "address": "", "pay_from": "5000", "pay_to": "4000", "education": "0", "age_to": "",
             "requirements": "=1+1", "duties": "<b>搬运</b>", "open_until": today(30)}  # fmt: skip
    says(client.post(address, typed), "最高月薪不应低于最低月薪", "叉车工")
    says(client.post(address, typed | {"headcount": "9" * 28, "pay_to": ""}), "最多9999")
    says(client.post(address, typed | {"open_until": today(-2), "pay_to": ""}), "已经过去")
    says(client.post(address, typed | {"open_until": "9999-12-31"}), "2100年以前")
    assert client.post(address, typed | {"pay_to": "6000"}).status_code == 302
    vacancy = Vacancy.objects.get(title="叉车工")
    assert (vacancy.state, vacancy.employer_name) == (VacancyState.SUBMITTED, s.partner.name)
    vacancies.accept(vacancy=vacancy, by=s.head)
    says(page(client, "job", vacancy.pk), "&lt;b&gt;搬运&lt;/b&gt;", "=1+1")
    close = reverse("placement:partner_vacancy_close", args=[s.partner.pk, vacancy.pk])
    says(client.post(close, {"reason": ""}), "请填写原因")
    client.post(close, {"reason": "已招满"})
    vacancy.refresh_from_db()
    assert vacancy.state == VacancyState.CLOSED


def test_desk__vacancy__is_checked_by_another(client, s):
    waiting = VacancyFactory(submitted=True, partner=s.partner, title="待核对的岗位")
    client.force_login(s.head)
    says(page(client, "desk_vacancies"), "待核对的岗位")
    address = reverse("placement:desk_vacancy", args=[waiting.pk])
    says(client.post(address, {"do": "refuse", "reason": ""}), "请填写原因")
    client.post(address, {"do": "accept"})
    waiting.refresh_from_db()
    assert waiting.state == VacancyState.OPEN
    client.force_login(scene().head)
    assert client.get(address).status_code == 404


def test_merged_file__intentions_move__but_not_twice(s):
    from placement import merging

    twin = veteran(s.station)
    EmploymentIntentFactory(vacancy=s.vacancy, person=s.person)
    EmploymentIntentFactory(vacancy=s.vacancy, person=twin)
    other = EmploymentIntentFactory(person=twin)
    moves = EmploymentIntent.objects.filter(person=twin).exclude(merging.intents_there(s.person))
    assert list(moves) == [other]


def test_my_data__names_cv_intentions_and_who_looked(client, s):
    CvFactory(person=s.person, skills="有电工证")
    intent = intents.wish(vacancy=s.vacancy, person=s.person, by=s.person.account, share_cv=True)
    client.force_login(s.member)
    page(client, "partner_intent", s.partner.pk, intent.pk)
    client.force_login(s.person.account)
    answer = client.get(reverse("accounts:my_data"))
    says(answer, "有电工证", s.vacancy.title, "查看求职简历", "单位可看简历")
