"""Files into registers: what is found, what is taken in, what is refused, and how it is taken back."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Event
from accounts.sheets import write_csv, write_xlsx
from eldercare.models import Canteen, HomeAdaptation, Visit
from people.models import Person
from people.sample import invented_number
from workplan.assess import assess
from workplan.enums import BatchState
from workplan.errors import Refused
from workplan.imports import services as service
from workplan.imports.files import template_of
from workplan.models import ImportBatch, Job, Target
from workplan.registers.columns import columns_of
from workplan.registers.registry import registers
from workplan.services.jobs import TRIES
from workplan.services.measuring import measured_drift
from workplan.services.records import change_record
from workplan.services.totals import totals_drift

from .making import cells, run_import, typed_for, unit_for, workbook

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]


def bring(model, actor, content: bytes, name: str = "台账.xlsx") -> ImportBatch:
    """Upload a file and have it checked."""
    batch = service.start_import(model=model, actor=actor, name=name, content=content)
    run_import(batch)
    batch.refresh_from_db()
    return batch


def take_in(batch: ImportBatch, *, good_only: bool = False) -> ImportBatch:
    service.confirm_import(batch=batch, actor=batch.created_by, good_only=good_only)
    run_import(batch)
    batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> tuple:
    return tuple(batch.result[name] for name in ("new", "changed", "same", "wrong"))


def grid(model, rows: list[list[str]]) -> bytes:
    return write_xlsx([column.label for column in columns_of(model)], rows)


# --- Every register ---


@pytest.mark.parametrize("model", EACH)
def test_a_file_goes_in_comes_again_and_goes_out(model, district, keeper):
    actor, unit = keeper(model), unit_for(model, district)
    content = workbook(model, [typed_for(model, unit, actor, number) for number in range(3)])
    batch = bring(model, actor, content)
    assert batch.state == BatchState.CHECKED, batch.result
    assert counts(batch) == (3, 0, 0, 0), batch.result["problems"]
    before = model.objects.kept().count()
    assert take_in(batch).state == BatchState.DONE, batch.result
    assert model.objects.filter(batch=batch).count() == 3
    assert measured_drift(district.plan) == [] == totals_drift(district.plan)
    if any(c.__class__.__name__ == "UniqueConstraint" for c in model._meta.constraints):
        assert counts(bring(model, actor, content)) == (0, 0, 3, 0)
    service.undo_import(batch=batch, actor=actor)
    assert model.objects.kept().count() == before
    assert measured_drift(district.plan) == [] == totals_drift(district.plan)


@pytest.mark.parametrize("model", EACH)
def test_the_template_is_read_back_as_empty(model, keeper):
    actor = keeper(model)
    batch = bring(model, actor, template_of(model, actor))
    assert batch.state in (BatchState.CHECKED, BatchState.FAILED), batch.result
    assert not batch.result.get("new") and not batch.result.get("wrong"), batch.result


@pytest.mark.parametrize("model", EACH)
def test_what_the_register_exports_can_be_compared_with_it(model, district, keeper, as_user):
    """Every column of the file is filled from the record: the export of what came in holds the same cells."""
    actor, unit = keeper(model), unit_for(model, district)
    typed = typed_for(model, unit, actor)
    take_in(bring(model, actor, workbook(model, [typed])))
    page = reverse("workplan:register", args=[model._meta.app_label, model._meta.model_name])
    response = as_user(actor).get(page, {"export": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(0)
    shown = {str(cell).removesuffix(".0") for row in sheet.to_python() for cell in row}
    for column, cell in zip(columns_of(model), cells(model, typed), strict=True):
        if column.name in model.register.columns and cell:
            assert cell in shown, (column.name, cell, shown)


# --- What is found in a file ---


def canteen_row(district, **values) -> list[str]:
    row = dict.fromkeys([column.label for column in columns_of(Canteen)], "")
    row |= {"所属单位": district.township.name, "食堂名称": "一号食堂", "开办日期": "2024-03-05"} | values
    return list(row.values())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"开办日期": "去年"}, "开办日期：请填写日期"),
        ({"开办日期": "2024-10-16"}, "开办日期：日期不能晚于今天"),
        ({"开办日期": ""}, "开办日期：必填"),
        ({"食堂名称": "长" * 81}, "最多 80 个字"),
        ({"服务模式": "自助"}, "服务模式：应为"),
        ({"新建": "也许"}, "请填“是”或“否”"),
        ({"所属单位": "D1乙镇"}, "没有这个单位，或您不能为它登记"),
        ({"停办日期": "2024-01-01"}, "停办日期不能早于开办日期"),
    ],
)
def test_each_mistake_is_named_with_line_and_column(values, words, district, cast):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district, **values)]))
    assert counts(batch) == (0, 0, 0, 1)
    ((line, sentence),) = batch.result["problems"]
    assert line == 2 and words in sentence


def test_dates_numbers_and_words_are_read_as_people_write_them(district, cast):
    rows = [
        canteen_row(district, 食堂名称="甲", 开办日期="2024年3月5日", 新建="√"),
        canteen_row(district, 食堂名称="乙", 开办日期="２０２４/３/５"),
        canteen_row(district, 食堂名称="丙", 开办日期="20240305", 服务模式="食堂＋健康"),
    ]
    batch = take_in(bring(Canteen, cast.liaison, grid(Canteen, rows)))
    assert batch.state == BatchState.DONE
    assert set(Canteen.objects.values_list("happened_on", flat=True)) == {date(2024, 3, 5)}
    assert Canteen.objects.get(name="甲").newly_built


def test_the_same_line_twice_is_found_in_the_file(district, cast):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district), canteen_row(district)]))
    assert counts(batch) == (1, 0, 0, 1)
    assert batch.result["problems"] == [[3, "与第 2 行重复。"]]


def test_a_changed_line_changes_its_record_and_is_in_its_history(district, cast):
    take_in(bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district)])))
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district, 备注="改了")]))
    assert counts(batch) == (0, 1, 0, 0)
    take_in(batch)
    canteen = Canteen.objects.get()
    assert (canteen.note, canteen.version) == ("改了", 2)
    event = Event.objects.of(canteen).first()
    assert (event.before, event.after) == ({"note": ""}, {"note": "改了"})
    service.undo_import(batch=batch, actor=cast.liaison)
    canteen.refresh_from_db()
    assert canteen.note == ""


def test_a_record_of_another_township_is_not_touched(district, cast):
    person = invented_number(date(1950, 1, 1), ("x",))
    row = {
        "姓名": "测演甲",
        "证件类型": "居民身份证",
        "证件号码": person,
        "困难类别": "低保",
        "入户评估日期": "2024-03-01",
    }
    header = list(row)
    own = write_xlsx(["所属单位", *header], [[district.other_township.name, *row.values()]])
    take_in(bring(HomeAdaptation, cast.other_liaison, own))
    batch = bring(
        HomeAdaptation, cast.liaison, write_xlsx(["所属单位", *header], [[district.township.name, *row.values()]])
    )
    assert counts(batch) == (0, 0, 0, 1)
    assert "主管科室" in batch.result["problems"][0][1]
    assert HomeAdaptation.objects.count() == 1


def test_missing_columns_refuse_the_file_and_unknown_ones_are_named(district, cast):
    batch = bring(Canteen, cast.liaison, write_xlsx(["食堂名称", "开办日期"], [["甲", "2024-01-01"]]))
    assert batch.state == BatchState.FAILED and "缺少必填的列：所属单位" in batch.result["reason"]
    header = ["所属单位", "食堂名称", "开办日期", "老板"]
    batch = bring(Canteen, cast.liaison, write_xlsx(header, [[district.township.name, "甲", "2024-01-01", "乙"]]))
    assert batch.result["ignored"] == ["老板"] and counts(batch) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.xlsx", b""),
        ("假.xlsx", b"PK\x03\x04 no zip"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99),
        ("图.png", b"x"),
    ],
)
def test_files_that_are_no_tables_are_refused_with_a_sentence(name, content, cast):
    batch = bring(Canteen, cast.liaison, content, name)
    assert batch.state == BatchState.FAILED and batch.result["reason"].endswith("。")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_is_read_in_the_usual_encodings(encoding, district, cast):
    text = write_csv([c.label for c in columns_of(Canteen)], [canteen_row(district)]).decode("utf-8-sig")
    batch = take_in(bring(Canteen, cast.liaison, text.encode(encoding), "台账.csv"))
    assert batch.state == BatchState.DONE and Canteen.objects.get().name == "一号食堂"


def test_an_id_number_that_became_a_number_is_refused_not_guessed(district, cast):
    header = ["所属单位", "姓名", "证件类型", "证件号码", "探访日期"]
    ruined = write_xlsx(
        header, [[district.township.name, "测演甲", "居民身份证", "5.00232195001010E+17", "2024-03-01"]]
    )
    batch = bring(Visit, cast.liaison, ruined)
    assert "末几位已经丢失" in batch.result["problems"][0][1]


# --- Whole or in part, never half ---


def test_one_wrong_line_keeps_the_whole_file_out_unless_the_user_says_so(district, cast):
    rows = [canteen_row(district, 食堂名称="好"), canteen_row(district, 食堂名称="坏", 开办日期="x")]
    batch = bring(Canteen, cast.liaison, grid(Canteen, rows))
    with pytest.raises(Refused, match="错误的行"):
        service.confirm_import(batch=batch, actor=cast.liaison, good_only=False)
    assert not Canteen.objects.exists()
    assert take_in(batch, good_only=True).state == BatchState.DONE
    assert list(Canteen.objects.values_list("name", flat=True)) == ["好"]


def test_a_check_leaves_nothing_behind(district, cast):
    header = ["所属单位", "姓名", "证件类型", "证件号码", "探访日期"]
    number = invented_number(date(1950, 1, 1), ("y",))
    bring(
        Visit,
        cast.liaison,
        write_xlsx(header, [[district.township.name, "测演甲", "居民身份证", number, "2024-03-01"]]),
    )
    assert not Person.objects.exists() and not Visit.objects.exists()


def test_what_became_wrong_after_the_check_stops_the_whole_file(district, cast):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district), canteen_row(district, 食堂名称="二")]))
    service.confirm_import(batch=batch, actor=cast.liaison, good_only=False)
    cast.liaison.memberships.all().delete()  # the right is asked for again when the job runs
    run_import(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and not Canteen.objects.exists()


def test_a_worker_killed_half_way_leaves_nothing_and_another_one_finishes(district, cast, monkeypatch):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district)]))
    service.confirm_import(batch=batch, actor=cast.liaison, good_only=False)

    def killed(**what):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(service.audit, "record", killed)
        with pytest.raises(SystemExit):
            run_import(batch)
    assert not Canteen.objects.exists()
    run_import(batch)  # the lease still runs: nobody else may start
    assert not Canteen.objects.exists()
    Job.objects.filter(pk=service.job_of(batch).pk).update(lease="2000-01-01T00:00:00Z")
    run_import(batch)
    assert Canteen.objects.count() == 1
    run_import(batch)  # delivered once more
    assert Canteen.objects.count() == 1


def test_a_job_that_keeps_failing_is_given_up_with_a_sentence(district, cast):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district)]))
    service.confirm_import(batch=batch, actor=cast.liaison, good_only=False)
    Job.objects.filter(pk=service.job_of(batch).pk).update(attempts=TRIES)
    run_import(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and "重新上传" in batch.result["reason"]


def test_a_check_that_fails_is_tried_again_and_the_page_says_when(district, cast, as_user, monkeypatch):
    batch = service.start_import(
        model=Canteen, actor=cast.liaison, name="食堂.xlsx", content=grid(Canteen, [canteen_row(district)])
    )
    with monkeypatch.context() as patch:
        patch.setattr(service, "read_batch", lambda *arguments: 1 / 0)
        run_import(batch)
    page = as_user(cast.liaison).get(reverse("workplan:import", args=[batch.uid])).content.decode()
    assert "上一次没有完成" in page and "自动再试" in page
    Job.objects.filter(pk=service.job_of(batch).pk).update(due_at="2000-01-01T00:00:00Z")
    run_import(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_figures_follow_an_import_in_the_same_transaction(computed, district, cast):
    typed = [typed_for(HomeAdaptation, district.township, cast.liaison, n) for n in range(4)]
    steps = dict.fromkeys(("planned_on", "built_on", "accepted_on"), date(2024, 6, 1))
    take_in(bring(HomeAdaptation, cast.liaison, workbook(HomeAdaptation, [row | steps for row in typed])))
    (found,) = assess([Target.objects.get(pk=computed.pk)], on=date(2024, 10, 15))
    assert found.amount.value == 4
    assert measured_drift(district.plan) == [] == totals_drift(district.plan)


# --- Undo ---


def test_undo_is_refused_once_something_was_built_on_the_import(district, cast):
    batch = take_in(bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district)])))
    canteen = Canteen.objects.get()
    change_record(record=canteen, actor=cast.liaison, version=1, typed={"note": "改"})
    with pytest.raises(Refused, match="不能整批撤销"):
        service.undo_import(batch=batch, actor=cast.liaison)
    assert Canteen.objects.count() == 1


# --- Pages ---


def test_the_pages_lead_from_the_file_to_the_register(district, cast, as_user):
    client, place = as_user(cast.liaison), ["eldercare", "canteen"]
    content = grid(Canteen, [canteen_row(district), canteen_row(district, 食堂名称="坏", 开办日期="x")])
    file = SimpleUploadedFile("食堂.xlsx", content)
    response = client.post(reverse("workplan:import_new", args=place), {"file": file})
    batch = ImportBatch.objects.get()
    page = reverse("workplan:import", args=[batch.uid])
    assert response["Location"] == page
    assert "正在读取文件" in client.get(page).content.decode()
    run_import(batch)
    text = client.get(page).content.decode()
    assert "只导入无误的 1 行" in text and "请填写日期" in text
    errors = client.get(reverse("workplan:import_errors", args=[batch.uid]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(errors.streaming_content))).get_sheet_by_index(0)
    assert "开办日期：请填写日期" in str(sheet.to_python()[2][-1])
    assert client.post(reverse("workplan:import_confirm", args=[batch.uid]), {}).status_code == 409
    client.post(reverse("workplan:import_confirm", args=[batch.uid]), {"good_only": "1"})
    run_import(batch)
    assert "撤销这次导入" in client.get(page).content.decode()
    client.post(reverse("workplan:import_undo", args=[batch.uid]))
    assert not Canteen.objects.exists()


@pytest.mark.parametrize("name", ["other_liaison", "staff", "head", "leader", "administrator", "outsider", "nobody"])
def test_somebody_elses_file_does_not_exist(name, district, cast, as_user):
    batch = bring(Canteen, cast.liaison, grid(Canteen, [canteen_row(district)]))
    client = as_user(getattr(cast, name))
    for view in ("import", "import_errors"):
        assert client.get(reverse(f"workplan:{view}", args=[batch.uid])).status_code == 404
    for view in ("import_confirm", "import_undo"):
        assert client.post(reverse(f"workplan:{view}", args=[batch.uid])).status_code == 404


def test_the_file_is_kept_encrypted(district, cast, settings):
    number = invented_number(date(1950, 1, 1), ("z",))
    header = ["所属单位", "姓名", "证件类型", "证件号码", "探访日期"]
    content = write_csv(header, [[district.township.name, "测演甲", "居民身份证", number, "2024-03-01"]])
    batch = bring(Visit, cast.liaison, content, "探访.csv")
    stored = batch.file.open("rb").read()
    assert number.encode() not in stored and "测演甲".encode() not in stored
    assert number not in str(batch.result)


@pytest.mark.parametrize("size", [0, 21 * 2**20])
def test_an_empty_or_huge_upload_is_refused_at_the_field(size, cast, as_user):
    file = SimpleUploadedFile("大.xlsx", b"x" * size)
    response = as_user(cast.liaison).post(reverse("workplan:import_new", args=["eldercare", "canteen"]), {"file": file})
    assert response.status_code == 422 and not ImportBatch.objects.exists()
