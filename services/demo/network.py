"""Demonstration details of the real stations: everything here is made up, and says so.

Telephone numbers begin with 0510-0000, which nobody can have; streets and names are invented.
The same seed gives the same details.
"""

from datetime import date, timedelta
from random import Random

from django.db import transaction

from services import geo
from services.enums import ModelStatus, StationKind, Tier
from services.models import Division, Station, Window
from services.models.network import FIVE_HAVES

DETAILS = (
    "address", "latitude", "longitude", "phone", "opening_hours", "head_name", "head_post",
    "staff_fulltime", "staff_parttime", "staff_veteran", *FIVE_HAVES, "model_status", "named_at",
    "step_free",
)  # fmt: skip
STREETS = ("光荣路", "双拥路", "同心路", "军民路", "和平路", "长征路", "凯旋路", "尊崇路", "暖心巷")
FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓冯"
GIVEN_NAMES = (
    "建国",
    "卫民",
    "志强",
    "红军",
    "晓东",
    "国平",
    "立新",
    "春华",
    "文斌",
    "海燕",
    "明珠",
)
HOURS = {
    Tier.CITY: "周一至周五 9:00—12:00，13:00—17:00",
    Tier.DISTRICT: "周一至周五 9:00—12:00，13:00—17:00",
    Tier.TOWN: "周一至周五 8:30—11:30，13:30—17:00",
    Tier.VILLAGE: "周一至周五 8:30—11:30，13:30—16:30",
    None: "周一至周五 9:00—11:30，13:30—16:30",
}
POSTS = {
    Tier.CITY: "中心主任",
    Tier.DISTRICT: "中心主任",
    Tier.TOWN: "站长（镇街负责同志兼任）",
    Tier.VILLAGE: "站长（村、社区党组织书记兼任）",
    None: "负责人",
}
STAFF = {Tier.CITY: (14, 3), Tier.DISTRICT: (8, 3), Tier.TOWN: (3, 2), Tier.VILLAGE: (1, 1)}
MODEL_SHARE = {Tier.CITY: 1.0, Tier.DISTRICT: 0.75, Tier.TOWN: 0.35, Tier.VILLAGE: 0.12}
WINDOWS = (
    ("综合服务窗口", ("policy", "visits", "plaque", "appeals")),
    ("建档立卡窗口", ("registration", "card", "report-in")),
    ("优抚帮扶窗口", ("support", "hardship")),
    ("就业创业窗口", ("employment", "policy")),
    ("权益维护窗口", ("legal", "labour", "appeals")),
    ("来访接待窗口", ("appeals", "policy")),
)
ONE_WINDOW = ("综合服务窗口", ("registration", "card", "policy", "hardship", "visits", "plaque"))
SPECIAL_WINDOW = {
    StationKind.CAMPUS: ("校园服务窗口", ("ideology", "employment", "labour", "policy")),
    StationKind.SCENIC: ("景区服务窗口", ("policy", "card")),
    StationKind.BRANCH: ("劳动关系协调窗口", ("labour", "legal", "policy")),
    StationKind.CARE_CENTRE: ("医养服务窗口", ("care", "support")),
    StationKind.RETIRED_CADRE: ("军休服务窗口", ("retired-cadre", "visits")),
}


@transaction.atomic
def load(*, seed=2025):
    """Fill in stations that have no address yet, and windows where there are none."""
    stations = list(Station.objects.filter(address="").select_related("division").order_by("path"))
    if stations:
        divisions = Division.objects.in_bulk()
        places = _places(seed)
        for number, station in enumerate(stations):
            _fill(station, number, Random(f"{seed}:{station.code}"), divisions, places)
        Station.objects.bulk_create(
            stations, update_conflicts=True, unique_fields=["code"], update_fields=DETAILS
        )
    _open_windows(seed)


def _fill(station, number, random, divisions, places):
    tier = station.tier
    names = _place_names(station.division, divisions)
    station.address = f"{names}{random.choice(STREETS)}{random.randint(1, 288)}号"
    station.latitude, station.longitude = places[station.code]
    station.phone = f"0510-0000{number:04d}"
    station.opening_hours = HOURS[tier]
    station.head_name = random.choice(FAMILY_NAMES) + random.choice(GIVEN_NAMES)
    station.head_post = POSTS[tier]
    station.staff_fulltime, station.staff_parttime = STAFF.get(tier, (2, 1))
    station.staff_veteran = random.randint(1, station.staff_fulltime)
    for have in FIVE_HAVES:
        setattr(station, have, tier in (Tier.CITY, Tier.DISTRICT) or random.random() < 0.96)
    station.step_free = tier in (Tier.CITY, Tier.DISTRICT) or random.random() < 0.8
    if random.random() < MODEL_SHARE.get(tier, 0):
        station.model_status = ModelStatus.NAMED
        station.named_at = date(2020, 9, 1) + timedelta(days=random.randint(0, 1700))
    elif tier and random.random() < 0.1:
        station.model_status = ModelStatus.APPLYING


