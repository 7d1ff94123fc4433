"""Models of the work section, by subject."""

from placement.models.bank_returns import BankReturn, BankReturnLine
from placement.models.bundles import BundleItem, BundleKind, StartupBundle
from placement.models.case_trail import CaseEvent, CaseEvidence
from placement.models.cases import PlacementCase
from placement.models.duty import TrainingDuty
from placement.models.enterprises import VeteranEnterprise
from placement.models.fair import FairEmployer, FairVacancy, JobFair
from placement.models.intent import Cv, EmploymentIntent
from placement.models.loans import LoanAnswer, LoanReferral, LoanTerms
from placement.models.outreach import (
    OutreachLead,
    OutreachRefusal,
    OutreachRun,
    OutreachTask,
)
from placement.models.plans import (
    DemandCall,
    DemandPost,
    PlacementPlan,
    PlacementPost,
    PostDemand,
    PostWish,
)
from placement.models.publications import PublishedScore, ScorePublication
from placement.models.recruitment import (
    Applicant,
    ApplicantResult,
    DirectedRecruitment,
    RecruitmentStep,
)
from placement.models.schemes import ScoringRule, ScoringScheme, TieStep
from placement.models.seating import FollowUp, IntroductionLetter
from placement.models.selection import SelectionPost, SelectionSession
from placement.models.selection_rules import SelectionRecord, SelectionRules
from placement.models.selection_turns import SelectionAuthority, SelectionTurn, SelectionUndo
from placement.models.sheets import ScoreLine, ScoreObjection, ScoreSheet
from placement.models.terms import PlacementTerms
from placement.models.training import Attendance, Course, CourseRun, Enrolment, Lesson
from placement.models.vacancy import Vacancy

__all__ = [
    "Applicant",
    "ApplicantResult",
    "Attendance",
    "BankReturn",
    "BankReturnLine",
    "BundleItem",
    "BundleKind",
    "CaseEvent",
    "CaseEvidence",
    "Course",
    "CourseRun",
    "Cv",
    "DemandCall",
    "DemandPost",
    "DirectedRecruitment",
    "EmploymentIntent",
    "Enrolment",
    "FairEmployer",
    "FairVacancy",
    "FollowUp",
    "IntroductionLetter",
    "JobFair",
    "Lesson",
    "LoanAnswer",
    "LoanReferral",
    "LoanTerms",
    "OutreachLead",
    "OutreachRefusal",
    "OutreachRun",
    "OutreachTask",
    "PlacementCase",
    "PlacementPlan",
    "PlacementPost",
    "PlacementTerms",
    "PostDemand",
    "PostWish",
    "PublishedScore",
    "RecruitmentStep",
    "ScoreLine",
    "ScoreObjection",
    "ScorePublication",
    "ScoreSheet",
    "ScoringRule",
    "ScoringScheme",
    "SelectionAuthority",
    "SelectionPost",
    "SelectionRecord",
    "SelectionRules",
    "SelectionSession",
    "SelectionTurn",
    "SelectionUndo",
    "StartupBundle",
    "TieStep",
    "TrainingDuty",
    "Vacancy",
    "VeteranEnterprise",
]
