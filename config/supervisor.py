"""Runs several processes as one: when one ends, or a signal comes, all end."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .messages import line

ROOT = Path(__file__).resolve().parent.parent
GRACE = 10.0  # seconds that the processes may take to end by themselves
POLL = 0.1
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent is gone: a killed supervisor leaves no orphans."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts the commands, calls `announce` once `is_ready()` holds, and ends all of them together."""

    def __init__(self, commands: dict[str, list[str]], *, is_ready: Callable[[], bool], announce: Callable[[], None]):
        self.commands, self.is_ready, self.announce = commands, is_ready, announce
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = False

    def run(self) -> int:
        """Run until a signal (returns 0) or until one process ends by itself (returns 1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._start_all()
            died = self._watch()
        finally:
            self._end_all()
        print(line("stopped"), flush=True)
        return 1 if died else 0

    def _stop(self, number, frame) -> None:
        self.stopping = True

    def _start_all(self) -> None:
        # In sessions of their own: Ctrl-C reaches the supervisor alone, which then ends them in order.
        for name, command in self.commands.items():
            self.running[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=die_with_parent)

    def _watch(self) -> bool:
        """Wait for a signal or an end. Returns whether a process ended by itself."""
        announced = False
        while not self.stopping:
            for name, process in self.running.items():
                if process.poll() is not None:
                    print(line("died", name=name, code=process.returncode), file=sys.stderr, flush=True)
                    return True
            if not announced and self.is_ready():
                announced = True
                self.announce()
            time.sleep(POLL)
        print(line("stopping"), flush=True)
        return False

    def _end_all(self) -> None:
        """Ask all to end, wait, and kill the whole session of each: no child of a child survives."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
