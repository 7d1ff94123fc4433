"""Words of training: courses, runs, results, who should attend (`domain.md` B.7)."""

from django.db import models

from services.enums import PlacementWay


class CourseKind(models.TextChoices):
    ADAPTIVE = "ADAPTIVE", "适应性培训"
    SKILL = "SKILL", "职业技能培训"


class CourseState(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    OPEN = "OPEN", "开设中"
    CLOSED = "CLOSED", "已停开"


COURSE_TRANSITIONS = [
    (CourseState.DRAFT, CourseState.OPEN),
    (CourseState.OPEN, CourseState.CLOSED),
    (CourseState.CLOSED, CourseState.OPEN),
]
COURSE_TONES = {
    CourseState.DRAFT: "warning",
    CourseState.OPEN: "done",
    CourseState.CLOSED: "quiet",
}


class RunState(models.TextChoices):
    """A run takes people until it begins; CLOSED once the results stand."""

    OPEN = "OPEN", "报名或上课中"
    CLOSED = "CLOSED", "已结业"
    CANCELLED = "CANCELLED", "已取消"


RUN_TRANSITIONS = [(RunState.OPEN, RunState.CLOSED), (RunState.OPEN, RunState.CANCELLED)]
RUN_TONES = {RunState.OPEN: "note", RunState.CLOSED: "done", RunState.CANCELLED: "quiet"}


class TrainingResult(models.TextChoices):
    PASSED = "PASSED", "合格"
    FAILED = "FAILED", "不合格"
    ABSENT = "ABSENT", "缺课"


RESULT_TONES = {
    TrainingResult.PASSED: "done",
    TrainingResult.FAILED: "error",
    TrainingResult.ABSENT: "quiet",
}


class AttendedBy(models.TextChoices):
    CODE = "CODE", "本人凭课堂码"
    STAFF = "STAFF", "现场登记"


class DutyState(models.TextChoices):
    """应训尽训: everybody who should attend is trained, or exempt for a reason."""

    DUE = "DUE", "应训"
    ASKED = "ASKED", "申请免训"
    EXEMPT = "EXEMPT", "免训"
    TRAINED = "TRAINED", "已训"


DUTY_TRANSITIONS = [
    (DutyState.DUE, DutyState.ASKED),
    (DutyState.DUE, DutyState.TRAINED),
    (DutyState.ASKED, DutyState.EXEMPT),
    (DutyState.ASKED, DutyState.DUE),
    (DutyState.ASKED, DutyState.TRAINED),
    (DutyState.EXEMPT, DutyState.DUE),
    (DutyState.EXEMPT, DutyState.TRAINED),
]
DUTY_TONES = {
    DutyState.DUE: "warning",
    DutyState.ASKED: "note",
    DutyState.EXEMPT: "quiet",
    DutyState.TRAINED: "done",
}


class ExemptionReason(models.TextChoices):
    """Approved reasons not to attend (复学, 已就业 …, `domain.md` B.7)."""

    STUDY = "STUDY", "复学或升学"
    EMPLOYED = "EMPLOYED", "已就业，不能脱产"
    ILLNESS = "ILLNESS", "伤病"
    ELSEWHERE = "ELSEWHERE", "已在外地参训"
    OTHER = "OTHER", "其他"


# Whoever leaves in one of these ways is trained after discharge; the retired and supported are not.
TRAINED_WAYS = [
    PlacementWay.SELF_EMPLOYMENT,
    PlacementWay.ARRANGED_JOB,
    PlacementWay.MONTHLY_PAY,
    PlacementWay.TRANSFER,
    PlacementWay.DEMOBILISED,
]
