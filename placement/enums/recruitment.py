"""Words of directed recruitment (定向招录): its steps by `domain.md` B.7."""

from django.db import models


class RecruitmentState(models.TextChoices):
    DRAFT = "DRAFT", "起草中"
    PUBLISHED = "PUBLISHED", "进行中"
    ENDED = "ENDED", "已结束"
    CANCELLED = "CANCELLED", "已取消"


RECRUITMENT_TRANSITIONS = [
    (RecruitmentState.DRAFT, RecruitmentState.PUBLISHED),
    (RecruitmentState.DRAFT, RecruitmentState.CANCELLED),
    (RecruitmentState.PUBLISHED, RecruitmentState.ENDED),
    (RecruitmentState.PUBLISHED, RecruitmentState.CANCELLED),
]
RECRUITMENT_TONES = {
    RecruitmentState.DRAFT: "warning",
    RecruitmentState.PUBLISHED: "note",
    RecruitmentState.ENDED: "done",
    RecruitmentState.CANCELLED: "quiet",
}


class RecruitStep(models.IntegerChoices):
    """The usual steps in their order; a notice may leave some out."""

    NOTICE = 1, "公告"
    SIGN_UP = 2, "报名"
    CHECK = 3, "资格审查"
    WRITTEN = 4, "笔试"
    INTERVIEW = 5, "面试"
    MEDICAL = 6, "体检"
    REVIEW = 7, "考察"
    PUBLICITY = 8, "公示"
    HIRED = 9, "聘用"


# Steps that an applicant passes or not.
TESTED = [
    RecruitStep.CHECK,
    RecruitStep.WRITTEN,
    RecruitStep.INTERVIEW,
    RecruitStep.MEDICAL,
    RecruitStep.REVIEW,
]
SCORED = [RecruitStep.WRITTEN, RecruitStep.INTERVIEW]


class ApplicantState(models.TextChoices):
    IN = "IN", "进行中"
    OUT = "OUT", "未通过"
    WITHDRAWN = "WITHDRAWN", "本人放弃"
    HIRED = "HIRED", "已聘用"


APPLICANT_TRANSITIONS = [
    (ApplicantState.IN, ApplicantState.OUT),
    (ApplicantState.IN, ApplicantState.WITHDRAWN),
    (ApplicantState.IN, ApplicantState.HIRED),
]
APPLICANT_TONES = {
    ApplicantState.IN: "note",
    ApplicantState.OUT: "quiet",
    ApplicantState.WITHDRAWN: "quiet",
    ApplicantState.HIRED: "done",
}
