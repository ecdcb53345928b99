"""Why a correction cannot be made. Messages are shown to users as they are."""


class BadEdit(Exception):
    """A correction that does not fit the outline. `field` names the argument that is wrong, "" where none is."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.message, self.field = message, field
