"""Words of the year's plan: demand, versions, posts (`domain.md` A105-A110)."""

from django.db import models

from services.enums import PartnerNature

# The four classes of employers that take veterans in, in the order of A109.
PLACING_NATURES = [
    PartnerNature.PARTY_GOVERNMENT,
    PartnerNature.MASS_ORGANISATION,
    PartnerNature.INSTITUTION,
    PartnerNature.STATE_ENTERPRISE,
]


class EstablishmentKind(models.TextChoices):
    """What a post counts under (编制类型, A107)."""

    ADMINISTRATIVE = "ADMINISTRATIVE", "行政编制"
    CIVIL_SERVICE_LIKE = "CIVIL_SERVICE_LIKE", "参照公务员法管理"
    INSTITUTION = "INSTITUTION", "事业编制"
    SUPPORT = "SUPPORT", "机关工勤"
    ENTERPRISE = "ENTERPRISE", "国有企业合同制"


class DemandState(models.TextChoices):
    DRAFT = "DRAFT", "填写中"
    SUBMITTED = "SUBMITTED", "待审核"
    RETURNED = "RETURNED", "已退回"
    ACCEPTED = "ACCEPTED", "已采纳"


DEMAND_TRANSITIONS = [
    (DemandState.DRAFT, DemandState.SUBMITTED),
    (DemandState.SUBMITTED, DemandState.DRAFT),  # taken back by the employer
    (DemandState.SUBMITTED, DemandState.RETURNED),
    (DemandState.SUBMITTED, DemandState.ACCEPTED),
    (DemandState.RETURNED, DemandState.SUBMITTED),
    (DemandState.ACCEPTED, DemandState.RETURNED),  # before any plan holds it
]

DEMAND_TONES = {
    DemandState.DRAFT: "quiet",
    DemandState.SUBMITTED: "warning",
    DemandState.RETURNED: "error",
    DemandState.ACCEPTED: "done",
}


class PlanState(models.TextChoices):
    DRAFT = "DRAFT", "编制中"
    SUBMITTED = "SUBMITTED", "待批准"
    APPROVED = "APPROVED", "已批准"
    PUBLISHED = "PUBLISHED", "已公布"
    SUPERSEDED = "SUPERSEDED", "已被新版取代"


PLAN_TRANSITIONS = [
    (PlanState.DRAFT, PlanState.SUBMITTED),
    (PlanState.SUBMITTED, PlanState.DRAFT),  # sent back with a reason
    (PlanState.SUBMITTED, PlanState.APPROVED),
    (PlanState.APPROVED, PlanState.PUBLISHED),
    (PlanState.PUBLISHED, PlanState.SUPERSEDED),
    (PlanState.APPROVED, PlanState.SUPERSEDED),
]

PLAN_TONES = {
    PlanState.DRAFT: "quiet",
    PlanState.SUBMITTED: "warning",
    PlanState.APPROVED: "note",
    PlanState.PUBLISHED: "done",
    PlanState.SUPERSEDED: "quiet",
}
