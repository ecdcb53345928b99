"""What is in the repository: pinned dependencies, no secret, no host of a registry, nothing of third parties."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|(?:SECRET_KEY|DATA_KEYS|INDEX_KEY)\s*=\s*[\"'][^\"']{8,}|postgres(?:ql)?://\w+:(?!password@)[^@\s{]+@"
)
PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?==[^ ]+ \\$")


def tracked() -> list[Path]:
    """Return the tracked files; all files of a plain copy that is no checkout."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines()]


def texts():
    for path in tracked():
        if path.is_file() and path.suffix not in (".png", ".svg") and path != Path(__file__):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_by_hash(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    starts = [place for place, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert len(starts) > 30
    for place in starts:
        assert PIN.match(lines[place]), lines[place]
        assert "--hash=sha256:" in lines[place + 1]


def test_every_front_end_package_is_pinned_by_hash_and_names_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert packages
    assert all(row["integrity"].startswith("sha512-") and "resolved" not in row for row in packages.values())


def test_no_secret_and_no_file_of_an_installation_is_tracked():
    found = [str(name) for name, text in texts() if SECRETS.search(text)]
    assert [name for name in found if not name.startswith("tests/")] == []  # tests make up passwords
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert [name for name in names if name.startswith(("var/", "node_modules/", "static/vendor/", ".venv/"))] == []
    assert [
        name for name in names if name.endswith((".min.js", ".min.css", ".woff2", ".ttf", ".whl", ".sqlite3"))
    ] == []


def test_the_search_for_secrets_finds_one():
    """Control."""
    assert SECRETS.search('SECRET_KEY = "not-so-secret-after-all"')
    assert SECRETS.search('DATA_KEYS="k1:bm90LXNvLXNlY3JldA=="')
    assert SECRETS.search("postgres://user:hunter2@host/name")
