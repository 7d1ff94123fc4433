"""Words of the placement file: its states and what opens it (`domain.md` B.5)."""

from itertools import pairwise

from django.db import models


class CaseState(models.TextChoices):
    """The fourteen states of B.5, as staff read them; `CASE_WORDS` says the same to the person."""

    TRANSFERRED_IN = "TRANSFERRED_IN", "待报到"
    REPORTED = "REPORTED", "已报到"
    FILE_CHECK = "FILE_CHECK", "档案审核"
    SCORED = "SCORED", "已计分"
    SCORE_PUBLICITY = "SCORE_PUBLICITY", "分数公示"
    OBJECTION = "OBJECTION", "异议复核"
    READY = "READY", "待选岗"
    CHOSEN = "CHOSEN", "已选岗"
    RESULT_PUBLICITY = "RESULT_PUBLICITY", "结果公示"
    LETTER_ISSUED = "LETTER_ISSUED", "已开介绍信"
    ONBOARD = "ONBOARD", "已上岗"
    WAIVED = "WAIVED", "放弃"
    CANCELLED = "CANCELLED", "取消"
    CONVERTED = "CONVERTED", "转自主就业"


CASE_WORDS = {
    CaseState.TRANSFERRED_IN: "请按时来报到",
    CaseState.REPORTED: "已报到",
    CaseState.FILE_CHECK: "正在看您的档案",
    CaseState.SCORED: "分数已算出，请您核对",
    CaseState.SCORE_PUBLICITY: "分数正在公示",
    CaseState.OBJECTION: "异议正在复核",
    CaseState.READY: "可以参加选岗",
    CaseState.CHOSEN: "已选好岗位",
    CaseState.RESULT_PUBLICITY: "选岗结果正在公示",
    CaseState.LETTER_ISSUED: "介绍信已开，请按时上岗",
    CaseState.ONBOARD: "已上岗",
    CaseState.WAIVED: "您已放弃安排工作",
    CaseState.CANCELLED: "安排工作已取消",
    CaseState.CONVERTED: "已转为自主就业",
}

CASE_TONES = {
    CaseState.TRANSFERRED_IN: "warning",
    CaseState.REPORTED: "note",
    CaseState.FILE_CHECK: "note",
    CaseState.SCORED: "note",
    CaseState.SCORE_PUBLICITY: "note",
    CaseState.OBJECTION: "warning",
    CaseState.READY: "done",
    CaseState.CHOSEN: "done",
    CaseState.RESULT_PUBLICITY: "note",
    CaseState.LETTER_ISSUED: "done",
    CaseState.ONBOARD: "done",
    CaseState.WAIVED: "quiet",
    CaseState.CANCELLED: "quiet",
    CaseState.CONVERTED: "quiet",
}

# The road from the report to the seat, in its order; the detour of an objection left out.
ROAD = [
    CaseState.TRANSFERRED_IN,
    CaseState.REPORTED,
    CaseState.FILE_CHECK,
    CaseState.SCORED,
    CaseState.SCORE_PUBLICITY,
    CaseState.READY,
    CaseState.CHOSEN,
    CaseState.RESULT_PUBLICITY,
    CaseState.LETTER_ISSUED,
    CaseState.ONBOARD,
]
# Ended without a seat.
CASE_GIVEN_UP = [CaseState.WAIVED, CaseState.CANCELLED, CaseState.CONVERTED]
CASE_OPEN = [*ROAD[:-1], CaseState.OBJECTION]
# A post must be found for these before the term of placement ends.
AWAITING_A_POST = [*CASE_OPEN[1:7], CaseState.RESULT_PUBLICITY, CaseState.OBJECTION]
# Reported, and nothing chosen yet: what they would like may still be said.
BEFORE_THE_CHOICE = [
    CaseState.REPORTED,
    CaseState.FILE_CHECK,
    CaseState.SCORED,
    CaseState.SCORE_PUBLICITY,
    CaseState.OBJECTION,
    CaseState.READY,
]
# Whoever is here has a score sheet both checkers signed.
WITH_POINTS = [
    CaseState.SCORED,
    CaseState.SCORE_PUBLICITY,
    CaseState.OBJECTION,
    CaseState.READY,
    CaseState.CHOSEN,
    CaseState.RESULT_PUBLICITY,
    CaseState.LETTER_ISSUED,
    CaseState.ONBOARD,
]

