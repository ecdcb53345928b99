"""What stands in a document of Word, a spreadsheet or a text: its beginning."""

import json
from pathlib import Path

from ..confined import answer_of
from ..errors import Refused
from .extract import OUTPUT

EXTRACTOR = Path(__file__).with_name("extract.py")
WALL_SECONDS = 8  # a web process waits
HEAVY = "这份文件太复杂，无法预览，请下载后查看。"


def words_of(content: bytes, kind: str) -> dict:
    """Return `lines` or `table` (rows of cells) of the document, and whether there is `more`.

    kind: word, sheet or text. Raises Refused where it cannot be read.
    """
    request = kind.encode() + b"\n" + content
    said, answer = answer_of(EXTRACTOR, request, wall_seconds=WALL_SECONDS, largest=OUTPUT)
    if said == b"P":
        return json.loads(answer)
    raise Refused(answer.decode() if said == b"X" else HEAVY, code="no_preview")
