"""The real portal as a process, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240.0  # seconds: the first start makes all tables and loads the plan, on a machine busy with other tests
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO_DATE", "ALLOWED_HOSTS", "PORT", "DJANGO_SETTINGS_MODULE")
OURS += ("DATA_KEYS", "INDEX_KEY")
OURS += ("DJANGO_ALLOW_ASYNC_UNSAFE",)  # set by the browser tests of the same run
# Production loads no sample year, so it starts in seconds.
PRODUCTION = {
    "WORKPLAN_MODE": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-for-tests-of-the-start",
    "DATA_KEYS": "test:" + "A" * 43 + "=",
    "INDEX_KEY": "B" * 42 + "A=",
    "ALLOWED_HOSTS": "127.0.0.1,portal.example",
    "WEB_CONCURRENCY": "1",
}


def environment(**values) -> dict[str, str]:
    """Return the environment of a process: the machine's, without what others set, with `values`."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | PRODUCTION | {name: str(value) for name, value in values.items()}


def serve(**values) -> subprocess.CompletedProcess:
    """Run the start command that is expected to end by itself; return how it ended."""
    command = [sys.executable, "-m", "config.serve"]
    return subprocess.run(command, cwd=ROOT, env=environment(**values), capture_output=True, text=True, timeout=60)


def descendants(pid: int) -> set[int]:
    """Return the ids of the process's children, and of theirs."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, row.split())) for row in found.splitlines()]
    family = {pid}
    while more := {child for child, parent in parents if parent in family} - family:
        family |= more
    return family - {pid}


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Portal:
    """A running portal."""

    def __init__(self, var: Path, **values):
        self.port = free_port()
        self.log = (var.parent / f"log-{self.port}").open("w+", encoding="utf-8")
        env = environment(WORKPLAN_VAR=var, PORT=self.port, **values)
        command = [sys.executable, "-m", "config.serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=self.log, stderr=self.log)

    @property
    def output(self) -> str:
        return Path(self.log.name).read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body; (0, "") where nobody answers."""
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict:
        status, body = self.get("/healthz")
        return {"http": status, **(json.loads(body) if body else {})}

    def wait_until_ready(self) -> None:
        def ready():
            assert self.process.poll() is None, self.output
            return self.get("/readyz")[0] == 200

        wait_for(ready, "the portal to be ready")

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def running(var: Path, **values) -> Iterator[Portal]:
    """Start a portal and wait until all its parts are up; whatever happens, nothing of it is left."""
    portal = Portal(var, **values)
    family = set()
    try:
        portal.wait_until_ready()
        family = descendants(portal.process.pid)
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.end()
        for pid in filter(is_alive, family):
            os.kill(pid, signal.SIGKILL)
        portal.log.close()
