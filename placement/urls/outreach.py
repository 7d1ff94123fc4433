"""We come to you: rules, tasks, and what was found for the signed-in person."""

from django.urls import path

from placement.views.desk import outreach_rules, outreach_tasks, outreach_versions
from placement.views.me import outreach

urlpatterns = [
    path("me/outreach/", outreach.found, name="my_outreach"),
    path("me/outreach/decline/", outreach.decline, name="my_outreach_decline"),
    path("me/outreach/again/<int:pk>/", outreach.again, name="my_outreach_again"),
    path("desk/outreach/", outreach_tasks.task_list, name="desk_outreach"),
    path("desk/outreach/<int:pk>/", outreach_tasks.task, name="desk_outreach_task"),
    path("desk/outreach/<int:pk>/<slug:act>/", outreach_tasks.act, name="desk_outreach_act"),
    path("desk/outreach/rules/", outreach_rules.rule_list, name="desk_outreach_rules"),
    path("desk/outreach/rules/new/", outreach_rules.rule_new, name="desk_outreach_rule_new"),
    path("desk/outreach/rules/<int:pk>/", outreach_rules.rule, name="desk_outreach_rule"),
    path(
        "desk/outreach/rules/<int:pk>/draft/",
        outreach_rules.draft_again,
        name="desk_outreach_draft",
    ),
    path(
        "desk/outreach/versions/<int:pk>/",
        outreach_versions.version,
        name="desk_outreach_version",
    ),
    path(
        "desk/outreach/versions/<int:pk>/offer/",
        outreach_versions.offer,
        name="desk_outreach_offer",
    ),
    path(
        "desk/outreach/versions/<int:pk>/condition/",
        outreach_versions.condition,
        name="desk_outreach_condition",
    ),
    path(
        "desk/outreach/versions/<int:pk>/tree/",
        outreach_versions.change_tree,
        name="desk_outreach_tree",
    ),
    path(
        "desk/outreach/versions/<int:pk>/case/", outreach_versions.case, name="desk_outreach_case"
    ),
    path(
        "desk/outreach/versions/<int:pk>/case/<int:case>/remove/",
        outreach_versions.case_remove,
        name="desk_outreach_case_remove",
    ),
    path(
        "desk/outreach/versions/<int:pk>/preview/",
        outreach_versions.preview,
        name="desk_outreach_preview",
    ),
    path(
        "desk/outreach/versions/<int:pk>/<slug:act>/",
        outreach_versions.decide,
        name="desk_outreach_decide",
    ),
]
