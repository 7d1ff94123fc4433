"""Directed recruitment: the notice, its posts and steps, applicants to the end, pages by who looks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from placement.actions import recruitment as acts
from placement.actions.recruitment import RecruitmentError
from placement.enums.fairs import JobField, PostKind, VacancyState
from placement.enums.recruitment import ApplicantState, RecruitmentState, RecruitStep
from placement.models import Applicant, DirectedRecruitment, RecruitmentStep, Vacancy
from tests.factories.accounts import UserFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_fairs import (
    ApplicantFactory,
    DirectedRecruitmentFactory,
    VacancyFactory,
    today,
)
from tests.placement.fair_scene import scene, veteran

pytestmark = pytest.mark.django_db
Step = RecruitStep
STEPS = {
    Step.NOTICE: (today(-20), None, ""),
    Step.SIGN_UP: (today(-18), today(10), ""),
    Step.CHECK: (today(-10), None, "带原件"),
    Step.WRITTEN: (today(-5), None, "一中考点"),
    Step.INTERVIEW: (today(-2), None, ""),
}


@pytest.fixture
def s():
    return scene()


def notice_of(s, **more):
    return DirectedRecruitment(
        kind=PostKind.SOLDIER_TEACHER, title="定向招聘“兵教师”公告", station=s.station,
        division=s.station.division, host="澄江教育局", notice="招聘体育教师。",
        requirements="退役军人", apply_from=today(-18), apply_until=today(10), **more,
    )  # fmt: skip


def post_of(s, **more):
    return Vacancy(title="体育教师", field=JobField.EDUCATION, headcount=1,
                   division=s.station.division, **more)  # fmt: skip


def published(s):
    notice = acts.save(recruitment=notice_of(s), steps=STEPS, by=s.clerk)
    s.post = acts.add_post(recruitment=notice, post=post_of(s), by=s.clerk)
    return acts.publish(recruitment=notice, by=s.head)


def applied(s, person=None):
    person = person or s.person
    return acts.apply(post=s.post, person=person, statement="有教师资格证", by=person.account)


def through(s, applicant, *, last=Step.INTERVIEW):
    for step in (Step.CHECK, Step.WRITTEN, Step.INTERVIEW):
        if step <= last:
            score = Decimal("81.5") if step != Step.CHECK else None
            applicant = acts.record_result(
                applicant=applicant, step=step, passed=True, score=score, by=s.clerk
            )
    return applicant


def page(client, name, *args, **query):
    return client.get(reverse(f"placement:{name}", args=args), query)


def says(answer, *words):
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in words:
        assert word in text, word
    return text


def test_publish__by_who_drafted_it__is_refused(s):
    notice = acts.save(recruitment=notice_of(s), steps=STEPS, by=s.head)
    acts.add_post(recruitment=notice, post=post_of(s), by=s.head)
    with pytest.raises(RecruitmentError) as refused:
        acts.publish(recruitment=notice, by=s.head)
    assert refused.value.code == "own_draft"


def test_publish__without_posts__is_refused(s):
    notice = acts.save(recruitment=notice_of(s), steps=STEPS, by=s.clerk)
    with pytest.raises(RecruitmentError) as refused:
        acts.publish(recruitment=notice, by=s.head)
    assert refused.value.code == "no_posts"


def test_publish__opens_the_posts__for_veterans_only(s):
    post = published(s).posts.get()
    assert (post.state, post.veterans_only, post.kind) == (
        VacancyState.OPEN, True, PostKind.SOLDIER_TEACHER
    )  # fmt: skip
    assert post in Vacancy.objects.open().matching("兵教师")


def test_post__after_publication__is_neither_added_nor_removed(s):
    notice = published(s)
    with pytest.raises(RecruitmentError):
        acts.add_post(recruitment=notice, post=post_of(s), by=s.clerk)
    with pytest.raises(RecruitmentError):
        acts.remove_post(post=s.post, by=s.clerk)


def test_save__after_publication__changes_the_days_of_steps_only(s):
    notice = published(s)
    notice.title = "别的标题"
    acts.save(recruitment=notice, steps=STEPS | {Step.REVIEW: (today(5), None, "")}, by=s.clerk)
    assert DirectedRecruitment.objects.get().title == "定向招聘“兵教师”公告"
    assert RecruitmentStep.objects.filter(step=Step.REVIEW).exists()


def test_apply__by_a_veteran__gives_a_number_and_a_message(s):
    notice = published(s)
    first, second = applied(s), applied(s, veteran(s.station))
    assert first.number == f"DX{notice.apply_from:%Y}{notice.pk:04d}-0001"
    assert second.number.endswith("-0002")
    assert Message.objects.filter(user=s.person.account, title="定向招录报名成功").exists()


@pytest.mark.parametrize("case", ["twice", "late", "stranger", "unverified"])
def test_apply__against_a_rule__is_refused(s, case):
    notice = published(s)
    person, by = s.person, s.person.account
    if case == "twice":
        applied(s)
    elif case == "late":
        DirectedRecruitment.objects.filter(pk=notice.pk).update(apply_until=today(-1))
    elif case == "stranger":
        by = UserFactory()
    elif case == "unverified":
        person = PersonFactory(claimed=True)
        by = person.account
    with pytest.raises(RecruitmentError):
        acts.apply(post=s.post, person=person, statement="有", by=by)
    assert Applicant.objects.count() == (1 if case == "twice" else 0)


def test_withdraw__lets_one_apply_again(s):
    published(s)
    acts.withdraw(applicant=applied(s), by=s.person.account)
    assert applied(s).state == ApplicantState.IN


def test_result__in_the_order_of_the_notice__moves_on_or_out(s):
    published(s)
    applicant = through(s, applied(s), last=Step.CHECK)
    with pytest.raises(RecruitmentError) as refused:
        acts.record_result(applicant=applicant, step=Step.INTERVIEW, passed=True, by=s.clerk)
    assert refused.value.code == "wrong_step"
    out = acts.record_result(
        applicant=applicant, step=Step.WRITTEN, passed=False, score=Decimal(40), reason="未到合格线",
        by=s.clerk,
    )  # fmt: skip
    assert (out.state, out.step) == (ApplicantState.OUT, Step.CHECK)
    body = Message.objects.filter(user=s.person.account, title="定向招录：笔试").first().body
    assert "40分" in body
    assert "未到合格线" in body


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"passed": False}, "recruitment_refused"),
        ({"passed": True, "score": Decimal(90)}, "recruitment_refused"),
    ],
)
def test_result__against_a_rule__is_refused(s, more, code):
    published(s)
    with pytest.raises(RecruitmentError) as refused:
        acts.record_result(applicant=applied(s), step=Step.CHECK, by=s.clerk, **more)
    assert refused.value.code == code


def test_result__before_its_day__is_refused(s):
    notice = published(s)
    notice.steps.filter(step=Step.CHECK).update(on=today(3))
    with pytest.raises(RecruitmentError) as refused:
        acts.record_result(applicant=applied(s), step=Step.CHECK, passed=True, by=s.clerk)
    assert refused.value.code == "ahead"


def test_list_and_hire__only_after_the_list_came_down(s):
    notice = published(s)
    applicant = through(s, applied(s))
    with pytest.raises(RecruitmentError) as refused:
        acts.hire(applicant=applicant, by=s.head)
    assert refused.value.code == "not_listed"
    acts.publish_list(recruitment=notice, first=today(), last=today(5), by=s.head)
    with pytest.raises(RecruitmentError) as refused:
        acts.hire(applicant=applicant, by=s.head)
    assert refused.value.code == "listed_still"
    hired = acts.hire(applicant=applicant, by=s.head, now=timezone.now() + timedelta(days=7))
    assert (hired.state, hired.step) == (ApplicantState.HIRED, Step.HIRED)
    assert acts.end(recruitment=notice, by=s.head).state == RecruitmentState.ENDED


def test_hire__more_than_the_posts__is_refused(s):
    notice = published(s)
    both = [through(s, applied(s)), through(s, applied(s, veteran(s.station)))]
    acts.publish_list(recruitment=notice, first=today(), last=today(), by=s.head)
    later = timezone.now() + timedelta(days=2)
    acts.hire(applicant=both[0], by=s.head, now=later)
    with pytest.raises(RecruitmentError) as refused:
        acts.hire(applicant=both[1], by=s.head, now=later)
    assert refused.value.code == "full"


def test_end__while_somebody_has_no_result__is_refused(s):
    notice = published(s)
    applied(s)
    with pytest.raises(RecruitmentError) as refused:
        acts.end(recruitment=notice, by=s.head)
    assert refused.value.code == "unfinished"


def test_cancel__tells_who_applied__and_closes_the_posts(s):
    notice = published(s)
    applied(s)
    acts.cancel(recruitment=notice, by=s.head, reason="计划调整")
    assert Message.objects.filter(user=s.person.account, title="定向招录已取消").exists()
    assert notice.posts.get().state == VacancyState.CLOSED


def test_public_page__shows_steps__and_the_list_only_while_it_stands(client, s):
    notice = published(s)
    s.person.name = "王建国"
    s.person.save()
    through(s, applied(s))
    says(page(client, "recruitments"), notice.title)
    text = says(page(client, "recruitment", notice.pk), "资格审查", "一中考点", "体育教师")
    assert "拟聘人员公示" not in text
    acts.publish_list(recruitment=notice, first=today(), last=today(5), by=s.head)
    text = says(page(client, "recruitment", notice.pk), "拟聘人员公示", "王*国")
    assert "王建国" not in text
    DirectedRecruitment.objects.update(listed_from=today(-9), listed_until=today(-1))
    assert "王*国" not in says(page(client, "recruitment", notice.pk))


def test_public_page__of_a_draft__is_404(client):
    draft = DirectedRecruitmentFactory(draft=True, title="起草中")
    assert page(client, "recruitment", draft.pk).status_code == 404
    assert "起草中" not in says(page(client, "recruitments"))


def test_person__applies_on_the_page__and_follows_every_step(client, s):
    notice = published(s)
    client.force_login(s.person.account)
    address = reverse("placement:recruitment_apply", args=[notice.pk])
    says(client.get(address), "体育教师")
    says(client.post(address, {"statement": "有\x00证"}), "请选择岗位")
    client.post(address, {"post": s.post.pk, "statement": "<b>有教师资格证</b>"})
    applicant = Applicant.objects.get()
    says(page(client, "recruitment", notice.pk), applicant.number)
    through(s, applicant, last=Step.WRITTEN)
    says(page(client, "my_work"), applicant.number, "笔试通过", "81.50分")
    client.post(reverse("placement:applicant_withdraw", args=[applicant.pk]))
    applicant.refresh_from_db()
    assert applicant.state == ApplicantState.WITHDRAWN


def test_desk__for_somebody_without_a_phone__applies_by_the_id_number(client, s):
    notice = published(s)
    client.force_login(s.clerk)
    says(page(client, "recruitment", notice.pk), "代本人报名")
    address = reverse("placement:desk_recruitment_apply", args=[notice.pk])
    typed = {"post": s.post.pk, "statement": "有教师资格证", "id_number": "11010119900307001X"}
    says(client.post(address, typed), "身份证号", "有教师资格证")
    elsewhere = veteran(scene().station)
    says(client.post(address, typed | {"id_number": elsewhere.id_number}), "没有这份档案")
    assert client.post(address, typed | {"id_number": s.person.id_number}).status_code == 302
    applicant = Applicant.objects.get()
    assert (applicant.person, applicant.by) == (s.person, s.clerk)
    assert AuditEntry.objects.get(act="placement.applicant_applied").on_behalf_of
    assert AuditEntry.objects.filter(act="services.person_searched").count() == 2


def test_desk__drafts_publishes_and_judges(client, s):
    client.force_login(s.clerk)
    district = s.station.parent.parent.division
    typed = {
        "kind": "COMMUNITY_WORKER", "title": "专岗公告", "host": "澄江街道", "division": district.pk,
        "requirements": "退役军人", "notice": "招聘社区工作者", "apply_from": today(-5),
        "apply_until": today(5), "on_3": today(-1), "until_3": "", "note_3": "带原件",
    }  # fmt: skip
    address = reverse("placement:desk_recruitment_new")
    says(client.post(address, typed | {"apply_until": today(-6)}), "不应早于报名开始", "专岗公告")
    says(client.post(address, typed | {"on_3": "", "until_3": today(3)}), "请填写这一步的开始日期")
    says(client.post(address, typed | {"on_4": today(-3)}), "不应早于上一步")
    assert client.post(address, typed).status_code == 302
    notice = DirectedRecruitment.objects.get()
    post = {"title": "社区工作者", "field": "COMMUNITY", "headcount": "2", "division": district.pk,
            "education": "3", "address": "", "pay_from": "", "pay_to": "", "age_to": "40",
            "requirements": "", "duties": ""}  # fmt: skip
    new = reverse("placement:desk_post_new", args=[notice.pk])
    says(client.post(new, post | {"age_to": "200"}), "18至70岁", "社区工作者")
    client.post(new, post)
    client.force_login(s.head)
    client.post(reverse("placement:desk_recruitment_act", args=[notice.pk, "publish"]))
    applicant = acts.apply(
        post=notice.posts.get(), person=s.person, statement="有", by=s.person.account
    )
    client.force_login(s.clerk)
    says(page(client, "desk_recruitment", notice.pk), applicant.number, s.person.name)
    judge = reverse("placement:desk_applicant", args=[applicant.pk])
    says(client.post(judge, {"do": "result", "passed": "0", "reason": ""}), "请写明原因")
    client.post(judge, {"do": "result", "passed": "1", "reason": ""})
    applicant.refresh_from_db()
    assert applicant.step == Step.CHECK
    client.force_login(s.head)
    says(page(client, "desk_recruitment", notice.pk), "公示拟聘人员")
    listing = reverse("placement:desk_recruitment_act", args=[notice.pk, "list"])
    says(client.post(listing, {"first": today(), "last": ""}), "请填写日期")
    client.post(listing, {"first": today(), "last": today(5)})
    applicant.refresh_from_db()
    assert applicant.step == Step.PUBLICITY


def test_desk__of_another_station__finds_nothing(client, s):
    notice = published(s)
    applicant = applied(s)
    client.force_login(scene().head)
    assert page(client, "desk_recruitment", notice.pk).status_code == 404
    assert page(client, "desk_applicant", applicant.pk).status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_lists__queries__do_not_grow(client, s, rows, django_assert_max_num_queries):
    for _ in range(rows):
        notice = DirectedRecruitmentFactory(station=s.station)
        VacancyFactory(directed=True, recruitment=notice)
    for _ in range(rows):
        ApplicantFactory(post=notice.posts.get(), recruitment=notice)
    with django_assert_max_num_queries(6):
        says(page(client, "recruitments"))
    client.force_login(s.head)
    with django_assert_max_num_queries(12):
        says(page(client, "desk_recruitments"))
    with django_assert_max_num_queries(16):
        says(page(client, "desk_recruitment", notice.pk))


def test_list__narrowed_by_an_unknown_kind__shows_all(client):
    notice = DirectedRecruitmentFactory(published_at=timezone.now(), apply_from=date(2025, 1, 1))
    says(page(client, "recruitments", kind="<b>"), notice.title)
    assert notice.title not in says(page(client, "recruitments", kind="SOLDIER_SECRETARY"))
