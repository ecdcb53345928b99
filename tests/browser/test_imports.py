"""A file into a register in a real browser: upload, preview, the file back with its errors, good rows only, undo."""

import pytest
from python_calamine import CalamineWorkbook

from eldercare.models import Canteen
from tests.browser.conftest import PHONE
from tests.registers.making import run_import
from workplan.models import ImportBatch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CANTEENS = "/registers/eldercare/canteen/"


def upload(page, portal, file) -> None:
    page.goto(portal.url + CANTEENS)
    page.get_by_role("link", name="导入").click()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/imports/*/")


def let_the_worker_run() -> None:
    """Do what a worker does: tests have none."""
    run_import(ImportBatch.objects.latest("created_at"))


def saved(page, words: str, folder):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=words).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_file_with_mistakes_from_upload_to_undo(townsfolk, pinned_portal, sign_in, violations, tmp_path):
    district, cast = townsfolk
    unit = district.township.name
    rows = [
        f"{unit},甲食堂,2024-03-01",
        f"{unit},乙食堂,2024-13-01",
        "没有的镇,丙食堂,2024-03-01",
        f"{unit},丁食堂,2024-05-06",
    ]
    file = tmp_path / "食堂.csv"
    file.write_text("\n".join(["所属单位,食堂名称,开办日期", *rows]), encoding="gb18030")

    page = sign_in(cast.liaison, PHONE)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    upload(page, pinned_portal, file)
    assert page.locator("progress").is_visible()
    let_the_worker_run()
    page.wait_for_selector("text=有 2 行不能导入")  # the page has asked again by itself
    assert page.locator(".problems tbody tr").all_inner_texts() == [
        "3\t开办日期：请填写日期，如 2024-10-15。",
        "4\t所属单位：没有这个单位，或您不能为它登记。",
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    book = CalamineWorkbook.from_path(str(saved(page, "下载标注了错误的文件", tmp_path)))
    marked = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in marked[1:] if "请填写日期" in "".join(map(str, row))] == ["乙食堂"]
    assert not Canteen.objects.exists()

    page.get_by_role("button", name="只导入无误的 2 行").click()
    page.wait_for_load_state()
    let_the_worker_run()
    page.wait_for_selector("text=撤销这次导入")
    assert set(Canteen.objects.kept().values_list("name", flat=True)) == {"甲食堂", "丁食堂"}
    page.get_by_role("link", name="查看台账").click()
    assert "共 2 条" in page.inner_text(".list-count")

    page.go_back()
    page.get_by_role("button", name="撤销这次导入").click()
    page.wait_for_selector("text=已撤销这次导入。")
    assert asked == ["confirm"]
    assert not Canteen.objects.kept().exists()
    assert violations == []


def test_a_file_that_is_none_is_refused_with_a_sentence(townsfolk, pinned_portal, sign_in, tmp_path):
    page = sign_in(townsfolk[1].liaison)
    page.goto(pinned_portal.url + CANTEENS + "import/")
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("text=请先选择文件。")
    file = tmp_path / "食堂.xlsx"
    file.write_bytes(b"no workbook")
    upload(page, pinned_portal, file)
    let_the_worker_run()
    page.wait_for_selector("text=内容却不是 Excel 工作簿")
    assert page.get_by_role("link", name="上传另一个文件").is_visible()


def test_the_template_as_downloaded_is_understood(townsfolk, pinned_portal, sign_in, tmp_path):
    page = sign_in(townsfolk[1].liaison)
    page.goto(pinned_portal.url + CANTEENS + "import/")
    template = saved(page, "下载模板", tmp_path)
    upload(page, pinned_portal, template)
    let_the_worker_run()
    page.wait_for_selector("progress", state="detached")
    assert page.locator(".problems").count() == 0
