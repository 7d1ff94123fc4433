"""The security administrator's side of the network: who works where."""

from django.urls import path

from services.views.desk import staffing

urlpatterns = [
    path("desk/staffing/", staffing.staffing, name="desk_staffing"),
    path("desk/staffing/<int:pk>/", staffing.person, name="desk_staffing_person"),
    path("desk/staffing/<int:pk>/confirm/", staffing.confirm, name="desk_staffing_confirm"),
    path("desk/staffing/<int:pk>/end-role/", staffing.end_admin_role, name="desk_end_admin_role"),
    path("desk/staffing/postings/<int:pk>/end/", staffing.end, name="desk_posting_end"),
]
