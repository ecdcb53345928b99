"""Public notices (公示): a list made of allowed columns only, and looked through once more before it leaves."""

import io
import re
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile

from django.http import FileResponse

from accounts import audit, sheets
from accounts.enums import Right
from accounts.sheets import read_table

from .. import clock
from ..enums import Privacy
from ..errors import Refused
from ..models import Record
from ..ui.xlsx import attachment
from .columns import Column, columns_of
from .registry import opens

CHUNK = 2000
# What must not be put up in public, in any width of digits: resident ID numbers, mobile phones, bank accounts.
SECRETS = {
    "证件号码": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)"),
    "电话号码": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "银行账号": re.compile(r"(?<!\d)\d{16,19}(?!\d)"),
}
NARROW = str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")
BETWEEN = re.compile(r"(?<=\d)[\s\-－—·.]+(?=[\dXx])")
HIDDEN_PARTS = ("comments", "threadedComments", "pivotCache", "externalLink", "vmlDrawing", "customXml")


def may_publish(user, model: type[Record]) -> bool:
    """Say whether the register has a public form at all, and the user may take it out of the portal."""
    return bool(model.register.notice) and opens(user, model, Right.EXPORT)


def publish(request, model: type[Record], rows, *, on) -> FileResponse:
    """Return the notice as a workbook of one sheet. Raises Refused where something in it must not be public.

    Free text is the danger: somebody may have written a phone number into a name. The finished file is read again.
    """
    if model.register.privacy == Privacy.SENSITIVE or not may_publish(request.user, model):
        raise Refused("这个台账没有公示名单。", code="no_notice")
    columns = notice_columns(model)
    stream, title = TemporaryFile(), f"{model._meta.verbose_name}公示名单"  # noqa: SIM115  (the response closes it)
    lines = [title, f"公示日期：{on}"]
    written = sheets.write_xlsx_stream(
        stream, header=[c.label for c in columns], rows=_cells(rows, columns), lines=lines
    )
    stream.seek(0)
    found = found_in(stream.read(), title, [column.label for column in columns])
    if found:
        raise Refused(f"名单中含有{'、'.join(found)}，不能公示。请在台账中改正后重新生成。", code="not_public")
    stream.seek(0)
    after = {"list": title, "rows": written, "as_of": on.isoformat()}
    audit.record(action="data.export", actor=request.user, after=after, note=title)
    return attachment(stream, f"{title}-{clock.today():%Y%m%d}.xlsx")


def notice_columns(model: type[Record]) -> list[Column]:
    """Return the columns that the register's declaration allows in public, in its order."""
    by_name = {column.name: column for column in columns_of(model)}
    return [by_name[name] for name in model.register.notice]


def _cells(rows, columns: list[Column]) -> Iterator[list]:
    for record in rows.iterator(chunk_size=CHUNK):
        yield [column.export(record) for column in columns]


def found_in(content: bytes, title: str, header: list[str]) -> list[str]:
    """Return in words what the workbook holds that must not be public: numbers, or parts that do not meet the eye."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.namelist()
        plain = book.read("xl/workbook.xml")
    found = ["隐藏的工作表"] if b'state="' in plain else []
    found += ["批注或缓存"] if any(part in name for name in names for part in HIDDEN_PARTS) else []
    table = read_table(content, name=f"{title}.xlsx", known=header)
    texts = [cell for _, cells in [*table.above, *table] for cell in cells] + table.header
    return found + [word for word, pattern in SECRETS.items() if any(pattern.search(_closed_up(t)) for t in texts)]


def _closed_up(text: str) -> str:
    """Return the text with narrow digits and nothing between them: 138 0013 8000 is a phone number too."""
    return BETWEEN.sub("", text.translate(NARROW))