def _place_names(division, divisions):
    """滨湖区河埒街道溪南社区: the division's names from the district down."""
    names = []
    while division and division.level >= 3:
        names.append(division.short_name if division.level == 5 else division.name)
        division = divisions.get(division.parent_id)
    return "".join(reversed(names)) or "无锡市"


def _places(seed):
    """A place inside the right district for every station, by station code."""
    shapes = geo.shapes()
    rows = Station.objects.order_by("path").values_list("code", "division_id", "division__level")
    towns, places = {}, {}
    for division in sorted({division for _, division, level in rows if level == 4}):
        towns[division] = _apart(
            shapes[division[:6]], list(towns.values()), Random(f"{seed}:{division}")
        )
    for code, division, level in rows:
        random = Random(f"{seed}:place:{code}")
        if level <= 3:
            places[code] = _near_district(shapes, division, towns, random)
        else:
            around = towns[division] if level == 4 else towns[f"{division[:9]}000"]
            spread = 0.0 if level == 4 and code == division else 0.02
            places[code] = _near(shapes[division[:6]], around, spread, random)
    return places


def _near_district(shapes, division, towns, random):
    shape = shapes.get(division[:6])
    if shape:
        return _near(shape, (shape.center[1], shape.center[0]), 0.012, random)
    # the city centre, and functional areas that have no outline: beside one of their towns
    own = Station.objects.filter(parent__division_id=division, tier=Tier.TOWN)
    anchor = own.order_by("path").values_list("division_id", flat=True).first()
    if anchor:
        return _near(shapes[anchor[:6]], towns[anchor], 0.015, random)
    shape = shapes["320213"]
    return _near(shape, (shape.center[1], shape.center[0]), 0.03, random)


def _apart(shape, taken, random):
    """Of twenty random places inside, the one farthest from those taken."""
    candidates = [_inside(shape, random) for _ in range(20)]
    return max(
        candidates,
        key=lambda place: min((geo.distance_km(*place, *other) for other in taken), default=0),
    )


def _inside(shape, random):
    west, south, east, north = shape.bounds
    while True:
        latitude, longitude = random.uniform(south, north), random.uniform(west, east)
        # drawn towards the centre: a point on the very border looks like the neighbour's
        latitude += 0.15 * (shape.center[1] - latitude)
        longitude += 0.15 * (shape.center[0] - longitude)
        if shape.contains(latitude, longitude):
            return latitude, longitude


def _near(shape, around, spread, random):
    """A place inside the shape, about `spread` degrees from `around` (latitude, longitude)."""
    for _ in range(30):
        latitude = random.gauss(around[0], spread)
        longitude = random.gauss(around[1], spread)
        if shape.contains(latitude, longitude):
            return round(latitude, 5), round(longitude, 5)
    return round(around[0], 5), round(around[1], 5)


def _open_windows(seed):
    windows, items = [], []
    for station in Station.objects.filter(windows=None).order_by("path"):
        for number, (name, codes) in enumerate(_windows_of(station, seed), start=1):
            window = Window(station=station, number=number, name=name)
            windows.append(window)
            items.append((window, codes))
    Window.objects.bulk_create(windows)
    through = Window.items.through
    through.objects.bulk_create(
        [
            through(window_id=window.pk, serviceitem_id=code)
            for window, codes in items
            for code in codes
        ]
    )


def _windows_of(station, seed):
    if station.kind in SPECIAL_WINDOW:
        return [SPECIAL_WINDOW[station.kind]]
    if station.tier == Tier.VILLAGE:
        return [ONE_WINDOW]
    random = Random(f"{seed}:windows:{station.code}")
    counts = {Tier.CITY: (6, 6), Tier.DISTRICT: (3, 5), Tier.TOWN: (2, 3)}
    return WINDOWS[: random.randint(*counts[station.tier])]
