"""Rows of a station are reached through `visible_to` only, and always have their station."""

import pytest
from django.apps import apps

OUR_APPS = ["accounts", "services", "placement", "preferential", "memorials", "reports"]
# Models without rows of persons or stations' work of their own, each with the reason.
UNSCOPED = {
    "accounts.User": "accounts are the system administrator's, who sees no person",
    "accounts.PasswordRecord": "read by the password validator only",
    "accounts.SignInLock": "the security administrator's page",
    "accounts.Session": "read by the session engine; its owner lists his own",
    "accounts.OneTimeCode": "checked by its id, which only the asking session knows",
    "accounts.KeptForm": "read by its id and owner only",
    "accounts.AuditEntry": "the auditor's page; about(target) elsewhere",
    "accounts.AuditSeal": "read by verify_audit only",
    "accounts.Message": "inbox_of(user)",
    "accounts.Consent": "a person's own",
    "services.Division": "public",
    "services.ServiceItem": "public dictionary",
    "services.CalendarDay": "public",
    "services.Window": "public, edited through its station",
    "services.OfferingHours": "public, edited through its offering",
    "services.Posting": "the security administrator's; read through scope_of",
    "services.Identity": "reached through its person",
    "services.RosterRow": "reached through its roster",
    "services.MatterKind": "public: the guide",
    "services.RequiredPaper": "public: the guide",
    "services.MatterEvent": "reached through its matter",
    "services.MatterFile": "reached through its matter",
    "services.Document": "verified by its code; else reached through its matter",
    "services.CardStep": "reached through its card",
    "services.ArrivalEvent": "reached through its arrival",
    "services.RatingInvitation": "read by its code only",
    "services.OpeningHours": "public",
    "placement.Lesson": "reached through its run",
    "placement.Attendance": "reached through its enrolment",
    "services.PartnerMember": "reached through its partner",
    "services.PartnerKey": "reached through its partner; the API by digest",
    "placement.FairVacancy": "reached through its employer at the fair",
    "placement.RecruitmentStep": "public: the notice",
    "placement.ApplicantResult": "reached through its applicant",
    "placement.PlacementTerms": "dictionary data, the same for everybody",
    "placement.CaseEvent": "reached through its placement file",
    "placement.CaseEvidence": "reached through its placement file",
    "placement.SelectionRules": "dictionary data, the same for everybody",
    "placement.SelectionPost": "public: the board; reached through its session",
    "placement.SelectionTurn": "of_user(user); else reached through its session",
    "placement.SelectionAuthority": "reached through its turn",
    "placement.SelectionUndo": "reached through its session",
    "placement.SelectionRecord": "public: the record, without names",
    "placement.PostWish": "reached through its placement file",
    "placement.ScoringRule": "reached through its scheme",
    "placement.TieStep": "reached through its scheme",
    "placement.ScoreLine": "reached through its sheet",
    "placement.PublishedScore": "reached through its publication",
    "placement.DemandPost": "reached through its demand",
    "services.GoldenCase": "made-up people; reached through its version",
    "placement.LoanTerms": "dictionary data, the same for everybody",
    "placement.LoanAnswer": "reached through its referral",
    "placement.BundleKind": "public dictionary",
    "placement.BundleItem": "reached through its bundle",
    "placement.OutreachRun": "counts of a night; reached through its rule",
    "reports.ReportingPeriod": "the same for everybody",
    "reports.ReturnVersion": "reached through its return",
}


def our_models():
    return [
        model
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_model__is_scoped__or_listed_with_a_reason(model):
    scoped = hasattr(model.objects, "visible_to")
    assert scoped != (model._meta.label in UNSCOPED), (
        f"{model._meta.label}: give its QuerySet a visible_to(user), or list it in UNSCOPED "
        "with the reason; take it off the list once it has one."
    )


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_model__with_a_station__always_has_one(model):
    for field in model._meta.get_fields():
        if field.concrete and field.name == "station":
            assert not field.null, f"{model._meta.label}.station must not be null"


def test_unscoped_list__names_models_that_exist():
    assert set(UNSCOPED) <= {model._meta.label for model in our_models()}
