"""The two kinds of file that are imported and exported, as django-import-export sees them."""

import tablib
from import_export.formats.base_formats import Format

from . import sheets


class _Table(Format):
    """A table with one header row. Every format is read and written as bytes."""

    def __init__(self, encoding=None):
        self.encoding = encoding

    def can_import(self):
        return True

    def can_export(self):
        return True

    def read(self, content: bytes) -> list[list[str]]:
        raise NotImplementedError

    def create_dataset(self, in_stream):
        """Return the file's table. Raises UnreadableFile."""
        header, *rows = self.read(in_stream)
        if len(set(header)) < len(header) or not all(header):
            raise sheets.UnreadableFile("表头有空白或重复的列名。")
        return tablib.Dataset(*rows, headers=header)


class Xlsx(_Table):
    def get_title(self):
        return "XLSX"  # the import page's script compares it with the extension of the chosen file

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def read(self, content: bytes) -> list[list[str]]:
        return sheets.read_xlsx(content)

    def export_data(self, dataset, **kwargs) -> bytes:
        return sheets.write_xlsx(dataset.headers, list(dataset))


class Csv(_Table):
    def get_title(self):
        return "CSV"

    def get_extension(self):
        return "csv"

    def get_content_type(self):
        return "text/csv; charset=utf-8"

    def read(self, content: bytes) -> list[list[str]]:
        return sheets.read_csv(content)

    def export_data(self, dataset, **kwargs) -> bytes:
        return sheets.write_csv(dataset.headers, list(dataset))
