"""What of the work section stands at a file already when another one is merged into it."""

from django.db.models import Exists, OuterRef, Q

from placement.enums.cases import CASE_OPEN
from placement.enums.fairs import INTENT_OPEN
from placement.enums.loans import LOAN_OPEN
from placement.enums.recruitment import ApplicantState
from placement.enums.startups import BundleState
from placement.enums.training import TrainingResult
from placement.models import (
    Applicant,
    EmploymentIntent,
    Enrolment,
    LoanReferral,
    OutreachLead,
    PlacementCase,
    StartupBundle,
    TrainingDuty,
)


def intents_there(survivor):
    """Open intentions for vacancies that the file that stays has one for."""
    theirs = EmploymentIntent.objects.open().filter(person=survivor).values("vacancy")
    return Q(stage__in=INTENT_OPEN, vacancy__in=theirs)


def applications_there(survivor):
    """Applications to recruitments that the file that stays applied to."""
    theirs = Applicant.objects.filter(person=survivor).exclude(state=ApplicantState.WITHDRAWN)
    return ~Q(state=ApplicantState.WITHDRAWN) & Q(recruitment__in=theirs.values("recruitment"))


def leads_there(survivor):
    """What rules found for the file that stays too: nobody is found twice for one occasion."""
    theirs = OutreachLead.objects.filter(person=survivor)
    same = theirs.filter(rule=OuterRef("rule"), occasion=OuterRef("occasion"))
    return Q(Exists(same))


def cases_there(survivor):
    """Placement files that the file that stays has one like: open, or of the same discharge."""
    theirs = PlacementCase.objects.filter(person=survivor)
    same = Q(discharged_on__in=theirs.values("discharged_on"))
    if theirs.open().exists():
        same |= Q(state__in=CASE_OPEN)
    return same


def duties_there(survivor):
    """Training duties of the same discharge that the file that stays has too."""
    theirs = TrainingDuty.objects.filter(person=survivor)
    return Q(arose_on__in=theirs.values("arose_on"))


def enrolments_there(survivor):
    """A finished free course when the file that stays has one too."""
    done = [TrainingResult.PASSED, TrainingResult.FAILED]
    theirs = Enrolment.objects.filter(person=survivor, is_free=True, result__in=done)
    return Q(is_free=True, result__in=done) if theirs.exists() else Q(pk__in=[])


def loans_there(survivor):
    """Open loan referrals of a product that the file that stays has one open for."""
    theirs = LoanReferral.objects.open().filter(person=survivor).values("product")
    return Q(state__in=LOAN_OPEN, product__in=theirs)


def bundles_there(survivor):
    """An open start-up bundle when the file that stays has one too."""
    theirs = StartupBundle.objects.filter(person=survivor, state=BundleState.OPEN)
    return Q(state=BundleState.OPEN) if theirs.exists() else Q(pk__in=[])
