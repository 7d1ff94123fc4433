"""Who you are: the person's own account, the administrators' pages."""

from django.urls import path

from accounts.views import display, locks, security, staff

urlpatterns = [
    path("accounts/display/", display.display, name="display"),
    path("accounts/extend/", display.extend, name="extend"),
    path("accounts/welcome/", security.welcome, name="welcome"),
    path("me/security/", security.security, name="security"),
    path("me/security/end-others/", security.end_others, name="end_others"),
    path("me/security/phone/", security.new_phone, name="new_phone"),
    path("me/security/phone/confirm/", security.confirm_new_phone, name="confirm_new_phone"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new_account, name="new_account"),
    path("staff/<int:pk>/", staff.account, name="account"),
    path("staff/<int:pk>/reset/", staff.reset, name="account_reset"),
    path("staff/<int:pk>/switch/<slug:to>/", staff.switch, name="account_switch"),
    path("locks/", locks.locks, name="locks"),
    path("locks/<int:pk>/unlock/", locks.unlock, name="unlock"),
]
