"""Words of the network: divisions, stations, roles."""

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
