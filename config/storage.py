"""Where static files are served from."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files. A file that was not collected keeps its plain address.

    The parent raises for such a file, and the page that names it is lost; here only the file is missing. So
    pages render without npm, and tests need no collected files.
    """

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name
