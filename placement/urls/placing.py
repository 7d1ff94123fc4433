"""Cases, points, publications and the year's plan."""

from django.urls import path

from placement.views.desk import cases, plans, publications, scoring
from placement.views.me import placement as mine
from placement.views.partner import demand
from placement.views.public import placement as public

urlpatterns = [
    path("work/posts/", public.posts, name="posts"),
    path("work/scores/", public.score_notices, name="score_notices"),
    path("work/scores/<int:pk>/", public.score_notice, name="score_notice"),
    path("me/placement/", mine.my_placement, name="my_placement"),
    path("me/placement/<slug:act>/", mine.my_placement_act, name="my_placement_act"),
    path("partner/<int:pk>/posts/<int:year>/", demand.demand, name="room_demand"),
    path("partner/<int:pk>/posts/<int:year>/back/", demand.take_back, name="room_demand_back"),
    path("desk/placements/", cases.case_list, name="cases"),
    path("desk/placements/new/", cases.case_new, name="case_new"),
    path("desk/placements/new/<int:pk>/", cases.case_open, name="case_open"),
    path("desk/placements/<slug:number>/", cases.case_page, name="case"),
    path("desk/placements/<slug:number>/do/<slug:act>/", cases.case_act, name="case_act"),
    path("desk/placements/<slug:number>/evidence/<int:pk>/", cases.evidence_file, name="evidence"),
    path(
        "desk/placements/<slug:number>/evidence/<int:pk>/remove/",
        cases.evidence_remove,
        name="evidence_remove",
    ),
    path("desk/placements/<slug:number>/points/", scoring.sheet_page, name="sheet"),
    path("desk/placements/<slug:number>/points/<slug:act>/", scoring.sheet_act, name="sheet_act"),
    path(
        "desk/placements/<slug:number>/lines/<int:pk>/remove/",
        scoring.line_remove,
        name="line_remove",
    ),
    path("desk/objections/", scoring.objection_list, name="objections"),
    path("desk/objections/<int:pk>/", scoring.objection_page, name="objection"),
    path("desk/objections/<int:pk>/<slug:act>/", scoring.objection_act, name="objection_act"),
    path("desk/scoring/", scoring.scheme_list, name="schemes"),
    path("desk/scoring/new/", scoring.scheme_new, name="scheme_new"),
    path("desk/scoring/<int:pk>/", scoring.scheme_page, name="scheme"),
    path("desk/scoring/<int:pk>/rules/new/", scoring.rule, name="rule_new"),
    path("desk/scoring/<int:pk>/rules/<int:rule>/", scoring.rule, name="rule"),
    path("desk/scoring/<int:pk>/rules/<int:rule>/remove/", scoring.rule_remove, name="rule_remove"),
    path("desk/scoring/<int:pk>/<slug:act>/", scoring.scheme_act, name="scheme_act"),
    path("desk/placement-terms/", cases.terms, name="terms"),
    path("desk/score-publications/", publications.publication_list, name="publications"),
    path("desk/score-publications/<int:pk>/", publications.publication_page, name="publication"),
    path(
        "desk/score-publications/<int:pk>/<slug:act>/",
        publications.publication_act,
        name="publication_act",
    ),
    path("desk/post-demands/", plans.demand_list, name="demands"),
    path("desk/post-demands/call/<int:pk>/", plans.call_close, name="call_close"),
    path("desk/post-demands/<int:pk>/", plans.demand_page, name="demand"),
    path("desk/post-demands/<int:pk>/<slug:act>/", plans.demand_act, name="demand_act"),
    path("desk/plans/", plans.plan_list, name="plans"),
    path("desk/plans/<int:pk>/", plans.plan_page, name="plan"),
    path("desk/plans/<int:pk>/posts/<int:post>/", plans.plan_post, name="plan_post"),
    path("desk/plans/<int:pk>/<slug:act>/", plans.plan_act, name="plan_act"),
]
