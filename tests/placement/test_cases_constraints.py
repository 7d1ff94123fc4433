"""Each constraint of cases, points, publications and plans, tried against the database itself."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from placement.enums import (
    CASE_TRANSITIONS,
    CaseState,
    DemandState,
    ObjectionState,
    PlanState,
    PublicationState,
    RuleGroup,
    SchemeState,
    SheetState,
)
from placement.models import PlacementCase, PlacementTerms
from services.enums import PlacementWay
from tests.factories import placement_cases as cases
from tests.factories import placement_plans as plans
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW, TODAY = timezone.now(), timezone.localdate()
OURS = [
    "PlacementTerms", "PlacementCase", "CaseEvidence", "ScoringScheme", "ScoringRule", "TieStep",
    "ScoreSheet", "ScoreLine", "ScoreObjection", "ScorePublication", "PublishedScore", "DemandCall",
    "PostDemand", "DemandPost", "PlacementPlan", "PlacementPost", "PostWish",
]  # fmt: skip
CASE, RULE, SHEET = cases.PlacementCaseFactory, cases.ScoringRuleFactory, cases.ScoreSheetFactory
# constraint, factory, its keywords, what is then changed
CHANGED = [
    ("placement_case_year_is_plausible", CASE, {}, {"year": 1999}),
    ("placement_case_past_the_report_has_its_day", CASE, {}, {"reported_on": None, "place_by": None}),
    ("placement_case_reported_after_discharge", CASE, {},
     {"reported_on": TODAY - timedelta(days=99)}),
    ("placement_case_late_report_has_its_cause", CASE, {}, {"reported_on": TODAY}),
    ("placement_case_arranged_has_its_term", CASE, {}, {"place_by": None}),
    ("placement_case_with_points_has_grounds", CASE, {"scored": True}, {"grounds": []}),
    ("placement_case_letter_starts_the_clock_of_the_seat", CASE, {"letter": True},
     {"seat_by": None}),
    ("placement_case_seated_has_letter_and_day", CASE, {"onboard": True}, {"onboard_on": None}),
    ("placement_case_seated_has_letter_and_day", CASE, {}, {"onboard_on": TODAY}),
    ("placement_case_given_up_says_when_and_why", CASE, {"waived": True}, {"ended_reason": ""}),
    ("placement_case_given_up_says_when_and_why", CASE, {}, {"ended_on": TODAY}),
    ("placement_case_only_arranged_goes_past_the_report", CASE, {"ready": True},
     {"way": PlacementWay.TRANSFER}),
    ("case_evidence_says_where_it_is", cases.CaseEvidenceFactory, {}, {"place": ""}),
    ("case_evidence_removed_says_by_whom", cases.CaseEvidenceFactory, {}, {"removed_at": NOW}),
    ("scoring_scheme_ends_after_it_begins", cases.ScoringSchemeFactory, {},
     {"effective_until": date(2017, 1, 1)}),
    ("scoring_scheme_counts_part_years_within_a_year", cases.ScoringSchemeFactory, {},
     {"short_part": Decimal("1.5")}),
    ("scoring_scheme_counts_part_years_within_a_year", cases.ScoringSchemeFactory, {},
     {"part_months": 12}),
    ("scoring_scheme_is_approved_by_another", cases.ScoringSchemeFactory, {"in_force": True},
     {"approved_by": None}),
    ("scoring_rule_points_are_not_negative", RULE, {}, {"points": Decimal(-1)}),
    ("scoring_rule_points_are_not_negative", RULE, {}, {"cap": Decimal(1)}),
    ("scoring_rule_places_first_without_points", RULE, {}, {"places_first": True}),
    ("scoring_rule_deducts_in_its_group", RULE, {}, {"group": RuleGroup.DEDUCTION}),
    ("scoring_rule_says_which_years_or_disability", RULE, {}, {"source": "DISABILITY"}),
    ("scoring_rule_years_are_in_order", RULE,
     {"source": "SERVICE_YEARS", "from_year": 3, "group": "SERVICE"}, {"to_year": 2}),
    ("score_sheet_to_confirm_has_its_term", SHEET, {"to_confirm": True}, {"confirm_by": None}),
    ("score_sheet_confirmed_says_when_and_how", SHEET, {"confirmed": True}, {"confirmed_how": None}),
    ("score_sheet_final_has_its_rank", SHEET, {"final": True}, {"rank": None}),
    ("score_line_has_a_quantity", cases.ScoreLineFactory, {}, {"quantity": Decimal(0)}),
    ("score_line_is_checked_by_two_different_people", cases.ScoreLineFactory, {},
     {"checked1_at": NOW}),
    ("score_objection_of_others_is_to_a_publication", cases.ScoreObjectionFactory, {},
     {"is_own": False}),
    ("score_objection_answered_says_what_who_and_when", cases.ScoreObjectionFactory, {},
     {"state": ObjectionState.DISMISSED}),
    ("score_publication_runs_by_dates_and_another_approval", cases.ScorePublicationFactory,
     {"running": True}, {"ends_on": TODAY}),
    ("score_publication_settled_has_its_time", cases.ScorePublicationFactory, {"running": True},
     {"settled_at": NOW}),
    ("score_publication_withdrawn_says_why", cases.ScorePublicationFactory, {},
     {"state": PublicationState.WITHDRAWN}),
    ("demand_call_closes_after_it_opens", plans.DemandCallFactory, {},
     {"closes_on": TODAY - timedelta(days=1)}),
    ("post_demand_vacancies_within_the_establishment", plans.PostDemandFactory, {},
     {"vacancies": 121}),
    ("post_demand_submitted_has_its_time", plans.PostDemandFactory, {},
     {"state": DemandState.SUBMITTED}),
    ("demand_post_is_for_somebody", plans.DemandPostFactory, {}, {"headcount": 0}),
    ("placement_post_is_for_somebody", plans.PlacementPostFactory, {}, {"headcount": 0}),
    ("post_wish_is_one_of_a_few", plans.PostWishFactory, {}, {"position": 6}),
]  # fmt: skip


def refused(constraint, change, error=IntegrityError):
    with pytest.raises(error, match=constraint), transaction.atomic():
        change()


@pytest.mark.parametrize(("constraint", "factory", "given", "values"), CHANGED)
def test_row__against_its_rule__database_refuses(constraint, factory, given, values):
    row = factory(**given)
    refused(constraint, lambda: type(row).objects.filter(pk=row.pk).update(**values))


def test_terms__shorter_than_the_law__are_refused():
    refused("publish_five_workdays", lambda: cases.PlacementTermsFactory(publicity_workdays=4))
    refused("longer_than_nothing", lambda: cases.PlacementTermsFactory(report_days=0))
    terms = cases.PlacementTermsFactory()
    refused("placement_terms_are_kept", terms.delete, error=InternalError)
    refused("effective_from", lambda: PlacementTerms.objects.bulk_create(
        [cases.PlacementTermsFactory.build(effective_from=terms.effective_from)]))  # fmt: skip


def test_case__second_open_one_or_same_discharge__is_refused():
    first = CASE()
    refused(
        "open_once_per_person",
        lambda: CASE(person=first.person, discharged_on=TODAY - timedelta(days=9)),
    )
    over = CASE(waived=True)
    refused(
        "once_per_discharge", lambda: CASE(person=over.person, discharged_on=over.discharged_on)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [(CaseState.REPORTED, CaseState.READY), (CaseState.READY, CaseState.SCORED),
     (CaseState.WAIVED, CaseState.REPORTED)],
)  # fmt: skip
def test_case__state_out_of_turn__is_refused(before, after):
    assert (before, after) not in CASE_TRANSITIONS
    case = CASE(waived=True) if before == CaseState.WAIVED else CASE(state=before)
    refused("placement_case_state_moves_legally",
            lambda: PlacementCase.objects.filter(pk=case.pk).update(state=after),
            error=DatabaseError)  # fmt: skip


@pytest.mark.parametrize(
    ("trigger", "make", "after"),
    [
        ("scoring_scheme_state_moves_legally", cases.ScoringSchemeFactory, SchemeState.RETIRED),
        ("score_sheet_state_moves_legally", SHEET, SheetState.FINAL),
        ("score_objection_state_moves_legally", lambda: cases.ScoreObjectionFactory(
            state=ObjectionState.WITHDRAWN), ObjectionState.OPEN),
        ("score_publication_state_moves_legally", cases.ScorePublicationFactory,
         PublicationState.SETTLED),
        ("post_demand_state_moves_legally", plans.PostDemandFactory, DemandState.ACCEPTED),
        ("placement_plan_state_moves_legally", plans.PlacementPlanFactory, PlanState.PUBLISHED),
    ],
)  # fmt: skip
def test_state__out_of_turn__is_refused(trigger, make, after):
    row = make()
    refused(trigger, lambda: type(row).objects.filter(pk=row.pk).update(state=after), DatabaseError)


def test_checkers__the_same_person_twice__is_refused():
    line, one = cases.ScoreLineFactory(), UserFactory(staff=True)
    refused(
        "score_line_is_checked_by_two_different_people",
        lambda: (
            type(line)
            .objects.filter(pk=line.pk)
            .update(checker1=one, checked1_at=NOW, checker2=one, checked2_at=NOW)
        ),
    )


def test_approval__by_the_author__is_refused():
    scheme = cases.ScoringSchemeFactory(in_force=True)
    refused(
        "is_approved_by_another",
        lambda: type(scheme).objects.filter(pk=scheme.pk).update(approved_by=scheme.written_by_id),
    )
    made = cases.ScorePublicationFactory(running=True)
    refused(
        "another_approval",
        lambda: type(made).objects.filter(pk=made.pk).update(approved_by=made.prepared_by_id),
    )
    post = plans.PlacementPostFactory()
    plan = plans.published(post.plan)
    refused(
        "is_approved_by_another",
        lambda: type(plan).objects.filter(pk=plan.pk).update(approved_by=plan.made_by_id),
    )
    refused("published_has_its_figures",
            lambda: type(plan).objects.filter(pk=plan.pk).update(people=None))  # fmt: skip


def test_rows__of_what_was_handed_in__are_kept():
    rule = RULE()
    cases.TieStepFactory(scheme=rule.scheme)
    cases.approved(rule.scheme)
    refused("are kept", lambda: type(rule).objects.filter(pk=rule.pk).update(points=99))
    refused("are kept", rule.delete)
    refused("are kept", lambda: cases.TieStepFactory(scheme=rule.scheme, group="OTHER"))
    line = cases.ScoreLineFactory()
    type(line.sheet).objects.filter(pk=line.sheet_id).update(state="TO_CONFIRM", confirm_by=TODAY)
    refused("are kept", lambda: type(line).objects.filter(pk=line.pk).update(points=1))
    post = plans.DemandPostFactory()
    plans.handed_in(post.demand)
    refused("are kept", lambda: type(post).objects.filter(pk=post.pk).update(headcount=9))
    planned = plans.PlacementPostFactory()
    plans.published(planned.plan)
    refused("are kept", planned.delete)


def test_kept_rows__lines_of_history_and_publications__cannot_change():
    event, entry = cases.CaseEventFactory(), cases.PublishedScoreFactory()
    refused(
        "case_event_is_kept",
        lambda: type(event).objects.filter(pk=event.pk).update(by_name="x"),
        InternalError,
    )
    refused("published_score_is_kept", entry.delete, InternalError)  # fmt: skip


def test_returned_and_decided__say_why_and_by_whom():
    demand = plans.accepted(plans.DemandPostFactory().demand)
    refused(
        "decided_says_by_whom",
        lambda: type(demand).objects.filter(pk=demand.pk).update(decided_by=None),
    )
    refused("returned_says_why",
            lambda: type(demand).objects.filter(pk=demand.pk).update(state=DemandState.RETURNED))  # fmt: skip


def test_uniqueness__each_thing_once():
    evidence = cases.CaseEvidenceFactory(digest="a" * 64)
    refused(
        "case_evidence_once", lambda: cases.CaseEvidenceFactory(case=evidence.case, digest="a" * 64)
    )
    scheme = cases.ScoringSchemeFactory()
    refused(
        "scoring_scheme_version_once",
        lambda: cases.ScoringSchemeFactory(station=scheme.station, name=scheme.name),
    )
    rule = RULE(scheme=scheme)
    refused("scoring_rule_named_once", lambda: RULE(scheme=scheme, name=rule.name))
    step = cases.TieStepFactory(scheme=scheme)
    refused("tie_step_group_once", lambda: cases.TieStepFactory(scheme=scheme, group=step.group))
    refused(
        "tie_step_position_once",
        lambda: cases.TieStepFactory(scheme=scheme, position=step.position, group="OTHER"),
    )
    sheet = SHEET()
    refused("score_sheet_one_counts_per_case", lambda: SHEET(case=sheet.case, version=2))
    refused("score_sheet_version_once", lambda: SHEET(case=sheet.case, state="SUPERSEDED"))
    line = cases.ScoreLineFactory()
    refused(
        "score_line_once_per_evidence",
        lambda: cases.ScoreLineFactory(sheet=line.sheet, rule=line.rule, evidence=line.evidence),
    )
    objection = cases.ScoreObjectionFactory()
    refused("own_open_once", lambda: cases.ScoreObjectionFactory(sheet=objection.sheet))
    made = cases.ScorePublicationFactory(year=2030)
    refused(
        "score_publication_one_at_a_time",
        lambda: cases.ScorePublicationFactory(station=made.station, year=made.year),
    )
    entry = cases.PublishedScoreFactory()
    refused(
        "published_score_once_per_sheet",
        lambda: cases.PublishedScoreFactory(publication=entry.publication, sheet=entry.sheet),
    )
    refused(
        "published_score_ranks_from_one",
        lambda: cases.PublishedScoreFactory(publication=made, rank=0),
    )
    call = plans.DemandCallFactory()
    refused(
        "demand_call_once", lambda: plans.DemandCallFactory(station=call.station, year=call.year)
    )
    demand = plans.PostDemandFactory()
    refused("post_demand_once_a_year", lambda: plans.PostDemandFactory(partner=demand.partner))
    plan = plans.PlacementPlanFactory()
    again = {"station": plan.station, "year": plan.year}
    refused("one_version_in_the_making", lambda: plans.PlacementPlanFactory(version=2, **again))
    plans.published(plans.PlacementPostFactory(plan=plan).plan)
    refused("placement_plan_version_once", lambda: plans.PlacementPlanFactory(**again))
    second = plans.PlacementPostFactory(
        plan__version=2, plan__station=plan.station, plan__year=plan.year
    ).plan
    refused("placement_plan_one_published", lambda: plans.published(second))
    taken = plans.PlacementPostFactory(demand_post=plans.DemandPostFactory())
    refused(
        "placement_post_once_per_demand",
        lambda: plans.PlacementPostFactory(plan=taken.plan, demand_post=taken.demand_post),
    )
    wish = plans.PostWishFactory()
    refused("post_wish_position_once", lambda: plans.PostWishFactory(case=wish.case))
    refused("post_wish_once_per_post",
            lambda: plans.PostWishFactory(case=wish.case, post=wish.post, position=2))  # fmt: skip


def test_constraints__each_of_ours__is_tried_here():
    text = Path(__file__).read_text(encoding="utf-8")
    names = [
        constraint.name
        for model in OURS
        for constraint in apps.get_model("placement", model)._meta.constraints
    ]
    short = {"placement_case_open_once_per_person": "open_once_per_person",
             "placement_case_once_per_discharge": "once_per_discharge",
             "score_objection_own_open_once": "own_open_once",
             "demand_call_once_a_year": "demand_call_once",
             "placement_plan_one_version_in_the_making": "one_version_in_the_making",
             "placement_plan_is_approved_by_another": "is_approved_by_another",
             "placement_plan_published_has_its_figures": "published_has_its_figures",
             "post_demand_decided_says_by_whom": "decided_says_by_whom",
             "post_demand_returned_says_why": "returned_says_why",
             "placement_terms_publish_five_workdays_or_more": "publish_five_workdays",
             "placement_terms_are_longer_than_nothing": "longer_than_nothing"}  # fmt: skip
    assert [name for name in names if short.get(name, name) not in text] == []
