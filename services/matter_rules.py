"""Decisions about matters, without a database but the calendar: the clock, its light, who may.

Terms count working days of `CalendarDay` only (`domain.md` D.8). Where the calendar does not reach,
Monday to Friday stand in, as in `services.actions.workdays`.
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from services.enums import MatterState
from services.models import CalendarDay
from veterans_portal.errors import DomainError

AMBER_DAYS = 2  # working days left
AMBER_SHARE = 5  # or a fifth of the promise, for long ones


class MatterError(DomainError):
    """A rule of matters refuses."""

    code = "matter_refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True)
class Light:
    """How a matter stands to its clock: the badge's tone, the words, working days left or None."""

    tone: str
    words: str
    left: int | None = None

    @property
    def is_red(self):
        return self.tone == "error"


STOPPED = Light("quiet", "停止计时")
NO_CLOCK = Light("quiet", "")


class Calendar:
    """The working days between two dates, read once for a whole list."""

    def __init__(self, first, last):
        days = CalendarDay.objects.filter(day__gte=first, day__lte=last)
        self.known = dict(days.values_list("day", "is_workday"))

    def between(self, start, end):
        """Working days after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(
            self.known.get(day, day.isoweekday() < 6)
            for day in (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        )


def days_left(due_on, *, today):
    """Working days from today to a day, today not counted; None without a day."""
    if due_on is None:
        return None
    return Calendar(min(due_on, today), max(due_on, today)).between(today, due_on)


def days_over(due_on, *, today):
    """Working days over a term; at least one once its last day has passed, on a day of rest too."""
    return 0 if today <= due_on else max(1, -days_left(due_on, today=today))


def lights(matters, *, today):
    """`{pk: Light}` for a list of matters, with one reading of the calendar."""
    dues = [term for each in matters if (term := term_of(each))]
    calendar = Calendar(min([*dues, today]), max([*dues, today]))
    return {each.pk: _light(each, calendar, today) for each in matters}


def light(matter, *, today):
    """The Light of one matter."""
    return lights([matter], today=today)[matter.pk]


def term_of(matter):
    """The day its next term ends: of the check, of the papers, of the promise; None when none runs."""
    return {
        MatterState.SUBMITTED: matter.check_by,
        MatterState.SUPPLEMENT: matter.supplement_by,
        MatterState.ACCEPTED: matter.due_on,
    }.get(matter.state)


def amber_days(promise):
    """From how many working days left a promise of that many is amber."""
    return max(AMBER_DAYS, promise // AMBER_SHARE)


def _light(matter, calendar, today):
    if matter.state == MatterState.SUSPENDED:
        return STOPPED
    term = term_of(matter)
    if term is None:
        return NO_CLOCK
    left = calendar.between(today, term)
    if term < today:
        over = -left
        return Light("error", f"超期{over}个工作日" if over else "已过期限", left)
    words = f"还剩{left}个工作日" if left else "今天到期"
    amber = amber_days(_promise(matter))
    return Light("warning" if left <= amber else "done", words, left)


def _promise(matter):
    return matter.kind.promised_days if matter.state == MatterState.ACCEPTED else 0


def may_act_for_oneself(matter, user):
    """The person themselves, or who entered it: with a proxy only while that is in force."""
    if matter.person_id and matter.person.account_id == user.pk:
        return True
    if matter.by_id != user.pk:
        return False
    return matter.proxy_id is None or matter.proxy.is_in_force()
