"""One small world for the access table: a village with work of every kind, and everybody who might look.

The village lies under a town, the town under a district, the district under the city; another village lies
elsewhere. `VIEWERS` are the columns of the table.
"""

from datetime import date
from types import SimpleNamespace

from django.utils import timezone

from accounts.models import SignInLock
from services.actions import documents
from services.enums import DocumentKind, Role
from services.models import ChangeRequest, RosterImport
from services.views.public.rating import screen_token
from tests.factories import (
    accounts,
    arrivals,
    bookings,
    duplicates,
    guides,
    hours,
    network,
    papers,
    partners,
    persons,
    placement_cases,
    placement_fairs,
    placement_loans,
    placement_outreach,
    placement_plans,
    placement_selection,
    placement_startups,
    placement_training,
    proxies,
    ratings,
    reports,
    rules,
    transfers,
    waiting,
)

VIEWERS = (
    "anonymous",
    "citizen",  # whose file, bookings and messages they are
    "stranger",  # another citizen
    "clerk",  # of the village
    "town",  # reviewer of the town above
    "city",  # head of the city
    "outsider",  # clerk of another village
    "system",
    "security",
    "auditor",
)

QUESTION = '{"topic": "PENSION", "question": "有补助吗？", "reply_by": "ONLINE"}'


def build():
    """Make the world; returns it as a namespace of rows by name."""
    w = SimpleNamespace()
    w.station = network.StationFactory()
    w.elsewhere = network.StationFactory(
        parent=network.StationFactory(
            division=network.DivisionFactory(town=True, code="320281102000", name="别镇"),
            tier=3,
            parent=w.station.parent.parent,
        ),
        division=network.DivisionFactory(
            code="320281102201",
            parent=network.DivisionFactory(town=True, code="320281102000", name="别镇"),
        ),
    )
    _people(w)
    _work(w)
    _waiting(w)
    _guides(w)
    _hall(w)
    _papers(w)
    _ratings(w)
    w.proxy = proxies.ProxyFactory(person=w.person)
    w.transfer = transfers.TransferFactory(person=w.person)
    w.pair = duplicates.DuplicateFactory(first=w.person)
    _partners(w)
    _training(w)
    _fairs(w)
    _loans(w)
    _outreach(w)
    _placing(w)
    _selection(w)
    return w


def _placing(w):
    city = w.station.parent.parent.parent
    w.placing = placement_cases.PlacementCaseFactory(person=w.person, station=w.station)
    w.evidence = placement_cases.CaseEvidenceFactory(case=w.placing)
    w.scheme = placement_cases.ScoringSchemeFactory(station=city)
    w.points_rule = placement_cases.ScoringRuleFactory(scheme=w.scheme)
    w.sheet = placement_cases.ScoreSheetFactory(case=w.placing)
    w.line = placement_cases.ScoreLineFactory(sheet=w.sheet, evidence=w.evidence)
    w.objection = placement_cases.ScoreObjectionFactory(sheet=w.sheet)
    w.list = placement_cases.ScorePublicationFactory(station=w.station, year=2025)
    w.shown = placement_cases.ScorePublicationFactory(running=True, station=w.station, year=2026)
    w.call = placement_plans.DemandCallFactory(station=w.station, year=2026)
    w.demand = placement_plans.PostDemandFactory(partner=w.employer, year=2026)
    placement_plans.DemandPostFactory(demand=w.demand)
    placement_plans.handed_in(w.demand)
    w.plan = placement_plans.PlacementPlanFactory(station=w.station)
    w.post = placement_plans.PlacementPostFactory(plan=w.plan, employer=w.employer)


