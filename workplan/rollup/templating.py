"""Templates of the bureau's own: filled in a child process that knows nothing of the database."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from ..errors import Refused
from .fill import HEAD, HEAVY, OUTPUT
from .word import Material, sample_template

FILLER = Path(__file__).with_name("fill.py")
WALL_SECONDS = 60
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")

__all__ = ["fill", "sample_template"]


def fill(material: Material, template: bytes) -> bytes:
    """Return the report as the template lays it out. Raises Refused with what is wrong with the template."""
    asked = json.dumps(asdict(material)).encode()
    kind, answer = _answer(HEAD.pack(len(asked)) + asked + template)
    if kind == b"P":
        return answer
    raise Refused(answer.decode() if kind == b"X" else HEAVY, code="bad_template")


def _answer(request: bytes) -> tuple[bytes, bytes]:
    """Run the child and return what it says; nothing where it did not live to say it."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(FILLER)],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a complaint may quote the report
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            cwd="/",
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b"", b""
    if len(done.stdout) > OUTPUT:
        return b"", b""
    return done.stdout[:1], done.stdout[1:]
