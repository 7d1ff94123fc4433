"""The four figures of the home page: counted from records, kept a few minutes, each explained.

They are the public's own: whole-city counts without any person in them.
"""

from django.core.cache import cache
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from services.enums import CAME_STATES
from services.models import Booking, Person, Station

KEEP_SECONDS = 600
CACHE_KEY = "services.public_figures"
# Counts of people below this are shown as 「少于5」 (`domain.md` D.5).
SMALLEST_SHOWN = 5


FIGURES = (
    {
        "key": "stations",
        "label": "服务中心（站）",
        "unit": "个",
        "meaning": "退役军人服务中心和服务站：市、市（县）区、镇（街道）、村（社区）四级，今天正在服务的站点数。"
        "经济开发区不是行政区，但与各区一样设服务中心，计在内。",
        "source": "各站点的启用和停用日期",
    },
    {
        "key": "special",
        "label": "特设服务站",
        "unit": "个",
        "meaning": "四级之外的高校服务站、景区服务站、分中心、医养服务中心和军休服务站。",
        "source": "各站点的启用和停用日期",
    },
    {
        "key": "persons",
        "label": "已建档",
        "unit": "人",
        "meaning": "在本市建档立卡、档案现在有效的人数。一个人有几种身份也只算一次，"
        "已转出和已注销的不算。",
        "source": "建档立卡档案",
    },
    {
        "key": "visits",
        "label": "本月预约到场",
        "unit": "人次",
        "meaning": "本月1日以来，预约后到服务站签到的人次。一个人来两次算两人次，"
        "一次预约来两个人也算两人次。",
        "source": "各窗口的预约签到记录",
    },
)
OF_PEOPLE = ("persons", "visits")


def public_figures():
    """Return the figures with their `value` in words, and the moment they were counted."""
    counted = cache.get(CACHE_KEY)
    if counted is None:
        counted = _count()
        cache.set(CACHE_KEY, counted, KEEP_SECONDS)
    figures = [figure | {"value": _shown(figure["key"], counted)} for figure in FIGURES]
    return figures, counted["at"]


def _shown(key, counted):
    number = counted[key]
    if key in OF_PEOPLE and 0 < number < SMALLEST_SHOWN:
        return f"少于{SMALLEST_SHOWN}"
    return f"{number:,}"


def _count():
    now = timezone.localtime()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    active = Station.objects.active()
    ordinary = active.ordinary().count()
    attended = Booking.objects.filter(state__in=CAME_STATES, slot__starts_at__gte=month)
    return {
        "stations": ordinary,
        "special": active.count() - ordinary,
        "persons": Person.objects.filed().count(),
        "visits": attended.aggregate(heads=Coalesce(Sum("heads"), 0))["heads"],
        "at": now,
    }
