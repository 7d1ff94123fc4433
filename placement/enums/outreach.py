"""Words of "we come to you" (我来找您, `domain.md` A120)."""

from django.db import models


class LeadState(models.TextChoices):
    """Somebody whom a rule found."""

    OPEN = "OPEN", "已告知"
    DONE = "DONE", "已服务"
    DECLINED = "DECLINED", "本人不需要"
    ENDED = "ENDED", "已结束"


class VisitState(models.TextChoices):
    """The task of the person's station."""

    OPEN = "OPEN", "待联系"
    DONE = "DONE", "已联系"
    DECLINED = "DECLINED", "本人不需要"
    CANCELLED = "CANCELLED", "不用再去"


# An open one ends in one of the others, and that is that.
LEAD_TRANSITIONS = [(LeadState.OPEN, each) for each in LeadState if each != LeadState.OPEN]
VISIT_TRANSITIONS = [(VisitState.OPEN, each) for each in VisitState if each != VisitState.OPEN]
VISIT_TONES = {
    VisitState.OPEN: "note",
    VisitState.DONE: "done",
    VisitState.DECLINED: "quiet",
    VisitState.CANCELLED: "quiet",
}


class ContactWay(models.TextChoices):
    HOME = "HOME", "上门"
    PHONE = "PHONE", "电话"
    STATION = "STATION", "到站"


class VisitResult(models.TextChoices):
    """What came of it. Who could not be reached was not served (EMP-15)."""

    HELPED = "HELPED", "当场办理或说明清楚"
    WILL_APPLY = "WILL_APPLY", "愿意办理，另行提交材料"
    LATER = "LATER", "知道了，以后需要再说"
    UNREACHED = "UNREACHED", "几次都没有联系上"


class RefusalChannel(models.TextChoices):
    SELF = "SELF", "本人网上"
    DESK = "DESK", "本人告诉工作人员"
