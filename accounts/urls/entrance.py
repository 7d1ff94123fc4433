"""The way in and out, under the names allauth and Django look for (no namespace)."""

from django.urls import path

from accounts.views import security, sign_in

urlpatterns = [
    path("login/", sign_in.login, name="account_login"),
    path("login/code/", sign_in.confirm_code, name="account_confirm_login_code"),
    path("login/code/resend/", sign_in.resend_code, name="account_resend_code"),
    path("signup/", sign_in.signup, name="account_signup"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("password/", security.password, name="account_change_password"),
]
