"""Words of matters: their states and clock, papers, cards (`domain.md` D.8, B.4)."""

from django.db import models


class MatterState(models.TextChoices):
    """States as staff read them; `CITIZEN_WORDS` says the same to the person."""

    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待预审"
    SUPPLEMENT = "SUPPLEMENT", "待补正"
    ACCEPTED = "ACCEPTED", "办理中"
    SUSPENDED = "SUSPENDED", "已挂起"
    DONE = "DONE", "已办结"
    DELIVERED = "DELIVERED", "已送达"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予受理"
    RETURNED = "RETURNED", "已退件"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    ENDED = "ENDED", "已终止"
    ARCHIVED = "ARCHIVED", "已归档"


CITIZEN_WORDS = {
    MatterState.DRAFT: "还没有提交",
    MatterState.SUBMITTED: "已收到，正在看材料",
    MatterState.SUPPLEMENT: "请补充材料",
    MatterState.ACCEPTED: "已受理，正在办",
    MatterState.SUSPENDED: "暂停计时，等候中",
    MatterState.DONE: "办好了",
    MatterState.DELIVERED: "结果已送到",
    MatterState.NOT_ACCEPTED: "不能受理",
    MatterState.RETURNED: "材料未补齐，已退回",
    MatterState.WITHDRAWN: "您已撤回",
    MatterState.ENDED: "已终止，不再办理",
    MatterState.ARCHIVED: "已存档",
}

MATTER_TONES = {
    MatterState.DRAFT: "quiet",
    MatterState.SUBMITTED: "note",
    MatterState.SUPPLEMENT: "warning",
    MatterState.ACCEPTED: "note",
    MatterState.SUSPENDED: "warning",
    MatterState.DONE: "done",
    MatterState.DELIVERED: "done",
    MatterState.NOT_ACCEPTED: "error",
    MatterState.RETURNED: "error",
    MatterState.WITHDRAWN: "quiet",
    MatterState.ENDED: "quiet",
    MatterState.ARCHIVED: "quiet",
}

# No decision was made yet: these end when the person's file is closed.
UNDECIDED = [
    MatterState.DRAFT,
    MatterState.SUBMITTED,
    MatterState.SUPPLEMENT,
    MatterState.ACCEPTED,
    MatterState.SUSPENDED,
]

MATTER_TRANSITIONS = [
    (MatterState.DRAFT, MatterState.SUBMITTED),
    (MatterState.DRAFT, MatterState.WITHDRAWN),
    (MatterState.SUBMITTED, MatterState.SUPPLEMENT),
    (MatterState.SUBMITTED, MatterState.ACCEPTED),
    (MatterState.SUBMITTED, MatterState.NOT_ACCEPTED),
    (MatterState.SUBMITTED, MatterState.WITHDRAWN),
    (MatterState.SUPPLEMENT, MatterState.SUBMITTED),
    (MatterState.SUPPLEMENT, MatterState.RETURNED),
    (MatterState.SUPPLEMENT, MatterState.WITHDRAWN),
    (MatterState.ACCEPTED, MatterState.SUSPENDED),
    (MatterState.ACCEPTED, MatterState.DONE),
    (MatterState.ACCEPTED, MatterState.WITHDRAWN),
    (MatterState.SUSPENDED, MatterState.ACCEPTED),
    (MatterState.SUSPENDED, MatterState.WITHDRAWN),
    *((state, MatterState.ENDED) for state in UNDECIDED),  # the file was closed
    (MatterState.DONE, MatterState.DELIVERED),
    (MatterState.DELIVERED, MatterState.ARCHIVED),
    (MatterState.NOT_ACCEPTED, MatterState.ARCHIVED),
    (MatterState.RETURNED, MatterState.ARCHIVED),
    (MatterState.WITHDRAWN, MatterState.ARCHIVED),
    (MatterState.ENDED, MatterState.ARCHIVED),
]

# Somebody at a station still has to do something.
OPEN_MATTERS = [
    MatterState.SUBMITTED,
    MatterState.SUPPLEMENT,
    MatterState.ACCEPTED,
    MatterState.SUSPENDED,
    MatterState.DONE,
]

# The clock of the promise runs, or stands still for a while.
ON_THE_CLOCK = [MatterState.ACCEPTED, MatterState.SUSPENDED]


class MatterForm(models.TextChoices):
    """Which questions a kind of matter asks, and what its result does."""

    CONSULTATION = "CONSULTATION", "政策咨询"
    CARD = "CARD", "优待证"
    HARDSHIP = "HARDSHIP", "困难帮扶"
    FILE_CHANGE = "FILE_CHANGE", "档案信息变更"
    PROOF = "PROOF", "身份证明"


class MatterChannel(models.TextChoices):
    """How a matter came in."""

    WEB = "WEB", "网上"
    COUNTER = "COUNTER", "窗口"
    PHONE = "PHONE", "电话"
    HOME_VISIT = "HOME_VISIT", "上门"


class Outcome(models.TextChoices):
    GRANTED = "GRANTED", "准予"
    REFUSED = "REFUSED", "不予"
    ANSWERED = "ANSWERED", "已答复"


# How a matter that is done reads, by its outcome: a refusal is no good news.
OUTCOME_WORDS = {
    Outcome.GRANTED: "办好了",
    Outcome.REFUSED: "没有批准",
    Outcome.ANSWERED: "已答复您",
}


class Delivery(models.TextChoices):
    ONLINE = "ONLINE", "网上查看"
    COUNTER = "COUNTER", "窗口领取"
    POST = "POST", "邮寄"
    HOME = "HOME", "送上门"


