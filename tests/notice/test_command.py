"""manage.py parse_notice: what it prints and how it ends."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.notice.printers import plain
from tests.notice.truth import CHENGHU

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_bytes(plain(CHENGHU).content)
    return path


def run(*arguments) -> str:
    out = StringIO()
    call_command("parse_notice", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json_has_the_agreed_shape(file):
    data = json.loads(run(file, "--json"))
    assert {"title", "year", "document_number", "issuer", "sections", "annexes", "warnings"} <= data.keys()
    assert (data["title"], data["year"], data["issuer"]) == (CHENGHU.title, 2026, CHENGHU.issuer)
    section = data["sections"][0]
    assert {"no", "title", "items"} <= section.keys()
    item = section["items"][0]
    assert {"no", "title", "text", "targets", "owners", "due"} <= item.keys()
    wanted = {"text", "measure", "kind", "comparator", "value", "unit", "due", "recurrence", "scope_units"}
    assert wanted | {"span", "reason", "confidence"} <= item["targets"][0].keys()
    source = file.read_text(encoding="utf-8")
    for part in data["sections"]:
        for one in part["items"]:
            for target in one["targets"]:
                assert source[slice(*target["span"])] == target["text"]


def test_the_outline_is_readable(file):
    text = run(file)
    assert text.startswith(CHENGHU.title)
    assert "（一） 健全主动发现机制" in text
    assert "频次 = 1次/季度" in text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", "从前有座山。".encode()])
def test_what_is_no_notice_ends_with_two(tmp_path, content):
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run(path)
    assert caught.value.returncode == 2
    assert any("\u4e00" <= word <= "\u9fff" for word in str(caught.value))


def test_a_missing_file_ends_with_two(tmp_path):
    with pytest.raises(CommandError) as caught:
        run(tmp_path / "absent.txt")
    assert caught.value.returncode == 2


def test_the_shell_sees_code_and_message(tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("从前有座山。", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "parse_notice", str(path)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert "不像" in done.stderr.decode()
    assert done.stdout == b""
