"""EMP-01 to EMP-05: people received and placed, posts, and how they compare (`domain.md` C.5)."""

from datetime import date

from django.db.models import Q

from placement.enums import PlanState
from placement.models import PlacementCase, PlacementPlan, PlacementPost
from services.enums import PlacementWay
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import Counted, Indicator, Kind
from veterans_portal.masking import mask_name


def reported(span):
    """Reported in the span, whatever their placement way."""
    return Q(reported_on__gte=span.first, reported_on__lte=span.last)


def to_place(span):
    """Whom the government has to find a post by the end of the span: of its year, and of earlier
    years without a seat when the year began; those who gave up by then left out."""
    new_year = date(span.last.year, 1, 1)
    left_over = Q(year__lt=span.last.year) & (
        Q(onboard_on__isnull=True) | Q(onboard_on__gte=new_year)
    )
    return (
        Q(way=PlacementWay.ARRANGED_JOB, reported_on__lte=span.last)
        & (Q(ended_on__isnull=True) | Q(ended_on__gt=span.last))
        & (Q(year=span.last.year) | left_over)
    )


def seated(span):
    """In their post by the end of the span."""
    return Q(onboard_on__lte=span.last)


def first_published(span):
    """Posts of plans in force that were public for the first time in the span."""
    with_this = Q(first_published_on__isnull=True, plan__published_at__gte=span.start) & Q(
        plan__published_at__lt=span.end
    )
    before = Q(first_published_on__gte=span.first, first_published_on__lte=span.last)
    return Q(plan__state=PlanState.PUBLISHED) & (with_this | before)


def in_force(span):
    """The published plan of the span's year."""
    return Q(
        state=PlanState.PUBLISHED, year=span.last.year, published_at__lt=span.end, people__gte=1
    )


def _cases(when, hit=None):
    return Counted(
        records=lambda: PlacementCase.objects.select_related("station", "person"),
        when=when,
        hit=hit,
        station="station_id",
        path="station__path",
        order=("station__path", "reported_on", "pk"),
        columns=(
            ("姓名", lambda case: mask_name(case.person.name)),
            ("安置方式", lambda case: case.get_way_display()),
            ("接收单位", lambda case: case.station.name),
            ("报到日期", lambda case: short(case.reported_on)),
            ("状态", lambda case: case.get_state_display()),
        ),
        link=lambda case: case.get_absolute_url(),
    )


POSTS = Counted(
    records=lambda: PlacementPost.objects.select_related("plan__station", "employer"),
    when=first_published,
    station="plan__station_id",
    path="plan__station__path",
    amount="headcount",
    order=("plan__station__path", "position", "pk"),
    columns=(
        ("岗位", lambda post: post.title),
        ("单位", lambda post: post.employer.name),
        ("人数", lambda post: post.headcount),
        ("编制单位", lambda post: post.plan.station.name),
    ),
    link=lambda post: post.plan.get_absolute_url(),
)
PLANS = Counted(
    records=lambda: PlacementPlan.objects.select_related("station"),
    when=in_force,
    station="station_id",
    path="station__path",
    amounts=("headcount", "people"),
    order=("station__path", "pk"),
    columns=(
        ("计划", lambda plan: f"{plan.year}年度第{plan.version}版"),
        ("编制单位", lambda plan: plan.station.name),
        ("岗位数", lambda plan: plan.headcount),
        ("应安置人数", lambda plan: plan.people),
    ),
    link=lambda plan: plan.get_absolute_url(),
)

INDICATORS = [
    Indicator(
        code="EMP-01",
        name="接收退役军人报到数",
        unit="人",
        kind=Kind.FLOW,
        core=False,
        counted=_cases(reported),
        hint="本月报到的退役军人，各种安置方式都算。",
    ),
    Indicator(
        code="EMP-02",
        name="安排工作应安置人数",
        unit="人",
        kind=Kind.STOCK,
        counted=_cases(to_place),
        hint="月末已报到、没有放弃的安排工作对象：本年度的，和以前年度还没有上岗的。",
    ),
    Indicator(
        code="EMP-03",
        name="提供安置岗位数",
        unit="个",
        kind=Kind.FLOW,
        counted=POSTS,
        hint="本月首次公布的安置岗位，按招用人数合计；改版时沿用的岗位不重复计。",
    ),
    Indicator(
        code="EMP-04",
        name="安置岗位与人数比",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        of_stocks=True,
        counted=PLANS,
        parts=("公布的岗位数", "应安置人数"),
        beyond_whole=True,
        hint="本年度公布计划的岗位数与应安置人数之比，200%就是每人有两个岗位可选。",
    ),
    Indicator(
        code="EMP-05",
        name="安置到位率",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        of_stocks=True,
        counted=_cases(to_place, hit=seated),
        parts=("已上岗人数", "应安置人数"),
        hint="月末已上岗的占应安置人数的比例。",
    ),
]
