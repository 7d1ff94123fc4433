"""Words of fairs, vacancies and intentions (`domain.md` B.7)."""

from django.db import models


class FairState(models.TextChoices):
    DRAFT = "DRAFT", "筹备中"
    OPEN = "OPEN", "报名中"
    HELD = "HELD", "已举办"
    CANCELLED = "CANCELLED", "已取消"


FAIR_TRANSITIONS = [
    (FairState.DRAFT, FairState.OPEN),
    (FairState.DRAFT, FairState.CANCELLED),
    (FairState.OPEN, FairState.HELD),
    (FairState.OPEN, FairState.CANCELLED),
]
FAIR_TONES = {
    FairState.DRAFT: "warning",
    FairState.OPEN: "note",
    FairState.HELD: "done",
    FairState.CANCELLED: "quiet",
}


class FairEmployerState(models.TextChoices):
    APPLIED = "APPLIED", "待核对"
    ACCEPTED = "ACCEPTED", "已通过"
    REFUSED = "REFUSED", "未通过"
    WITHDRAWN = "WITHDRAWN", "已退出"


FAIR_EMPLOYER_TRANSITIONS = [
    (FairEmployerState.APPLIED, FairEmployerState.ACCEPTED),
    (FairEmployerState.APPLIED, FairEmployerState.REFUSED),
    (FairEmployerState.APPLIED, FairEmployerState.WITHDRAWN),
    (FairEmployerState.ACCEPTED, FairEmployerState.WITHDRAWN),
    (FairEmployerState.REFUSED, FairEmployerState.APPLIED),  # mended and sent again
    (FairEmployerState.WITHDRAWN, FairEmployerState.APPLIED),
]
FAIR_EMPLOYER_TONES = {
    FairEmployerState.APPLIED: "warning",
    FairEmployerState.ACCEPTED: "done",
    FairEmployerState.REFUSED: "error",
    FairEmployerState.WITHDRAWN: "quiet",
}
# Who holds a stand.
AT_A_STAND = [FairEmployerState.APPLIED, FairEmployerState.ACCEPTED]


class VacancyState(models.TextChoices):
    SUBMITTED = "SUBMITTED", "待核对"
    OPEN = "OPEN", "招聘中"
    REFUSED = "REFUSED", "未通过"
    CLOSED = "CLOSED", "已结束"


VACANCY_TRANSITIONS = [
    (VacancyState.SUBMITTED, VacancyState.OPEN),
    (VacancyState.SUBMITTED, VacancyState.REFUSED),
    (VacancyState.SUBMITTED, VacancyState.CLOSED),
    (VacancyState.OPEN, VacancyState.SUBMITTED),  # changed, so it is checked again
    (VacancyState.OPEN, VacancyState.CLOSED),
    (VacancyState.REFUSED, VacancyState.SUBMITTED),
    (VacancyState.REFUSED, VacancyState.CLOSED),
    (VacancyState.CLOSED, VacancyState.SUBMITTED),
]
VACANCY_TONES = {
    VacancyState.SUBMITTED: "warning",
    VacancyState.OPEN: "done",
    VacancyState.REFUSED: "error",
    VacancyState.CLOSED: "quiet",
}


class PostKind(models.TextChoices):
    """Ordinary vacancies, and the kinds of posts that directed recruitment reserves (A117, A304)."""

    ORDINARY = "ORDINARY", "普通岗位"
    SOLDIER_TEACHER = "SOLDIER_TEACHER", "兵教师"
    SOLDIER_SECRETARY = "SOLDIER_SECRETARY", "兵支书"
    COMMUNITY_WORKER = "COMMUNITY_WORKER", "村（社区）工作者专岗"
    OTHER_DIRECTED = "OTHER_DIRECTED", "其他定向岗位"


DIRECTED = [each for each in PostKind if each != PostKind.ORDINARY]


class JobField(models.TextChoices):
    MANUFACTURE = "MANUFACTURE", "生产制造"
    ELECTRIC = "ELECTRIC", "电气维修"
    COMPUTER = "COMPUTER", "信息技术"
    LOGISTICS = "LOGISTICS", "物流驾驶"
    SECURITY = "SECURITY", "安保消防"
    PROPERTY = "PROPERTY", "物业后勤"
    SALES = "SALES", "销售市场"
    OFFICE = "OFFICE", "行政文职"
    FINANCE = "FINANCE", "财务金融"
    EDUCATION = "EDUCATION", "教育培训"
    HEALTH = "HEALTH", "医疗养老"
    COMMUNITY = "COMMUNITY", "社区工作"
    CATERING = "CATERING", "餐饮文旅"
    CONSTRUCTION = "CONSTRUCTION", "工程建设"
    OTHER = "OTHER", "其他"


class Education(models.IntegerChoices):
    """In their order, so that "at least" is a comparison."""

    ANY = 0, "不限"
    MIDDLE = 1, "初中"
    HIGH = 2, "高中或中专"
    COLLEGE = 3, "大专"
    BACHELOR = 4, "本科"
    MASTER = 5, "研究生"


class IntentStage(models.TextChoices):
    """How far a person and an employer have come; WISHED is the person's word alone."""

    WISHED = "WISHED", "本人有意"
    FIRST = "FIRST", "初步意向"
    INTERVIEW = "INTERVIEW", "面试"
    HIRED = "HIRED", "录用"
    SEATED = "SEATED", "到岗"
    ENDED = "ENDED", "未成"


INTENT_ROAD = [
    IntentStage.WISHED,
    IntentStage.FIRST,
    IntentStage.INTERVIEW,
    IntentStage.HIRED,
    IntentStage.SEATED,
]
INTENT_OPEN = INTENT_ROAD[:-1]
# A step may be left out, never gone back.
INTENT_TRANSITIONS = [
    *((a, b) for i, a in enumerate(INTENT_ROAD) for b in INTENT_ROAD[i + 1 :]),
    *((stage, IntentStage.ENDED) for stage in INTENT_OPEN),
]
INTENT_TONES = {
    IntentStage.WISHED: "warning",
    IntentStage.FIRST: "note",
    IntentStage.INTERVIEW: "note",
    IntentStage.HIRED: "done",
    IntentStage.SEATED: "done",
    IntentStage.ENDED: "quiet",
}


class EndedAs(models.TextChoices):
    PERSON = "PERSON", "本人放弃"
    EMPLOYER = "EMPLOYER", "单位未选"
    CLOSED = "CLOSED", "岗位结束"
