"""Words of points: schemes, rules, sheets, objections, publications (`domain.md` B.5)."""

from django.db import models


class SchemeState(models.TextChoices):
    DRAFT = "DRAFT", "起草中"
    SUBMITTED = "SUBMITTED", "待批准"
    IN_FORCE = "IN_FORCE", "已批准"
    RETIRED = "RETIRED", "已停用"


SCHEME_TRANSITIONS = [
    (SchemeState.DRAFT, SchemeState.SUBMITTED),
    (SchemeState.SUBMITTED, SchemeState.DRAFT),
    (SchemeState.SUBMITTED, SchemeState.IN_FORCE),
    (SchemeState.IN_FORCE, SchemeState.RETIRED),
]


class RuleGroup(models.TextChoices):
    """The items of the national measures of 2023, by which ties are broken too."""

    SERVICE = "SERVICE", "军衔和服现役年限"
    AWARD_WAR = "AWARD_WAR", "战时奖励"
    AWARD_PEACE = "AWARD_PEACE", "平时奖励"
    AWARD_OPERATION = "AWARD_OPERATION", "重大非战争军事行动奖励"
    COMMENDATION = "COMMENDATION", "表彰"
    DISABILITY = "DISABILITY", "残疾等级"
    OTHER = "OTHER", "其他情形"
    DEDUCTION = "DEDUCTION", "减分"


class QuantitySource(models.TextChoices):
    """Where a line's quantity comes from; what the file says is not typed again."""

    TYPED = "TYPED", "按档案填写"
    SERVICE_YEARS = "SERVICE_YEARS", "按档案里的服役年限计算"
    DISABILITY = "DISABILITY", "按档案里的残疾等级计算"


class SheetState(models.TextChoices):
    DRAFT = "DRAFT", "计分中"
    TO_CONFIRM = "TO_CONFIRM", "待本人确认"
    CONFIRMED = "CONFIRMED", "本人已确认"
    OBJECTED = "OBJECTED", "本人有异议"
    PUBLISHED = "PUBLISHED", "公示中"
    FINAL = "FINAL", "已确定"
    SUPERSEDED = "SUPERSEDED", "已被新的取代"


SHEET_TRANSITIONS = [
    (SheetState.DRAFT, SheetState.TO_CONFIRM),
    (SheetState.TO_CONFIRM, SheetState.DRAFT),
    (SheetState.TO_CONFIRM, SheetState.CONFIRMED),
    (SheetState.TO_CONFIRM, SheetState.OBJECTED),
    (SheetState.OBJECTED, SheetState.TO_CONFIRM),
    (SheetState.CONFIRMED, SheetState.PUBLISHED),
    (SheetState.TO_CONFIRM, SheetState.PUBLISHED),  # never answered, the term is over
    (SheetState.PUBLISHED, SheetState.CONFIRMED),  # the publication was withdrawn
    (SheetState.PUBLISHED, SheetState.TO_CONFIRM),
    (SheetState.PUBLISHED, SheetState.FINAL),
    *(
        (state, SheetState.SUPERSEDED)
        for state in (
            SheetState.DRAFT, SheetState.TO_CONFIRM, SheetState.CONFIRMED, SheetState.OBJECTED,
            SheetState.PUBLISHED,
        )
    ),
]  # fmt: skip

SHEET_TONES = {
    SheetState.DRAFT: "quiet",
    SheetState.TO_CONFIRM: "warning",
    SheetState.CONFIRMED: "done",
    SheetState.OBJECTED: "warning",
    SheetState.PUBLISHED: "note",
    SheetState.FINAL: "done",
    SheetState.SUPERSEDED: "quiet",
}


class ConfirmedHow(models.TextChoices):
    """How the person said that the points are right."""

    ONLINE = "ONLINE", "本人网上确认"
    IN_PERSON = "IN_PERSON", "本人到场签字"
    PROXY = "PROXY", "受托人持委托书签字"


class ObjectionState(models.TextChoices):
    OPEN = "OPEN", "待复核"
    UPHELD = "UPHELD", "成立，重新计分"
    DISMISSED = "DISMISSED", "不成立"
    WITHDRAWN = "WITHDRAWN", "已撤回"


OBJECTION_TRANSITIONS = [
    (ObjectionState.OPEN, ObjectionState.UPHELD),
    (ObjectionState.OPEN, ObjectionState.DISMISSED),
    (ObjectionState.OPEN, ObjectionState.WITHDRAWN),
]

OBJECTION_TONES = {
    ObjectionState.OPEN: "warning",
    ObjectionState.UPHELD: "done",
    ObjectionState.DISMISSED: "quiet",
    ObjectionState.WITHDRAWN: "quiet",
}


class PublicationState(models.TextChoices):
    """A publication runs by its dates; it is settled when its term is over and nothing is open."""

    DRAFT = "DRAFT", "待批准"
    RUNNING = "RUNNING", "公示中"
    SETTLED = "SETTLED", "已确定"
    WITHDRAWN = "WITHDRAWN", "已撤回"


PUBLICATION_TRANSITIONS = [
    (PublicationState.DRAFT, PublicationState.RUNNING),
    (PublicationState.DRAFT, PublicationState.WITHDRAWN),
    (PublicationState.RUNNING, PublicationState.SETTLED),
    (PublicationState.RUNNING, PublicationState.WITHDRAWN),
]

PUBLICATION_TONES = {
    PublicationState.DRAFT: "warning",
    PublicationState.RUNNING: "note",
    PublicationState.SETTLED: "done",
    PublicationState.WITHDRAWN: "quiet",
}
