"""One foreground command that runs web, worker and beat, and ends all of them together.

python -m config.serve     check, prepare the data, serve on 127.0.0.1:$PORT until Ctrl-C or SIGTERM
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from . import startup
from .messages import line
from .supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent


def commands(port: int, var: Path, *, embedded: bool) -> dict[str, list[str]]:
    """Return the command of each process. Embedded: beat inside one worker of threads; else both apart."""
    python = [sys.executable, "-m"]
    cores = str(os.cpu_count() or 2)
    web = [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--workers", os.environ.get("WEB_CONCURRENCY") or cores, "--no-control-socket"]
    web += ["--timeout", "60", "--graceful-timeout", "8", "--log-level", "warning"]
    celery = [*python, "celery", "-q", "-A", "config"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "-c", "2"]
    schedule = ["-s", str(var / "celerybeat-schedule")]
    if embedded:
        return {"web": web, "worker": [*worker, "-P", "threads", "-B", *schedule]}
    return {"web": web, "worker": worker, "beat": [*celery, "beat", "--loglevel", "WARNING", *schedule]}


def prepare_data() -> None:
    """Bring database, plan, sample data and static files up to date; end where that fails."""
    done = subprocess.run([sys.executable, "config/bootstrap.py", "data"], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def forget_metrics(var: Path) -> None:
    """Start all counters afresh: those of processes that are gone would add up for ever."""
    for file in (var / "metrics").glob("*.db"):
        file.unlink()


def demo_accounts() -> str:
    """Return who may sign in to the demo, and how."""
    from django.conf import settings

    from workplan.demo.accounts import PASSWORD

    return "\n".join(
        [
            f"    演示账号，密码均为 {PASSWORD} / Demo accounts, password {PASSWORD}:",
            "    admin 系统管理员 · leader 局领导 · auditor 审计",
            "    head-eldercare 科室负责人 · staff-eldercare 科室经办 · liaison-500156004 乡镇联络员",
            f"    板块 / sections: {' '.join(settings.SECTION_APPS)}",
        ]
    )


def announce(port: int, *, demo: bool) -> None:
    print("\n  区民政局工作要点督办平台 / District work-plan portal")
    print(f"\n    http://127.0.0.1:{port}/\n")
    if demo:
        print(demo_accounts())
    print("\n  Ctrl-C 停止 / Ctrl-C stops.\n", flush=True)


def end_quietly(number, frame) -> None:
    """Answer a signal that comes while the start is still under way."""
    print(line("stopped"), flush=True)
    sys.exit(0)


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_quietly)
    var = Path(os.environ.get("WORKPLAN_VAR") or ROOT / "var")
    os.environ["WORKPLAN_VAR"] = str(var)
    port = startup.wanted_port()
    startup.check_port(port)
    startup.check_var(var)
    settings = startup.load_settings()
    startup.check_database()
    startup.check_redis(settings.REDIS_URL)
    prepare_data()
    forget_metrics(var)
    supervisor = Supervisor(
        commands(port, var, embedded=not settings.REDIS_URL),
        is_ready=lambda: startup.answers(port),
        announce=lambda: announce(port, demo=settings.DEMO),
    )
    with startup.in_use(var):
        return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
