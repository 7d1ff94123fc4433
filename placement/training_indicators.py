"""Indicators of training (`domain.md` C.5): EMP-06 to EMP-08.

A duty is trained on the day its adaptive course was passed. The rate looks at the duties that arose in
the span, without those exempt; what was decided since the span's end is left out of it.
"""

from django.db.models import Q
from django.urls import reverse

from placement.enums.training import CourseKind, DutyState, TrainingResult
from placement.models import Enrolment, TrainingDuty
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import Counted, Indicator, Kind, PrintMode
from veterans_portal.masking import mask_name


def trained(span):
    """Duties fulfilled in the span."""
    return Q(trained_on__gte=span.first, trained_on__lte=span.last)


def arose(span):
    """Duties that arose in the span and were not exempt by its end."""
    return Q(arose_on__gte=span.first, arose_on__lte=span.last) & ~Q(
        state=DutyState.EXEMPT, decided_on__lte=span.last
    )


def trained_by(span):
    """Fulfilled by the end of the span."""
    return Q(trained_on__lte=span.last)


def completed(span):
    """Skill courses finished in the span, passed or not; who missed too much did not finish."""
    return Q(
        run__course__kind=CourseKind.SKILL,
        result__in=[TrainingResult.PASSED, TrainingResult.FAILED],
        completed_on__gte=span.first,
        completed_on__lte=span.last,
    )


def _duties(when, hit=None):
    return Counted(
        records=lambda: TrainingDuty.objects.select_related("person", "station"),
        when=when,
        hit=hit,
        station="station_id",
        path="station__path",
        order=("station__path", "arose_on", "pk"),
        columns=(
            ("姓名", lambda duty: mask_name(duty.person.name)),
            ("安置方式", lambda duty: duty.get_way_display()),
            ("站点", lambda duty: duty.station.name),
            ("应训起算", lambda duty: short(duty.arose_on)),
            ("参训合格", lambda duty: short(duty.trained_on) or "—"),
        ),
        link=lambda duty: reverse("placement:desk_duty", args=[duty.pk]),
    )


COMPLETED = Counted(
    records=lambda: Enrolment.objects.select_related("person", "run__course", "run__station"),
    when=completed,
    station="run__station_id",
    path="run__station__path",
    order=("run__station__path", "completed_on", "pk"),
    columns=(
        ("姓名", lambda enrolment: mask_name(enrolment.person.name)),
        ("课程", lambda enrolment: enrolment.run.course.title),
        ("站点", lambda enrolment: enrolment.run.station.name),
        ("结业日期", lambda enrolment: short(enrolment.completed_on)),
        ("结果", lambda enrolment: enrolment.get_result_display()),
    ),
    link=lambda enrolment: reverse("placement:desk_run", args=[enrolment.run_id]),
)

INDICATORS = [
    Indicator(
        code="EMP-06",
        name="适应性培训参训人数",
        unit="名",
        kind=Kind.FLOW,
        mode=PrintMode.APPROX,
        counted=_duties(trained),
        hint="本月适应性培训合格的应训人员，每次退役计一人。",
    ),
    Indicator(
        code="EMP-07",
        name="适应性培训参训率",
        unit="%",
        kind=Kind.RATIO,
        places=1,
        parts=("已训", "应训"),
        counted=_duties(arose, trained_by),
        hint="本月起应训的人（减去批准免训的）里，期末前已经参训合格的比例。",
    ),
    Indicator(
        code="EMP-08",
        name="职业技能培训人次",
        unit="人次",
        kind=Kind.FLOW,
        counted=COMPLETED,
        hint="本月结业的职业技能培训人次，不论合格与否；缺课的不算。",
    ),
]
