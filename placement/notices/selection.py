"""What people are told of choosing a post and of what follows."""

from django.urls import reverse
from django.utils import timezone

from accounts import messages
from placement.notices.cases import day, tell
from services.actions.persons import tell_person
from veterans_portal import chinese_dates

KIND = "placement.selection"
MINUTE = 60


def _tell(case, session, title, body, *, dedupe=None):
    tell_person(
        case.person, kind=KIND, title=title,
        body=f"{body}有疑问请拨打{session.station.phone or '12345'}。",
        about=session, url=reverse("placement:my_selections"), dedupe=dedupe,
    )  # fmt: skip


def invite(session):
    """Everybody in the order: when, where, which place."""
    for turn in session.turns.select_related("case__person__account"):
        _tell(
            turn.case, session, "请参加选岗",
            f"{session.title}定于{chinese_dates.moment(session.starts_at)}在{session.venue}举行，"
            f"您是第{turn.position}位。可以到场，也可以用手机选。不能参加的，请出具书面委托书。",
            dedupe=f"selection:{session.pk}:{turn.pk}",
        )  # fmt: skip


def called_off(session):
    """Everybody in the order: it does not take place."""
    for turn in session.turns.select_related("case__person__account"):
        _tell(
            turn.case, session, "选岗会已取消",
            f"{session.title}已取消，原因：{session.reason}。新的时间另行通知。",
        )  # fmt: skip


def called(turn, case):
    """The one whose turn it is."""
    session = turn.session
    until = timezone.localtime(session.deadline)
    minutes = session.rules["turn_seconds"] // MINUTE
    _tell(
        case, session, "轮到您选岗",
        f"现在轮到您选岗，有{minutes}分钟，请在{until:%H:%M:%S}前选定。"
        "打开平台“我的选岗”，或告诉现场工作人员。",
        dedupe=f"selection-called:{turn.pk}:{turn.calls}",
    )  # fmt: skip


def missed(turn, session):
    """The one who did not choose in time, and what they can do."""
    minutes = session.rules["late_seconds"] // MINUTE
    if turn.state == "MISSED":
        body = f"到时间您还没有选定，先请下一位选。{minutes}分钟以内到场或来电，可以补选。"
    else:
        body = "第二次到时间您还没有选定，这场选岗会您没有选岗。"
    _tell(turn.case, session, "您错过了选岗时间", body)


def returned(turn, why):
    """The one who is called again next."""
    _tell(turn.case, turn.session, "请准备再选", f"{why}当前这一位选完后就叫您。")


def chosen(turn):
    """What was chosen, to whoever chose it or had it chosen."""
    _tell(
        turn.case, turn.session, "已选定岗位",
        f"您选定了{turn.post.employer_name}的{turn.post.title}（{turn.post.place}）。"
        "结果公示以后开具介绍信。",
    )  # fmt: skip


def passed(turn):
    """Chose nothing this time."""
    _tell(turn.case, turn.session, "您这次没有选岗", "已按您的意思记为这次不选。")


def published(turn):
    """The result is shown to everybody."""
    tell(turn.case, (
        "选岗结果开始公示",
        f"您选定的{turn.post.employer_name}{turn.post.title}从{day(turn.session.publicity_from)}"
        f"起公示，到{day(turn.session.publicity_until)}结束。",
    ))  # fmt: skip


def annulled(turn):
    """The result does not stand."""
    tell(turn.case, (
        "选岗结果不作数", f"原因：{turn.annulled_reason}。您仍在待选岗名单里，下一场另行通知。"
    ))  # fmt: skip


def letter(letter_):
    """The letter, to the person and to those who work in the employer's room."""
    tell(letter_.case, (
        "安置介绍信已开",
        f"介绍信{letter_.number}已开，请带着它在{day(letter_.seat_by)}前到"
        f"{letter_.employer.name}报到。介绍信可以在“我的文书”里下载。",
    ))  # fmt: skip
    for member in letter_.employer.members.in_force().select_related("user"):
        messages.tell(
            to=member.user, kind=KIND, title="有退役军人来报到",
            body=f"介绍信{letter_.number}：{letter_.case.person.name}，{letter_.post_title}。"
            f"请在{day(letter_.seat_by)}前安排上岗，上岗后在平台确认；逾期的，按不低于本单位"
            f"平均工资的{letter_.wage_percent}%发放工资。",
            about=letter_, url=reverse("placement:partner_letters", args=[letter_.employer_id]),
            dedupe=f"letter:{letter_.pk}:{member.user_id}",
        )  # fmt: skip


def seated(letter_):
    """At work."""
    tell(letter_.case, ("祝贺上岗", f"{letter_.employer.name}已确认您上岗。"))
