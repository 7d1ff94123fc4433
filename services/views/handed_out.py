"""Answering with a file that somebody handed in or the portal drew: locked down, never cached."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from services import uploads

# A file is looked at, never run: no script, no frame, no address inside it is followed.
LOCKED_DOWN = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
TYPES = {uploads.PDF: "application/pdf", uploads.PNG: "image/png"}


def file_answer(data, *, name, content_type="", save=False):
    """An answer with `data` (bytes), shown in the browser or, with `save`, kept as `name`.

    Without a `content_type` it is read from the data: what was cleaned is a picture or a PDF.
    """
    content_type = content_type or TYPES.get(uploads.kind_of(data), "image/jpeg")
    answer = HttpResponse(data, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(save, name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = LOCKED_DOWN
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