def _selection(w):
    session = placement_selection.SelectionSessionFactory(plan=w.plan)
    case = placement_cases.PlacementCaseFactory(person=w.person, station=w.station, onboard=True,
                                                discharged_on=date(2020, 9, 1))  # fmt: skip
    w.selection = session
    w.turn = placement_selection.SelectionTurnFactory(
        session=session, case=case, chosen=True, post__post=w.post, position=1
    )
    w.choice_post = w.turn.post
    w.undo = placement_selection.SelectionUndoFactory(turn=w.turn)
    w.letter = placement_selection.IntroductionLetterFactory(turn=w.turn)
    w.open_plan = placement_plans.PlacementPlanFactory(station=w.station)
    placement_plans.PlacementPostFactory(plan=w.open_plan, employer=w.employer)
    placement_plans.published(w.open_plan)


def _outreach(w):
    city = w.station.parent.parent.parent
    w.rule_version = rules.RuleVersionFactory(rule__station=city, visiting=True)
    w.rule_draft = rules.RuleVersionFactory(rule__station=city, draft=True, author=w.city)
    w.golden = rules.GoldenCaseFactory(version=w.rule_draft)
    lead = placement_outreach.OutreachLeadFactory(person=w.person, version=w.rule_version)
    w.visit = placement_outreach.OutreachTaskFactory(lead=lead)
    w.refusal = placement_outreach.OutreachRefusalFactory(person=w.person, rule=w.rule_version.rule)


def _loans(w):
    mine = {"person": w.person, "bank": w.partner}
    w.wish = placement_loans.LoanReferralFactory(**mine)
    w.loan = placement_loans.LoanReferralFactory(pushed=True, product="GUARANTEED", **mine)
    w.bank_return = placement_loans.BankReturnFactory(bank=w.partner, uploaded_by=w.citizen)
    w.bank_line = placement_loans.BankReturnLineFactory(of=w.bank_return)
    w.enterprise = placement_startups.VeteranEnterpriseFactory(person=w.person)
    w.bundle_kind = placement_startups.BundleKindFactory()
    w.bundle = placement_startups.StartupBundleFactory(person=w.person)
    w.bundle_item = placement_startups.BundleItemFactory(bundle=w.bundle, kind=w.bundle_kind)


def _fairs(w):
    w.employer = partners.PartnerFactory(station=w.station)
    partners.PartnerMemberFactory(partner=w.employer, user=w.citizen)
    w.fair = placement_fairs.JobFairFactory(station=w.station)
    w.fair_employer = placement_fairs.FairEmployerFactory(
        applied=True, fair=w.fair, partner=w.employer
    )
    w.opening = placement_fairs.VacancyFactory(partner=w.employer)
    w.intent = placement_fairs.EmploymentIntentFactory(vacancy=w.opening, person=w.person)
    w.notice = placement_fairs.DirectedRecruitmentFactory(draft=True, station=w.station)
    w.reserved = placement_fairs.VacancyFactory(directed=True, recruitment=w.notice)
    w.notice_out = placement_fairs.DirectedRecruitmentFactory(station=w.station)
    w.applicant = placement_fairs.ApplicantFactory(
        post=placement_fairs.VacancyFactory(directed=True, recruitment=w.notice_out),
        person=w.person,
    )


def _training(w):
    w.course = placement_training.CourseFactory(station=w.station)
    w.course_draft = placement_training.CourseFactory(draft=True, station=w.station)
    w.run = placement_training.CourseRunFactory(course=w.course)
    w.run_over = placement_training.CourseRunFactory(course=w.course, over=True)
    w.enrolment = placement_training.EnrolmentFactory(
        run=w.run, person=w.person, booking__by=w.citizen
    )
    w.lesson = w.run.lessons.first()
    w.duty = placement_training.TrainingDutyFactory(person=w.person)
    w.trainer = partners.PartnerFactory(trainer=True, station=w.station)
    partners.PartnerMemberFactory(partner=w.trainer, user=w.citizen)


def _partners(w):
    w.partner = partners.PartnerFactory(bank=True, station=w.station)
    w.member = partners.PartnerMemberFactory(partner=w.partner, user=w.citizen)
    w.key = partners.PartnerKeyFactory(member=w.member)
    w.refused = partners.PartnerFactory(
        station=w.station, state="REFUSED", reason="执照不清楚", applied_by=w.citizen
    )
    w.applied = partners.PartnerFactory(applied=True, station=w.station)


