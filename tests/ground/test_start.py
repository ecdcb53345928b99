"""The one command: what it serves, how it ends, and what it says when it cannot start."""

import os
import signal
import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from tests.services import private_postgresql, private_redis

from .portal import descendants, is_alive, running, serve, wait_for

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """A folder whose database is filled by the first start and kept by the next ones."""
    return tmp_path_factory.mktemp("ground") / "var"


def assert_gone(family):
    wait_for(lambda: not any(map(is_alive, family)), f"the end of {sorted(filter(is_alive, family))}")


def test_serves_with_all_parts_up_and_a_stop_signal_ends_all_of_them(var):
    with running(var) as portal:
        family = descendants(portal.process.pid)
        assert portal.health() | {"worker_seen_seconds_ago": 0} == {
            "http": 200, "status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "worker_seen_seconds_ago": 0,
        }  # fmt: skip
        assert portal.get("/")[0] == 301, "production speaks HTTPS only"
        assert f"http://127.0.0.1:{portal.port}/" in portal.output
        assert "demo-workplan" not in portal.output
        assert len(family) >= 3
        assert portal.end(signal.SIGTERM) == 0
        assert_gone(family)
        assert "Traceback" not in portal.output


def test_ctrl_c_ends_all_of_them_too(var):
    with running(var) as portal:
        family = descendants(portal.process.pid)
        assert portal.end(signal.SIGINT) == 0
        assert_gone(family)


def test_when_one_process_dies_the_others_end_and_it_is_said(var):
    with running(var) as portal:
        family = descendants(portal.process.pid)
        web = next(pid for pid in sorted(family) if "gunicorn" in Path(f"/proc/{pid}/cmdline").read_text())
        os.kill(web, signal.SIGKILL)
        assert portal.process.wait(30) == 1
        assert_gone(family)
        assert "web ended unexpectedly" in portal.output


def test_a_killed_supervisor_leaves_no_orphans(var):
    with running(var) as portal:
        family = descendants(portal.process.pid)
        portal.end(signal.SIGKILL)
        assert_gone(family)


def test_only_its_owner_may_look_into_the_folder(var):
    with running(var):
        assert stat.S_IMODE(var.stat().st_mode) == 0o700


@pytest.fixture
def redis_url():
    """A server for one test alone, which stops it."""
    with private_redis() as url:
        yield url


@pytest.fixture
def postgresql():
    with private_postgresql() as url:
        yield url


@pytest.mark.redis
def test_with_postgresql_and_redis_a_lost_broker_is_told_and_pages_live_on(tmp_path, postgresql, redis_url):
    with running(tmp_path / "var", DATABASE_URL=postgresql, REDIS_URL=redis_url) as portal:
        family = descendants(portal.process.pid)
        assert not (tmp_path / "var" / "db.sqlite3").exists()
        redis.Redis.from_url(redis_url).shutdown(nosave=True)
        wait_for(lambda: portal.health().get("broker") == "down", "the broker to be seen as gone")
        assert portal.health()["http"] == 200
        assert portal.get("/readyz")[0] == 503
        assert portal.end() == 0
        assert_gone(family)


def test_without_its_database_the_portal_says_so_and_lives(tmp_path):
    with ExitStack() as portal_stays:
        with private_postgresql() as url:
            portal = portal_stays.enter_context(running(tmp_path / "var", DATABASE_URL=url))
        wait_for(lambda: portal.health()["http"] == 503, "the database to be seen as gone")
        health = portal.health()
        assert (health["database"], health["worker"]) == ("down", "unknown")
        assert portal.process.poll() is None


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def assert_one_line(done, *words):
    """A start that cannot be ends with one line that tells why, and no traceback."""
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert done.returncode != 0
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]


def test_a_taken_port_is_one_clear_line(tmp_path, taken_port):
    assert_one_line(serve(WORKPLAN_VAR=tmp_path / "var", PORT=taken_port), str(taken_port), "占用", "taken")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    # A file in its place, for root may write into every folder.
    (tmp_path / "var").write_text("", encoding="ascii")
    assert_one_line(serve(WORKPLAN_VAR=tmp_path / "var"), "不可写", "not writable")


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"DATABASE_URL": "postgres://who:secret-word@127.0.0.1:1/none"}, "无法连接数据库"),
        ({"DATABASE_URL": "mysql://who:secret-word@127.0.0.1/none"}, "postgres://"),
        ({"DATABASE_URL": "postgres://who:secret-word@127.0.0.1:99999/none"}, "配置有误"),
        ({"REDIS_URL": "redis://:secret-word@127.0.0.1:1/0"}, "Redis"),
        ({"REDIS_URL": "nonsense"}, "Redis"),
        ({"WORKPLAN_MODE": "demo", "DEMO_DATE": "2024-13-01"}, "配置有误"),
    ],
)
def test_wrong_settings_are_one_clear_line_without_the_password(tmp_path, wrong, word):
    done = serve(**({"WORKPLAN_VAR": tmp_path / "var"} | wrong))
    assert_one_line(done, word)
    assert "secret-word" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "k3y" * 20}, "SECRET_KEY"),
        ({"DATA_KEYS": ""}, "DATA_KEYS"),
        ({"DATA_KEYS": "k1:c2hvcnQ="}, "DATA_KEYS"),
        ({"INDEX_KEY": ""}, "INDEX_KEY"),
        ({"WORKPLAN_MODE": "demo", "DATA_KEYS": "nonsense"}, "DATA_KEYS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SESSION_COOKIE_SECURE": "0"}, "Cookie"),
        ({"CSRF_COOKIE_SECURE": "0"}, "Cookie"),
        ({"WORKPLAN_MODE": "prodution"}, "WORKPLAN_MODE"),
    ],
)
def test_unsafe_production_is_refused(tmp_path, wrong, word):
    done = serve(**({"WORKPLAN_VAR": tmp_path / "var"} | wrong))
    assert_one_line(done, "拒绝启动", word)
    assert done.returncode == 2
    assert not (tmp_path / "var" / "db.sqlite3").exists(), "nothing was made before the refusal"
