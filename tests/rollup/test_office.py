"""LibreOffice opens both documents as they are, and lays the report out on pages of the standard."""

import re
import shutil
import subprocess

import pytest

from .conftest import content

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (make browser)"),
]


@pytest.fixture
def converted(published, tmp_path):
    """Return what LibreOffice makes of a document."""

    def convert(kind: str, to: str) -> bytes:
        source = tmp_path / f"report.{kind}"
        source.write_bytes(content(published, kind))
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        subprocess.run(
            [SOFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(tmp_path), str(source)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return (tmp_path / f"report.{to.partition(':')[0]}").read_bytes()

    return convert


def test_word_file_becomes_pages_of_a4(converted):
    pdf = converted("docx", "pdf")
    assert pdf.startswith(b"%PDF-")
    boxes = {tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)}
    assert boxes == {(0, 0, 595, 842)}


def test_word_file_keeps_its_words(converted):
    text = converted("docx", "txt:Text (encoded):UTF8").decode("utf-8-sig")
    assert "一、总体情况" in text
    assert "完成适老化改造105户" in text


def test_ledger_opens_without_an_error(converted):
    text = converted("xlsx", "csv:Text - txt - csv (StarCalc):44,34,76").decode()
    assert "49.3 完成适老化改造户数" in text
    assert not re.search(r"#(REF|NAME|VALUE|DIV/0|N/A)|Err:\d", text)
