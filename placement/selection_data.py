"""What the selection and the letters hold about a signed-in person (see accounts.my_data)."""

from accounts.my_data import Section
from placement.models import IntroductionLetter, SelectionTurn
from veterans_portal import chinese_dates


def _letters(user):
    mine = IntroductionLetter.objects.filter(case__person__account=user)
    return mine.select_related("employer")


def subjects(user):
    """Their letters; turns are reached by the placement file."""
    return list(_letters(user))


def sections(user):
    """Their turns with what they chose, and the letters that followed."""
    turns = SelectionTurn.objects.filter(case__person__account=user)
    chosen = [
        [
            ("选岗会", each.session.title),
            ("顺序", each.position),
            ("总分", each.total),
            ("状态", each.get_state_display()),
            ("选的岗位", str(each.post) if each.post else "—"),
        ]
        for each in turns.select_related("session", "post")
    ]
    letters = [
        [
            ("单位", each.employer.name),
            ("岗位", each.post_title),
            ("开具日期", chinese_dates.plain(each.issued_on)),
            ("上岗日期", chinese_dates.plain(each.seated_on) if each.seated_on else "—"),
        ]
        for each in _letters(user)
    ]
    return [
        *([Section("选岗", rows=chosen)] if chosen else []),
        *([Section("安置介绍信", rows=letters)] if letters else []),
    ]
