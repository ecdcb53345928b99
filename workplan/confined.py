"""Work on what somebody uploaded, done in a process of its own: whatever a file does to memory and time ends with that process.

The parent calls `answer_of`; the child reads its request, imports what it needs, calls `limit`, and only then looks at the file.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")


def answer_of(script: Path, request: bytes, *, wall_seconds: int, largest: int) -> tuple[bytes, bytes]:
    """Run the script on a request and return the kind (its first byte) and the rest of what it says.

    Nothing of both where it did not live to say it, took longer than `wall_seconds` or said more than `largest` bytes.
    """
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(script)],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a complaint may quote the file
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            cwd="/",
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b"", b""
    if len(done.stdout) > largest:
        return b"", b""
    return done.stdout[:1], done.stdout[1:]


def limit(*, memory: int, cpu_seconds: int) -> None:
    """Bound the memory (bytes) and time of this process, and forbid it to write files, dump core or start others."""
    bounds = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))
