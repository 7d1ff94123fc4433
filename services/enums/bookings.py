"""Words of the booking engine."""

from django.db import models


class OncePer(models.TextChoices):
    """How often one person may hold an active booking of an offering."""

    SLOT = "SLOT", "每个时段一次"
    DAY = "DAY", "每天一次"
    SEASON = "SEASON", "每季一次"


class BookingState(models.TextChoices):
    """OFFERED holds a place out of the waiting list until its person says yes or time runs out;
    LEFT: they came, and went away unserved."""

    OFFERED = "OFFERED", "为您保留"
    PENDING = "PENDING", "待审核"
    CONFIRMED = "CONFIRMED", "已预约"
    CHECKED_IN = "CHECKED_IN", "已到场"
    SERVED = "SERVED", "已办结"
    CANCELLED = "CANCELLED", "已取消"
    NO_SHOW = "NO_SHOW", "未到场"
    LEFT = "LEFT", "到场未办"


BOOKING_TRANSITIONS = [
    (BookingState.OFFERED, BookingState.CONFIRMED),
    (BookingState.OFFERED, BookingState.PENDING),  # said yes, and the station reviews
    (BookingState.OFFERED, BookingState.CANCELLED),
    (BookingState.PENDING, BookingState.CONFIRMED),
    (BookingState.PENDING, BookingState.CANCELLED),
    (BookingState.CONFIRMED, BookingState.CHECKED_IN),
    (BookingState.CONFIRMED, BookingState.CANCELLED),
    (BookingState.CONFIRMED, BookingState.NO_SHOW),
    (BookingState.NO_SHOW, BookingState.CHECKED_IN),
    (BookingState.CHECKED_IN, BookingState.SERVED),
    (BookingState.CHECKED_IN, BookingState.LEFT),
]

BOOKING_TONES = {
    BookingState.OFFERED: "warning",
    BookingState.PENDING: "warning",
    BookingState.CONFIRMED: "note",
    BookingState.CHECKED_IN: "done",
    BookingState.SERVED: "done",
    BookingState.CANCELLED: "quiet",
    BookingState.NO_SHOW: "error",
    BookingState.LEFT: "quiet",
}

COMING_STATES = [BookingState.PENDING, BookingState.CONFIRMED]

# Who counts against "once per day": whoever did not come, or left unserved, may book again.
COUNTED_STATES = [
    BookingState.OFFERED,
    BookingState.PENDING,
    BookingState.CONFIRMED,
    BookingState.CHECKED_IN,
    BookingState.SERVED,
]

# Who holds a place: it was kept for them, whether they came, stayed or not.
HOLDING_STATES = [*COUNTED_STATES, BookingState.NO_SHOW, BookingState.LEFT]

# Who stood in the hall.
CAME_STATES = [BookingState.CHECKED_IN, BookingState.SERVED, BookingState.LEFT]


class CancelledAs(models.TextChoices):
    CITIZEN = "CITIZEN", "本人"
    STATION = "STATION", "站点"
    SYSTEM = "SYSTEM", "系统"


class WaitingState(models.TextChoices):
    """A wish on the waiting list; OFFERED while a place is held for it."""

    WAITING = "WAITING", "排队中"
    OFFERED = "OFFERED", "有名额，等您确认"
    TAKEN = "TAKEN", "已约上"
    LEFT = "LEFT", "已退出"
    PASSED = "PASSED", "未确认，已让出"
    OVER = "OVER", "未排到"


WAITING_TRANSITIONS = [
    (WaitingState.WAITING, WaitingState.OFFERED),
    (WaitingState.WAITING, WaitingState.LEFT),
    (WaitingState.WAITING, WaitingState.OVER),
    (WaitingState.OFFERED, WaitingState.TAKEN),
    (WaitingState.OFFERED, WaitingState.WAITING),
    (WaitingState.OFFERED, WaitingState.LEFT),
    (WaitingState.OFFERED, WaitingState.PASSED),
    (WaitingState.OFFERED, WaitingState.OVER),
]

WAITING_TONES = {
    WaitingState.WAITING: "note",
    WaitingState.OFFERED: "warning",
    WaitingState.TAKEN: "done",
    WaitingState.LEFT: "quiet",
    WaitingState.PASSED: "quiet",
    WaitingState.OVER: "quiet",
}

ON_THE_LIST = [WaitingState.WAITING, WaitingState.OFFERED]