class MatterAct(models.TextChoices):
    """What happened to a matter; rows of its timeline, which is kept for good."""

    STARTED = "STARTED", "开始填写"
    SUBMITTED = "SUBMITTED", "提交"
    SUPPLEMENT_ASKED = "SUPPLEMENT_ASKED", "一次性告知补正"
    SUPPLEMENTED = "SUPPLEMENTED", "补充材料"
    ACCEPTED = "ACCEPTED", "受理"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予受理"
    RETURNED = "RETURNED", "退件"
    SUSPENDED = "SUSPENDED", "挂起，停止计时"
    RESUMED = "RESUMED", "恢复计时"
    STEP = "STEP", "办理进展"
    DONE = "DONE", "办结"
    DELIVERED = "DELIVERED", "送达"
    WITHDRAWN = "WITHDRAWN", "撤回"
    ENDED = "ENDED", "终止"
    ARCHIVED = "ARCHIVED", "归档"
    FILE_ADDED = "FILE_ADDED", "上传材料"
    FILE_REMOVED = "FILE_REMOVED", "移除材料"
    HANDED_OVER = "HANDED_OVER", "转办"
    TRANSFERRED = "TRANSFERRED", "随档案转到新站点"
    MERGED = "MERGED", "随档案合并"


# What the person reads where the desk's word would not tell them anything.
CITIZEN_ACTS = {
    MatterAct.SUPPLEMENT_ASKED: "请补充材料",
    MatterAct.SUSPENDED: "暂停计时",
    MatterAct.NOT_ACCEPTED: "不能受理",
    MatterAct.RETURNED: "材料未补齐，已退回",
}


class DocumentKind(models.TextChoices):
    """Papers the portal issues; each can be verified by its code."""

    RECEIPT = "RECEIPT", "收件凭证"
    SUPPLEMENT = "SUPPLEMENT", "补正告知书"
    ACCEPTANCE = "ACCEPTANCE", "受理通知书"
    REFUSAL = "REFUSAL", "不予受理通知书"
    RESULT = "RESULT", "办结通知书"
    IDENTITY_PROOF = "IDENTITY_PROOF", "享受优待身份证明"
    INTRODUCTION_LETTER = "INTRODUCTION_LETTER", "安置介绍信"
    SELECTION_CONFIRMATION = "SELECTION_CONFIRMATION", "选岗确认表"
    TRAINING_CERTIFICATE = "TRAINING_CERTIFICATE", "培训合格证书"


class CardKind(models.TextChoices):
    """The two national cards (`domain.md` B.4)."""

    VETERAN = "VETERAN", "退役军人优待证"
    BEREAVED = "BEREAVED", "烈士、因公牺牲军人、病故军人遗属优待证"


class CardState(models.TextChoices):
    """From the application to the card's end (`domain.md` B.4); the portal guides and tracks."""

    SUBMITTED = "SUBMITTED", "已提交"
    NEED_FIX = "NEED_FIX", "待补正"
    TOWN_ACCEPTED = "TOWN_ACCEPTED", "镇街已受理"
    COUNTY_OK = "COUNTY_OK", "县级通过"
    CITY_OK = "CITY_OK", "市级通过"
    PROVINCE_OK = "PROVINCE_OK", "省级备案"
    PRODUCING = "PRODUCING", "制卡中"
    AT_COUNTY = "AT_COUNTY", "县级签收"
    AT_TOWN = "AT_TOWN", "待领取"
    ISSUED = "ISSUED", "已发放"
    REJECTED = "REJECTED", "不予发放"
    TEMP_LOST = "TEMP_LOST", "临时挂失"
    LOST = "LOST", "正式挂失"
    REPLACED = "REPLACED", "已换领"
    CANCELLED = "CANCELLED", "已注销"


CARD_TRANSITIONS = [
    (CardState.SUBMITTED, CardState.NEED_FIX),
    (CardState.SUBMITTED, CardState.TOWN_ACCEPTED),
    (CardState.SUBMITTED, CardState.REJECTED),
    (CardState.SUBMITTED, CardState.CANCELLED),
    (CardState.NEED_FIX, CardState.SUBMITTED),
    (CardState.NEED_FIX, CardState.CANCELLED),
    (CardState.TOWN_ACCEPTED, CardState.COUNTY_OK),
    (CardState.TOWN_ACCEPTED, CardState.REJECTED),
    (CardState.COUNTY_OK, CardState.CITY_OK),
    (CardState.COUNTY_OK, CardState.REJECTED),
    (CardState.CITY_OK, CardState.PROVINCE_OK),
    (CardState.CITY_OK, CardState.REJECTED),
    (CardState.PROVINCE_OK, CardState.PRODUCING),
    (CardState.PROVINCE_OK, CardState.REJECTED),
    (CardState.PRODUCING, CardState.AT_COUNTY),
    (CardState.AT_COUNTY, CardState.AT_TOWN),
    (CardState.AT_TOWN, CardState.ISSUED),
    (CardState.ISSUED, CardState.TEMP_LOST),
    (CardState.TEMP_LOST, CardState.ISSUED),
    (CardState.ISSUED, CardState.LOST),
    (CardState.TEMP_LOST, CardState.LOST),
    (CardState.ISSUED, CardState.REPLACED),
    (CardState.LOST, CardState.REPLACED),
    (CardState.ISSUED, CardState.CANCELLED),
    (CardState.TEMP_LOST, CardState.CANCELLED),
    (CardState.LOST, CardState.CANCELLED),
    (CardState.TOWN_ACCEPTED, CardState.CANCELLED),
]

CARD_ENDED = [CardState.REJECTED, CardState.REPLACED, CardState.CANCELLED]
