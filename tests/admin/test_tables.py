"""Import and export: round trip, all or nothing, within the scope, with mistakes named by line and column."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts import sheets
from accounts.models import Event, OrgUnit
from tests import factories as make
from tests.admin.test_pages import INLINE
from workplan.enums import PlanStatus
from workplan.models import Allocation, Section, Target, Task

XLSX, CSV = "0", "1"
TABLES = {
    "accounts_orgunit": OrgUnit,
    "workplan_section": Section,
    "workplan_task": Task,
    "workplan_target": Target,
    "workplan_allocation": Allocation,
    "eldercare_task": Task,
    "eldercare_target": Target,
}


@pytest.fixture
def boss(cast, as_user):
    return as_user(cast.administrator)


@pytest.fixture(autouse=True)
def own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tables"}}


def exported(client, table: str, kind: str = XLSX) -> bytes:
    answer = client.post(reverse(f"admin:{table}_export"), {"format": kind, "resource": "0"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return answer.content


def upload(client, table: str, content: bytes, kind: str = CSV):
    """Send a file and return the preview page."""
    file = SimpleUploadedFile("表.csv" if kind == CSV else "表.xlsx", content)
    page = client.post(reverse(f"admin:{table}_import"), {"import_file": file, "format": kind, "resource": "0"})
    assert not INLINE.search(page.content.decode())
    return page


def confirm(client, table: str, preview):
    data = preview.context["confirm_form"].initial
    return client.post(reverse(f"admin:{table}_process_import"), data)


def load(client, table: str, rows: list[list], kind: str = CSV):
    """Import a table that must pass the preview, and confirm it."""
    content = sheets.write_csv(rows[0], rows[1:]) if kind == CSV else sheets.write_xlsx(rows[0], rows[1:])
    preview = upload(client, table, content, kind)
    assert "confirm_form" in preview.context, mistakes(preview)
    return confirm(client, table, preview)


def mistakes(preview) -> list[str]:
    result = preview.context.get("result")
    if result is None:
        return [str(error) for errors in preview.context["form"].errors.values() for error in errors]
    if result.base_errors:  # the table as a whole is wrong: its rows are not gone into
        return [str(error.error) for error in result.base_errors]
    return [text for row in result.invalid_rows for text in row.error.messages]


def refused(client, table: str, rows: list[list]) -> list[str]:
    """Send a table that must not pass the preview; return what the page says."""
    preview = upload(client, table, sheets.write_csv(rows[0], rows[1:]))
    assert "confirm_form" not in preview.context
    page = preview.content.decode()
    found = mistakes(preview)
    assert found
    assert all(sentence.replace('"', "&quot;") in page for sentence in found)
    assert "Traceback" not in page
    return found


def everything() -> list:
    return [list(model._default_manager.order_by("pk").values()) for model in TABLES.values()]


@pytest.mark.parametrize("kind", [XLSX, CSV], ids=["xlsx", "csv"])
@pytest.mark.parametrize("table", TABLES)
def test_an_exported_file_comes_back_without_changing_anything(table, kind, district, neighbour, boss):
    Task.objects.filter(pk=district.task.pk).update(summary="第一行\n=1+1", due="2024-11-30")
    Target.objects.filter(code="49.3").update(note="-按月\n统计", goal="1234.5")
    before = everything()
    content = exported(boss, table, kind)
    preview = upload(boss, table, content, kind)
    result = preview.context["result"]
    assert mistakes(preview) == []
    assert result.totals["skip"] == result.total_rows > 0
    assert confirm(boss, table, preview).status_code == 302
    assert everything() == before


@pytest.mark.parametrize("table", TABLES)
def test_the_pages_keep_to_the_content_policy(table, district, boss):
    for name in ("import", "export"):
        page = boss.get(reverse(f"admin:{table}_{name}"))
        assert page.status_code == 200
        assert not INLINE.search(page.content.decode())


def test_an_export_holds_the_own_district_and_is_logged(district, neighbour, boss):
    text = exported(boss, "accounts_orgunit", CSV).decode("utf-8-sig")
    assert district.township.code in text
    assert neighbour.township.code not in text
    event = Event.objects.get(action="data.export")
    assert event.after == {"table": "单位", "rows": 5, "format": "csv"}


def test_a_section_exports_its_rows_only(district, boss):
    text = exported(boss, "eldercare_target", CSV).decode("utf-8-sig")
    assert "49.3" in text and "46.3" not in text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1", " =1"])
def test_formulas_leave_as_text_and_come_back_as_they_were(text, district, boss):
    Task.objects.filter(pk=district.task.pk).update(title=text.strip() + "甲")
    for kind, read in ((CSV, sheets.read_csv), (XLSX, sheets.read_xlsx)):
        content = exported(boss, "workplan_task", kind)
        if kind == CSV:
            assert f"'{text.strip()}甲" in content.decode("utf-8-sig")
        assert text.strip() + "甲" in [row[4] for row in read(content)]
    armed = sheets.write_csv(["a"], [[text]]).decode("utf-8-sig")
    assert "'" + text in armed.replace('"', "")


def test_negative_numbers_stay_numbers():
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets.write_xlsx(["数"], [[Decimal("-5")], ["-5"]])))
    assert book.get_sheet_by_index(0).to_python() == [["数"], [-5.0], ["'-5"]]
    assert sheets.write_csv(["数"], [[Decimal("-5")]]).decode("utf-8-sig").splitlines()[1] == "-5"


def test_formula_text_is_kept_as_text_on_import(district, boss):
    rows = [
        ["局代码", "年度", "序号", "板块序号", "标题", "内容摘要"],
        ["D1", "2024", "49", "5", "=HYPERLINK(1)", "摘要"],
    ]
    load(boss, "workplan_task", rows)
    district.task.refresh_from_db()
    assert district.task.title == "=HYPERLINK(1)"


def test_new_and_changed_tasks_are_written_and_logged(district, boss):
    header = ["局代码", "年度", "序号", "板块序号", "标题", "完成时限", "时限待确认"]
    rows = [
        header,
        ["D1", "2024", "49", "5", "适老化改造", "2024/11/30", "是"],
        ["D1", "2024", "50", "5", "新任务", "", "否"],
    ]
    assert load(boss, "workplan_task", rows, XLSX).status_code == 302
    assert str(Task.objects.get(pk=district.task.pk).due) == "2024-11-30"
    assert Task.objects.get(number=50).section == district.section
    change = Event.objects.of(district.task).first()
    assert (change.before["due"], change.after["due"]) == (None, "2024-11-30")
    assert Event.objects.get(action="data.import").after == {
        "file": "表.xlsx",
        "table": "工作任务",
        "new": 1,
        "changed": 1,
    }


def test_one_bad_row_and_nothing_is_written(district, boss):
    before = everything()
    header = ["局代码", "年度", "序号", "板块序号", "标题", "完成时限"]
    rows = [
        header,
        ["D1", "2024", "60", "5", "好的", "2024-11-30"],
        ["D1", "2024", "六一", "99", "", "二月三十日"],
        ["D1", "2024", "60", "5", "重复", ""],
    ]
    assert refused(boss, "workplan_task", rows) == [
        "第 3 行“序号”：“六一”不是数字。",
        "第 3 行“板块序号”：没有找到“99”，或您无权维护。",
        "第 3 行“完成时限”：“二月三十日”不是日期，应为 2024-10-15 这样的日期。",
        "第 3 行“标题”：此字段不能为空。",
        "第 4 行：与第 2 行重复。",
    ]
    assert everything() == before


def test_a_row_for_another_district_is_refused_as_if_it_did_not_exist(district, neighbour, boss):
    before = everything()
    header = ["局代码", "年度", "目标编号", "单位代码", "分解值"]
    own = ["D1", "2024", "49.3", "D1001", "70"]
    foreign = refused(boss, "workplan_allocation", [header, own, ["D1", "2024", "49.3", "D2001", "30"]])
    absent = refused(boss, "workplan_allocation", [header, own, ["D1", "2024", "49.3", "D9001", "30"]])
    assert foreign == ["第 3 行“单位代码”：没有找到“D2001”，或您无权维护。"]
    assert [text.replace("D9", "D2") for text in absent] == foreign
    assert refused(boss, "workplan_allocation", [header, ["D2", "2024", "49.3", "D2001", "30"]])
    assert refused(
        boss,
        "workplan_section",
        [["局代码", "年度", "序号", "标题", "业务板块"], ["D2", "2024", "5", "改", "养老服务"]],
    )
    assert refused(boss, "accounts_orgunit", [["代码", "名称", "类型", "上级单位代码"], ["D2009", "新镇", "镇", "D2"]])
    assert everything() == before


def test_shares_of_a_target_are_set_together(district, boss):
    header = ["局代码", "年度", "目标编号", "单位代码", "分解值", "修改原因"]
    rows = [header, ["D1", "2024", "49.3", "D1001", "20", "调整"], ["D1", "2024", "49.3", "D1002", "80", "调整"]]
    load(boss, "workplan_allocation", rows)
    amounts = dict(Allocation.objects.filter(target=district.targets["49.3"]).values_list("org_unit__code", "amount"))
    assert amounts == {"D1001": 20, "D1002": 80}
    assert set(Event.objects.filter(action="allocation.change").values_list("note", flat=True)) == {"调整"}


def test_shares_that_leave_the_goal_uncovered_are_refused(district, boss):
    before = everything()
    rows = [["局代码", "年度", "目标编号", "单位代码", "分解值"], ["D1", "2024", "49.3", "D1001", "20"]]
    assert refused(boss, "workplan_allocation", rows) == ["目标 49.3：分解合计 70 少于目标值 100。"]
    assert everything() == before


def test_a_changed_goal_of_a_published_plan_needs_its_reason(district, boss):
    header, row = ["局代码", "年度", "编号", "目标值", "修改原因"], ["D1", "2024", "49.3", "90"]
    assert refused(boss, "workplan_target", [header, [*row, ""]]) == ["第 2 行：修改已发布的目标值须填写原因。"]
    load(boss, "workplan_target", [header, [*row, "区政府调整"]])
    target = Target.objects.get(pk=district.targets["49.3"].pk)
    assert target.goal == 90
    assert Event.objects.of(target).first().note == "区政府调整"
    target.plan.status = PlanStatus.DRAFT
    target.plan.save()
    load(boss, "workplan_target", [header, ["D1", "2024", "49.3", "95", ""]])


def test_units_are_founded_and_renamed_but_not_moved(district, boss):
    header = ["代码", "名称", "简称", "类型", "上级单位代码", "启用日期"]
    rows = [
        header,
        ["D1003", "丙乡", "丙", "乡", "D1", "2024-10-01"],
        ["D1001", "甲街道（新）", "甲", "街道", "D1", "2000-01-01"],
    ]
    load(boss, "accounts_orgunit", rows)
    assert OrgUnit.objects.get(code="D1003").parent == district.bureau
    assert OrgUnit.objects.get(code="D1001").name == "甲街道（新）"
    moved = [header, ["D1001", "甲街道（新）", "甲", "镇", "D1", "2000-01-01"]]
    assert "请在单位管理页面办理" in refused(boss, "accounts_orgunit", moved)[0]
    assert "不能设在" in refused(boss, "accounts_orgunit", [header, ["D1004", "村", "", "村", "D1", ""]])[0]


def test_a_section_page_takes_only_its_own_rows(district, boss):
    before = everything()
    header = ["局代码", "年度", "序号", "板块序号", "标题"]
    assert refused(boss, "eldercare_task", [header, ["D1", "2024", "70", "11", "殡葬任务"]])
    assert refused(boss, "eldercare_task", [header, ["D1", "2024", "46", "5", "抢来的任务"]])
    assert everything() == before


def test_strange_and_missing_columns_are_named(boss, district):
    said = refused(boss, "workplan_task", [["局代码", "序号", "密码"], ["D1", "49", "x"]])[0]
    assert said.startswith("缺少列：年度。不认识的列：密码。可用的列：局代码、年度、序号")


def test_what_changed_between_preview_and_confirmation_is_looked_at_again(district, boss):
    rows = [
        ["局代码", "年度", "序号", "板块序号", "标题"],
        ["D1", "2024", "80", "5", "甲"],
        ["D1", "2024", "81", "11", "乙"],
    ]
    preview = upload(boss, "workplan_task", sheets.write_csv(rows[0], rows[1:]))
    make.SectionFactory(plan=district.plan, number=12)
    Section.objects.filter(pk=district.other_section.pk).update(number=13)
    answer = confirm(boss, "workplan_task", preview)
    said = [str(message) for message in answer.wsgi_request._messages]
    assert said[0].startswith("没有导入任何数据：第 3 行“板块序号”")
    assert not Task.objects.filter(number__in=(80, 81)).exists()


def test_a_preview_is_confirmed_once_and_only_as_it_was_given(district, boss):
    rows = [["局代码", "年度", "序号", "板块序号", "标题"], ["D1", "2024", "80", "5", "甲"]]
    preview = upload(boss, "workplan_task", sheets.write_csv(rows[0], rows[1:]))
    given = preview.context["confirm_form"].initial
    address = reverse("admin:workplan_task_process_import")
    assert boss.post(address, given | {"format": "9"}).status_code == 200
    assert boss.post(address, given | {"import_file_name": "../../etc/passwd"}).status_code == 400
    assert boss.post(address, given).status_code == 302
    assert boss.post(address, given).status_code == 400
    assert Task.objects.filter(number=80).count() == 1


@pytest.mark.parametrize("part", ["liaison", "head", "leader", "nobody"])
def test_others_neither_import_nor_export(part, cast, district, as_user):
    client = as_user(getattr(cast, part))
    for table in TABLES:
        for page in ("import", "export", "process_import"):
            assert client.post(reverse(f"admin:{table}_{page}"), {"format": "0"}).status_code in (302, 403)
    assert not Event.objects.filter(action__startswith="data.").exists()


def csv_of(encoding: str) -> bytes:
    return "代码,名称,类型,上级单位代码\nD1001,甲街道二,街道,D1\n".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_have(encoding, district, boss):
    preview = upload(boss, "accounts_orgunit", csv_of(encoding))
    assert "甲街道二" in preview.content.decode()


@pytest.mark.parametrize(
    "content,kind",
    [
        (b"PK\x03\x04 not really", XLSX),
        (b"MZ\x90", XLSX),
        (b"\xff\xfe\x00\x00", CSV),
        (b"a,b\0,c\n", CSV),
        (b"a,a\n1,2\n", CSV),
        (b"a,b\n1,2,3\n", CSV),
        (("x," * 100 + "\n").encode(), CSV),
        ("代码\n".encode() + b"x\n" * 20_001, CSV),
    ],
    ids=["broken", "program", "no text", "nul", "twin headers", "long row", "wide", "many rows"],
)
def test_files_that_cannot_be_read_are_refused_in_a_sentence(content, kind, district, boss):
    preview = upload(boss, "accounts_orgunit", content, kind)
    assert preview.status_code == 200
    said = mistakes(preview)
    assert said and all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in said)


def test_a_workbook_that_swells_is_stopped_in_its_own_process():
    real = io.BytesIO(sheets.write_xlsx(["a"], [["b"]]))
    stream = io.BytesIO()
    cell = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    with zipfile.ZipFile(real) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        for member in source.infolist():
            if member.filename != "xl/worksheets/sheet1.xml":
                bomb.writestr(member, source.read(member))
        with bomb.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for _ in range(250):
                part.write(cell * 1000)
            part.write(b"</sheetData></worksheet>")
    assert len(stream.getvalue()) < sheets.SMALL.file_bytes
    with pytest.raises(sheets.UnreadableFile):
        sheets.read_xlsx(stream.getvalue())


def test_the_kind_of_file_is_chosen_beforehand_and_follows_the_file(boss, district):
    """The framework's script picks the option whose text is the file's extension, else the empty one."""
    form = boss.get(reverse("admin:workplan_task_import")).context["form"]
    assert (form["format"].value(), [text for _, text in form.fields["format"].choices][1:]) == ("0", ["XLSX", "CSV"])
    assert boss.get(reverse("admin:workplan_task_export")).context["form"]["format"].value() == "0"


def test_the_preview_shows_what_will_change_and_counts_the_rest(district, boss):
    header = ["局代码", "年度", "序号", "板块序号", "标题"]
    rows = [["D1", "2024", "49", "5", "适老化改造（新）"], ["D1", "2024", "46", "11", district.other_task.title]]
    page = upload(boss, "workplan_task", sheets.write_csv(header, rows)).content.decode()
    assert "新增 0 行，修改 1 行，没有变化 1 行。" in page
    assert "适老化改造（新）" in page
    assert district.other_task.title not in page
    same = upload(boss, "workplan_task", sheets.write_csv(header, rows[1:])).content.decode()
    assert "文件与现有数据一致，没有需要写入的内容。" in same
