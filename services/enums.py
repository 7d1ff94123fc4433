from django.db import models


class DivisionLevel(models.IntegerChoices):
    PROVINCE = 1, "省"
    CITY = 2, "市"
    DISTRICT = 3, "市（县）区"
    TOWN = 4, "镇（街道）"
    VILLAGE = 5, "村（社区）"


class DivisionKind(models.TextChoices):
    ORDINARY = "ORDINARY", "行政区划"
    DEVELOPMENT_ZONE = "DEVELOPMENT_ZONE", "开发区（统计用区划）"
    FUNCTIONAL_AREA = "FUNCTIONAL_AREA", "功能区"


class Tier(models.IntegerChoices):
    CITY = 1, "市级"
    DISTRICT = 2, "市（县）区级"
    TOWN = 3, "镇（街道）级"
    VILLAGE = 4, "村（社区）级"


class StationKind(models.TextChoices):
    """Ordinary stations form the four tiers; the others hang beside the tree (`domain.md` B.1)."""

    ORDINARY = "ORDINARY", "退役军人服务中心（站）"
    CAMPUS = "CAMPUS", "高校服务站"
    SCENIC = "SCENIC", "景区服务站"
    BRANCH = "BRANCH", "分中心"
    CARE_CENTRE = "CARE_CENTRE", "尊戎医养服务中心"
    RETIRED_CADRE = "RETIRED_CADRE", "军休服务站"


class ModelStatus(models.TextChoices):
    NOT_APPLIED = "NOT_APPLIED", "未申报"
    APPLYING = "APPLYING", "申报中"
    NAMED = "NAMED", "已命名"
    REVOKED = "REVOKED", "已撤销"


class Role(models.TextChoices):
    CLERK = "CLERK", "经办人"
    REVIEWER = "REVIEWER", "审核人"
    HEAD = "HEAD", "负责人"


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


class OncePer(models.TextChoices):
    """How often one person may hold an active booking of an offering."""

    SLOT = "SLOT", "每个时段一次"
    DAY = "DAY", "每天一次"
    SEASON = "SEASON", "每季一次"


class BookingState(models.TextChoices):
    PENDING = "PENDING", "待审核"
    CONFIRMED = "CONFIRMED", "已预约"
    CHECKED_IN = "CHECKED_IN", "已到场"
    SERVED = "SERVED", "已办结"
    CANCELLED = "CANCELLED", "已取消"
    NO_SHOW = "NO_SHOW", "未到场"


BOOKING_TRANSITIONS = [
    (BookingState.PENDING, BookingState.CONFIRMED),
    (BookingState.PENDING, BookingState.CANCELLED),
    (BookingState.CONFIRMED, BookingState.CHECKED_IN),
    (BookingState.CONFIRMED, BookingState.CANCELLED),
    (BookingState.CONFIRMED, BookingState.NO_SHOW),
    (BookingState.NO_SHOW, BookingState.CHECKED_IN),
    (BookingState.CHECKED_IN, BookingState.SERVED),
]
BOOKING_TONES = {
    BookingState.PENDING: "warning",
    BookingState.CONFIRMED: "note",
    BookingState.CHECKED_IN: "done",
    BookingState.SERVED: "done",
    BookingState.CANCELLED: "quiet",
    BookingState.NO_SHOW: "error",
}
COMING_STATES = [BookingState.PENDING, BookingState.CONFIRMED]
# Who counts against "once per day": a no-show may book again.
COUNTED_STATES = [
    BookingState.PENDING,
    BookingState.CONFIRMED,
    BookingState.CHECKED_IN,
    BookingState.SERVED,
]
# Who holds a place: a no-show's place was kept free and stays counted.
HOLDING_STATES = [*COUNTED_STATES, BookingState.NO_SHOW]


class CancelledAs(models.TextChoices):
    CITIZEN = "CITIZEN", "本人"
    STATION = "STATION", "站点"
    SYSTEM = "SYSTEM", "系统"


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", "核对中"
    CHECKED = "CHECKED", "核对完毕"
    IMPORTING = "IMPORTING", "导入中"
    IMPORTED = "IMPORTED", "已导入"
    FAILED = "FAILED", "未完成"
