"""The work section's addresses of the API, version 1."""

from django.urls import path

from placement.api import loans

app_name = "work_api"
urlpatterns = [
    path("", loans.LoanList.as_view(), name="loans"),
    path("<str:number>/", loans.LoanDetail.as_view(), name="loan"),
    path("<str:number>/answers/", loans.LoanAnswers.as_view(), name="loan_answers"),
]
