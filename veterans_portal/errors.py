"""What an act says when it cannot be done."""


class DomainError(Exception):
    """A rule of the field refuses an act.

    `message` is a complete Chinese sentence for the person at the screen: what is wrong and
    how to mend it. `code` is a stable English key for the API, `field` the form field it
    belongs to (None: the whole form).
    """

    code = "refused"

    def __init__(self, message, *, code=None, field=None):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field
