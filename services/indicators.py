"""The indicators of 服务保障 (`domain.md` C.5, SVC): what the month's return asks for.

Counted from records: 01 to 05, 08 and 16. The others are typed by the station until the records
they come from (visits, cases, works) are kept here.
Stocks hold as of the last moment of the span and stay true afterwards, because they read
dates (opening, naming, filing, closing), not present states. Two limits: a file or a matter counts
at its present station, and a revoked model status leaves no date, so it is out of past months too.
"""

from django.db.models import Q
from django.urls import reverse

from services.enums import ArrivalState, Grade, ModelStatus, StationKind
from services.models import Arrival, Card, Matter, Person, Rating, Station
from veterans_portal.chinese_dates import moment, month, short
from veterans_portal.indicators import Counted, Indicator, Kind, PrintMode
from veterans_portal.masking import mask_name


def in_service(span):
    """Stations that serve people at the end of the span."""
    return Q(active_from__lte=span.last) & (Q(active_to__isnull=True) | Q(active_to__gt=span.last))


def ordinary(span):
    return in_service(span) & Q(kind=StationKind.ORDINARY)


def special(span):
    return in_service(span) & ~Q(kind=StationKind.ORDINARY)


def named_model(span):
    return Q(model_status=ModelStatus.NAMED, named_at__lte=span.last)


def on_file(span):
    """Files set up before the span ended and not moved away or closed by then."""
    return Q(filed_at__lt=span.end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=span.end))


def issued(span):
    """Cards handed out by the end of the span; one that was lost or replaced since was handed out."""
    return Q(issued_on__lte=span.last)


def consultations(span):
    """Visits served at consultation items, booked and walked in, by the day of coming (decision 14)."""
    return Q(
        state=ArrivalState.SERVED,
        item__is_consultation=True,
        day__gte=span.first,
        day__lte=span.last,
    )


def done(span):
    """Matters done in the span, whatever became of them since."""
    return Q(done_at__gte=span.start, done_at__lt=span.end)


def on_time(_span):
    """Within the promise, suspensions left out: written when the matter was done."""
    return Q(late_days=0)


def rated(span):
    """Ratings given in the span."""
    return Q(rated_at__gte=span.start, rated_at__lt=span.end)


def satisfied(span):
    """At least 基本满意 (`domain.md` D.8: (5+4+3)/all)."""
    return Q(grade__gte=Grade.FAIR)


def _stations(when, hit=None):
    return Counted(
        records=Station.objects.all,
        when=when,
        hit=hit,
        station="pk",
        path="path",
        order=("path",),
        columns=(
            ("站点", lambda station: station.name),
            ("层级", lambda station: station.get_tier_display() or station.get_kind_display()),
            ("启用日期", lambda station: short(station.active_from)),
            ("示范型", lambda station: short(station.named_at) or "—"),
        ),
        link=lambda station: station.get_absolute_url(),
    )


FILES = Counted(
    records=lambda: Person.objects.select_related("station"),
    when=on_file,
    station="station_id",
    path="station__path",
    order=("station__path", "filed_at", "pk"),
    columns=(
        ("姓名", lambda person: mask_name(person.name)),
        ("性别", lambda person: person.get_sex_display()),
        ("服务站点", lambda person: person.station.name),
        ("建档日期", lambda person: short(person.filed_at)),
    ),
    link=lambda person: person.get_absolute_url(),
)
CONSULTATIONS = Counted(
    records=lambda: Arrival.objects.select_related("station", "item"),
    when=consultations,
    station="station_id",
    path="station__path",
    amount="heads",
    order=("station__path", "arrived_at", "pk"),
    columns=(
        ("号", lambda arrival: arrival.ticket),
        ("站点", lambda arrival: arrival.station.name),
        ("事项", lambda arrival: arrival.item.name),
        ("到场时间", lambda arrival: moment(arrival.arrived_at)),
        ("来的方式", lambda arrival: "预约" if arrival.is_booked else "现场"),
        ("人数", lambda arrival: arrival.heads),
    ),
    link=lambda arrival: arrival.get_absolute_url(),
)

CARDS = Counted(
    records=lambda: Card.objects.filter(issued_on__isnull=False).select_related(
        "station", "person"
    ),
    when=issued,
    station="station_id",
    path="station__path",
    order=("station__path", "issued_on", "pk"),
    columns=(
        ("姓名", lambda card: mask_name(card.person.name)),
        ("卡种", lambda card: card.get_kind_display()),
        ("站点", lambda card: card.station.name),
        ("发放日期", lambda card: short(card.issued_on)),
    ),
    split="kind",
    link=lambda card: reverse("services:desk_card", args=[card.pk]),
)

MATTERS = Counted(
    records=lambda: Matter.objects.select_related("station", "kind"),
    when=done,
    hit=on_time,
    station="station_id",
    path="station__path",
    order=("station__path", "done_at", "pk"),
    columns=(
        ("办件编号", lambda matter: matter.number),
        ("站点", lambda matter: matter.station.name),
        ("事项", lambda matter: matter.kind.name),
        ("承诺办结", lambda matter: short(matter.due_on)),
        ("办结", lambda matter: short(matter.done_at)),
        ("超期", lambda matter: f"{matter.late_days}个工作日" if matter.late_days else "按期"),
    ),
    link=lambda matter: reverse("services:desk_matter", args=[matter.number]),
)

