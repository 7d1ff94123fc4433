"""Demonstration notices: 兵教师 of 江阴 and 宜兴 (A117), 专岗 of 江阴 in April 2025 (A304), one of now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from placement.enums.fairs import Education, JobField, PostKind, VacancyState
from placement.enums.recruitment import (
    SCORED,
    TESTED,
    ApplicantState,
    RecruitmentState,
    RecruitStep,
)
from placement.models import (
    Applicant,
    ApplicantResult,
    DirectedRecruitment,
    RecruitmentStep,
    Vacancy,
)
from services.demo.partners import YIXING
from services.demo.staff import JIANGYIN

APPLY_DAYS = 14
PER_POST = 2  # applicants for every post


@dataclass(frozen=True)
class Notice:
    """A notice: kind, place, when it was published, its words, and its posts (title, headcount)."""

    kind: PostKind
    division: str
    on: date
    title: str
    host: str
    requirements: str
    posts: tuple


TEACHER = (
    "退役军人，服役期间表现良好。\n本科以上学历，具有相应学段的教师资格证。\n年龄不超过40周岁。"
)
WORKER = "退役军人，服役期间表现良好。\n大专以上学历，年龄不超过40周岁。\n户籍或居住在本市。"
PAST = (
    Notice(PostKind.SOLDIER_TEACHER, JIANGYIN, date(2025, 3, 18), "江阴市2025年定向招聘“兵教师”公告",
           "江阴市教育部门", TEACHER, (("初中体育教师（兵教师）", 5), ("小学体育教师（兵教师）", 3))),
    Notice(PostKind.COMMUNITY_WORKER, JIANGYIN, date(2025, 4, 8),
           "江阴市2025年面向退役军人招聘村（社区）工作者专岗公告", "江阴市有关镇（街道）", WORKER,
           (("社区工作者（退役军人专岗）", 8), ("村工作者（退役军人专岗）", 4))),
    Notice(PostKind.SOLDIER_TEACHER, YIXING, date(2025, 5, 12), "宜兴市2025年定向招聘“兵教师”公告",
           "宜兴市教育部门", TEACHER, (("小学体育教师（兵教师）", 4), ("国防教育辅导员（兵教师）", 2))),
)  # fmt: skip
STEP_DAYS = {
    RecruitStep.NOTICE: 0,
    RecruitStep.SIGN_UP: 2,
    RecruitStep.CHECK: 18,
    RecruitStep.WRITTEN: 25,
    RecruitStep.INTERVIEW: 32,
    RecruitStep.MEDICAL: 39,
    RecruitStep.REVIEW: 44,
    RecruitStep.PUBLICITY: 51,
    RecruitStep.HIRED: 60,
}
PLACES = {
    RecruitStep.CHECK: "带证件原件到市退役军人服务中心",
    RecruitStep.WRITTEN: "考点见准考证",
    RecruitStep.MEDICAL: "指定医院，费用由招聘单位承担",
}


def load(scene, today):
    """Make the three of the first half of 2025 to their end, and one that takes applicants now."""
    for notice in PAST:
        made, posts = _notice(scene, notice, ended=True)
        _applicants(scene, made, posts)
    now = Notice(
        PostKind.SOLDIER_SECRETARY, YIXING, today - timedelta(days=4),
        f"宜兴市{today.year}年“兵支书”后备人选选聘公告", "宜兴市有关镇（街道）", WORKER,
        (("村党组织书记后备（兵支书）", 5),),
    )  # fmt: skip
    _notice(scene, now, ended=False)


def _at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _notice(scene, notice, *, ended):
    station = scene.centres[notice.division]
    first = notice.on + timedelta(days=STEP_DAYS[RecruitStep.SIGN_UP])
    last = first + timedelta(days=APPLY_DAYS)
    listed = notice.on + timedelta(days=STEP_DAYS[RecruitStep.PUBLICITY])
    end = {}
    if ended:
        end = {
            "ended_at": _at(notice.on + timedelta(days=STEP_DAYS[RecruitStep.HIRED])),
            "listed_from": listed, "listed_until": listed + timedelta(days=6),
            "listed_by": scene.staff[1],
        }  # fmt: skip
    made = DirectedRecruitment.objects.create(
        kind=notice.kind, title=notice.title, station=station, division=station.division,
        host=notice.host, requirements=notice.requirements, apply_from=first, apply_until=last,
        notice=f"{notice.host}面向退役军人公开招聘，按公告、报名、资格审查、笔试、面试、体检、考察、公示、"
               "聘用的步骤进行。报名不收费。待遇按有关规定执行。",
        state=RecruitmentState.ENDED if ended else RecruitmentState.PUBLISHED,
        created_by=scene.staff[0], created_at=_at(notice.on, 9), published_by=scene.staff[1],
        published_at=_at(notice.on), **end,
    )  # fmt: skip
    RecruitmentStep.objects.bulk_create(
        RecruitmentStep(
            recruitment=made, step=step, on=notice.on + timedelta(days=days),
            until=last if step == RecruitStep.SIGN_UP else None, note=PLACES.get(step, ""),
        )
        for step, days in STEP_DAYS.items()
    )  # fmt: skip
    posts = [_post(scene, made, title, headcount, ended) for title, headcount in notice.posts]
    return made, Vacancy.objects.bulk_create(posts)


def _post(scene, recruitment, title, headcount, ended):
    teaches = recruitment.kind == PostKind.SOLDIER_TEACHER
    post = Vacancy(
        recruitment=recruitment, station=recruitment.station, employer_name=recruitment.host,
        kind=recruitment.kind, title=title,
        field=JobField.EDUCATION if teaches else JobField.COMMUNITY, headcount=headcount,
        division=recruitment.division, pay_from=5500 if teaches else 4800,
        pay_to=8000 if teaches else 6500,
        education=Education.BACHELOR if teaches else Education.COLLEGE, age_to=40,
        requirements="具有教师资格证" if teaches else "", veterans_only=True,
        open_until=recruitment.apply_until,
        state=VacancyState.CLOSED if ended else VacancyState.OPEN,
        closed_at=recruitment.ended_at, created_by=scene.staff[0],
        created_at=recruitment.created_at, submitted_at=recruitment.published_at,
        decided_by=scene.staff[1], decided_at=recruitment.published_at,
    )  # fmt: skip
    post.set_search_keys()
    return post


def _applicants(scene, recruitment, posts):
    """Two for every post: one went all the way, the other not."""
    wanted = sum(post.headcount for post in posts)
    people = iter(scene.random.sample(scene.people, wanted * PER_POST))
    number, results = 0, []
    for post in posts:
        for place in range(post.headcount * PER_POST):
            number += 1
            results += _applicant(
                scene, recruitment, post, next(people), number, hired=place < post.headcount
            )
    ApplicantResult.objects.bulk_create(results)


def _applicant(scene, recruitment, post, person, number, *, hired):
    out_at = None if hired else scene.random.choice(TESTED)
    passed = [step for step in TESTED if hired or step < out_at]
    at = _at(recruitment.apply_from + timedelta(days=number % APPLY_DAYS))
    reached = RecruitStep.HIRED if hired else (passed or [RecruitStep.SIGN_UP])[-1]
    applicant = Applicant.objects.create(
        recruitment=recruitment, post=post, person=person, step=reached,
        number=f"DX{recruitment.apply_from:%Y}{recruitment.pk:04d}-{number:04d}",
        statement="退役军人，学历和年龄符合要求。", by=scene.staff[0], applied_at=at,
        state=ApplicantState.HIRED if hired else ApplicantState.OUT,
        ended_at=recruitment.ended_at, reason="" if hired else "未达到合格线",
    )  # fmt: skip
    days = {step: recruitment.published_at + timedelta(days=STEP_DAYS[step]) for step in TESTED}
    done = [*passed, *([out_at] if out_at else [])]
    return [
        ApplicantResult(
            applicant=applicant, step=step, passed=step in passed, by=scene.staff[0],
            at=days[step], note="" if step in passed else "未达到合格线",
            score=Decimal(scene.random.randint(600, 950)) / 10 if step in SCORED else None,
        )
        for step in done
    ]  # fmt: skip