CASE_TRANSITIONS = [
    *pairwise(ROAD),
    (CaseState.SCORED, CaseState.FILE_CHECK),  # counted anew
    (CaseState.SCORED, CaseState.OBJECTION),  # the person does not agree
    (CaseState.OBJECTION, CaseState.SCORED),  # upheld or not: the person confirms
    (CaseState.OBJECTION, CaseState.FILE_CHECK),  # upheld: counted anew
    (CaseState.SCORE_PUBLICITY, CaseState.OBJECTION),
    (CaseState.OBJECTION, CaseState.SCORE_PUBLICITY),  # not upheld while it is published
    (CaseState.OBJECTION, CaseState.READY),  # not upheld, the term is over
    (CaseState.SCORE_PUBLICITY, CaseState.SCORED),  # the publication was withdrawn
    (CaseState.CHOSEN, CaseState.READY),  # undone by two officers
    (CaseState.RESULT_PUBLICITY, CaseState.READY),  # the result did not stand
    *((state, end) for state in CASE_OPEN for end in CASE_GIVEN_UP),
]


class PlacementGround(models.TextChoices):
    """Why the government places somebody (L2 §25, §26)."""

    LONG_SERVICE = "LONG_SERVICE", "军士服现役满12年"
    MEDAL = "MEDAL", "服现役期间获勋章、荣誉称号"
    MERIT = "MERIT", "战时三等功以上或平时二等功以上"
    COMMENDATION = "COMMENDATION", "获一级表彰"
    WAR_DISABLED = "WAR_DISABLED", "因战致残五级至八级"
    MARTYR_CHILD = "MARTYR_CHILD", "烈士子女"
    OPTED_IN = "OPTED_IN", "符合逐月领取退役金或退休条件，本人选择安排工作"


class CaseAct(models.TextChoices):
    """What was done to a placement file, as its timeline says it."""

    OPENED = "OPENED", "建立安置档案"
    REPORTED = "REPORTED", "报到"
    MENDED = "MENDED", "更正安置档案"
    CHECK_BEGUN = "CHECK_BEGUN", "开始审核档案"
    EVIDENCE_ADDED = "EVIDENCE_ADDED", "登记档案依据"
    EVIDENCE_REMOVED = "EVIDENCE_REMOVED", "移除档案依据"
    SCORED = "SCORED", "计分完成"
    RECOUNTED = "RECOUNTED", "重新计分"
    CONFIRMED = "CONFIRMED", "确认分数"
    OBJECTED = "OBJECTED", "提出异议"
    ANSWERED = "ANSWERED", "答复异议"
    PUBLISHED = "PUBLISHED", "分数公示"
    UNPUBLISHED = "UNPUBLISHED", "撤回公示"
    READY = "READY", "进入待选岗"
    WISHED = "WISHED", "填报意愿"
    CHOSEN = "CHOSEN", "选岗"
    UNCHOSEN = "UNCHOSEN", "撤销选岗"
    RESULT_PUBLISHED = "RESULT_PUBLISHED", "结果公示"
    LETTER_ISSUED = "LETTER_ISSUED", "开具介绍信"
    ONBOARD = "ONBOARD", "上岗"
    VISITED = "VISITED", "回访"
    WAIVED = "WAIVED", "放弃"
    CANCELLED = "CANCELLED", "取消"
    CONVERTED = "CONVERTED", "转自主就业"
    NOTED = "NOTED", "备注"


class EvidenceKind(models.TextChoices):
    """What a sheet of the original file proves; lines of points stand on these."""

    SERVICE = "SERVICE", "入伍和退役登记"
    RANK = "RANK", "军衔晋升"
    AWARD = "AWARD", "奖励、表彰登记"
    DISABILITY = "DISABILITY", "残疾等级评定"
    HARDSHIP = "HARDSHIP", "艰苦地区、特殊岗位"
    PENALTY = "PENALTY", "处分登记"
    OTHER = "OTHER", "其他"
