"""Acts on one station: what its page says, its windows, opening and closing."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import audit
from services import network_data
from services.coverage import station_above
from services.enums import DivisionKind
from services.models import Booking, Station
from veterans_portal.chinese_dates import short
from veterans_portal.errors import DomainError


def in_words(value):
    """A field's value as the trail shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


@transaction.atomic
def change_station(*, station, values, by):
    """Write `values` (field: value) to the station; returns the labels of what changed.

    The station row is locked, so that two clerks' changes are both in the trail.
    """
    locked = Station.objects.select_for_update(of=("self",), no_key=True).get(pk=station.pk)
    changes = {}
    for name, value in values.items():
        before = getattr(locked, name)
        if before == value:
            continue
        field = Station._meta.get_field(name)
        labels = dict(field.flatchoices)
        changes[str(field.verbose_name)] = [
            in_words(labels.get(before, before)),
            in_words(labels.get(value, value)),
        ]
        setattr(locked, name, value)
    if not changes:
        return []
    locked.full_clean()
    locked.save()
    audit.record("services.station_changed", locked, by=by, detail={"changes": changes})
    return list(changes)


@transaction.atomic
def keep_window(*, window, items, by):
    """Save a new or changed window with its service items."""
    window.full_clean()
    try:
        with transaction.atomic():
            window.save()
    except IntegrityError:
        raise DomainError("这个窗口号已经有了，请换一个。", field="number") from None
    window.items.set(items)
    names = "、".join(item.name for item in items)
    audit.record(
        "services.window_changed",
        window.station,
        by=by,
        detail={"changes": {f"{window.number}号窗口": ["", f"{window.name}：{names}"]}},
    )


@transaction.atomic
def remove_window(*, window, by):
    """Remove a window nothing is booked at."""
    words, station = str(window), window.station
    try:
        window.delete()
    except ProtectedError:
        raise DomainError(
            "这个窗口还有预约项目或办过的号，不能撤销。预约项目可以在“服务时段”里停用或改到"
            "别的窗口；不再办的事项从窗口里去掉就行。",
            code="window_in_use",
        ) from None
    audit.record(
        "services.window_removed", station, by=by, detail={"changes": {"服务窗口": [words, ""]}}
    )


@transaction.atomic
def close_station(*, station, on, reason, by):
    """Close a station from the day `on`; refuses while people or stations still depend on it."""
    locked = Station.objects.select_for_update(of=("self",), no_key=True).get(pk=station.pk)
    _refuse_to_close(locked, on)
    locked.active_to = on
    locked.save()
    audit.record(
        "services.station_closed",
        locked,
        by=by,
        detail={"changes": {"停用日期": ["", short(on)], "原因": ["", reason]}},
    )


def _refuse_to_close(station, on):
    if station.parent_id is None:
        raise DomainError("市级服务中心不能停用。")
    if station.active_to:
        raise DomainError(f"这个站点已定于{short(station.active_to)}停用。")
    if on < timezone.localdate() or on <= station.active_from:
        raise DomainError("停用日期不应早于今天，也应晚于启用日期。", field="on")
    below = Station.objects.active(on).filter(parent=station).count()
    if below:
        raise DomainError(f"下面还有{below}个站点在用，请先停用它们。")
    coming = Booking.objects.coming().filter(station=station, slot__starts_at__date__gte=on).count()
    if coming:
        raise DomainError(f"停用日期以后还有{coming}个预约，请先在“预约”里取消并告知本人。")


@transaction.atomic
def reopen_station(*, station, by):
    """Take back a closing, so that the station serves again from today on."""
    locked = Station.objects.select_for_update(of=("self",), no_key=True).get(pk=station.pk)
    if locked.active_to is None:
        raise DomainError("这个站点正在使用，不用恢复。")
    before, locked.active_to = locked.active_to, None
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError:
        raise DomainError("该区划已有在用的服务中心（站），不能恢复这一个。") from None
    audit.record(
        "services.station_reopened",
        locked,
        by=by,
        detail={"changes": {"停用日期": [short(before), ""]}},
    )


@transaction.atomic
def open_station(*, division, by):
    """Open the ordinary station of a division that has none, under the station above it."""
    if Station.objects.ordinary().filter(division=division).exists():
        raise DomainError("该区划的站点已经建过，请在站点资料里恢复它。")
    parent = station_above(division)
    tier = network_data.TIERS[division.level]
    area = division.kind == DivisionKind.FUNCTIONAL_AREA
    name = division.name if area or division.level < 5 else division.short_name or division.name
    own = network_data.segment(division.code, division.level)
    station = Station(
        code=division.code,
        name=network_data.station_name(name, tier),
        pinyin=network_data.reading(division.short_name or division.name),
        tier=tier,
        parent=parent,
        path=f"{parent.path if parent else ''}{own}/",
        division=division,
        active_from=timezone.localdate(),
    )
    station.full_clean(exclude=["pinyin"])
    try:
        with transaction.atomic():
            station.save(force_insert=True)
    except IntegrityError:
        raise DomainError("该区划的站点刚刚由别人开设了，请刷新页面。") from None
    audit.record("services.station_opened", station, by=by)
    return station
