"""Words of the hall: arrivals, ratings, opening hours."""

from django.db import models


class ArrivalState(models.TextChoices):
    """Somebody in the hall, from the ticket to the door."""

    WAITING = "WAITING", "等候"
    CALLED = "CALLED", "已叫号"
    SERVING = "SERVING", "办理中"
    SERVED = "SERVED", "已办完"
    SKIPPED = "SKIPPED", "过号"
    LEFT = "LEFT", "已离开"


ARRIVAL_TRANSITIONS = [
    (ArrivalState.WAITING, ArrivalState.CALLED),
    (ArrivalState.WAITING, ArrivalState.LEFT),
    (ArrivalState.WAITING, ArrivalState.SERVED),  # a counter that calls no numbers
    (ArrivalState.CALLED, ArrivalState.SERVING),
    (ArrivalState.CALLED, ArrivalState.SERVED),
    (ArrivalState.CALLED, ArrivalState.SKIPPED),
    (ArrivalState.CALLED, ArrivalState.WAITING),  # handed to another window
    (ArrivalState.CALLED, ArrivalState.LEFT),
    (ArrivalState.SERVING, ArrivalState.SERVED),
    (ArrivalState.SERVING, ArrivalState.WAITING),  # handed to another window
    (ArrivalState.SKIPPED, ArrivalState.WAITING),  # came after all
    (ArrivalState.SKIPPED, ArrivalState.LEFT),
]

ARRIVAL_TONES = {
    ArrivalState.WAITING: "warning",
    ArrivalState.CALLED: "note",
    ArrivalState.SERVING: "note",
    ArrivalState.SERVED: "done",
    ArrivalState.SKIPPED: "error",
    ArrivalState.LEFT: "quiet",
}

# A window has at most one of these.
AT_A_WINDOW = [ArrivalState.CALLED, ArrivalState.SERVING]

# Still in the hall at the end of the day: somebody has to say what became of them.
IN_THE_HALL = [
    ArrivalState.WAITING,
    ArrivalState.CALLED,
    ArrivalState.SERVING,
    ArrivalState.SKIPPED,
]


class ArrivalAct(models.TextChoices):
    """What happened to an arrival; rows of its history."""

    ARRIVED = "ARRIVED", "到场取号"
    CALLED = "CALLED", "叫号"
    RECALLED = "RECALLED", "重复叫号"
    BEGUN = "BEGUN", "开始办理"
    SERVED = "SERVED", "办完"
    SKIPPED = "SKIPPED", "过号"
    BACK = "BACK", "过号后重新排队"
    HANDED_OVER = "HANDED_OVER", "转到其他窗口"
    FORWARD = "FORWARD", "优先"
    LEFT = "LEFT", "离开"


class Grade(models.IntegerChoices):
    """The five grades of 好差评 (`domain.md` D.8)."""

    VERY_SATISFIED = 5, "非常满意"
    SATISFIED = 4, "满意"
    FAIR = 3, "基本满意"
    DISSATISFIED = 2, "不满意"
    VERY_DISSATISFIED = 1, "非常不满意"


# At or under this a rectification opens (`domain.md` D.8: the rate is (5+4+3)/all).
BAD_GRADE = Grade.DISSATISFIED


class RatingReason(models.TextChoices):
    """What a grade is about, chosen from a list (`domain.md` D.8)."""

    EFFICIENCY = "EFFICIENCY", "办事效率"
    GUIDE = "GUIDE", "指南是否准确"
    CONVENIENCE = "CONVENIENCE", "方便程度"
    ATTITUDE = "ATTITUDE", "服务态度"
    SKILL = "SKILL", "业务水平"
    PLATFORM = "PLATFORM", "网上平台"


class RatingChannel(models.TextChoices):
    """Where the grade was given."""

    WEB = "WEB", "网页"
    SMS = "SMS", "短信链接"
    DESK = "DESK", "窗口评价屏"
    PHONE = "PHONE", "电话"


class RectificationState(models.TextChoices):
    """A bad rating until the person was called back and the cause mended."""

    OPEN = "OPEN", "待回访"
    CALLED_BACK = "CALLED_BACK", "已回访待办结"
    CLOSED = "CLOSED", "已办结"


RECTIFICATION_TRANSITIONS = [
    (RectificationState.OPEN, RectificationState.CALLED_BACK),
    (RectificationState.CALLED_BACK, RectificationState.OPEN),  # still unhappy: sent up
    (RectificationState.CALLED_BACK, RectificationState.CLOSED),
]


class RectificationOutcome(models.TextChoices):
    MENDED = "MENDED", "已整改"
    EXPLAINED = "EXPLAINED", "已解释，本人理解"
    UNFOUNDED = "UNFOUNDED", "经核实与事实不符"
    UNREACHED = "UNREACHED", "多次回访未接通"


class DayKind(models.TextChoices):
    """A make-up Saturday is a working day, a holiday on a Wednesday a day of rest."""

    WORKDAY = "WORKDAY", "工作日"
    RESTDAY = "RESTDAY", "周末和节假日"


class ClosureKind(models.TextChoices):
    """Why a station or a window does not serve on some days."""

    CLOSED = "CLOSED", "停止服务"
    ABSENCE = "ABSENCE", "工作人员不在岗"
