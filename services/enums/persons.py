"""Words of the registration file and of what is asked about it."""

from django.db import models


class Sex(models.TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"


class FileState(models.TextChoices):
    """States of a registration file (`domain.md` B.2)."""

    DRAFT = "DRAFT", "采集中"
    SUBMITTED = "SUBMITTED", "待镇街审核"
    REVIEWED = "REVIEWED", "已审核待建档"
    FILED = "FILED", "已建档"
    CHANGE_PENDING = "CHANGE_PENDING", "信息变更中"
    MOVED = "MOVED", "已转出"
    CLOSED = "CLOSED", "已注销"
    MERGED = "MERGED", "已并入另一份档案"


FILE_TRANSITIONS = [
    (FileState.DRAFT, FileState.SUBMITTED),
    (FileState.SUBMITTED, FileState.DRAFT),
    (FileState.SUBMITTED, FileState.REVIEWED),
    (FileState.REVIEWED, FileState.FILED),
    (FileState.FILED, FileState.CHANGE_PENDING),
    (FileState.CHANGE_PENDING, FileState.FILED),
    (FileState.FILED, FileState.MOVED),
    (FileState.FILED, FileState.CLOSED),
    (FileState.CHANGE_PENDING, FileState.CLOSED),
    # merged as a duplicate, and back again within the week (undo)
    (FileState.DRAFT, FileState.MERGED),
    (FileState.FILED, FileState.MERGED),
    (FileState.MERGED, FileState.DRAFT),
    (FileState.MERGED, FileState.FILED),
]


class IdentityCategory(models.TextChoices):
    """The twelve categories of the 2018 national collection (`domain.md` B.2)."""

    TRANSFERRED_CADRE = "TRANSFERRED_CADRE", "军队转业干部"
    DISCHARGED_SOLDIER = "DISCHARGED_SOLDIER", "退役士兵"
    RETIRED_CADRE = "RETIRED_CADRE", "军队离退休干部和退休士官"
    CIVILIAN_RETIREE = "CIVILIAN_RETIREE", "军队无军籍离退休退职职工"
    DEMOBILISED = "DEMOBILISED", "复员军人"
    RED_ARMY = "RED_ARMY", "退伍红军老战士"
    DISABLED_SOLDIER = "DISABLED_SOLDIER", "残疾军人"
    DISABLED_MILITIA = "DISABLED_MILITIA", "享受国家抚恤的伤残民兵民工"
    MARTYR_FAMILY = "MARTYR_FAMILY", "烈士遗属"
    DUTY_DEATH_FAMILY = "DUTY_DEATH_FAMILY", "因公牺牲军人遗属"
    ILLNESS_DEATH_FAMILY = "ILLNESS_DEATH_FAMILY", "病故军人遗属"
    SERVING_FAMILY = "SERVING_FAMILY", "现役军人家属"


class PlacementWay(models.TextChoices):
    SELF_EMPLOYMENT = "SELF_EMPLOYMENT", "自主就业"
    ARRANGED_JOB = "ARRANGED_JOB", "安排工作"
    MONTHLY_PAY = "MONTHLY_PAY", "逐月领取退役金"
    TRANSFER = "TRANSFER", "转业"
    DEMOBILISED = "DEMOBILISED", "复员"
    RETIRED = "RETIRED", "退休"
    STATE_SUPPORT = "STATE_SUPPORT", "供养"


class DisabilityNature(models.TextChoices):
    WAR = "WAR", "因战"
    DUTY = "DUTY", "因公"
    ILLNESS = "ILLNESS", "因病"


class FileSource(models.TextChoices):
    ROSTER = "ROSTER", "名册导入"
    COUNTER = "COUNTER", "窗口采集"
    SELF = "SELF", "本人登记"


class RequestState(models.TextChoices):
    """A self-registration at a station."""

    OPEN = "OPEN", "待核对"
    CONFIRMED = "CONFIRMED", "已确认"
    RETURNED = "RETURNED", "已退回"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ChangeState(models.TextChoices):
    """A correction of a file in force."""

    OPEN = "OPEN", "待审核"
    ACCEPTED = "ACCEPTED", "已采纳"
    REFUSED = "REFUSED", "未采纳"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", "核对中"
    CHECKED = "CHECKED", "核对完毕"
    IMPORTING = "IMPORTING", "导入中"
    IMPORTED = "IMPORTED", "已导入"
    FAILED = "FAILED", "未完成"


class Relation(models.TextChoices):
    """What somebody who acts for another is to them."""

    SPOUSE = "SPOUSE", "配偶"
    CHILD = "CHILD", "子女"
    PARENT = "PARENT", "父母"
    SIBLING = "SIBLING", "兄弟姐妹"
    GRANDCHILD = "GRANDCHILD", "孙辈"
    OTHER_RELATIVE = "OTHER_RELATIVE", "其他亲属"
    GUARDIAN = "GUARDIAN", "法定监护人"
    VILLAGE_WORKER = "VILLAGE_WORKER", "村（社区）工作人员"
    OTHER = "OTHER", "其他受托人"


class ProxyProof(models.TextChoices):
    """What shows that somebody may act for another."""

    LETTER = "LETTER", "授权委托书"
    HOUSEHOLD = "HOUSEHOLD", "户口簿"
    MARRIAGE = "MARRIAGE", "结婚证"
    GUARDIANSHIP = "GUARDIANSHIP", "监护证明"
    IN_PERSON = "IN_PERSON", "本人到场说明"


class ProxyState(models.TextChoices):
    ASKED = "ASKED", "待核对"
    ACTIVE = "ACTIVE", "有效"
    REFUSED = "REFUSED", "未通过"
    ENDED = "ENDED", "已解除"


PROXY_TRANSITIONS = [
    (ProxyState.ASKED, ProxyState.ACTIVE),
    (ProxyState.ASKED, ProxyState.REFUSED),
    (ProxyState.ASKED, ProxyState.ENDED),
    (ProxyState.ACTIVE, ProxyState.ENDED),
]


class DuplicateState(models.TextChoices):
    """Two files that may be one person."""

    FOUND = "FOUND", "待核对"
    PROPOSED = "PROPOSED", "待对方站点同意"
    MERGED = "MERGED", "已合并"
    UNDONE = "UNDONE", "已撤销合并"
    DISTINCT = "DISTINCT", "不是同一人"


DUPLICATE_TRANSITIONS = [
    (DuplicateState.FOUND, DuplicateState.PROPOSED),
    (DuplicateState.FOUND, DuplicateState.MERGED),
    (DuplicateState.FOUND, DuplicateState.DISTINCT),
    (DuplicateState.PROPOSED, DuplicateState.FOUND),
    (DuplicateState.PROPOSED, DuplicateState.MERGED),
    (DuplicateState.PROPOSED, DuplicateState.DISTINCT),
    (DuplicateState.MERGED, DuplicateState.UNDONE),
    (DuplicateState.UNDONE, DuplicateState.FOUND),
    (DuplicateState.UNDONE, DuplicateState.DISTINCT),
    (DuplicateState.DISTINCT, DuplicateState.FOUND),
]


class DuplicateSign(models.TextChoices):
    """Why two files are taken for one person's."""

    ID_NUMBER = "ID_NUMBER", "证件号相近（错一位或颠倒）"
    NAME_BIRTH = "NAME_BIRTH", "姓名和出生日期相同"
    NAME_PHONE = "NAME_PHONE", "姓名和手机号相同"
    PHONE_BIRTH = "PHONE_BIRTH", "手机号和出生日期相同"


class TransferState(models.TextChoices):
    """A file on its way from one station to another; until accepted the old one keeps it."""

    ASKED = "ASKED", "待对方接收"
    ACCEPTED = "ACCEPTED", "已接收"
    REFUSED = "REFUSED", "未接收"
    WITHDRAWN = "WITHDRAWN", "已撤回"


TRANSFER_TRANSITIONS = [
    (TransferState.ASKED, TransferState.ACCEPTED),
    (TransferState.ASKED, TransferState.REFUSED),
    (TransferState.ASKED, TransferState.WITHDRAWN),
]


class TransferConsent(models.TextChoices):
    """How the person agreed that their file goes to another station."""

    SELF = "SELF", "本人网上提出"
    IN_PERSON = "IN_PERSON", "本人到场签字"
    PHONE = "PHONE", "电话确认"
    PROXY = "PROXY", "代办人代为同意"
