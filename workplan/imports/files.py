"""The uploaded file of an import: encrypted on disk, in clear in memory only."""

import hashlib

from django.core.files.base import ContentFile

from accounts import sheets
from accounts.crypto import decrypt_bytes, encrypt_bytes

from ..models import ImportBatch, Record
from ..registers.columns import Column, DayColumn, Reading, columns_of

GUIDE = (
    "第一行是列名，请不要改动；带 * 的列必填。示例行不会被导入，可以保留。",
    "日期写成 2024-10-15；选择项请从下拉列表中选；多个单位之间用顿号分开。",
    "证件号码所在列为文本格式，请勿改为数字，否则末几位会丢失。",
)


def context_of(batch: ImportBatch) -> str:
    """Return what binds the ciphertext to its row."""
    return f"import:{batch.uid}"


def keep_file(batch: ImportBatch, content: bytes) -> None:
    """Store the file with the batch, which is not saved yet."""
    batch.size, batch.sha256 = len(content), hashlib.sha256(content).hexdigest()
    batch.file.save("import", ContentFile(encrypt_bytes(content, context_of(batch))), save=False)


def content_of(batch: ImportBatch) -> bytes:
    """Return the file as it was uploaded. Raises FileNotFoundError where it has been lost."""
    with batch.file.open("rb") as stored:
        return decrypt_bytes(stored.read(), context_of(batch))


def read_batch(batch: ImportBatch, model: type[Record], reading: Reading) -> sheets.Table:
    """Return the table in the batch's file. Raises UnreadableFile."""
    template = template_columns(model, reading)
    names = [column.label for column in columns_of(model)]
    example = sheets.example_of(template)
    return sheets.read_table(content_of(batch), name=batch.name, known=names, example=example)


def template_columns(model: type[Record], reading: Reading) -> list[sheets.TemplateColumn]:
    """Return the columns of the register's template, with choices and an example row."""
    return [_template_column(column, reading) for column in columns_of(model)]


def _template_column(column: Column, reading: Reading) -> sheets.TemplateColumn:
    choices = column.choices(reading)
    example = column.example or (choices[0] if choices and column.required else "")
    kind = "date" if isinstance(column, DayColumn) else "text"
    return sheets.TemplateColumn(column.label, column.required, column.help, choices, example, kind)


def template_of(model: type[Record], user) -> bytes:
    """Return a workbook to fill in and bring back: instructions, choices, an example row."""
    title, reading = str(model._meta.verbose_name), Reading(user, model)
    notes = [*([model.register.hint] if model.register.hint else []), *GUIDE]
    return sheets.write_template(title=f"{title}导入模板", columns=template_columns(model, reading), notes=notes)
