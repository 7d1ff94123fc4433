"""What is held about a person who looks for work: the CV, intentions, applications for reserved posts."""

from accounts.my_data import Section
from placement.models import Applicant, Cv, EmploymentIntent
from veterans_portal import chinese_dates

SHOWN = 50


def subjects(user):
    """Rows whose audit entries are about the person (looking at a CV is noted at the file)."""
    return [
        *EmploymentIntent.objects.visible_to(user),
        *Applicant.objects.visible_to(user),
    ]


def sections(user):
    """What is held, in words."""
    return [*_cv(user), *_intents(user), *_applications(user)]


def _cv(user):
    cv = Cv.objects.visible_to(user).select_related("division").first()
    if cv is None:
        return []
    fields = cv._meta.get_field("wanted_fields").base_field.choices
    wanted = [label for value, label in fields if value in cv.wanted_fields]
    facts = [
        ("学历", cv.get_education_display()),
        ("技能证书", cv.skills or "—"),
        ("工作经历", cv.experience or "—"),
        ("想做的行业", "、".join(wanted) or "—"),
        ("想在哪里工作", cv.division.name if cv.division else "都可以"),
        ("期望月薪", f"{cv.pay_from:.0f}元" if cv.pay_from else "—"),
        ("更新时间", chinese_dates.moment(cv.updated_at)),
    ]
    return [Section("求职简历", facts)]


def _intents(user):
    rows = [
        [
            ("岗位", f"{each.vacancy.employer_name} {each.vacancy.title}"),
            ("进展", each.get_stage_display()),
            ("登记", chinese_dates.moment(each.made_at)),
            ("单位可看简历", "是" if each.cv_is_shown else "否"),
        ]
        for each in EmploymentIntent.objects.visible_to(user).with_all()[:SHOWN]
    ]
    return [Section("就业意向", rows=rows)] if rows else []


def _applications(user):
    rows = [
        [
            ("公告", each.recruitment.title),
            ("岗位", each.post.title),
            ("报名号", each.number),
            ("状态", each.get_state_display()),
            ("报名", chinese_dates.moment(each.applied_at)),
        ]
        for each in Applicant.objects.visible_to(user).with_all()[:SHOWN]
    ]
    return [Section("定向招录报名", rows=rows)] if rows else []
