"""Templates of the bureau's own: filled in a child process that knows nothing of the database."""

import json
from dataclasses import asdict
from pathlib import Path

from ..confined import answer_of
from ..errors import Refused
from .fill import HEAD, HEAVY, OUTPUT
from .word import Material, sample_template

FILLER = Path(__file__).with_name("fill.py")
WALL_SECONDS = 60

__all__ = ["fill", "sample_template"]


def fill(material: Material, template: bytes) -> bytes:
    """Return the report as the template lays it out. Raises Refused with what is wrong with the template."""
    asked = json.dumps(asdict(material)).encode()
    request = HEAD.pack(len(asked)) + asked + template
    kind, answer = answer_of(FILLER, request, wall_seconds=WALL_SECONDS, largest=OUTPUT)
    if kind == b"P":
        return answer
    raise Refused(answer.decode() if kind == b"X" else HEAVY, code="bad_template")
