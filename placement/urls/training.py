"""Training: courses, runs, who should attend."""

from django.urls import path

from placement.views.desk import course_runs, courses, duties
from placement.views.me import training
from placement.views.partner import courses as room
from placement.views.public import courses as public

urlpatterns = [
    path("work/courses/", public.course_list, name="courses"),
    path("work/courses/<int:pk>/", public.course, name="course"),
    path("me/training/", training.my_training, name="my_training"),
    path("me/training/<int:pk>/", training.enrolment, name="enrolment"),
    path("me/training/runs/<int:run>/enrol/", training.enrol, name="enrol"),
    path("me/training/duties/<int:pk>/exemption/", training.exemption, name="exemption"),
    path("partner/<int:pk>/courses/", room.run_list, name="partner_courses"),
    path("desk/courses/", courses.course_list, name="desk_courses"),
    path("desk/courses/new/", courses.course_new, name="desk_course_new"),
    path("desk/courses/<int:pk>/", courses.course, name="desk_course"),
    path("desk/courses/<int:pk>/edit/", courses.course_edit, name="desk_course_edit"),
    path("desk/courses/<int:pk>/runs/new/", courses.run_new, name="desk_run_new"),
    path("desk/courses/<int:pk>/act/<slug:act>/", courses.course_act, name="desk_course_act"),
    path("desk/course-runs/<int:pk>/", course_runs.run, name="desk_run"),
    path("desk/course-runs/<int:pk>/enrol/", course_runs.run_enrol, name="desk_run_enrol"),
    path("desk/course-runs/<int:pk>/close/", course_runs.run_close, name="desk_run_close"),
    path("desk/course-runs/<int:pk>/cancel/", course_runs.run_cancel, name="desk_run_cancel"),
    path(
        "desk/course-runs/<int:pk>/sign-in/<int:enrolment>/<int:lesson>/",
        course_runs.run_sign_in,
        name="desk_run_sign_in",
    ),
    path("desk/training-duties/", duties.duty_list, name="desk_duties"),
    path("desk/training-duties/<int:pk>/", duties.duty, name="desk_duty"),
    path("desk/training-duties/<int:pk>/<slug:act>/", duties.duty_act, name="desk_duty_act"),
]
