from django.urls import path

from reports.views import consolidated, records, returns, rollup, workbook

app_name = "reports"
urlpatterns = [
    path("desk/returns/", returns.returns, name="returns"),
    path("desk/returns/accept/", returns.accept_many, name="accept_many"),
    path("desk/returns/close/<int:pk>/", returns.close, name="close"),
    path("desk/returns/<int:pk>/", returns.sheet, name="return"),
    path("desk/returns/<int:pk>/review/", returns.review, name="review"),
    path("desk/returns/<int:pk>/versions/", returns.versions, name="versions"),
    path("desk/returns/<int:pk>/paper/", returns.paper, name="paper"),
    path("desk/returns/<int:pk>/workbook.xlsx", workbook.download, name="workbook"),
    path("desk/returns/<int:pk>/upload/", workbook.upload, name="upload"),
    path("desk/returns/<int:pk>/corrections.xlsx", workbook.corrections, name="corrections"),
    path("desk/rollup/", rollup.rollup, name="rollup"),
    path("desk/rollup/<str:code>/records/", records.records, name="records"),
    path("desk/consolidated/", consolidated.consolidated, name="consolidated"),
    path(
        "desk/consolidated/<uuid:pk>/<str:kind>/", consolidated.download, name="consolidated_file"
    ),
]
