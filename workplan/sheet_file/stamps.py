"""What a row of the file is, and what stood in its cells when it was downloaded: hidden beside it, signed by the portal."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

from ..errors import Refused

SALT = "workplan.sheet_file.row"
PIECE = 32_000  # characters; a cell holds 32,767


@dataclass(frozen=True, slots=True)
class Stamp:
    """sheet: of which table; key: id of the target or task; label: its code or number, as the row shows it.

    was: what could be typed into, by field, as text in the cell; shut: likewise for cells that were locked.
    """

    sheet: str
    unit: int
    period: int
    key: int
    label: str
    was: dict[str, str]
    shut: dict[str, str]

    def signed(self) -> str:
        values = [self.sheet, self.unit, self.period, self.key, self.label, self.was, self.shut]
        return signing.dumps(values, salt=SALT, compress=True)


def pieces_of(text: str, count: int) -> list[str]:
    """Spread a stamp over cells. Raises ValueError where it does not fit: the fields' own limits keep it shorter."""
    if len(text) > PIECE * count:
        raise ValueError("A stamp is longer than its cells.")
    return [text[at * PIECE : (at + 1) * PIECE] for at in range(count)]


def stamp_in(pieces: Sequence[str]) -> Stamp | None:
    """Return the stamp in these cells; None where there is none. Raises Refused where it was not written by the portal."""
    text = "".join(piece.strip() for piece in pieces)
    if not text:
        return None
    try:
        return Stamp(*signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError):
        raise Refused(
            "文件中的隐藏凭据已被改动，不能写入。请重新下载填报表，把内容填到新文件中再上传。", code="forged"
        ) from None
