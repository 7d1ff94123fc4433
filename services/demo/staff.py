"""Demonstration accounts: one per role and tier, the three administrators, three citizens.

Numbers, names and phones are made up and stay the same; the password is settings.DEMO_PASSWORD.
`manage.py demo_sign_ins` prints them.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.enums import AdminRole, UserKind
from accounts.models import PasswordRecord, User
from services.enums import Role, Tier
from services.models import Posting, Station

CITY, JIANGYIN, LIANGXI, ZONE = "320200000000", "320281000000", "320213000000", "320290000000"
SINCE = date(2024, 1, 2)


@dataclass(frozen=True)
class Desk:
    """A demonstration posting: number, name, role; the station by its division, or the first
    of a tier under it."""

    number: str
    name: str
    role: Role
    division: str
    tier: Tier | None = None


DESKS = (
    Desk("CS001", "钱晓梅", Role.CLERK, CITY),
    Desk("CS002", "沈文斌", Role.REVIEWER, CITY),
    Desk("CS003", "顾志远", Role.HEAD, CITY),
    Desk("JY001", "陆春华", Role.CLERK, JIANGYIN),
    Desk("JY002", "曹立新", Role.REVIEWER, JIANGYIN),
    Desk("JY003", "缪国平", Role.HEAD, JIANGYIN),
    Desk("LX001", "华明珠", Role.CLERK, LIANGXI),
    Desk("LX002", "尤建平", Role.REVIEWER, LIANGXI),
    Desk("LX003", "过海燕", Role.HEAD, LIANGXI),
    Desk("JK001", "糜佳怡", Role.CLERK, ZONE),
    Desk("JK002", "浦志强", Role.REVIEWER, ZONE),
    Desk("JK003", "荣卫民", Role.HEAD, ZONE),
    Desk("JYZ01", "许红梅", Role.CLERK, JIANGYIN, Tier.TOWN),
    Desk("JYZ02", "包国强", Role.REVIEWER, JIANGYIN, Tier.TOWN),
    Desk("JYZ03", "邓立民", Role.HEAD, JIANGYIN, Tier.TOWN),
    Desk("JYC01", "周小芳", Role.CLERK, JIANGYIN, Tier.VILLAGE),
    Desk("JYC02", "徐建国", Role.HEAD, JIANGYIN, Tier.VILLAGE),
    Desk("LXZ01", "秦雨欣", Role.CLERK, LIANGXI, Tier.TOWN),
    Desk("LXC01", "薛晓东", Role.CLERK, LIANGXI, Tier.VILLAGE),
)
ADMINISTRATORS = (
    ("GL001", "季新宇", AdminRole.SYSTEM),
    ("GL002", "祝安宁", AdminRole.SECURITY),
    ("GL003", "闵思源", AdminRole.AUDIT),
)
PHONES = ("19900000001", "19900000002", "19900000003")


@transaction.atomic
def load(*, seed=2025):
    """Make the accounts and postings that are not there yet."""
    password = make_password(settings.DEMO_PASSWORD)
    for desk in DESKS:
        user = _account(UserKind.STAFF, desk.name, password, staff_number=desk.number)
        _post(user, station_of(desk), desk.role)
    for number, name, role in ADMINISTRATORS:
        _account(UserKind.ADMINISTRATOR, name, password, staff_number=number, admin_role=role)
    for phone in PHONES:
        if not User.objects.with_phone(phone).exists():
            _account(UserKind.CITIZEN, "", password, phone=phone)


def station_of(desk):
    """The station of a demonstration posting; None while the network is not laid down."""
    stations = Station.objects.ordinary().order_by("path")
    top = stations.filter(division_id=desk.division).first()
    if top is None or desk.tier is None:
        return top
    return stations.under(top).filter(tier=desk.tier).first()


def _account(kind, name, password, **values):
    now = timezone.now()
    found = None
    if values.get("staff_number"):
        found = User.objects.filter(staff_number=values["staff_number"]).first()
    if found is not None:
        return found
    user = User.objects.create(
        kind=kind,
        name=name,
        password=password,
        password_changed_at=now,
        phone_verified_at=now if values.get("phone") else None,
        granted_at=None if kind == UserKind.CITIZEN else now,
        **values,
    )
    PasswordRecord.objects.create(user=user, password=password)
    return user


def _post(user, station, role):
    if station is not None:
        Posting.objects.get_or_create(
            user=user, station=station, role=role, until=None, defaults={"since": SINCE}
        )
