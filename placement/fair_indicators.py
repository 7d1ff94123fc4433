"""Indicators of fairs and directed recruitment (`domain.md` C.5): EMP-09 to EMP-12.

A fair counts from the day it was held, once it is noted as held; its posts are what accepted
employers offered there. An intention counts from the day both sides had said yes, whatever became
of it. Reserved posts count from the publication of their notice, unless it was called off by then.
"""

from django.db.models import Q
from django.urls import reverse

from placement.enums.fairs import FairEmployerState, FairState
from placement.enums.recruitment import RecruitmentState
from placement.models import EmploymentIntent, FairVacancy, JobFair, Vacancy
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import Counted, Indicator, Kind
from veterans_portal.masking import mask_name


def held(span):
    """Fairs held in the span."""
    return Q(state=FairState.HELD, held_on__gte=span.first, held_on__lte=span.last)


def offered(span):
    """Posts of accepted employers at fairs held in the span."""
    return Q(
        employer__state=FairEmployerState.ACCEPTED,
        employer__fair__state=FairState.HELD,
        employer__fair__held_on__gte=span.first,
        employer__fair__held_on__lte=span.last,
    )


def reached(span):
    """Intentions that both sides reached in the span."""
    return Q(reached_on__gte=span.first, reached_on__lte=span.last)


def reserved(span):
    """Posts of notices published in the span and not called off by its end."""
    called_off = Q(
        recruitment__state=RecruitmentState.CANCELLED, recruitment__ended_at__lt=span.end
    )
    return (
        Q(recruitment__published_at__gte=span.start, recruitment__published_at__lt=span.end)
        & ~called_off
    )


FAIRS = Counted(
    records=lambda: JobFair.objects.select_related("station"),
    when=held,
    station="station_id",
    path="station__path",
    order=("station__path", "held_on", "pk"),
    columns=(
        ("招聘会", lambda fair: fair.title),
        ("主办站点", lambda fair: fair.station.name),
        ("日期", lambda fair: short(fair.held_on)),
        ("地点", lambda fair: fair.venue),
    ),
    link=lambda fair: reverse("placement:desk_fair_figures", args=[fair.pk]),
)
POSTS = Counted(
    records=lambda: FairVacancy.objects.select_related("vacancy", "employer__fair__station"),
    when=offered,
    station="employer__fair__station_id",
    path="employer__fair__station__path",
    amount="headcount",
    order=("employer__fair__station__path", "employer__fair__held_on", "pk"),
    columns=(
        ("岗位", lambda post: post.vacancy.title),
        ("单位", lambda post: post.vacancy.employer_name),
        ("招聘会", lambda post: post.employer.fair.title),
        ("日期", lambda post: short(post.employer.fair.held_on)),
        ("岗位数", lambda post: post.headcount),
    ),
    link=lambda post: reverse("placement:desk_fair_employer", args=[post.employer_id]),
)
INTENTS = Counted(
    records=lambda: EmploymentIntent.objects.select_related("vacancy", "fair", "station"),
    when=reached,
    station="station_id",
    path="station__path",
    order=("station__path", "reached_on", "pk"),
    columns=(
        ("姓名", lambda intent: mask_name(intent.name)),
        ("单位", lambda intent: intent.vacancy.employer_name),
        ("岗位", lambda intent: intent.vacancy.title),
        ("招聘会", lambda intent: intent.fair.title if intent.fair else "网上"),
        ("达成日期", lambda intent: short(intent.reached_on)),
    ),
    link=lambda intent: reverse("placement:desk_vacancy", args=[intent.vacancy_id]),
)
RESERVED = Counted(
    records=lambda: Vacancy.objects.filter(recruitment__isnull=False).select_related(
        "recruitment__station"
    ),
    when=reserved,
    station="station_id",
    path="station__path",
    amount="headcount",
    order=("station__path", "recruitment", "pk"),
    columns=(
        ("类别", lambda post: post.get_kind_display()),
        ("岗位", lambda post: post.title),
        ("招聘单位", lambda post: post.employer_name),
        ("发布日期", lambda post: short(post.recruitment.published_at)),
        ("岗位数", lambda post: post.headcount),
    ),
    link=lambda post: reverse("placement:desk_recruitment", args=[post.recruitment_id]),
)

INDICATORS = [
    Indicator(
        code="EMP-09",
        name="退役军人专场招聘会",
        unit="场",
        kind=Kind.FLOW,
        counted=FAIRS,
        hint="本月举办并已记为“已举办”的专场招聘会，计入主办站点。",
    ),
    Indicator(
        code="EMP-10",
        name="招聘会提供岗位数",
        unit="个",
        kind=Kind.FLOW,
        counted=POSTS,
        hint="本月举办的招聘会上，通过核对的单位提供的岗位人数之和。",
    ),
    Indicator(
        code="EMP-11",
        name="达成就业意向人次",
        unit="人次",
        kind=Kind.FLOW,
        counted=INTENTS,
        hint="本月双方达成初步意向的人次；一人与几个岗位达成意向，计几次。",
    ),
    Indicator(
        code="EMP-12",
        name="定向招录（聘）岗位数",
        unit="个",
        kind=Kind.FLOW,
        counted=RESERVED,
        hint="本月发布的兵教师、兵支书、村（社区）工作者专岗等定向岗位人数之和。",
    ),
]
