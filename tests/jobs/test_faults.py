"""The whole portal on PostgreSQL and Redis while everything is killed: in the end each job is done and each letter has come.

Each job is told to the workers twice, and two schedulers run. Files go into a register all the while, and in the end every
figure is what reports and records imply. Bounded: so many jobs, so many faults, so many seconds.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, suppress

import psycopg2
import pytest

from tests.ground.portal import ROOT, descendants, environment, running, wait_for
from tests.reminders.servers import mail_server, robot
from tests.services import postgresql_server, redis_server

pytestmark = [pytest.mark.process, pytest.mark.redis, pytest.mark.xdist_group("process")]
PEOPLE = 100  # two messages each
FILES, ROWS = 8, 12
SLOWLY = 0.05  # seconds that the robot takes to answer: time to kill somebody half-way
AT_ONCE = 8  # more jobs than the workers have in hand at any moment


class Place:
    """The database, as somebody looks at it from outside: it may be away for a moment."""

    def __init__(self, url: str):
        self.url = url

    def ask(self, statement: str) -> list[tuple]:
        try:
            with psycopg2.connect(self.url, connect_timeout=2) as connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        except psycopg2.OperationalError:
            return []

    def done(self) -> int:
        found = self.ask("SELECT count(*) FROM workplan_job WHERE kind = 'message.send' AND state = 'done'")
        return found[0][0] if found else 0

    def undone(self) -> bool:
        return self.ask("SELECT count(*) FROM workplan_job WHERE state <> 'done'") != [(0,)]


@contextmanager
def second_beat(tmp_path, env: dict):
    """Run another scheduler beside the portal's own."""
    command = [sys.executable, "-m", "celery", "-A", "config", "beat", "-s", str(tmp_path / "beat"), "-l", "ERROR"]
    beat = subprocess.Popen(command, cwd=ROOT, env=env | {"WORKPLAN_VAR": str(tmp_path / "var")})
    try:
        yield
    finally:
        beat.kill()
        beat.wait()


def run_here(command: list[str], env: dict) -> str:
    """Run a command beside the portal to its end; return what it prints."""
    env = env | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def kill_all(portal) -> None:
    """Kill the portal with all its processes at once, as when the machine loses its power."""
    for pid in [portal.process.pid, *descendants(portal.process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    portal.process.wait()


def test_every_job_is_done_whatever_is_killed(tmp_path):
    with (
        postgresql_server() as (url, database),
        redis_server() as (broker, redis),
        mail_server() as mail,
        robot() as group,
    ):
        group.answer_after = SLOWLY
        host, port = mail.server_address
        values = {
            "DATABASE_URL": url,
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://{host}:{port}",
            "WEBHOOK_INSIDE_HOSTS": "127.0.0.1",
            "JOB_LEASE_SECONDS": 5,
            "TICK_SECONDS": 2,
        }
        place = Place(url)
        with running(tmp_path / "var", **values) as portal:
            robots = f"http://127.0.0.1:{group.server_port}/send"
            env = environment(WORKPLAN_VAR=tmp_path / "var", **values)
            crowd = [sys.executable, "-m", "tests.jobs.crowd", *map(str, (PEOPLE, FILES, ROWS)), robots]
            run_here(crowd, env)
            wait_for(lambda: place.done() >= 30, "the first jobs to be done")
            kill_all(portal)
        assert place.done() < 2 * PEOPLE, "killed half-way"
        with running(tmp_path / "var", **values), second_beat(tmp_path, env):
            wait_for(lambda: place.done() >= 80, "more jobs to be done")
            redis.restart(signal.SIGKILL)
            wait_for(lambda: place.done() >= 130, "the work to go on with an empty broker")
            database.restart(signal.SIGQUIT)
            wait_for(lambda: place.done() == 2 * PEOPLE and not place.undone(), "all jobs to be done")
            assert "偏差 0 处" in run_here([sys.executable, "manage.py", "reconcile"], env)
        states = dict(place.ask("SELECT state, count(*) FROM workplan_job GROUP BY state"))
        assert set(states) == {"done"}
        assert place.ask("SELECT DISTINCT state FROM workplan_delivery") == [("sent",)]
        letters = Counter(letter["Message-ID"] for letter in mail.letters)
        assert len(letters) == PEOPLE and {letter["To"] for letter in mail.letters} == {
            f"reader{n}@example.invalid" for n in range(PEOPLE)
        }
        posts = Counter(path for path, _, _ in group.posts)
        assert len(posts) == PEOPLE
        again = sum(letters.values()) + sum(posts.values()) - 2 * PEOPLE
        assert again <= AT_ONCE, "only what was on its way at the moment of a kill may come again"
        assert place.ask("SELECT state, count(*) FROM workplan_importbatch GROUP BY state") == [("done", FILES)]
        assert place.ask("SELECT count(*) FROM eldercare_homeadaptation") == [(FILES * ROWS,)]
        measured = "SELECT sum(value) FROM workplan_figure WHERE entry_id IS NULL AND replaced_on IS NULL"
        assert place.ask(measured) == [(FILES * ROWS,)]
        nights = place.ask("SELECT key FROM workplan_job WHERE kind <> 'message.send'")
        assert len(nights) == len(set(nights))
