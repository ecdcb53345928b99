"""Setting up: the right Python, secrets, front-end files with and without npm, and starting afresh."""

import ast
import fcntl
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Template

from config import assets
from config.folders import LOCK
from config.secret_files import read, read_or_create

from .portal import ROOT, environment

BEFORE_INSTALLATION = ["bootstrap.py", "folders.py", "messages.py"]


@pytest.mark.parametrize("name", BEFORE_INSTALLATION)
def test_an_old_python_can_read_the_set_up_and_so_say_that_it_is_old(name):
    ast.parse((ROOT / "config" / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def bootstrap(*arguments, var=None, typed=""):
    command = [sys.executable, *arguments]
    env = environment(WORKPLAN_VAR=var or "/nonexistent")
    return subprocess.run(command, cwd=ROOT / "config", env=env, input=typed, capture_output=True, text=True)


def test_a_wrong_python_is_one_clear_line():
    done = bootstrap("-c", "import bootstrap; bootstrap.check_python((3, 9, 2))")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ["需要 Python 3.11，当前为 3.9。/ Python 3.11 is needed, this is 3.9."]
    assert bootstrap("-c", "import bootstrap; bootstrap.check_python((3, 11, 2))").returncode == 0


@pytest.fixture
def used_var(tmp_path):
    for name in ("db.sqlite3", "db.sqlite3-wal", "secret_key", "uploads/a.pdf", "broker/queue/one", LOCK):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="ascii")
    return tmp_path


@pytest.mark.parametrize("answer", ["", "no\n", "y\n", "YES\n"])
def test_reset_without_a_plain_yes_changes_nothing(used_var, answer):
    before = sorted(used_var.rglob("*"))
    assert bootstrap("bootstrap.py", "reset", var=used_var, typed=answer).returncode == 0
    assert sorted(used_var.rglob("*")) == before


def test_reset_deletes_what_was_entered_and_keeps_secrets(used_var):
    assert bootstrap("bootstrap.py", "reset", var=used_var, typed="yes\n").returncode == 0
    assert {path.name for path in used_var.rglob("*")} == {"secret_key", LOCK}


def test_reset_under_a_running_portal_is_refused(used_var):
    with (used_var / LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        done = bootstrap("bootstrap.py", "reset", var=used_var, typed="yes\n")
    assert done.returncode == 1 and "请先停止" in done.stderr
    assert (used_var / "db.sqlite3").exists()


def test_a_secret_is_made_once_for_the_owner_alone(tmp_path):
    path = tmp_path / "deep" / "secret_key"
    assert read(path) == ""
    secret = read_or_create(path)
    assert len(secret) >= 50
    assert (read_or_create(path), read(path)) == (secret, secret)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_create(tmp_path / "other") != secret


def render(source):
    return Template("{% load vendor %}" + source).render(Context())


@pytest.fixture
def vendor(settings, tmp_path):
    """A folder in place of static/vendor, empty as on a machine without npm."""
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "static" / "vendor"
    folder.mkdir(parents=True)
    return folder


def test_without_npm_pages_name_no_file_that_is_not_there(vendor):
    tags = '{% vendor "tabler.min.css" %}{% vendor "htmx.min.js" %}{% icon "old" %}{% has_vendor "htmx.min.js" %}'
    assert render(tags) == "False"


def test_with_npm_pages_load_the_files(vendor):
    for name in ("tabler.min.css", "htmx.min.js", "icons.svg"):
        (vendor / name).touch()
    assert render('{% vendor "tabler.min.css" %}') == '<link rel="stylesheet" href="/static/vendor/tabler.min.css">'
    assert render('{% vendor "htmx.min.js" %}') == '<script src="/static/vendor/htmx.min.js" defer></script>'
    assert 'aria-hidden="true"' in render('{% icon "old" %}')
    assert 'aria-label="养老"' in render('{% icon "old" "养老" %}')


def test_a_page_that_names_an_uncollected_file_is_still_shown():
    assert staticfiles_storage.url("no/such/file.css") == "/static/no/such/file.css"


def test_copied_files_ask_for_no_source_map(monkeypatch, tmp_path):
    packages = tmp_path / "packages"
    for source in assets.FILES:
        (packages / source).parent.mkdir(parents=True, exist_ok=True)
        comment = "/*# sourceMappingURL=a.css.map */" if source.endswith("css") else "//# sourceMappingURL=a.js.map"
        (packages / source).write_text(f"content\n{comment}\n", encoding="utf-8")
    monkeypatch.setattr(assets, "PACKAGES", packages)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    assets.copy_files()
    copied = {path.name: path.read_text(encoding="utf-8").strip() for path in (tmp_path / "vendor").iterdir()}
    assert copied == dict.fromkeys(assets.FILES.values(), "content")


def test_every_icon_that_is_named_is_in_the_sprite():
    named = {config.icon for config in apps.get_app_configs() if hasattr(config, "icon")}
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', template.read_text(encoding="utf-8")))
    assert named <= set(assets.ICONS)


def test_the_locks_name_no_host():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"^(--|.*://)", (ROOT / name).read_text(encoding="utf-8"), re.M)


def test_nothing_but_the_var_folder_is_written_to(settings):
    var = Path(os.environ["WORKPLAN_VAR"])
    written = [settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.BROKER_DIR, settings.CELERY_BEAT_SCHEDULE_FILENAME]
    written.append(settings.CACHES["default"]["LOCATION"])
    assert all(Path(path).is_relative_to(var) for path in written)
