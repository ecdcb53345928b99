"""Spreadsheets and text tables in. A file is parsed in a process of its own, which knows nothing of the portal.

The child (`reader/`) gets the file in memory, never on disk, with none of our environment, and limits itself before it looks
at the first byte. It answers in messages (`reader/wire.py`); what ends before the last of them was not read.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Timer

from .errors import UnreadableFile
from .kinds import kind_of
from .limits import MB, STANDARD, Limits
from .table import Table

READER = Path(__file__).with_name("reader")
ERRORS_COLUMN = "错误说明"  # what `annotate` adds; it is not read back
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")
TOO_HEAVY = "表格太大或太复杂，读取时超出了内存或时间的限制。请删去数据区以外的内容，或分成几个文件。"
HEAD = struct.Struct(">cI")  # kind and length of a message
LINE = struct.Struct(">I")


def read_table(
    content: bytes,
    *,
    name: str,
    known: Collection[str] = (),
    example: Mapping[str, str] | None = None,
    limits: Limits = STANDARD,
    looks: bool = False,
) -> Table:
    """Return the table in an uploaded file.

    `name` is the file's name, whose extension must agree with the content. `known` are the column names that may stand in
    the header: they find the sheet and the header row (blanks, width of characters and a `*` at either end do not count);
    without them the first row with text is the header. A row equal to `example` (column → text) is left out.
    `looks` asks a workbook which cells are formulas and which show their number in percent.
    Raises UnreadableFile with a sentence for the user.
    """
    if not content:
        raise UnreadableFile("文件是空的。")
    if len(content) > limits.file_bytes:
        raise UnreadableFile(f"文件超过 {limits.file_bytes / MB:g} MB。")
    request = {
        "kind": kind_of(content, name),
        "known": list(known),
        "example": dict(example or {}),
        "unread": [ERRORS_COLUMN],
        "looks": looks,
        "limits": asdict(limits),
    }
    return _table(list(_answers(request, content, limits)))


def _table(answers: list[tuple[bytes, bytes]]) -> Table:
    """Put the child's messages together: rows, what they are, the end; or a refusal. Anything else is no answer."""
    *rows, (last, payload), (end, _) = [(b"", b"")] * 2 + answers
    for kind, refusal in answers:
        if kind == b"X":
            raise UnreadableFile(str(json.loads(refusal)))
    if last != b"T" or end != b"E":
        raise UnreadableFile(TOO_HEAVY)
    runs = [(LINE.unpack_from(packed)[0], packed[LINE.size :]) for kind, packed in rows if kind == b"R"]
    told = json.loads(payload)
    formulas = {(line, at): text for line, at, text in told.pop("formulas", ())}
    percents = frozenset(map(tuple, told.pop("percents", ())))
    return Table(**told, runs=runs, formulas=formulas, percents=percents)


def _answers(request: dict, content: bytes, limits: Limits) -> Iterator[tuple[bytes, bytes]]:
    """Run the child and yield its messages as long as it keeps to what was agreed."""
    room = limits.text_bytes + 2**20
    with _input(request, content) as source, _child(source, limits.wall_seconds) as answer:
        while len(head := answer.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            room -= length
            if room < 0:
                return
            payload = answer.read(length)
            if len(payload) == length:
                yield kind, payload


@contextmanager
def _input(request: dict, content: bytes):
    """Give request and file as a descriptor of memory: personal data do not pass through a temporary file."""
    asked = json.dumps(request).encode()
    with os.fdopen(os.memfd_create("table"), "wb") as source:
        source.write(LINE.pack(len(asked)))
        source.write(asked)
        source.write(content)
        source.seek(0)
        yield source


@contextmanager
def _child(source, seconds: int):
    """Start the reader and yield its output; whatever happens, it has ended afterwards."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(READER)],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's complaint may quote cells
        env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
        cwd="/",
    )
    patience = Timer(seconds, child.kill)
    patience.start()
    try:
        with child.stdout as answer:
            yield answer
    finally:
        patience.cancel()
        child.kill()
        child.wait()
