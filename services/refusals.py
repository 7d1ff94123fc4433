"""What the makers of uploads say when a file cannot be kept."""

from veterans_portal.errors import DomainError


class UploadRefusedError(DomainError):
    """A file cannot be kept as it is; the message says what is wrong and how to mend it."""

    code = "upload_refused"

    def __init__(self, message, *, code=None, field="upload"):
        super().__init__(message, code=code, field=field)
