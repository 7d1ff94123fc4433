"""Loans and what banks return of a month."""

from django.urls import path

from placement.views.desk import bank_returns, loans
from placement.views.me import loans as mine
from placement.views.partner import loans as room

urlpatterns = [
    path("me/loans/", mine.my_loans, name="my_loans"),
    path("me/loans/new/", mine.loan_edit, name="my_loan_new"),
    path("me/loans/<int:pk>/", mine.loan, name="my_loan"),
    path("me/loans/<int:pk>/edit/", mine.loan_edit, name="my_loan_edit"),
    path("me/loans/<int:pk>/give-up/", mine.loan_give_up, name="my_loan_give_up"),
    path("partner/<int:pk>/loans/", room.loan_list, name="partner_loans"),
    path("partner/<int:pk>/loans/<int:loan>/", room.loan, name="partner_loan"),
    path("partner/<int:pk>/bank-returns/", room.returns, name="partner_bank_returns"),
    path(
        "partner/<int:pk>/bank-returns/sheet.xlsx", room.return_sheet, name="partner_return_sheet"
    ),
    path(
        "partner/<int:pk>/bank-returns/<int:bank_return>/",
        room.bank_return,
        name="partner_bank_return",
    ),
    path("desk/loans/", loans.loan_list, name="desk_loans"),
    path("desk/loans/terms/", loans.terms, name="desk_loan_terms"),
    path("desk/loans/new/<int:person>/", loans.loan_new, name="desk_loan_new"),
    path("desk/loans/<int:pk>/", loans.loan, name="desk_loan"),
    path("desk/loans/<int:pk>/<slug:act>/", loans.loan_act, name="desk_loan_act"),
    path("desk/bank-returns/", bank_returns.return_list, name="desk_bank_returns"),
    path("desk/bank-returns/new/", bank_returns.return_new, name="desk_bank_return_new"),
    path("desk/bank-returns/<int:pk>/", bank_returns.bank_return, name="desk_bank_return"),
    path(
        "desk/bank-returns/<int:pk>/file.xlsx",
        bank_returns.return_file,
        name="desk_bank_return_file",
    ),
    path(
        "desk/bank-returns/<int:pk>/lines/<int:line>/",
        bank_returns.line_decide,
        name="desk_bank_line",
    ),
    path(
        "desk/bank-returns/<int:pk>/<slug:act>/",
        bank_returns.return_act,
        name="desk_bank_return_act",
    ),
]
