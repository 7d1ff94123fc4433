from django.db import models


class UserKind(models.TextChoices):
    CITIZEN = "CITIZEN", "公众"
    STAFF = "STAFF", "工作人员"
    ADMINISTRATOR = "ADMINISTRATOR", "管理员"


class AdminRole(models.TextChoices):
    """The three separated administrators (三员分立, `domain.md` D.1)."""

    SYSTEM = "SYSTEM", "系统管理员"
    SECURITY = "SECURITY", "安全管理员"
    AUDIT = "AUDIT", "审计管理员"


class Channel(models.TextChoices):
    INBOX = "INBOX", "站内消息"
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "电子邮件"


class MessageState(models.TextChoices):
    PENDING = "PENDING", "待发送"
    SENDING = "SENDING", "发送中"
    SENT = "SENT", "已发送"
    TOO_LATE = "TOO_LATE", "已过时未发"
    CAPPED = "CAPPED", "超出每日上限未发"
    CANCELLED = "CANCELLED", "已撤回"
    FAILED = "FAILED", "未能送达"
    UNCONFIRMED = "UNCONFIRMED", "未能确认是否送达"


class JobState(models.TextChoices):
    QUEUED = "QUEUED", "排队中"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "已完成"
    FAILED = "FAILED", "未完成"


class AuditOutcome(models.TextChoices):
    DONE = "DONE", "已执行"
    REFUSED = "REFUSED", "已拒绝"


class CodePurpose(models.TextChoices):
    SIGN_IN = "SIGN_IN", "登录或注册"
    NEW_PHONE = "NEW_PHONE", "更换手机号"
