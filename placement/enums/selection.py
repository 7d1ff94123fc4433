"""Words of choosing posts in the order of points, and of what follows (`domain.md` B.5 steps 9-13)."""

from django.db import models


class SessionState(models.TextChoices):
    PREPARED = "PREPARED", "待开始"
    RUNNING = "RUNNING", "正在选岗"
    PAUSED = "PAUSED", "暂停"
    CLOSED = "CLOSED", "已结束"
    PUBLISHED = "PUBLISHED", "结果公示"
    SETTLED = "SETTLED", "结果已确定"
    CANCELLED = "CANCELLED", "已取消"


SESSION_TRANSITIONS = [
    (SessionState.PREPARED, SessionState.RUNNING),
    (SessionState.PREPARED, SessionState.CANCELLED),
    (SessionState.RUNNING, SessionState.PAUSED),
    (SessionState.PAUSED, SessionState.RUNNING),
    (SessionState.RUNNING, SessionState.CLOSED),
    (SessionState.PAUSED, SessionState.CLOSED),
    (SessionState.CLOSED, SessionState.PUBLISHED),
    (SessionState.PUBLISHED, SessionState.SETTLED),
]

SESSION_TONES = {
    SessionState.PREPARED: "warning",
    SessionState.RUNNING: "note",
    SessionState.PAUSED: "warning",
    SessionState.CLOSED: "done",
    SessionState.PUBLISHED: "note",
    SessionState.SETTLED: "done",
    SessionState.CANCELLED: "quiet",
}
SESSION_LIVE = [SessionState.RUNNING, SessionState.PAUSED]
SESSION_OVER = [SessionState.CLOSED, SessionState.PUBLISHED, SessionState.SETTLED]


class TurnState(models.TextChoices):
    """RETURNED goes before all who wait: who was late but in time, or whose choice was undone."""

    WAITING = "WAITING", "等候"
    RETURNED = "RETURNED", "即将再叫"
    CALLED = "CALLED", "正在选岗"
    MISSED = "MISSED", "到时未选"
    CHOSEN = "CHOSEN", "已选岗"
    PASSED = "PASSED", "本人不选"
    ABSENT = "ABSENT", "未到场"
    OUT = "OUT", "不再参加"
    UNREACHED = "UNREACHED", "未轮到"


TURN_TRANSITIONS = [
    *((state, TurnState.CALLED) for state in (TurnState.WAITING, TurnState.RETURNED, TurnState.MISSED)),
    (TurnState.CALLED, TurnState.CHOSEN),
    (TurnState.CALLED, TurnState.MISSED),
    (TurnState.CALLED, TurnState.PASSED),
    (TurnState.CALLED, TurnState.ABSENT),
    (TurnState.MISSED, TurnState.RETURNED),
    (TurnState.MISSED, TurnState.ABSENT),
    (TurnState.CHOSEN, TurnState.RETURNED),
    *((state, TurnState.OUT) for state in
      (TurnState.WAITING, TurnState.RETURNED, TurnState.MISSED, TurnState.CALLED)),
    *((state, TurnState.UNREACHED) for state in
      (TurnState.WAITING, TurnState.RETURNED, TurnState.CALLED)),
]  # fmt: skip

TURN_TONES = {
    TurnState.WAITING: "quiet",
    TurnState.RETURNED: "warning",
    TurnState.CALLED: "note",
    TurnState.MISSED: "warning",
    TurnState.CHOSEN: "done",
    TurnState.PASSED: "quiet",
    TurnState.ABSENT: "quiet",
    TurnState.OUT: "quiet",
    TurnState.UNREACHED: "quiet",
}


class MissedRule(models.TextChoices):
    """What becomes of those who did not choose in their time and did not come back."""

    LAST = "LAST", "排到最后再叫一次"
    NONE = "NONE", "不再叫"


class ChosenHow(models.TextChoices):
    PHONE = "PHONE", "本人手机"
    DESK = "DESK", "本人到场，工作人员代录"
    AGENT = "AGENT", "受托人手机"
    PROXY = "PROXY", "受托人到场，工作人员代录"


BY_PROXY = [ChosenHow.AGENT, ChosenHow.PROXY]


class RecordAct(models.TextChoices):
    """What the record of a session says, in the order it happened."""

    OPENED = "OPENED", "开始选岗"
    CALLED = "CALLED", "叫到"
    CHOSE = "CHOSE", "选定"
    PASSED = "PASSED", "本人不选"
    MISSED = "MISSED", "到时未选"
    RETURNED = "RETURNED", "迟到，即将再叫"
    ABSENT = "ABSENT", "未到场"
    OUT = "OUT", "不再参加"
    PAUSED = "PAUSED", "暂停"
    RESUMED = "RESUMED", "继续"
    STOPPED = "STOPPED", "平台曾中断，时间补回"
    UNDO_PROPOSED = "UNDO_PROPOSED", "提议撤销"
    UNDO_REFUSED = "UNDO_REFUSED", "不同意撤销"
    UNDONE = "UNDONE", "撤销选岗"
    UNREACHED = "UNREACHED", "未轮到"
    CLOSED = "CLOSED", "结束选岗"


class UndoState(models.TextChoices):
    PROPOSED = "PROPOSED", "待另一人确认"
    CONFIRMED = "CONFIRMED", "已撤销"
    REFUSED = "REFUSED", "未同意"


UNDO_TRANSITIONS = [
    (UndoState.PROPOSED, UndoState.CONFIRMED),
    (UndoState.PROPOSED, UndoState.REFUSED),
]


class LetterState(models.TextChoices):
    ISSUED = "ISSUED", "待上岗"
    SEATED = "SEATED", "已上岗"


LETTER_TRANSITIONS = [(LetterState.ISSUED, LetterState.SEATED)]


class VisitBy(models.TextChoices):
    """How a follow-up was made (回访)."""

    PHONE = "PHONE", "电话"
    WORKPLACE = "WORKPLACE", "到单位"
    HOME = "HOME", "上门"
