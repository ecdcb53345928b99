"""What production may not have, and what probes and logs say."""

import json
import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from config import guard
from config.logs import RequestMiddleware
from workplan.jobs import WORKER, beat
from workplan.models import Heartbeat

from .portal import ROOT, environment


@pytest.fixture
def production(settings):
    settings.DEMO, settings.MODE = False, "production"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["portal.example"]
    return settings


def test_demo_accounts_keep_production_from_starting(production, db, capsys):
    guard.refuse_unsafe_start()
    demo = User.objects.create(username="player", name="演示", is_demo=True)
    with pytest.raises(SystemExit) as refused:
        guard.refuse_unsafe_start()
    assert refused.value.code == 2
    assert "1 个启用的演示账号" in capsys.readouterr().err
    User.objects.filter(pk=demo.pk).update(is_active=False)
    guard.refuse_unsafe_start()


def test_debug_and_a_pinned_date_keep_production_from_starting(production, db):
    assert guard.unsafe_settings() == []
    production.DEBUG = True
    production.PINNED_DATE = timezone.now().date()
    assert len(guard.unsafe_settings()) == 2


def manage(*arguments, **values):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**values), capture_output=True, text=True, check=False)


def test_the_deploy_check_is_clean_with_good_settings_and_not_with_bad_ones(tmp_path):
    good = manage("check", "--deploy", "--fail-level", "INFO", WORKPLAN_VAR=tmp_path)
    assert good.returncode == 0, good.stderr
    bad = manage("check", "--deploy", WORKPLAN_VAR=tmp_path, ALLOWED_HOSTS="*")
    assert "config.E001" in bad.stderr and bad.returncode == 1


@pytest.mark.parametrize(("age", "worker", "status"), [(None, "unknown", 503), (5, "ok", 200), (3600, "down", 503)])
def test_readiness_tells_the_truth_about_the_worker(client, db, age, worker, status):
    if age is not None:
        Heartbeat.objects.create(name=WORKER, at=timezone.now() - timedelta(seconds=age))
    assert client.get("/readyz").status_code == status
    liveness = client.get("/healthz")
    assert liveness.status_code == 200, "pages are served all the same"
    assert liveness.json()["worker"] == worker
    assert (liveness.json()["status"] == "ok") is (worker == "ok")


def test_the_heartbeat_job_makes_the_worker_count_as_alive(client, db):
    beat()
    assert client.get("/healthz").json()["worker"] == "ok"


def test_a_failure_is_logged_as_one_json_line_with_its_traceback():
    try:
        raise ZeroDivisionError("of all things")
    except ZeroDivisionError:
        record = logging.getLogger("django.request").makeRecord(
            "django.request", logging.ERROR, __file__, 1, "Internal Server Error: %s", ("/plan/",), sys.exc_info()
        )
    (handler,) = (h for h in logging.getLogger().handlers if getattr(h.formatter, "processors", None))
    (line,) = handler.format(record).splitlines()
    said = json.loads(line)
    assert said["event"] == "Internal Server Error: /plan/"
    assert "of all things" in said["exception"] and "test_guard.py" in said["exception"]


def test_logs_name_a_request_without_what_was_searched_for():
    request = RequestFactory().get("/units/", {"q": "张三"})
    assert RequestMiddleware.format_request(request) == "GET /units/"
