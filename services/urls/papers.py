"""Papers handed in with a matter, papers issued on it, and verifying those."""

from django.urls import path

from services.views.desk import documents
from services.views.me import matter_files as files
from services.views.public import verify

urlpatterns = [
    path("matters/<slug:number>/files/", files.add, name="matter_file_add"),
    path("matters/<slug:number>/photo/", files.take_photo, name="matter_photo_take"),
    path("matters/<slug:number>/photo/<str:token>/", files.photo, name="matter_photo"),
    path("matter-files/<int:pk>/", files.show, name="matter_file"),
    path("matter-files/<int:pk>/remove/", files.remove, name="matter_file_remove"),
    path("papers/<slug:code>.pdf", files.document_pdf, name="document_pdf"),
    path("desk/papers/<slug:code>/revoke/", documents.revoke, name="desk_document_revoke"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_code, name="verify_code"),
]
