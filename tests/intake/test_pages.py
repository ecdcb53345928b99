"""The wizard's pages: who gets them, what they tell, and that nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from workplan.enums import PlanStatus
from workplan.models import Intake, Plan
from workplan.services import intake as service

from .notice import TEXT, begun, correct, last_year, outline, ready

pytestmark = pytest.mark.django_db
UPLOAD = reverse("workplan:intakes")
TARGET = {
    "measure": "完成改造户数",
    "kind": "count",
    "strength": "hard",
    "comparator": ">=",
    "goal": "130",
    "unit": "户",
}
TARGET |= {"recurrence": "none", "due": "2025-09-30"}


def address(name: str, intake: Intake) -> str:
    return reverse(f"workplan:{name}", args=[intake.pk])


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def boss(cast, as_user):
    return as_user(cast.administrator)


@pytest.fixture
def intake(district, cast):
    return begun(district, cast.administrator)


@pytest.fixture
def post(boss, intake):
    """Return a function that posts to a page of the intake with the version as it stands, unless another is given."""

    def send(name: str = "intake_correct", **data):
        intake.refresh_from_db()
        return boss.post(address(name, intake), {"version": intake.version, **data})

    return send


# --- upload ---


def test_a_file_leads_to_the_bench(boss, district):
    file = SimpleUploadedFile("要点.txt", TEXT.encode("gb18030"), "text/plain")
    response = boss.post(UPLOAD, {"bureau": district.bureau.pk, "file": file})
    intake = Intake.objects.get()
    assert response["Location"] == address("intake", intake)
    assert (intake.name, intake.year) == ("要点.txt", 2025)


def test_a_notice_that_is_worked_on_is_not_begun_twice(boss, district, intake, post):
    post(do="drop_task t5")
    again = boss.post(UPLOAD, {"bureau": district.bureau.pk, "text": TEXT})
    assert again["Location"] == address("intake", intake)
    assert "接着上次的修改继续" in text_of(boss.get(again["Location"]))
    post("intake_discard")
    assert boss.post(UPLOAD, {"bureau": district.bureau.pk, "text": TEXT})["Location"] != address("intake", intake)


def test_pasted_text_leads_to_the_bench(boss, district):
    boss.post(UPLOAD, {"bureau": district.bureau.pk, "text": TEXT})
    assert Intake.objects.get().source == TEXT


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("要点.pdf", b"%PDF-1.7", "另存为 .docx"),
        ("要点.docx", b"%PDF-1.7", "PDF 文件"),
        ("要点.docx", b"PK\x03\x04broken", "已损坏"),
        ("要点.txt", b"", "空的"),
        ("要点.txt", "今天天气很好。".encode(), "不像一份工作通知"),
    ],
)
def test_a_wrong_file_is_told_at_its_field(name, content, words, boss, district):
    response = boss.post(UPLOAD, {"bureau": district.bureau.pk, "file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert words in "".join(response.context["form"].errors["file"]) and words in text_of(response)
    assert not Intake.objects.exists()


def test_pasted_text_that_is_no_notice_stays_in_the_form(boss, district):
    response = boss.post(UPLOAD, {"bureau": district.bureau.pk, "text": "今天天气很好，<b>大家</b>都在。"})
    assert response.status_code == 422
    assert "不像一份工作通知" in "".join(response.context["form"].errors["text"])
    assert "今天天气很好，&lt;b&gt;大家&lt;/b&gt;都在。</textarea>" in text_of(response)


def test_nothing_and_both_are_told(boss, district):
    assert "请选择文件，或在下面粘贴" in text_of(boss.post(UPLOAD, {"bureau": district.bureau.pk}))
    file = SimpleUploadedFile("要点.txt", TEXT.encode())
    both = boss.post(UPLOAD, {"bureau": district.bureau.pk, "file": file, "text": TEXT})
    assert "只能选一种" in text_of(both) and "适老化改造" in text_of(both)


def test_another_districts_bureau_is_no_choice(boss, neighbour):
    response = boss.post(UPLOAD, {"bureau": neighbour.bureau.pk, "text": TEXT})
    assert response.status_code == 422 and not Intake.objects.exists()


def test_unfinished_ones_are_listed_and_discarded(boss, intake, post):
    assert address("intake", intake) in text_of(boss.get(UPLOAD)) and "未完成" in text_of(boss.get(UPLOAD))
    assert post("intake_discard")["Location"] == UPLOAD
    assert "已作废" in text_of(boss.get(UPLOAD))
    page = text_of(boss.get(address("intake", intake)))
    assert "这份导入已作废" in page and 'name="do"' not in page


def test_the_way_to_it_is_offered_to_those_who_edit_the_whole_plan(cast, district, as_user):
    plan = reverse("workplan:plan")
    assert text_of(as_user(cast.administrator).get(plan)).count(f'href="{UPLOAD}"') == 2
    for other in (cast.head, cast.leader, cast.liaison):
        assert UPLOAD not in text_of(as_user(other).get(plan))


# --- the bench ---


def test_everything_recognised_is_marked_in_the_text(boss, intake):
    page = text_of(boss.get(address("intake", intake)))
    words = page[page.index("data-source-text") :]
    for kind, said in (
        ("section", "养老板块"),
        ("task", "适老化改造"),
        ("target", "护理员持证率达到95%"),
        ("owner", "养老科"),
    ):
        assert re.search(rf'class="mk mk-{kind}[^>]*>{said}', words), kind
    assert re.search(r'class="mk mk-target mk-waits"[^>]*data-part="t2.1"', words)
    shown = re.sub(r"<[^>]+>", "", words[words.index(">") + 1 : words.index("</div>")])
    assert shown == TEXT  # nothing is lost between the marks


def test_script_in_a_notice_is_text(boss, district, cast):
    intake = begun(district, cast.administrator, TEXT.replace("加强宣传引导", "<script>alert(1)</script>"))
    for name in ("intake", "intake_sections", "intake_compare", "intake_finish"):
        assert "<script>alert" not in text_of(boss.get(address(name, intake)))


def test_accepting_leads_to_what_waits_next(boss, intake, post):
    response = post(do="accept_target t2.1")
    assert response["Location"].endswith("?section=s1#t2.2")
    assert "还有 1 处待核对" in text_of(boss.get(response["Location"]))
    assert "已全部核对完毕" in text_of(boss.get(post(do="accept_task t2")["Location"]))


@pytest.mark.parametrize(
    ("do", "place"),
    [
        ("drop_target t1.1", "?section=s1#t1.1"),
        ("merge_task t2", "?section=s1#t2"),
        ("move_task t2 up", "?section=s1#t2"),
        ("merge_section s2", "#s2"),
        ("move_section s2 up", "?section=s2#s2"),
    ],
)
def test_a_press_comes_back_to_its_place(do, place, post, intake):
    response = post(do=do)
    assert response.status_code == 302
    if do.startswith("merge"):
        assert response["Location"].startswith(address("intake", intake))
    else:
        assert response["Location"].endswith(place)


def test_a_press_that_does_not_fit_says_why(post):
    response = post(do="merge_task t1")
    assert response.status_code == 422 and "这是板块的第一项任务" in text_of(response)
    assert f'href="{address("intake", Intake.objects.get())}?section=' in text_of(
        response
    )  # not to where it was posted
    assert post(do="merge_task").status_code == 400
    assert post(do="no_such t1").status_code == 400


def test_a_target_is_changed_in_its_form(boss, intake, post):
    page = text_of(boss.get(address("intake", intake), {"section": "s1", "open": "t1.1"}))
    assert 'name="goal" inputmode="decimal"' in page or 'value="120"' in page
    assert post(edit="change_target", target="t1.1", **TARGET)["Location"].endswith("?section=s1#t1.1")
    intake.refresh_from_db()
    assert service.outline_of(intake).target("t1.1").goal == 130
    assert "≥ 130 户" in text_of(boss.get(address("intake", intake)))


def test_what_is_wrong_with_a_target_stands_at_its_fields_and_what_was_typed_stays(post, intake):
    wrong = TARGET | {"goal": "很多", "due": "昨天", "measure": "写了一半"}
    response = post(edit="change_target", target="t1.1", **wrong)
    form = response.context["opened"]["form"]
    assert response.status_code == 422 and set(form.errors) == {"goal", "due"}
    page = text_of(response)
    assert 'value="写了一半"' in page and 'value="很多"' in page and "请只填写数字" in page
    bare = post(edit="change_target", target="t1.1", **TARGET | {"goal": ""})
    assert "请填写目标值" in "".join(bare.context["opened"]["form"].errors["goal"])
    intake.refresh_from_db()
    assert intake.version == 0


def test_a_task_is_changed_split_and_moved(post, intake):
    values = {"title": "改造", "text": "第一句。第二句很长。", "due": "", "lead": "养老科", "others": "殡葬科、财政局"}
    assert post(edit="change_task", task="t1", **values).status_code == 302
    assert post(edit="split_task", task="t1", cut="4")["Location"].endswith("?section=s1#t6")
    assert post(edit="move_task_to", task="t6", section="s3")["Location"].endswith("?section=s3#t6")
    intake.refresh_from_db()
    found = service.outline_of(intake)
    assert [one.id for one in found.section("s3").tasks] == ["t5", "t6"]
    assert found.task("t6").title == "第二句很长"
    assert [owner.name for owner in found.task("t1").owners] == ["养老科", "殡葬科", "财政局"]
    assert "请选择从哪里拆分" in text_of(post(edit="split_task", task="t1", cut=""))


def test_a_passage_becomes_a_target_or_the_beginning_of_a_task(boss, post, intake):
    start = TEXT.index("编印简报12期")
    query = {"open": "new", "task": "t5", "start": start, "end": start + 7}
    form = boss.get(address("intake", intake), query).context["opened"]["form"]
    assert (form.initial["measure"], form.initial["goal"], form.initial["unit"]) == ("编印简报12期", "12", "期")
    made = post(edit="add_target", task="t5", start=start, end=start + 7, **TARGET)
    assert made["Location"].endswith("#t5.3")
    at = TEXT.index("护理员持证率达到")
    assert post(edit="split_task", task="t1", at=at)["Location"].endswith("#t6")
    outside = post(edit="split_task", task="t1", at=0)
    assert outside.status_code == 422 and "不在这项任务的正文内" in text_of(outside)


def test_who_comes_second_finds_what_was_typed(boss, intake, post):
    post(do="drop_task t5")
    late = post(edit="change_target", target="t1.1", version=0, **TARGET | {"measure": "我写的"})
    assert late.status_code == 409
    page = text_of(late)
    assert "您的修改尚未写入" in page and 'value="我写的"' in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert post(edit="change_target", target="t1.1", version=version, **TARGET).status_code == 302


def test_who_comes_second_to_a_part_that_is_gone_finds_what_was_typed(post):
    post(do="merge_task t2")
    late = post(
        edit="change_task", task="t2", version=0, title="我写的标题", text="我写的内容", due="", lead="", others=""
    )
    assert late.status_code == 409
    assert "我写的标题" in text_of(late) and "我写的内容" in text_of(late)


def test_leaving_and_coming_back_loses_nothing_and_undoing_is_offered(boss, intake, post):
    post(do="drop_task t5")
    boss.logout()
    boss.force_login(intake.created_by, backend="django.contrib.auth.backends.ModelBackend")
    assert "撤销：不采用任务" in text_of(boss.get(address("intake", intake)))
    assert post("intake_undo")["Location"].endswith("?section=s3#t5")
    assert "重做：不采用任务" in text_of(boss.get(address("intake", intake)))
    post("intake_redo")
    intake.refresh_from_db()
    assert not service.outline_of(intake).task("t5").is_live
    assert post("intake_redo").status_code == 409


@pytest.mark.parametrize(
    "query", ["?open=../x", "?section=%00", "?start=x&open=new&task=t1", "?more=1", "?open=new&task=t1&start=1e9"]
)
def test_hostile_addresses_are_refused(query, boss, intake):
    assert boss.get(address("intake", intake) + query).status_code == 400


@pytest.mark.parametrize(
    "query", ["?open=t99", "?open=t9.9", "?section=s99", "?open=new&task=t99", "?open=section", "?open=facts"]
)
def test_a_part_that_is_gone_opens_nothing(query, boss, intake):
    assert boss.get(address("intake", intake) + query).status_code == 200


def test_a_form_without_its_version_is_refused(boss, intake):
    assert boss.post(address("intake_correct", intake), {"do": "drop_task t1"}).status_code == 400


def test_the_bench_asks_the_same_of_the_database_however_long_the_notice(
    boss, intake, district, cast, django_assert_max_num_queries
):
    items = "".join(f"（{n}）任务{n}。完成项目{n}个。\n" for n in ("六", "七", "八", "九", "十"))
    longer = begun(district, cast.administrator, TEXT + items)
    for one in (intake, longer):
        with django_assert_max_num_queries(10):
            boss.get(address("intake", one))


# --- sections, comparison, finish ---


def test_sections_are_proposed_stored_and_remembered(boss, intake, post):
    page = boss.get(address("intake_sections", intake))
    apps = {row["section"].id: (row["app"], row["reason"]) for row in page.context["rows"]}
    assert apps["s1"] == ("eldercare", "与2024年板块同名")
    assert apps["s2"][0] == "funeral" and apps["s3"] == ("", "没有可以参照的，请选择")
    chosen = {"app-s1": "eldercare", "app-s2": "funeral", "app-s3": "partybuilding"}
    assert post("intake_sections", **chosen)["Location"] == address("intake_compare", intake)
    assert "已全部对应" in text_of(boss.get(address("intake_sections", intake)))


def test_a_business_line_that_does_not_exist_is_refused_and_the_others_stay_chosen(post):
    response = post("intake_sections", **{"app-s1": "charity", "app-s3": "nosuch"})
    assert response.status_code == 422 and "请选择业务板块" in text_of(response)
    assert {row["section"].id: row["app"] for row in response.context["rows"]}["s1"] == "charity"
    assert post("intake_sections", version=5, **{"app-s1": "charity"}).status_code == 409


def test_the_comparison_names_new_gone_and_changed(boss, district, intake):
    last_year(district)
    page = text_of(boss.get(address("intake_compare", intake)))
    assert "对照：D1区民政局2024年工作要点" in page
    assert "≥ 100 户" in page and "≥ 120 户" in page  # the goal, then and now
    assert "23.9 规划编制" in page  # gone
    assert "依据：上年分工" in page and "依据：通知或修正" in page
    assert "单位库中没有“财政局”" in page


def test_another_lead_is_stored_and_the_proposals_are_left_alone(post, intake):
    same = {"lead-t1": "养老科", "was-t1": "养老科"}
    assert post("intake_compare", **same).status_code == 302
    intake.refresh_from_db()
    assert intake.version == 0
    post("intake_compare", **same, **{"lead-t5": "殡葬科", "was-t5": ""})
    intake.refresh_from_db()
    assert [owner.name for owner in service.outline_of(intake).task("t5").owners] == ["殡葬科"]
    assert not service.outline_of(intake).task("t1").owners


def test_targets_of_last_year_that_the_notice_does_not_state_are_taken_over(boss, district, intake, post):
    last_year(district)
    paper = district.targets["23.9"]
    assert f'name="keep-{paper.pk}" value="t1"' in text_of(boss.get(address("intake_compare", intake)))
    post("intake_compare", **{f"keep-{paper.pk}": "t1", "lead-t5": "养老科", "was-t5": ""})
    intake.refresh_from_db()
    made = service.outline_of(intake).task("t1").targets[-1]
    assert (made.measure, made.goal, made.reason) == ("规划编制", 1, "沿用上年 23.9")
    assert made.due.isoformat() == "2025-12-31" and intake.version == 2
    assert 'name="keep-' not in text_of(boss.get(address("intake_compare", intake)))


def test_of_two_changes_of_a_page_neither_is_made_where_one_is_refused(district, intake, post):
    paper = district.targets["23.9"]
    wrong = post("intake_compare", **{f"keep-{paper.pk}": "t99", "lead-t5": "殡葬科", "was-t5": ""})
    assert wrong.status_code == 422 and "任务已不存在" in text_of(wrong)
    assert 'value="殡葬科"' in text_of(wrong)  # what was typed stays
    intake.refresh_from_db()
    assert intake.version == 0 and not service.outline_of(intake).task("t5").owners


def test_targets_of_another_district_are_not_taken_over(neighbour, intake, post):
    post("intake_compare", **{f"keep-{neighbour.targets['23.9'].pk}": "t1"})
    intake.refresh_from_db()
    assert intake.version == 0


def test_all_that_is_missing_leads_to_its_place(boss, intake):
    page = boss.get(address("intake_finish", intake))
    urls = [line.url for line in page.context["missing"]]
    assert f"{address('intake', intake)}?section=s1#t2.1" in urls
    assert f"{address('intake_sections', intake)}#s3" in urls
    assert "生成草稿</button>" not in text_of(page)


def test_pressing_draft_too_early_or_too_late_says_why(boss, intake, post):
    early = post("intake_draft")
    assert early.status_code == 409 and "处需要处理" in text_of(early)
    assert not Plan.objects.filter(year=2025).exists()


def test_the_draft_is_made_once_looked_at_and_published(boss, district, cast, as_user):
    intake = ready(district, cast.administrator)
    assert "生成草稿</button>" in text_of(boss.get(address("intake_finish", intake)))
    version = {"version": intake.version}
    for _ in range(2):  # a double click
        assert boss.post(address("intake_draft", intake), version)["Location"] == address("intake_finish", intake)
    plan = Plan.objects.get(year=2025)
    opened = boss.get(reverse("workplan:plan"), {"plan": plan.pk})
    assert plan.title in text_of(opened)
    refused = boss.post(address("intake_publish", intake))
    assert refused.status_code == 302 or "尚未分解到单位" in text_of(refused)


def test_publishing_waits_for_what_is_not_allocated(boss, district, cast):
    intake = ready(district, cast.administrator)
    values = {
        "measure": "编印简报期数",
        "kind": "count",
        "strength": "hard",
        "comparator": ">=",
        "goal": "12",
        "unit": "期",
    }
    values |= {"recurrence": "none", "due": "", "cooperation": False, "start": "", "end": ""}
    intake = correct(intake, cast.administrator, edit="add_target", task="t5", **values)
    boss.post(address("intake_draft", intake), {"version": intake.version})
    refused = boss.post(address("intake_publish", intake))
    target = Plan.objects.get(year=2025).targets.get(code="5.1")  # nobody runs the business line of its section
    assert refused.status_code == 409 and "以下目标尚未分解到单位：5.1" in text_of(refused)
    assert reverse("workplan:allocation", args=[target.pk]) in text_of(refused)
    target.allocations.create(org_unit=district.office, amount=12)
    assert boss.post(address("intake_publish", intake)).status_code == 302
    assert Plan.objects.get(year=2025).status == PlanStatus.PUBLISHED
    assert boss.post(address("intake_publish", intake)).status_code == 409  # once


def test_there_is_nothing_to_publish_before_the_draft(post):
    assert post("intake_publish").status_code == 404


def test_pages_carry_no_inline_script_style_or_handler(boss, intake):
    for name in ("intakes", "intake", "intake_sections", "intake_compare", "intake_finish"):
        page = text_of(boss.get(address(name, intake) if name != "intakes" else UPLOAD))
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page, re.I), name
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name


def test_the_notice_of_the_tests_is_read_as_the_tests_say():
    assert [len(section.tasks) for section in outline().sections] == [2, 2, 1]
