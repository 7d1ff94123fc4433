"""Training: every change of a course, a run, an enrolment or a duty goes through one of these."""

from placement.actions.training.attending import attend, lesson_now, sign_in, take_back
from placement.actions.training.common import TrainingError
from placement.actions.training.courses import (
    cancel_run,
    close_course,
    open_course,
    plan_run,
    save_course,
)
from placement.actions.training.duties import (
    ask_exemption,
    exempt,
    find_duties,
    follow_files,
    refuse_exemption,
)
from placement.actions.training.enrolling import (
    enrol,
    free_course_used,
    refusal_to_enrol,
    withdraw,
)
from placement.actions.training.grading import attended_hours, close_run, evaluate

__all__ = [
    "TrainingError",
    "ask_exemption",
    "attend",
    "attended_hours",
    "cancel_run",
    "close_course",
    "close_run",
    "enrol",
    "evaluate",
    "exempt",
    "find_duties",
    "follow_files",
    "free_course_used",
    "lesson_now",
    "open_course",
    "plan_run",
    "refusal_to_enrol",
    "refuse_exemption",
    "save_course",
    "sign_in",
    "take_back",
    "withdraw",
]
