"""Refusals that services raise, each with a Chinese sentence for the user."""


class Refused(Exception):
    """An act that the rules do not allow now. `str()` is the Chinese reason; `code` is for programs."""

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None):
        super().__init__(message)
        self.message = message
        if code:
            self.code = code
