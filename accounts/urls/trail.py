"""What was told, recorded and worked at."""

from django.urls import path

from accounts.views import audit, inbox, jobs, my_data, outbox

urlpatterns = [
    path("me/messages/", inbox.inbox, name="inbox"),
    path("me/messages/read-all/", inbox.read_all, name="inbox_read_all"),
    path("me/messages/<uuid:pk>/", inbox.read, name="inbox_read"),
    path("me/data/", my_data.my_data, name="my_data"),
    path("me/data/download/", my_data.download, name="my_data_download"),
    path("me/data/consents/<int:pk>/withdraw/", my_data.withdraw, name="consent_withdraw"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="job_retry"),
    path("jobs/<uuid:pk>/file/", jobs.file, name="job_file"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("audit/<int:pk>/", audit.entry, name="audit_entry"),
]