# Grade and month only, grade by grade: from the day one could guess who rated (`domain.md` D.5).
RATINGS = Counted(
    records=lambda: Rating.objects.select_related("station"),
    when=rated,
    hit=satisfied,
    station="station_id",
    path="station__path",
    order=("station__path", "-grade", "pk"),
    columns=(
        ("站点", lambda rating: rating.station.name),
        ("月份", lambda rating: month(rating.rated_at)),
        ("评价", lambda rating: rating.get_grade_display()),
    ),
    link=lambda rating: reverse("services:desk_ratings"),
)

INDICATORS = [
    Indicator(
        code="SVC-01",
        name="退役军人服务中心（站）数",
        unit="个",
        kind=Kind.STOCK,
        counted=_stations(ordinary),
        hint="月末在用的市、区、镇、村四级服务中心（站），本站计1个。",
    ),
    Indicator(
        code="SVC-02",
        name="特设服务站（高校、景区、分中心等）数",
        unit="个",
        kind=Kind.STOCK,
        counted=_stations(special),
        hint="月末在用的高校、景区、分中心、医养、军休等特设站点。",
    ),
    Indicator(
        code="SVC-03",
        name="示范型服务中心（站）占比",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        of_stocks=True,
        counted=_stations(ordinary, hit=named_model),
        parts=("示范型站点数", "服务中心（站）数"),
        hint="月末已命名的示范型站点占四级服务中心（站）的比例。",
    ),
    Indicator(
        code="SVC-04",
        name="建档立卡在册人数",
        unit="人",
        kind=Kind.STOCK,
        distinct=True,
        counted=FILES,
        hint="月末档案在册的人数；一人一档，逐级按档案重新计数，不用下级数相加。",
    ),
    Indicator(
        code="SVC-05",
        name="优待证累计发放数",
        unit="张",
        kind=Kind.STOCK,
        core=False,
        counted=CARDS,
        hint="截至月末本站受理并已发放的优待证累计张数，两种卡合计；启用平台以前发的，请改填总数并说明。",
    ),
    Indicator(
        code="SVC-06",
        name="“四访四送”联系人次",
        unit="人次",
        kind=Kind.FLOW,
        hint="本月上门、电话等方式走访联系的人次。",
    ),
    Indicator(
        code="SVC-07",
        name="走访诉求办结率",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        parts=("按期办结数", "诉求总数"),
        hint="填本月按期办结数和诉求总数，比率由系统计算。",
    ),
    Indicator(
        code="SVC-08",
        name="政策宣讲、法律咨询人次",
        unit="人次",
        kind=Kind.FLOW,
        core=False,
        counted=CONSULTATIONS,
        hint="系统数是窗口办完的政策、法律咨询，预约和现场都算；网上、电话答复的和宣讲听众请改填总数并说明。",
    ),
    Indicator(
        code="SVC-09",
        name="权益维护案件受理数",
        unit="件",
        kind=Kind.FLOW,
        hint="本月受理的权益维护案件。",
    ),
    Indicator(
        code="SVC-10",
        name="成功追讨补偿金人数",
        unit="名",
        kind=Kind.DISTINCT,
        hint="本月追回补偿金的人数，同一人只计一次；上级不相加，按人核对后自填。",
    ),
    Indicator(
        code="SVC-11",
        name="追回补偿金额",
        unit="万元",
        kind=Kind.FLOW,
        core=False,
        places=2,
        hint="本月追回的补偿金，单位为万元，最多两位小数。",
    ),
    Indicator(
        code="SVC-12",
        name="联系军休干部人次",
        unit="人次",
        kind=Kind.FLOW,
        mode=PrintMode.APPROX,
        hint="本月各种方式联系军休干部的人次，含走访慰问。",
    ),
    Indicator(
        code="SVC-13",
        name="走访慰问军休干部人次",
        unit="人次",
        kind=Kind.FLOW,
        mode=PrintMode.APPROX,
        hint="本月上门走访慰问军休干部的人次，不大于联系人次（SVC-12）。",
    ),
    Indicator(
        code="SVC-14",
        name="加装电梯数",
        unit="部",
        kind=Kind.FLOW,
        hint="本月完工的加装电梯。",
    ),
    Indicator(
        code="SVC-15",
        name="老旧小区改造受益户数",
        unit="户",
        kind=Kind.FLOW,
        hint="本月完工的改造项目受益户数。",
    ),
    Indicator(
        code="SVC-16",
        name="办件按期办结率",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        counted=MATTERS,
        parts=("按期办结件数", "办结件数"),
        hint="本月办结的办件里，在承诺时限内办结的占比；依法停止计时的时间不算。",
    ),
    Indicator(
        code="SVC-16B",
        name="好差评满意率",
        unit="%",
        kind=Kind.RATIO,
        core=False,
        places=2,
        counted=RATINGS,
        few=5,
        parts=("基本满意以上件数", "评价件数"),
        hint="本月的评价里，非常满意、满意、基本满意的占比；汇总时不足5件的不列，免得猜出是谁评的。",
    ),
]
