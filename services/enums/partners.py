"""Words of partners: employers, banks, training providers (`domain.md` A.1, A109, A121)."""

from django.db import models


class PartnerRole(models.TextChoices):
    """What an organisation does with the bureau; it may do several things."""

    EMPLOYER = "EMPLOYER", "用人单位"
    BANK = "BANK", "合作银行"
    TRAINER = "TRAINER", "培训机构"


class PartnerNature(models.TextChoices):
    """The nature of an organisation; the first four are the classes that take veterans in (A109)."""

    PARTY_GOVERNMENT = "PARTY_GOVERNMENT", "党政机关"
    MASS_ORGANISATION = "MASS_ORGANISATION", "群团组织"
    INSTITUTION = "INSTITUTION", "事业单位"
    STATE_ENTERPRISE = "STATE_ENTERPRISE", "国有企业"
    PRIVATE_ENTERPRISE = "PRIVATE_ENTERPRISE", "民营企业"
    SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION", "社会组织"
    OTHER = "OTHER", "其他"


class PartnerState(models.TextChoices):
    APPLIED = "APPLIED", "待核对"
    APPROVED = "APPROVED", "合作中"
    REFUSED = "REFUSED", "未通过"
    ENDED = "ENDED", "已终止"


PARTNER_TRANSITIONS = [
    (PartnerState.APPLIED, PartnerState.APPROVED),
    (PartnerState.APPLIED, PartnerState.REFUSED),
    (PartnerState.REFUSED, PartnerState.APPLIED),  # mended and sent again
    (PartnerState.APPROVED, PartnerState.ENDED),
    (PartnerState.ENDED, PartnerState.APPROVED),
]

PARTNER_TONES = {
    PartnerState.APPLIED: "warning",
    PartnerState.APPROVED: "done",
    PartnerState.REFUSED: "error",
    PartnerState.ENDED: "quiet",
}
