"""Demonstration vacancies: titles that fit the nature of an employer, with plain conditions."""

from datetime import timedelta

from django.utils import timezone

from placement.enums.fairs import Education, JobField, PostKind, VacancyState
from placement.models import Vacancy
from services.enums import PartnerNature as Nature

# Title, field, pay from and to, education, age limit, requirement, duty.
COMPANY = (
    ("数控车工", JobField.MANUFACTURE, 6500, 9000, Education.HIGH, 45, "能看图纸，有操作经验优先", "操作数控车床，做好首件检验"),
    ("装配技工", JobField.MANUFACTURE, 5500, 8000, Education.MIDDLE, 50, "适应两班倒", "按工艺装配和调试设备"),
    ("设备维修电工", JobField.ELECTRIC, 6000, 8500, Education.HIGH, 50, "有电工证", "设备日常维修和保养"),
    ("安全管理员", JobField.SECURITY, 5500, 7500, Education.COLLEGE, 45, "责任心强", "厂区消防和安全巡查"),
    ("保安队长", JobField.SECURITY, 5000, 6500, Education.HIGH, 50, "退役军人优先，带过队伍", "带班、值守、处置突发情况"),
    ("货运驾驶员", JobField.LOGISTICS, 7000, 10000, Education.MIDDLE, 50, "有A2驾驶证，三年以上驾龄", "市内和省内干线运输"),
    ("仓储管理员", JobField.LOGISTICS, 5000, 6500, Education.HIGH, 48, "会用电脑", "收发货、盘点、叉车调度"),
    ("软件测试工程师", JobField.COMPUTER, 8000, 12000, Education.BACHELOR, 35, "懂测试流程", "编写用例、执行测试"),
    ("运维工程师", JobField.COMPUTER, 7500, 11000, Education.COLLEGE, 38, "熟悉网络和服务器", "机房值守和系统维护"),
    ("销售经理", JobField.SALES, 6000, 15000, Education.COLLEGE, 40, "能出差", "客户开发和维护"),
    ("物业项目主管", JobField.PROPERTY, 6000, 8000, Education.COLLEGE, 45, "有管理经验", "项目日常管理和协调"),
    ("公交驾驶员", JobField.LOGISTICS, 6500, 8500, Education.MIDDLE, 50, "有A1或A3驾驶证", "公交线路营运"),
)  # fmt: skip
PUBLIC = (
    ("档案整理员", JobField.OFFICE, 4500, 5500, Education.COLLEGE, 40, "细心，保密意识强", "档案整理、扫描、编目"),
    ("综合执法辅助人员", JobField.OFFICE, 5000, 6200, Education.COLLEGE, 35, "身体健康，退役军人优先", "巡查、劝导、值班"),
    ("便民服务窗口", JobField.OFFICE, 4500, 5500, Education.COLLEGE, 40, "普通话标准", "接待群众、受理业务"),
    ("体育教师助理", JobField.EDUCATION, 5000, 6500, Education.BACHELOR, 35, "有教师资格证优先", "协助体育课和国防教育"),
    ("安全保卫干事", JobField.SECURITY, 5000, 6500, Education.HIGH, 45, "退役军人优先", "校园和场馆安全"),
    ("后勤管理员", JobField.PROPERTY, 4800, 6000, Education.HIGH, 45, "吃苦耐劳", "物资、维修、车辆调度"),
    ("志愿服务项目专员", JobField.COMMUNITY, 4800, 6000, Education.COLLEGE, 38, "会写材料", "组织志愿服务活动"),
    ("场馆讲解员", JobField.CATERING, 4500, 6000, Education.COLLEGE, 35, "形象好，表达清楚", "讲解和接待"),
)  # fmt: skip
COMPANIES = (Nature.STATE_ENTERPRISE, Nature.PRIVATE_ENTERPRISE)
OPEN_DAYS = 75


def vacancies(random, partner, headcounts, *, by, at, closed_at=None, waits=False):
    """Vacancies of a partner with these headcounts; checked unless it `waits`, closed at a time."""
    kinds = COMPANY if partner.nature in COMPANIES else PUBLIC
    chosen = random.sample(kinds, len(headcounts))
    made = [
        _vacancy(random, partner, each, count, by, at, closed_at, waits)
        for each, count in zip(chosen, headcounts, strict=True)
    ]
    return Vacancy.objects.bulk_create(made)


def _vacancy(random, partner, sample, headcount, by, at, closed_at, waits):
    title, field, low, high, education, age_to, requirements, duties = sample
    state = VacancyState.SUBMITTED if waits else VacancyState.OPEN
    decided = {} if waits else {"decided_by": by, "decided_at": at + timedelta(days=1)}
    if closed_at is not None:
        state = VacancyState.CLOSED
    vacancy = Vacancy(
        partner=partner, station=partner.station, employer_name=partner.name,
        kind=PostKind.ORDINARY, title=title, field=field, headcount=headcount,
        division=partner.division, address=partner.address, pay_from=low, pay_to=high,
        education=education, age_to=age_to, requirements=requirements, duties=duties,
        veterans_only=random.random() < 0.15,
        open_until=timezone.localdate(closed_at or at + timedelta(days=OPEN_DAYS)),
        state=state, closed_at=closed_at, reason="招聘结束" if closed_at else "",
        created_by=partner.applied_by, created_at=at, submitted_at=at, **decided,
    )  # fmt: skip
    vacancy.set_search_keys()
    return vacancy
