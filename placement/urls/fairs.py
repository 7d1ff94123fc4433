"""Fairs, vacancies, intentions, directed recruitment."""

from django.urls import path

from placement.views.desk import fair_day, fairs, jobs, on_behalf, recruitment
from placement.views.me import work
from placement.views.partner import jobs as room
from placement.views.public import fairs as public_fairs
from placement.views.public import jobs as public_jobs
from placement.views.public import recruitment as public_recruitment

urlpatterns = [
    path("work/fairs/", public_fairs.fair_list, name="fairs"),
    path("work/fairs/<int:pk>/", public_fairs.fair, name="fair"),
    path("work/fairs/<int:pk>/board/", public_fairs.board, name="fair_board"),
    path("work/fairs/<int:pk>/board/now/", public_fairs.board_now, name="fair_board_now"),
    path("work/jobs/", public_jobs.job_list, name="jobs"),
    path("work/jobs/<int:pk>/", public_jobs.job, name="job"),
    path("work/recruitment/", public_recruitment.recruitment_list, name="recruitments"),
    path("work/recruitment/<int:pk>/", public_recruitment.recruitment, name="recruitment"),
    path("me/work/", work.my_work, name="my_work"),
    path("me/work/cv/", work.my_cv, name="my_cv"),
    path("me/work/jobs/<int:pk>/", work.wish, name="wish"),
    path("me/work/intents/<int:pk>/give-up/", work.give_up, name="intent_give_up"),
    path("me/work/recruitment/<int:pk>/", work.apply, name="recruitment_apply"),
    path("me/work/applications/<int:pk>/withdraw/", work.withdraw, name="applicant_withdraw"),
    path("partner/<int:pk>/vacancies/", room.vacancy_list, name="partner_vacancies"),
    path("partner/<int:pk>/vacancies/new/", room.vacancy_edit, name="partner_vacancy_new"),
    path("partner/<int:pk>/vacancies/<int:vacancy>/", room.vacancy_edit, name="partner_vacancy"),
    path(
        "partner/<int:pk>/vacancies/<int:vacancy>/close/",
        room.vacancy_close,
        name="partner_vacancy_close",
    ),
    path("partner/<int:pk>/fairs/", room.fair_list, name="partner_fairs"),
    path("partner/<int:pk>/fairs/<int:fair>/apply/", room.fair_apply, name="partner_fair_apply"),
    path("partner/<int:pk>/stands/<int:employer>/", room.stand, name="partner_stand"),
    path(
        "partner/<int:pk>/stands/<int:employer>/leave/",
        room.stand_leave,
        name="partner_stand_leave",
    ),
    path("partner/<int:pk>/intents/", room.intent_list, name="partner_intents"),
    path("partner/<int:pk>/intents/<int:intent>/", room.intent, name="partner_intent"),
    path("desk/fairs/", fairs.fair_list, name="desk_fairs"),
    path("desk/fairs/new/", fairs.fair_new, name="desk_fair_new"),
    path("desk/fairs/<int:pk>/", fairs.fair, name="desk_fair"),
    path("desk/fairs/<int:pk>/edit/", fairs.fair_edit, name="desk_fair_edit"),
    path("desk/fairs/<int:pk>/door/", fair_day.door, name="desk_fair_door"),
    path("desk/fairs/<int:pk>/figures/", fairs.figures, name="desk_fair_figures"),
    path("desk/fairs/<int:pk>/figures.xlsx", fairs.figures_workbook, name="desk_fair_workbook"),
    path(
        "desk/fairs/<int:pk>/employers/new/", fair_day.employer_new, name="desk_fair_employer_new"
    ),
    path("desk/fairs/<int:pk>/act/<slug:act>/", fairs.fair_act, name="desk_fair_act"),
    path("desk/fair-employers/<int:pk>/", fair_day.employer, name="desk_fair_employer"),
    path("desk/vacancies/", jobs.vacancy_list, name="desk_vacancies"),
    path("desk/vacancies/<int:pk>/", jobs.vacancy, name="desk_vacancy"),
    path("desk/vacancies/<int:pk>/wish/", on_behalf.wish, name="desk_wish"),
    path("desk/recruitment/", recruitment.notice_list, name="desk_recruitments"),
    path("desk/recruitment/new/", recruitment.notice_edit, name="desk_recruitment_new"),
    path("desk/recruitment/<int:pk>/", recruitment.notice, name="desk_recruitment"),
    path("desk/recruitment/<int:pk>/edit/", recruitment.notice_edit, name="desk_recruitment_edit"),
    path("desk/recruitment/<int:pk>/apply/", on_behalf.apply, name="desk_recruitment_apply"),
    path("desk/recruitment/<int:pk>/posts/new/", recruitment.post_new, name="desk_post_new"),
    path(
        "desk/recruitment/<int:pk>/posts/<int:post>/remove/",
        recruitment.post_remove,
        name="desk_post_remove",
    ),
    path(
        "desk/recruitment/<int:pk>/act/<slug:act>/",
        recruitment.notice_act,
        name="desk_recruitment_act",
    ),
    path("desk/applicants/<int:pk>/", recruitment.applicant, name="desk_applicant"),
]