def _ratings(w):
    w.invitation = ratings.RatingInvitationFactory(matter=w.asked)
    bad = papers.HeldMatterFactory(station=w.station, person=w.person, by=w.citizen)
    w.rectification = ratings.RectificationFactory(rating__invitation__matter=bad)
    w.screen = SimpleNamespace(token=screen_token(w.window))


def _papers(w):
    w.paper = papers.MatterFileFactory(matter=w.asked)
    w.document = documents.issue(
        matter=w.asked, kind=DocumentKind.RECEIPT, by=w.citizen, content={"name": w.person.name}
    )
    asked = papers.HeldMatterFactory(
        card=True, station=w.station, person=w.person, by=w.citizen, details=QUESTION
    )
    w.card = papers.CardFactory(matter=asked)


def _hall(w):
    w.arrival = arrivals.ArrivalFactory(station=w.station, window=w.window)


def _guides(w):
    w.kind = guides.MatterKindFactory()
    mine = {"kind": w.kind, "station": w.station, "person": w.person, "by": w.citizen}
    w.draft = papers.HeldMatterFactory(draft=True, details=QUESTION, **mine)
    w.asked = papers.HeldMatterFactory(details=QUESTION, **mine)


def _people(w):
    w.citizen = accounts.UserFactory()
    w.stranger = accounts.UserFactory()
    town, city = w.station.parent, w.station.parent.parent.parent
    w.clerk = network.PostingFactory(station=w.station).user
    w.town = network.PostingFactory(station=town, role=Role.REVIEWER).user
    w.city = network.PostingFactory(station=city, role=Role.HEAD).user
    w.outsider = network.PostingFactory(station=w.elsewhere).user
    now = timezone.now()
    w.system = accounts.UserFactory(administrator=True, granted_at=now)
    w.security = accounts.UserFactory(security=True, granted_at=now)
    w.auditor = accounts.UserFactory(auditor=True, granted_at=now)


def _work(w):
    w.window = network.WindowFactory(station=w.station)
    w.person = persons.PersonFactory(station=w.station, account=w.citizen, phone=w.citizen.phone)
    w.identity = persons.IdentityFactory(person=w.person)
    w.request = persons.RegistrationRequestFactory(station=w.station)
    w.change = ChangeRequest.objects.create(
        person=w.person, wanted='{"lives_alone": true}', reason="独居", by=w.citizen
    )
    w.offering = bookings.OfferingFactory(station=w.station)
    w.slot = bookings.SlotFactory(offering=w.offering, taken=1)
    w.later = bookings.SlotFactory(offering=w.offering)
    w.closure = hours.ClosureFactory(station=w.station)
    w.booking = bookings.BookingFactory(slot=w.slot, person=w.person, by=w.citizen)
    w.return_ = reports.ReturnFactory(station=w.station)
    w.figure = reports.FigureFactory(of=w.return_)
    w.message = accounts.MessageFactory(user=w.citizen, inbox=True)
    w.consent = accounts.ConsentFactory(user=w.citizen)
    w.job = accounts.JobFactory(owner=w.clerk)
    w.entry = accounts.AuditEntryFactory(actor=w.clerk)
    w.lock = SignInLock.objects.create(name_index="0" * 64, address="127.0.0.1")
    w.posting = w.clerk.postings.get()
    w.roster = RosterImport.objects.create(
        station=w.station, by=w.clerk, file_name="名册.xlsx", digest="0" * 64
    )


def _waiting(w):
    full = bookings.SlotFactory(offering=w.offering, taken=1)
    w.waiting = waiting.WaitingEntryFactory(at=w.slot, by=w.citizen)
    w.held = waiting.WaitingEntryFactory(at=full, by=w.citizen, offered=True).booking
