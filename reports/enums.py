from django.db import models


class ReturnState(models.TextChoices):
    """A station's monthly return (`domain.md` C.3)."""

    NOT_STARTED = "NOT_STARTED", "未填"
    DRAFT = "DRAFT", "填报中"
    FILED = "FILED", "已上报"
    RETURNED = "RETURNED", "退回修改"
    ACCEPTED = "ACCEPTED", "已审核"
    LOCKED = "LOCKED", "已锁定"


RETURN_TRANSITIONS = [
    (ReturnState.NOT_STARTED, ReturnState.DRAFT),
    (ReturnState.NOT_STARTED, ReturnState.FILED),
    (ReturnState.DRAFT, ReturnState.FILED),
    (ReturnState.FILED, ReturnState.RETURNED),
    (ReturnState.FILED, ReturnState.ACCEPTED),
    (ReturnState.RETURNED, ReturnState.FILED),
    (ReturnState.ACCEPTED, ReturnState.RETURNED),
    (ReturnState.NOT_STARTED, ReturnState.LOCKED),
    (ReturnState.DRAFT, ReturnState.LOCKED),
    (ReturnState.FILED, ReturnState.LOCKED),
    (ReturnState.RETURNED, ReturnState.LOCKED),
    (ReturnState.ACCEPTED, ReturnState.LOCKED),
]
# Figures count upwards once the station has filed them.
REPORTED = [ReturnState.FILED, ReturnState.ACCEPTED, ReturnState.LOCKED]
EDITABLE = [ReturnState.NOT_STARTED, ReturnState.DRAFT, ReturnState.RETURNED]


class ReturnAct(models.TextChoices):
    """Why a version of a return was kept."""

    OPENED = "OPENED", "系统生成"
    REFRESHED = "REFRESHED", "刷新系统数"
    SAVED = "SAVED", "保存"
    UPLOADED = "UPLOADED", "表格上传"
    FILED = "FILED", "上报"
    RETURNED = "RETURNED", "退回"
    ACCEPTED = "ACCEPTED", "审核通过"
    LOCKED = "LOCKED", "锁定"
