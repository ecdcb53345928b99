class UnreadableFile(ValueError):
    """A file that cannot be taken in; `str()` is the Chinese reason, fit to be shown."""
