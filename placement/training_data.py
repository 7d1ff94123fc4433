"""What training holds about a signed-in person (see accounts.my_data)."""

from accounts.my_data import Section
from placement.models import Enrolment, TrainingDuty
from veterans_portal import chinese_dates


def subjects(user):
    """The person's enrolments and duties."""
    return [
        *Enrolment.objects.visible_to(user).select_related("person", "run"),
        *TrainingDuty.objects.visible_to(user).select_related("person"),
    ]


def sections(user):
    """Courses with their results, and what should be attended."""
    courses = [
        [
            ("课程", each.run.course.title),
            ("班次", each.run.title),
            ("结果", each.get_result_display() if each.result else "还没有结业"),
            ("学时", each.hours if each.hours is not None else "—"),
            ("成绩", each.score if each.score is not None else "—"),
            ("我的评价", each.grade or "—"),
        ]
        for each in Enrolment.objects.visible_to(user).with_all()
    ]
    duties = [
        [
            ("应训期限", chinese_dates.plain(each.due_on)),
            ("状态", each.get_state_display()),
            ("免训原因", each.get_reason_display() if each.reason else "—"),
        ]
        for each in TrainingDuty.objects.visible_to(user)
    ]
    return [
        *([Section("培训", rows=courses)] if courses else []),
        *([Section("适应性培训", rows=duties)] if duties else []),
    ]
