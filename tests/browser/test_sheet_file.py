"""The monthly sheet by way of a spreadsheet program: down, filled in, up, looked at, confirmed, and the file back where it is wrong."""

from pathlib import Path

import pytest

from tests.reporting.filled import Book
from workplan.models import Entry

from .conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def downloaded(pinned_portal):
    """Return a function that downloads the sheet on the open page and opens the file."""

    def get(page) -> Book:
        page.goto(f"{pinned_portal.url}/sheet/", wait_until="networkidle")
        with page.expect_download() as download:
            page.get_by_role("link", name="下载 Excel").click()
        assert download.value.suggested_filename == "D1甲街道2024年10月填报表.xlsx"
        return Book(Path(download.value.path()).read_bytes())

    return get


def send(page, book: Book, folder: Path) -> None:
    file = folder / "填报表.xlsx"
    file.write_bytes(book.saved())
    page.get_by_role("link", name="上传 Excel").click()
    page.get_by_label("填好的 Excel 文件").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()


def test_a_month_by_way_of_a_file(townsfolk, sign_in, downloaded, tmp_path, violations):
    _, cast = townsfolk
    page = sign_in(cast.liaison)
    book = downloaded(page).set("49.3", "数值", 12).set("22.4", "分子", 9).set("22.4", "分母", 10)
    send(page, book.set("46.3", "数值", "三起"), tmp_path)
    page.get_by_role("heading", name="逐格差异").wait_for()
    assert not Entry.objects.exists()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载标出问题的文件").click()
    back = Book(Path(download.value.path()).read_bytes())
    assert back.get("46.3", "数值") == "三起" and "请只填写数字" in back.get("46.3", "错误说明")
    page.get_by_role("button", name="确认写入 3 格").click()
    page.get_by_text("已从 Excel 写入 3 格。").wait_for()
    page.get_by_text("有 1 格没有写入").wait_for()
    send(page, back.set("46.3", "数值", "").set("46.3", "零报告", "是"), tmp_path)
    page.get_by_role("button", name="确认写入 2 格").click()
    page.get_by_text("已从 Excel 写入 2 格。").wait_for()
    assert Entry.objects.get(target__code="49.3").value == 12
    assert Entry.objects.get(target__code="46.3").zero_report
    assert violations == []


def test_the_differences_fit_a_phone(townsfolk, sign_in, downloaded, tmp_path, violations):
    _, cast = townsfolk
    page = sign_in(cast.liaison, PHONE)
    send(page, downloaded(page).set("49.3", "数值", 12).set("46.3", "数值", "三起"), tmp_path)
    page.get_by_role("heading", name="逐格差异").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="确认写入 1 格").click()
    page.get_by_text("已从 Excel 写入 1 格。").wait_for()
    assert violations == []
