"""Why a text cannot be read as a notice. Messages are shown to users as they are."""


class NoticeError(Exception):
    """The file cannot be read, or what it holds is no work notice."""
