"""Words of rules over the registration file."""

from django.db import models


class RuleKind(models.TextChoices):
    """What a rule is for; one engine serves all of them."""

    OUTREACH = "OUTREACH", "我来找您"
    BENEFIT = "BENEFIT", "优待条件"


class RuleState(models.TextChoices):
    """A version of a rule: written by one, published by another, then never changed."""

    DRAFT = "DRAFT", "起草中"
    PUBLISHED = "PUBLISHED", "生效"
    RETIRED = "RETIRED", "已停用"


RULE_TRANSITIONS = [
    (RuleState.DRAFT, RuleState.PUBLISHED),
    (RuleState.PUBLISHED, RuleState.RETIRED),
]
RULE_TONES = {RuleState.DRAFT: "note", RuleState.PUBLISHED: "done", RuleState.RETIRED: "quiet"}


class Occasion(models.TextChoices):
    """How often a rule may find the same person: once for each occasion."""

    ONCE = "ONCE", "每人一次"
    YEARLY = "YEARLY", "每人每年一次"
    BIRTHDAY = "BIRTHDAY", "每个生日一次"
    DISCHARGE = "DISCHARGE", "每次退役后一次"


class Answer(models.TextChoices):
    """What a rule says of one person."""

    YES = "YES", "符合"
    NOT_YET = "NOT_YET", "暂不符合"
    NO = "NO", "不符合"
