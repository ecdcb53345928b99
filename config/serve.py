"""One foreground command that runs web, worker and beat, and ends all of them together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from .messages import line

ROOT = Path(__file__).resolve().parent.parent
GRACE = 10.0  # seconds that a process may take to end by itself
POLL = 0.2


def fail(key: str, **values) -> None:
    """End with one clear line and a failing exit code."""
    sys.exit(line(key, **values))


def wanted_port() -> int:
    text = os.environ.get("PORT", "") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        fail("port_bad", port=text)
    return int(text)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail("port", port=port)


def check_database() -> None:
    """Connect once, so that a broken DATABASE_URL is one line here and not a traceback per worker."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        from django.db import connection

        connection.settings_dict["OPTIONS"].setdefault("connect_timeout", 5) if connection.vendor == "postgresql" else None
        connection.ensure_connection()
        connection.close()
    except (ImproperlyConfigured, ValueError) as broken:
        fail("database", reason=str(broken).splitlines()[0])
    except Exception as broken:
        from django.db import DatabaseError

        if not isinstance(broken, DatabaseError):
            raise
        fail("database", reason=str(broken).strip().splitlines()[0])


def check_redis() -> None:
    from django.conf import settings

    if not settings.REDIS_URL:
        return
    import redis

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError):
        fail("redis")


def commands(port: int, *, embedded: bool) -> dict[str, list[str]]:
    """Return the command of each process. Embedded: beat inside one worker of threads; else both apart."""
    python = [sys.executable, "-m"]
    workers = os.environ.get("WEB_CONCURRENCY") or str(os.cpu_count() or 2)
    web = [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", workers]
    web += ["--no-control-socket", "--timeout", "60", "--graceful-timeout", "8", "--log-level", "warning"]
    worker = [*python, "celery", "-A", "config", "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    schedule = str(Path(os.environ["WORKPLAN_VAR"]) / "celerybeat-schedule")
    if embedded:
        return {"web": web, "worker": [*worker, "-P", "threads", "-c", "2", "-B", "-s", schedule]}
    beat = [*python, "celery", "-A", "config", "beat", "--loglevel", "WARNING", "-s", schedule]
    return {"web": web, "worker": [*worker, "-c", "2"], "beat": beat}


def announce(port: int, *, demo: bool) -> None:
    print(f"\n  区民政局工作要点督办平台 / district work-plan portal\n\n    http://127.0.0.1:{port}/\n", flush=True)
    if demo:
        from workplan.demo.accounts import lines

        print("\n".join(f"    {text}" for text in lines()), flush=True)
    print("\n  Ctrl-C 停止 / Ctrl-C stops.\n", flush=True)


class Supervisor:
    """Runs the processes as one: when one ends, or a signal comes, all end."""

    def __init__(self, processes: dict[str, list[str]]):
        self.commands = processes
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = False

    def run(self) -> int:
        """Run until a signal (0) or until one process dies (1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        # Sessions of their own: Ctrl-C in the terminal reaches the supervisor alone, which then ends them in order.
        for name, command in self.commands.items():
            self.running[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        died = self._watch()
        self._end_all()
        print(line("stopped"), flush=True)
        return 1 if died else 0

    def _stop(self, number, frame) -> None:
        self.stopping = True

    def _watch(self) -> bool:
        while not self.stopping:
            for name, process in self.running.items():
                if process.poll() is not None:
                    print(line("died", name=name, code=process.returncode), file=sys.stderr, flush=True)
                    return True
            time.sleep(POLL)
        print(line("stopping"), flush=True)
        return False

    def _end_all(self) -> None:
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal(process, signal.SIGKILL)  # the whole session: no orphan of a worker survives
            process.wait()


def _signal(process: subprocess.Popen, number: int) -> None:
    """Signal the process; a kill goes to its whole session."""
    try:
        os.killpg(process.pid, number) if number == signal.SIGKILL else process.send_signal(number)
    except ProcessLookupError:
        pass


def main() -> int:
    os.environ.setdefault("WORKPLAN_VAR", str(ROOT / "var"))
    port = wanted_port()
    check_port(port)
    check_database()
    check_redis()
    from django.conf import settings

    from .guard import refuse_unsafe_start

    refuse_unsafe_start()
    announce(port, demo=settings.DEMO)
    return Supervisor(commands(port, embedded=not settings.REDIS_URL)).run()


if __name__ == "__main__":
    sys.exit(main())
