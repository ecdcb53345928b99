"""How many pages a PDF has, and what they look like."""

from pathlib import Path

from ..confined import answer_of
from ..errors import Refused
from .draw import NUMBER, OUTPUT

DRAWER = Path(__file__).with_name("draw.py")
WALL_SECONDS = 8  # a web process waits
SHOWN = 30  # pages of one file; who needs more downloads it
HEAVY = "这份 PDF 太复杂，无法预览，请下载后查看。"
PICTURE_TYPE = "image/jpeg"


def page_count(content: bytes) -> int:
    """Return how many pages the file has. Raises Refused where it cannot be read."""
    return NUMBER.unpack_from(_asked(0, content))[0]


def page_picture(content: bytes, number: int) -> bytes:
    """Return page `number`, from 1 on, as a JPEG. Raises Refused where there is none, or where it cannot be drawn."""
    return _asked(number, content)[NUMBER.size :]


def _asked(number: int, content: bytes) -> bytes:
    kind, answer = answer_of(DRAWER, NUMBER.pack(number) + content, wall_seconds=WALL_SECONDS, largest=OUTPUT)
    if kind == b"P":
        return answer
    raise Refused(answer.decode() if kind == b"X" else HEAVY, code="no_preview")
