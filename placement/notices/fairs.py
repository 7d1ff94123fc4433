"""What employers and people are told of fairs, vacancies, intentions and directed recruitment."""

from django.urls import reverse

from accounts import messages
from placement.enums.fairs import IntentStage
from veterans_portal import chinese_dates

EMPLOYER = "placement.fair_employer"
PERSON = "placement.intent"
APPLICANT = "placement.applicant"


def _call(station):
    return f"有疑问请拨打{station.phone or '12345'}。"


def tell_partner(partner, title_and_body, *, about):
    """Tell everybody who acts for the partner today, in their inbox; nobody yet: its contact."""
    title, body = title_and_body
    members = list(partner.members.in_force().select_related("user"))
    for member in members:
        messages.tell(to=member.user, kind=EMPLOYER, title=title, body=body, about=about)
    if not members:
        messages.tell(
            phone=partner.contact_phone, kind=EMPLOYER, title=title, body=body, about=about
        )


def tell_employer(employer, title_and_body):
    """Tell the people of an employer at a fair."""
    tell_partner(employer.partner, title_and_body, about=employer)


def accepted(employer):
    fair = employer.fair
    return (
        "招聘会报名通过",
        f"{employer.partner.name}参加“{fair.title}”已通过，展位是{employer.stand_number}号。"
        f"{chinese_dates.day(fair.held_on)}，{fair.venue}。{_call(fair.station)}",
    )


def refused(employer):
    return (
        "招聘会报名没有通过",
        f"{employer.partner.name}参加“{employer.fair.title}”没有通过，原因：{employer.reason}。"
        f"改好以后可以再次报名。{_call(employer.fair.station)}",
    )


def vacancy_refused(vacancy):
    return (
        "岗位没有通过核对",
        f"“{vacancy.title}”没有通过，原因：{vacancy.reason}。改好以后可以再次提交。"
        f"{_call(vacancy.station)}",
    )


def wished(intent):
    return (
        "有人对岗位有意",
        f"一位退役军人对“{intent.vacancy.title}”有意，请在“合作单位”的就业意向里答复。",
    )


def given_up(intent):
    return "一位求职者放弃了", f"“{intent.vacancy.title}”的一位求职者放弃了，请在就业意向里看。"


def tell_person(intent, title_and_body):
    """Tell whoever it is about: the account of the file, else the phone that was left."""
    title, body = title_and_body
    to = intent.person.account if intent.person is not None else None
    if to is None and not intent.phone:
        return
    messages.tell(
        to=to, phone=None if to is not None else intent.phone, kind=PERSON, title=title,
        body=body, about=intent, url=reverse("placement:my_work") if to is not None else "",
    )  # fmt: skip


def _post(vacancy):
    return f"{vacancy.employer_name}的“{vacancy.title}”"


def reached(intent):
    return (
        "已登记就业意向",
        f"您与{_post(intent.vacancy)}达成初步意向，单位会与您联系。{_call(intent.station)}",
    )


ADVANCED = {
    IntentStage.FIRST: ("单位有意", "单位也有意，会与您联系"),
    IntentStage.INTERVIEW: ("面试", "已记为面试"),
    IntentStage.HIRED: ("录用", "已录用您，祝贺您"),
    IntentStage.SEATED: ("到岗", "已记为到岗，祝工作顺利"),
}


def advanced(intent):
    title, words = ADVANCED[IntentStage(intent.stage)]
    return f"求职进展：{title}", f"{_post(intent.vacancy)}：{words}。{_call(intent.station)}"


def not_chosen(intent):
    return (
        "求职进展：没有选上",
        f"{_post(intent.vacancy)}这次没有选上，原因：{intent.reason}。还有别的岗位，欢迎看看。",
    )


def vacancy_closed(vacancy):
    return "岗位已结束招聘", f"{_post(vacancy)}已结束招聘。还有别的岗位，欢迎看看。"


def tell_applicant(applicant, title_and_body):
    """Tell the person of their application for a reserved post."""
    title, body = title_and_body
    to = applicant.person.account
    if to is None and not applicant.person.phone:
        return
    messages.tell(
        to=to, phone=None if to is not None else applicant.person.phone, kind=APPLICANT,
        title=title, body=body, about=applicant,
        url=reverse("placement:my_work") if to is not None else "",
    )  # fmt: skip


def applied(applicant):
    return (
        "定向招录报名成功",
        f"您报了“{applicant.recruitment.title}”的{applicant.post.title}，"
        f"报名号{applicant.number}。下一步是资格审查，请留意消息。",
    )


def result(applicant, done):
    words = "通过" if done.passed else f"没有通过，原因：{applicant.reason}"
    score = f"，成绩{done.score:g}分" if done.score is not None else ""
    return (
        f"定向招录：{done.get_step_display()}",
        f"报名号{applicant.number}，{done.get_step_display()}{words}{score}。"
        f"{_call(applicant.recruitment.station)}",
    )


def hired(applicant):
    return (
        "定向招录：聘用",
        f"祝贺您！“{applicant.recruitment.title}”的{applicant.post.title}，您已被聘用。"
        f"{_call(applicant.recruitment.station)}",
    )


def recruitment_cancelled(applicant):
    return (
        "定向招录已取消",
        f"“{applicant.recruitment.title}”已取消，原因：{applicant.recruitment.reason}。"
        f"{_call(applicant.recruitment.station)}",
    )
