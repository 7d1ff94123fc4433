"""EMP-15: people whom a rule found and the station reached (`domain.md` C.5, A120)."""

from django.db.models import Q

from placement.models import OutreachTask
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import Counted, Indicator, Kind
from veterans_portal.masking import mask_name


def reached(span):
    """Done in the span, by the day of the visit or the call."""
    return Q(done_on__gte=span.first, done_on__lte=span.last)


VISITS = Counted(
    records=lambda: OutreachTask.objects.served().select_related(
        "station", "lead__person", "lead__version"
    ),
    when=reached,
    station="station_id",
    path="station__path",
    order=("station__path", "done_on", "pk"),
    columns=(
        ("姓名", lambda task: mask_name(task.lead.person.name)),
        ("为什么事", lambda task: task.lead.version.offer_title),
        ("站点", lambda task: task.station.name),
        ("日期", lambda task: short(task.done_on)),
        ("方式", lambda task: task.get_contact_display()),
        ("结果", lambda task: task.get_result_display()),
    ),
    link=lambda task: task.get_absolute_url(),
)

EMP_15 = Indicator(
    code="EMP-15",
    name="“我来找您”主动服务人次",
    unit="人次",
    kind=Kind.FLOW,
    core=False,
    counted=VISITS,
    hint="本月按规则主动找到、并已联系上的人次；发了消息没有联系的、几次联系不上的不算。",
)
