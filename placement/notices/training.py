"""What people are told of their training."""

from django.urls import reverse

from accounts import messages
from placement.enums.training import TrainingResult

KIND = "placement.training"


def tell_result(enrolment):
    """Tell the person what came of a course: by account, else by the phone in the file, else nobody."""
    person = enrolment.person
    if person.account_id is None and not person.phone:
        return
    course = enrolment.run.course
    passed = enrolment.result == TrainingResult.PASSED
    if passed:
        body = f"您参加的“{course.title}”已结业，成绩合格，证书可以在“我的培训”里下载。"
    elif enrolment.result == TrainingResult.ABSENT:
        body = f"您参加的“{course.title}”已结业，出勤学时不够，没有计成绩。可以报下一期。"
    else:
        body = f"您参加的“{course.title}”已结业，成绩没有达到{course.pass_mark}分。可以报下一期。"
    messages.tell(
        to=person.account,
        phone=None if person.account_id else person.phone,
        kind=KIND,
        title="培训证书已发放" if passed else "培训结果",
        body=f"{body}有疑问请拨打{enrolment.run.station.phone or '12345'}。",
        url=reverse("placement:my_training"),
        about=enrolment,
        dedupe=f"training-result:{enrolment.pk}",
    )
