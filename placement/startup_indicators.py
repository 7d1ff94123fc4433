"""EMP-16 (`domain.md` C.5): veterans' enterprises in the directory at the end of a month."""

from django.db.models import Q
from django.urls import reverse

from placement.models import VeteranEnterprise
from veterans_portal.chinese_dates import short
from veterans_portal.indicators import Counted, Indicator, Kind


def registered(span):
    """Enterprises that had been published by the last day, were not taken down and not expired."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gt=span.last)
    return Q(published_on__lte=span.last, valid_until__gte=span.last) & still


EMP_16 = Indicator(
    code="EMP-16",
    name="军创企业在册数",
    unit="家",
    kind=Kind.STOCK,
    core=False,
    counted=Counted(
        records=lambda: VeteranEnterprise.objects.select_related("station"),
        when=registered,
        station="station_id",
        path="station__path",
        order=("station__path", "name_pinyin", "pk"),
        columns=(
            ("企业", lambda each: each.name),
            ("站点", lambda each: each.station.name),
            ("行业", lambda each: each.get_field_display()),
            ("开始展示", lambda each: short(each.published_on)),
            ("展示到", lambda each: short(each.valid_until)),
        ),
        link=lambda each: reverse("placement:desk_enterprise", args=[each.pk]),
    ),
    hint="月末在军创企业名录里、没有到期也没有撤下的企业数。",
)
