"""The monthly sheet as an Excel file: out with what is stored, in again cell by cell, nothing written unseen."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Event
from tests import factories as make
from tests.files.build import parts
from tests.steps import approve, entry, fill_and_submit, send_back
from workplan import clock
from workplan.models import Allocation, Entry, ProgressReport
from workplan.rules.kinds import TargetKind
from workplan.services import sheet as service
from workplan.services.sheet import Typed
from workplan.sheet_file import reading
from workplan.sheet_file.columns import value_typed
from workplan.sheet_file.comparing import compare
from workplan.sheet_file.differences import Fate
from workplan.sheet_file.export import workbook_of
from workplan.sheet_file.stamps import SALT
from workplan.views.sheet_page import read_sheet

from .filled import ENTRIES, TEXTS, Book, Formula, Percent, shown

pytestmark = pytest.mark.django_db
FILE, UPLOAD, CONFIRM, MARKED = (reverse(f"workplan:sheet_{name}") for name in ("file", "upload", "confirm", "marked"))


@pytest.fixture
def download(district, cast, as_user):
    """Return a function that downloads the sheet and opens it."""

    def get(user=None, *, unit=None, month=10) -> Book:
        asked = {"unit": (unit or district.township).pk, "period": district.period(month).pk}
        response = as_user(user or cast.liaison).get(FILE, asked)
        assert response.status_code == 200
        return Book(b"".join(response.streaming_content))

    return get


@pytest.fixture
def upload(district, cast, as_user):
    """Return a function that uploads a file."""

    def post(book, user=None, *, unit=None, month=10, name="填报表.xlsx"):
        content = book.saved() if isinstance(book, Book) else book
        data = {"unit": (unit or district.township).pk, "period": district.period(month).pk}
        return as_user(user or cast.liaison).post(UPLOAD, data | {"file": SimpleUploadedFile(name, content)})

    return post


@pytest.fixture
def after(as_user, cast):
    """Return a function that presses a button of the preview."""

    def post(preview, user=None, *, to=CONFIRM, **more):
        context = preview.context
        data = {"unit": context["unit"].pk, "period": context["period"].pk, "upload": context["packed"]}
        return as_user(user or cast.liaison).post(to, data | more, follow=True)

    return post


def fates(preview) -> dict[tuple[str, str], str]:
    return {(one.code, one.label): one.fate for one, _ in preview.context["found"]}


def reasons(preview) -> dict[tuple[str, str], str]:
    return {(one.code, one.label): one.reason for one, _ in preview.context["found"]}


def stored(district, code) -> Entry:
    return Entry.objects.get(target=district.targets[code], report__org_unit=district.township)


@pytest.fixture
def type_in(district, cast):
    """Return a function that stores one cell meanwhile, as a colleague would on the page."""

    def store(code, name, value):
        target, user = district.targets[code], cast.liaison
        sheet = read_sheet(user, district.township, district.period(10))
        row = next(row for row in sheet.rows if row.pk == target.pk)
        before = service.input_of(row.inputs.entry)
        typed = Typed(entries={target.pk: (before, replace(before, **{name: value}))})
        kept = service.save_typed(
            task=target.task, org_unit=district.township, period=district.period(10), actor=user, typed=typed
        )
        assert not kept.conflicts and not kept.problems and not kept.refused

    return store


# --- out ---


def test_the_file_shows_what_the_sheet_shows(download, district, cast, save, draft):
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, homes=7, rate=(8, 10)), cast)
    save(draft, t49_3=entry(value=Decimal("12.5"), remark="=1+1"), texts={"narrative": "第一行\n第二行"})
    district.targets["22.4"].numerator_label = "持证人数"
    district.targets["22.4"].save()
    book = download()
    assert [book.get("49.3", name) for name in ("任务号", "指标", "本单位任务量", "计量单位")] == [
        "49",
        "完成适老化改造户数",
        "50 户",
        "户",
    ]
    assert book.get("49.3", "上次通过") == "7 户（2024年9月）"
    assert book.get("49.3", "数值") == 12.5 and book.get("49.3", "说明") == "'=1+1"
    assert "分子：持证人数" in book.get("22.4", "指标")
    assert book.get("46.3", "零报告") == "" and book.get("49", "进展情况", TEXTS) == "第一行\n第二行"
    assert [row[0] for row in book.sheets[ENTRIES] if str(row[0]).endswith("板块")] == ["5. 养老板块", "11. 殡葬板块"]
    assert "D1甲街道2024年10月填报表" in book.sheets[ENTRIES][0][0]


def test_what_a_target_does_not_ask_for_is_locked_and_the_rest_is_open(district, cast, as_user):
    asked = {"unit": district.township.pk, "period": district.period(10).pk}
    content = b"".join(as_user(cast.liaison).get(FILE, asked).streaming_content)
    found = parts(content)
    sheet = found["xl/worksheets/sheet1.xml"].decode()
    assert "<sheetProtection" in sheet and "password" not in sheet and 'hidden="1"' in sheet
    assert 'orientation="landscape"' in sheet and 'paperSize="9"' in sheet and 'state="frozen"' in sheet
    assert 'type="list"' in sheet and "填到本期末的累计数" in sheet and "xl/comments1.xml" in found
    locked = _locked(found, Book(content))
    assert locked("49.3") == {
        "数值": False,
        "分子": True,
        "分母": True,
        "零报告": True,
        "完成日期": True,
        "说明": False,
    }
    assert locked("22.4") == {
        "数值": True,
        "分子": False,
        "分母": False,
        "零报告": True,
        "完成日期": True,
        "说明": False,
    }
    assert locked("46.3") == {
        "数值": False,
        "分子": True,
        "分母": True,
        "零报告": False,
        "完成日期": True,
        "说明": False,
    }


def _locked(found: dict[str, bytes], book: Book):
    """Return a function that says by column which inputs of a target are locked."""
    formats = found["xl/styles.xml"].partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0].split(b"<xf ")[1:]
    open_ones = {at for at, one in enumerate(formats) if b'locked="0"' in one}
    styles = dict(re.findall(rb'<c r="([A-Z]+\d+)" s="(\d+)"', found["xl/worksheets/sheet1.xml"]))

    def of(code: str) -> dict[str, bool]:
        names = ("数值", "分子", "分母", "零报告", "完成日期", "说明")
        places = {name: f"{chr(65 + book.at(name))}{book.line(code)}".encode() for name in names}
        return {name: int(styles[place]) not in open_ones for name, place in places.items()}

    return of


def test_rows_that_cannot_be_written_say_why(download, district, cast):
    fill_and_submit(district, cast, month=10, homes=3, rate=(9, 10))
    book = download()
    assert book.get("49.3", "状态") == "待审核（不可填写）" and book.get("49.3", "数值") == "3 户"
    assert book.get("49.3", "说明") == "按月汇总。"
    heading = next(row[0] for row in book.sheets[ENTRIES] if str(row[0]).startswith("49."))
    assert "不可填写：该填报当前为“待审核”" in heading


def test_a_zero_report_that_was_handed_in_is_shown_as_one(download, district, cast):
    fill_and_submit(district, cast, month=10, tombs=0)
    book = download()
    assert [book.get("46.3", name) for name in ("数值", "零报告", "状态")] == ["0 起", "是", "待审核（不可填写）"]


def test_a_download_is_logged_and_begins_nothing(download):
    download()
    assert Event.objects.filter(action="data.export").count() == 1
    assert not ProgressReport.objects.exists()


# --- in: nothing, something ---


def test_an_unchanged_file_changes_nothing(download, upload, save, draft, tombs_draft):
    save(draft, t49_3=entry(value=Decimal("1234.5"), remark="@甲"), t22_4=entry(numerator=9, denominator=10))
    save(tombs_draft, t46_3=entry(value=0, zero_report=True), texts={"problems": "-无\n\n　第二段"})
    preview = upload(download())
    assert preview.status_code == 200 and fates(preview) == {}
    assert "没有需要写入的改动" in preview.text and "确认写入" not in preview.text


def test_only_what_was_changed_is_shown_and_written(download, upload, after, save, draft, district):
    save(draft, t49_3=entry(value=12, remark="原来的"), t22_4=entry(numerator=9, denominator=10))
    book = download().set("49.3", "数值", 15).set("46.3", "零报告", "是").set("49", "进展情况", "=推进中", TEXTS)
    preview = upload(book)
    assert fates(preview) == {
        ("49.3", "数值"): Fate.CHANGE,
        ("46.3", "数值"): Fate.CHANGE,  # the zero that the zero report states
        ("46.3", "零报告"): Fate.CHANGE,
        ("49", "进展情况"): Fate.CHANGE,
    }
    assert ">12<" in preview.text and ">15<" in preview.text and "确认写入 4 格" in preview.text
    assert stored(district, "49.3").value == 12, "nothing is written before it is confirmed"
    landed = after(preview)
    assert landed.redirect_chain[0][0].startswith(reverse("workplan:sheet"))
    assert "已从 Excel 写入 4 格。" in landed.text and "没有写入" not in landed.text
    homes, tombs = stored(district, "49.3"), stored(district, "46.3")
    assert (homes.value, homes.remark) == (15, "原来的") and (tombs.value, tombs.zero_report) == (0, True)
    assert homes.report.narrative == "=推进中"
    assert fates(upload(download())) == {}


def test_confirming_twice_does_no_harm(download, upload, after, district):
    preview = upload(download().set("49.3", "数值", 15))
    after(preview)
    again = after(preview)
    assert "文件中的内容都已写入" in again.text
    assert Event.objects.filter(action="report.save").count() == 1 and stored(district, "49.3").value == 15


def test_an_emptied_cell_is_emptied(download, upload, after, save, draft, district):
    save(draft, t49_3=entry(value=12), t22_4=entry(numerator=9, denominator=10))
    after(upload(download().set("49.3", "数值", "")))
    assert stored(district, "49.3").value is None and stored(district, "22.4").numerator == 9


# --- what people do to files ---


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,234", 1234), ("１２", 12), (" 12 ", 12), (12.5, Decimal("12.5")), ("12.0", 12), ("０．５", Decimal("0.5"))],
)
def test_numbers_are_read_as_on_the_page(typed, value, download, upload, after, district):
    after(upload(download().set("49.3", "数值", typed)))
    assert stored(district, "49.3").value == value


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12户", "请只填写数字"),
        ("十二", "请只填写数字"),
        (date(2024, 10, 1), "请只填写数字"),
        (Percent(0.95), "请只填写数字"),
        (True, "请只填写数字"),
        ("=1+1", "请只填写数字"),
        (-1, "不能为负数"),
        ("1.23456", "最多保留 4 位小数"),
        (1e15, "请只填写数字"),
        ("9" * 15, "数字过大"),
        (Formula("=1+1"), "这一格是公式"),
    ],
)
def test_what_cannot_be_read_is_marked_and_the_rest_is_written(typed, words, download, upload, after, district):
    preview = upload(download().set("49.3", "数值", typed).set("49.3", "说明", "一样").set("46.3", "零报告", "是"))
    assert fates(preview)["49.3", "数值"] == fates(preview)["49.3", "说明"] == Fate.WRONG
    assert words in reasons(preview)["49.3", "数值"] and "同一行" in reasons(preview)["49.3", "说明"]
    landed = after(preview)
    assert "已从 Excel 写入 2 格。" in landed.text and "有 2 格没有写入" in landed.text
    assert not Entry.objects.filter(target__code="49.3", value__isnull=False).exists()
    assert stored(district, "46.3").zero_report


def test_a_percentage_is_shown_as_it_was_typed(download, upload):
    preview = upload(download().set("49.3", "数值", Percent(0.955)))
    assert ">95.5%<" in preview.text


def test_half_a_rate_and_a_strange_word_are_marked_at_their_cells(download, upload):
    preview = upload(download().set("22.4", "分子", 9).set("46.3", "零报告", "也许").set("46.3", "数值", 0))
    assert "一起填写" in reasons(preview)["22.4", "分母"]
    assert reasons(preview)["46.3", "零报告"] == "请填“是”或“否”。"


def test_a_text_that_is_too_long_is_marked(download, upload):
    preview = upload(download().set("49", "进展情况", "长" * 4001, TEXTS).set("49", "存在问题", "短", TEXTS))
    assert fates(preview) == {("49", "进展情况"): Fate.WRONG, ("49", "存在问题"): Fate.WRONG}


def test_order_deleted_rows_empty_rows_and_own_columns_do_not_matter(download, upload, after, district):
    book = download().set("49.3", "数值", 15).set("22.4", "分子", 1).set("22.4", "分母", 2)
    rows, head = book.sheets[ENTRIES], book.head()
    tombs, (homes, rate) = book.row("46.3"), (book.row("49.3"), book.row("22.4"))
    rows[head + 1 :] = [rate, [""] * len(rate), homes]
    for row in (rows[head], rate, homes):
        row.append("我的备注" if row is rows[head] else "自己看的")
    assert tombs not in rows
    preview = upload(book)
    assert fates(preview) == {
        ("49.3", "数值"): Fate.CHANGE,
        ("22.4", "分子"): Fate.CHANGE,
        ("22.4", "分母"): Fate.CHANGE,
    }
    after(preview)
    assert stored(district, "49.3").value == 15 and stored(district, "22.4").denominator == 2


def test_the_sheet_of_texts_may_be_missing(download, upload, district, after):
    book = download().set("49.3", "数值", 15)
    del book.sheets[TEXTS]
    after(upload(book))
    assert stored(district, "49.3").value == 15


def test_a_row_that_was_copied_or_written_by_hand_is_not_guessed_at(download, upload):
    book = download()
    twin = list(book.row("49.3"))
    twin[book.at("数值")] = 7
    hand = [""] * len(twin)
    hand[book.at("编号")], hand[book.at("数值")] = "99.9", 5
    book.sheets[ENTRIES] += [twin, hand]
    preview = upload(book)
    assert fates(preview) == {("49.3", "数值"): Fate.WRONG, ("99.9", "数值"): Fate.WRONG}
    assert "重复" in reasons(preview)["49.3", "数值"] and "不是下载" in reasons(preview)["99.9", "数值"]


def test_stamps_that_were_left_behind_by_sorting_are_seen(download, upload):
    book = download().set("49.3", "数值", 15)
    book.set("49.3", "编号", "46.3")
    preview = upload(book)
    assert [(one.fate, one.reason[:2]) for one, _ in preview.context["found"]] == [(Fate.WRONG, "编号")]


def test_a_missing_column_is_named(download, upload):
    book = download()
    book.sheets[ENTRIES][book.head()][book.at("分母")] = "分母数"
    response = upload(book)
    assert response.status_code == 422 and "缺少列：分母" in response.text


# --- others write as well ---


def test_somebody_was_faster_and_is_not_overwritten(download, upload, after, district, type_in):
    book = download().set("49.3", "数值", 15).set("49.3", "说明", "补充")
    type_in("49.3", "value", Decimal(12))
    preview = upload(book)
    assert fates(preview) == {("49.3", "数值"): Fate.CONFLICT, ("49.3", "说明"): Fate.CHANGE}
    landed = after(preview)
    assert "已从 Excel 写入 1 格。" in landed.text and "49.3 数值（与他人填写冲突" in landed.text
    assert (stored(district, "49.3").value, stored(district, "49.3").remark) == (12, "补充")


def test_an_old_file_does_not_undo_what_others_typed_elsewhere(download, upload, after, district, type_in):
    book = download().set("49.3", "数值", 15)
    type_in("22.4", "remark", "甲写的")
    assert fates(upload(book)) == {("49.3", "数值"): Fate.CHANGE}
    after(upload(book))
    assert stored(district, "22.4").remark == "甲写的"


def test_the_same_change_made_twice_is_no_conflict(download, upload, type_in):
    book = download().set("49.3", "数值", 12)
    type_in("49.3", "value", Decimal(12))
    assert fates(upload(book)) == {}


def test_who_is_faster_between_preview_and_confirmation_wins(download, upload, after, district, type_in):
    preview = upload(download().set("49.3", "数值", 15))
    type_in("49.3", "value", Decimal(12))
    assert "与他人填写冲突" in after(preview).text and stored(district, "49.3").value == 12


def test_texts_conflict_likewise(download, upload, save, draft):
    book = download().set("49", "进展情况", "乙写的", TEXTS).set("49", "存在问题", "乙", TEXTS)
    save(draft, texts={"narrative": "甲写的"})
    assert fates(upload(book)) == {("49", "进展情况"): Fate.CONFLICT, ("49", "存在问题"): Fate.CHANGE}


# --- what may not be written ---


def test_a_task_that_was_handed_in_meanwhile_is_left_alone(download, upload, after, district, cast):
    book = download().set("49.3", "数值", 15).set("46.3", "零报告", "是")
    fill_and_submit(district, cast, month=10, homes=3, rate=(9, 10))
    preview = upload(book)
    assert fates(preview)["49.3", "数值"] == Fate.CLOSED and "待审核" in reasons(preview)["49.3", "数值"]
    after(preview)
    assert stored(district, "49.3").value == 3 and stored(district, "46.3").zero_report


def test_a_cell_that_was_locked_at_the_download_stays_so(download, upload, district, cast):
    report = fill_and_submit(district, cast, month=10, homes=3, rate=(9, 10))
    book = download().set("49.3", "数值", 15)
    send_back(report, cast, reason="请核对。")
    preview = upload(book)
    assert fates(preview) == {("49.3", "数值"): Fate.CLOSED} and "重新下载" in reasons(preview)["49.3", "数值"]


def test_a_cell_that_the_target_does_not_ask_for_is_not_written(download, upload):
    assert fates(upload(download().set("49.3", "分子", 3))) == {("49.3", "分子"): Fate.CLOSED}


def test_a_row_whose_target_is_gone_is_told(download, upload, after, district):
    book = download().set("49.3", "数值", 15).set("22.4", "说明", "留下")
    Allocation.objects.filter(target=district.targets["49.3"]).delete()
    preview = upload(book)
    assert fates(preview) == {("49.3", "数值"): Fate.CLOSED, ("22.4", "说明"): Fate.CHANGE}
    assert "已不在" in reasons(preview)["49.3", "数值"]
    after(preview)
    assert not Entry.objects.filter(target__code="49.3").exists()


def test_a_number_from_a_register_is_shown_and_locked(download, upload, district):
    target = district.targets["49.3"]
    target.computed_by = "eldercare.homes"
    target.save()
    book = download()
    assert book.get("49.3", "数值") == "0 户" and book.get("49.3", "状态") == "台账数"
    assert fates(upload(book)) == {}
    preview = upload(book.set("49.3", "数值", 9))
    assert fates(preview) == {("49.3", "数值"): Fate.CLOSED} and "台账" in reasons(preview)["49.3", "数值"]


# --- refused as a whole ---


def refused(response, words: str) -> None:
    assert response.status_code == 422 and words in response.text
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "填报表.xlsx", "文件是空的"),
        (b"PK\x03\x04 broken", "填报表.xlsx", "可能已损坏"),
        (b"a,b\n1,2\n", "填报表.xlsx", "内容却不是 Excel 工作簿"),
        (b"a,b\n1,2\n", "填报表.csv", "请上传从“本期填报”页下载的 .xlsx 文件"),
        (b"a,b\n1,2\n", "填报表.xls", "旧版 .xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "填报表.xlsx", "有密码保护"),
        (b"x" * (reading.LIMITS.file_bytes + 1), "填报表.xlsx", "文件超过 4 MB"),
    ],
)
def test_what_is_no_readable_workbook_is_refused(content, name, words, upload, district):
    refused(upload(content, name=name), words)


def test_no_file_at_all_is_said(district, cast, as_user):
    data = {"unit": district.township.pk, "period": district.period(10).pk}
    refused(as_user(cast.liaison).post(UPLOAD, data), "请先选择文件")


def test_another_workbook_is_refused(upload, download):
    book = download()
    book.sheets = {"表": [["编号", "指标"], ["49.3", "x"]]}
    refused(upload(book), "这不是从“本期填报”页下载的填报表")
    book.sheets = {"表": [["姓名", "金额"], ["张三", 3]]}
    refused(upload(book), "没有找到表头")


def test_a_sheet_without_stamps_is_refused(upload, download):
    refused(
        upload(
            download()
            .set("49.3", "数值", 3)
            .set("49.3", "指标凭据", "")
            .set("22.4", "指标凭据", "")
            .set("46.3", "指标凭据", "")
            .set("49", "文字凭据1", "", TEXTS)
            .set("46", "文字凭据1", "", TEXTS)
        ),
        "这不是从“本期填报”页下载的填报表",
    )


@pytest.mark.parametrize("how", ["cut", "letter", "own", "other table"])
def test_an_altered_stamp_is_refused(how, upload, download, district):
    book = download().set("49.3", "数值", 3)
    stamp = book.get("49.3", "指标凭据")
    values = signing.loads(stamp, salt=SALT)
    values[3] = district.targets["23.9"].pk
    altered = {
        "cut": stamp[:-3],
        "letter": ("x" if stamp[5] != "x" else "y").join((stamp[:5], stamp[6:])),
        "own": signing.dumps(values, salt="other", compress=True),
        "other table": book.get("49", "文字凭据1", TEXTS),
    }[how]
    words = "这不是从" if how == "other table" else "隐藏凭据已被改动"
    refused(upload(book.set("49.3", "指标凭据", altered)), words)


def test_the_file_of_another_unit_is_refused(upload, download, district, cast):
    theirs = download(cast.other_liaison, unit=district.other_township).set("49.3", "数值", 3)
    refused(upload(theirs), "文件是另一个单位的填报表")


def test_one_row_of_another_unit_is_enough(upload, download, district, cast):
    theirs = download(cast.other_liaison, unit=district.other_township)
    mine = download().set("49.3", "数值", 3)
    mine.sheets[ENTRIES].append(theirs.row("46.3"))
    refused(upload(mine), "文件是另一个单位的填报表")


def test_the_file_of_another_bureau_is_refused(download, upload, neighbour, cast, as_user):
    asked = {"unit": neighbour.township.pk, "period": neighbour.period(10).pk}
    response = as_user(cast.outsider).get(FILE, asked)
    refused(upload(Book(b"".join(response.streaming_content)).set("49.3", "数值", 3)), "文件是另一个单位的填报表")


def test_the_file_of_another_period_is_refused(upload, download):
    refused(upload(download(month=9).set("49.3", "说明", "x"), month=10), "文件是另一个报告期的填报表")


def test_a_period_that_was_closed_meanwhile_is_refused(upload, download, district, cast):
    book = download().set("49.3", "数值", 3)
    with clock.pinned(date(2025, 1, 20)):
        refused(upload(book), "现在不能写入")


def test_a_preview_is_confirmed_by_its_own_user_and_in_time(upload, after, download, district, monkeypatch):
    preview = upload(download().set("49.3", "数值", 3))
    for forged in ("forged:x:y", "伪造:甲:乙", "x", preview.context["packed"][:-2]):
        assert after(preview, upload=forged).status_code == 422
    monkeypatch.setattr(reading, "HOURS", -1)
    late = after(preview)
    assert late.status_code == 422 and "已过期" in late.text
    assert not ProgressReport.objects.exists()


def test_a_form_without_the_upload_is_refused(district, cast, as_user):
    data = {"unit": district.township.pk, "period": district.period(10).pk}
    for address in (CONFIRM, MARKED):
        assert as_user(cast.liaison).post(address, data).status_code == 400


def test_a_file_with_too_much_text_is_refused(upload, download, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 100)
    refused(upload(download().set("49.3", "数值", 3)), "文件内容太多")


# --- who ---


@pytest.mark.parametrize(
    ("part", "status"),
    [("leader", 403), ("auditor", 403), ("nobody", 403), ("other_liaison", 404), ("outsider", 404)],
)
def test_strangers_neither_download_nor_upload(part, status, district, cast, as_user, upload, download, after):
    preview = upload(download().set("49.3", "数值", 3))
    user = getattr(cast, part)
    asked = {"unit": district.township.pk, "period": district.period(10).pk}
    assert as_user(user).get(FILE, asked).status_code == status
    assert as_user(user).get(UPLOAD, asked).status_code == status
    assert upload(download(), user).status_code == status
    for address in (CONFIRM, MARKED):
        assert after(preview, user, to=address).status_code == status
    assert not ProgressReport.objects.exists()


def test_a_preview_of_somebody_else_is_no_use(district, cast, upload, download, after):
    colleague = make.UserFactory(username="colleague")
    make.MembershipFactory(user=colleague, org_unit=district.township, role=cast.liaison.memberships.get().role)
    preview = upload(download().set("49.3", "数值", 3))
    assert after(preview, colleague).status_code == 422
    assert not ProgressReport.objects.exists()


# --- the file back ---


def test_the_file_comes_back_marked_and_loses_nothing(download, upload, after, as_user, cast, district):
    book = download().set("49.3", "数值", "12户").set("49.3", "说明", "说明文字").set("22.4", "分子", 4)
    book.set("46.3", "数值", Formula("=A1+2")).set("49", "进展情况", "进展文字", TEXTS)
    for row in book.sheets[ENTRIES][book.head() :]:
        row.append("我的备注" if row is book.sheets[ENTRIES][book.head()] else "备注内容")
    preview = upload(book)
    assert "下载标出问题的文件" in preview.text
    response = after(preview, to=MARKED)
    back = Book(b"".join(response.streaming_content))
    assert back.get("49.3", "数值") == "12户" and back.get("49.3", "说明") == "说明文字"
    assert back.get("49.3", "我的备注") == "备注内容" and back.get("22.4", "分子") == 4
    assert back.get("46.3", "数值") == "'=A1+2" and back.get("49", "进展情况", TEXTS) == "进展文字"
    assert back.line("49.3") == book.line("49.3") and back.get("49.3", "指标凭据") == book.get("49.3", "指标凭据")
    assert "数值：请只填写数字" in back.get("49.3", "错误说明") and "分母：" in back.get("22.4", "错误说明")
    assert "数值：这一格是公式" in back.get("46.3", "错误说明") and back.get("49", "错误说明", TEXTS) == ""
    mended = back.set("49.3", "数值", 12).set("22.4", "分母", 5).set("46.3", "数值", 0).set("46.3", "零报告", "是")
    landed = after(upload(mended))
    assert "没有写入" not in landed.text
    assert stored(district, "49.3").value == 12 and stored(district, "49.3").report.narrative == "进展文字"


def test_script_in_cells_is_text(download, upload):
    nasty = "<script>alert(1)</script>"
    preview = upload(download().set("49.3", "说明", nasty).set("49", "进展情况", nasty, TEXTS))
    assert nasty not in preview.text and nasty in unescape(preview.text)


# --- the round trip, whatever is stored ---

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60).map(str.strip)
NUMBER = st.decimals(min_value=0, max_value=Decimal("99999999999.9999"), places=4)  # what the embedded database keeps


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.none() | NUMBER, remark=TEXT, narrative=TEXT, day=st.none() | st.dates(date(1900, 3, 1), date(2999, 1, 1))
)
def test_whatever_is_stored_comes_back_unchanged(value, remark, narrative, day, district, cast, draft):
    target = district.targets["49.3"]
    target.kind = TargetKind.MILESTONE.value
    target.save()
    Entry.objects.update_or_create(
        report=draft, target=target, defaults={"value": value, "remark": remark, "done_on": day}
    )
    ProgressReport.objects.filter(pk=draft.pk).update(narrative=narrative)
    where = {"unit": district.township, "period": district.period(10)}
    content = workbook_of(read_sheet(cast.liaison, *where.values()), cast.liaison).read()
    packed = reading.pack(reading.read_upload("表.xlsx", content), cast.liaison)
    assert compare(reading.unpack(packed, cast.liaison), user=cast.liaison, **where).found == []


@pytest.mark.parametrize(
    ("word", "value"), [("是", "on"), (" √", "on"), ("否", ""), ("", ""), ("TRUE", "on"), ("也许", None)]
)
def test_yes_and_no(word, value):
    assert value_typed("zero_report", word) == value


def test_numbers_of_rows_are_shown_whole():
    assert shown(49.0) == "49" and shown("49.3") == "49.3"
