"""The plan that the repository carries, and the loader that brings it into the database."""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from accounts.enums import UnitKind
from accounts.models import Event, OrgUnit, Remit
from workplan.enums import AssignmentRole, PlanStatus
from workplan.loading.loader import FOLDER, load_plan
from workplan.loading.tables import FixtureError
from workplan.models import Allocation, Assignment, LoadedRow, PaceStep, Plan, Target, Task
from workplan.rules.kinds import PaceCurve, Recurrence, Strength, TargetKind
from workplan.services.plan import allocate, assign, change_goal

from .factories import UserFactory
from .plan_data import kept_for_module

BUREAU = "500156"
# Every figure that the notice states: code, comparator, goal, unit.
HARD = {
    ("3.2", "=", 1, "次/年"),
    ("3.3", ">=", 1, "次/月"),
    ("3.5", "=", 1, "次/半年"),
    ("6.2", "=", 7, "项"),
    ("8.1", "<=", 0, "起"),
    ("8.2", "<=", 0, "人"),
    ("8.3", "<=", 0, "件"),
    ("8.4", "<=", 0, "起"),
    ("8.6", "=", 5, "类频次"),
    ("22.4", ">=", 90, "%"),
    ("23.1", ">=", 2, "家"),
    ("40.2", "=", 2, "个"),
    ("40.3", ">=", 8, "个"),
    ("40.4", "=", 9, "个"),
    ("41.2", ">=", 45, "%"),
    ("42.1", "=", 100, "%"),
    ("42.2", ">=", 60, "%"),
    ("42.3", ">=", 60, "%"),
    ("46.1", "=", 1, "次/年"),
    ("46.2", "<=", 0, "起"),
    ("46.3", "<=", 0, "起"),
    ("46.4", "=", 100, "%"),
    ("46.5", "=", 100, "%"),
    ("47.1", ">=", 1, "个"),
    ("48.1", "=", 100, "%"),
    ("49.2", "=", 100, "%"),
    ("49.3", ">=", 100, "户"),
    ("49.4", ">=", 10, "张"),
    ("50.1", "=", 100, "%"),
    ("50.2", "=", 100, "%"),
    ("51.1", ">=", 1, "个"),
}
# The notice names a date only for these; all other deadlines are proposals.
DATED = {"22.4", "38.1", "38.2", "38.3", "40.2", "40.3", "40.4", "42.1", "42.2", "42.3"}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fixtures")]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    with kept_for_module(django_db_blocker, load_plan):
        yield


@pytest.fixture
def plan() -> Plan:
    return Plan.objects.get(bureau__code=BUREAU, year=2024)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the files that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "plan"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def writes(queries) -> list[str]:
    return [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


# --- The data ---


def test_plan_has_its_sections_tasks_targets_readings_and_periods(plan):
    counts = (plan.sections.count(), plan.tasks.count(), plan.targets.count(), plan.readings.count())
    assert counts == (12, 52, 137, 27)
    assert list(plan.tasks.values_list("number", flat=True)) == list(range(1, 53))
    assert [period.number for period in plan.periods.all()] == list(range(3, 13))
    assert (plan.status, plan.issued_on) == (PlanStatus.PUBLISHED, date(2024, 2, 22))
    assert plan.document_number == "武隆民政发〔2024〕8号"


def test_titles_are_kept_as_printed(plan):
    titles = dict(plan.sections.values_list("number", "title"))
    assert titles[4] == "推进“精准保障 救在武隆”行动,加快健全分层分类社会救助体系"
    assert titles[7] == "推进“武社有为隆城筑梦”行动,规范引导社会组织发挥积极作用"
    assert plan.tasks.get(number=17).title == "实施物质+服务救助"


def test_every_task_has_a_summary_of_its_own(plan):
    summaries = list(plan.tasks.values_list("summary", flat=True))
    assert all(len(summary) >= 20 for summary in summaries)
    assert len(set(summaries)) == 52


def test_units_are_the_bureau_its_offices_and_26_townships(plan):
    kinds = dict(OrgUnit.objects.order_by().values_list("kind").annotate(Count("pk")))
    assert kinds == {
        UnitKind.BUREAU: 1,
        UnitKind.OFFICE: 12,
        UnitKind.STREET: 4,
        UnitKind.TOWN: 10,
        UnitKind.TOWNSHIP: 8,
        UnitKind.ETHNIC_TOWNSHIP: 4,
    }
    offices = OrgUnit.objects.filter(kind=UnitKind.OFFICE)
    assert all(office.proposed and office.parent == plan.bureau for office in offices)


def test_hard_figures_are_those_of_the_notice(plan):
    hard = plan.targets.filter(strength=Strength.HARD)
    assert {(t.code, t.comparator, t.goal, t.unit) for t in hard} == HARD
    assert not hard.filter(implied=True).exists()


def test_target_stated_twice_is_one_row_shown_in_both_tasks(plan):
    assert [t.number for t in plan.targets.get(code="49.3").also_in.all()] == [23]
    assert [t.number for t in plan.targets.get(code="49.4").also_in.all()] == [24]
    assert not plan.targets.filter(code__in=["23.2", "24.2", "52.2"]).exists()


def test_programmes_of_section_12_are_shown_in_the_earlier_task_too(plan):
    assert "50.6" in plan.tasks.get(number=17).shown_targets.values_list("code", flat=True)
    assert "48.1" in plan.tasks.get(number=27).shown_targets.values_list("code", flat=True)


def test_only_deadlines_named_by_the_notice_are_not_marked_proposed(plan):
    dated = plan.targets.filter(due__isnull=False, due_proposed=False)
    assert set(dated.values_list("code", flat=True)) == DATED


def test_consortia_and_tracked_targets_have_no_deadline(plan):
    undated = plan.targets.filter(due__isnull=True)
    assert set(undated.exclude(strength=Strength.TRACKED).values_list("code", flat=True)) == {
        "10.1",
        "11.1",
        "12.1",
        "12.2",
    }
    assert not plan.targets.filter(strength=Strength.TRACKED, due__isnull=False).exists()


def test_monthly_risk_checks_are_expected_from_march(plan):
    checks = plan.targets.get(code="3.3")
    assert (checks.recurrence, checks.start) == (Recurrence.MONTHLY, date(2024, 3, 1))
    assert plan.targets.get(code="3.2").due == date(2024, 3, 31)


def test_ratios_name_their_numerator_and_denominator(plan):
    for target in plan.targets.filter(unit="%"):
        assert target.numerator_label, target.code
        assert target.denominator_label, target.code


def test_targets_that_advance_by_steps_have_them_and_reach_their_goal(plan):
    for target in plan.targets.prefetch_related("steps"):
        shares = [step.share for step in target.steps.all()]
        assert bool(shares) == (target.curve == PaceCurve.STEPS), target.code
        if shares:
            assert shares == sorted(shares), target.code
            assert shares[-1] == 1, target.code


def test_readings_point_at_their_tasks(plan):
    codes = [reading.code for reading in plan.readings.all()]
    assert codes == [f"A{number:02}" for number in range(1, 28)]
    assert [task.number for task in plan.readings.get(code="A04").tasks.all()] == [40, 42]


# --- Who does what ---


def test_every_task_is_led_by_the_office_of_its_section(plan):
    offices = {remit.app: remit.office_id for remit in Remit.objects.all()}
    leads = Assignment.objects.filter(task__plan=plan, role=AssignmentRole.LEAD).select_related("task__section")
    assert {lead.task.number: lead.org_unit_id for lead in leads} == {
        task.number: offices[task.section.app] for task in plan.tasks.select_related("section")
    }


def test_every_target_is_allocated(plan):
    assert not plan.targets.filter(allocations__isnull=True).exists()


def test_allocated_shares_add_up_to_the_goal(plan):
    added = plan.targets.exclude(unit="%").annotate(total=Sum("allocations__amount"))
    for target in added.filter(goal__isnull=False).exclude(code="22.2"):  # 22.2 is minutes: no share of it
        assert target.total == target.goal, target.code


def test_ratios_hold_the_same_threshold_for_every_unit(plan):
    assert not Allocation.objects.filter(target__unit="%", amount__isnull=False).exists()


def test_township_reports_a_task_exactly_when_a_target_of_it_is_allocated_to_it(plan):
    townships = OrgUnit.objects.townships()
    assigned = Assignment.objects.filter(org_unit__in=townships).values_list("task", "org_unit", "role")
    owed = Allocation.objects.filter(org_unit__in=townships).values_list("target__task", "org_unit")
    assert {(task, unit) for task, unit, _ in assigned} == set(owed)
    assert {role for *_, role in assigned} == {AssignmentRole.REPORT}


def test_offices_report_only_what_they_lead(plan):
    for allocation in Allocation.objects.filter(org_unit__kind=UnitKind.OFFICE).select_related("target__task"):
        lead = allocation.target.task.assignments.get(role=AssignmentRole.LEAD)
        assert lead.org_unit_id == allocation.org_unit_id, allocation.target.code


def test_hundred_homes_and_ten_beds_are_shared_among_townships(plan):
    homes = plan.targets.get(code="49.3").allocations.filter(org_unit__in=OrgUnit.objects.townships())
    assert (homes.count(), homes.aggregate(total=Sum("amount"))["total"]) == (26, 100)
    beds = plan.targets.get(code="49.4").allocations
    assert beds.aggregate(total=Sum("amount"))["total"] == 10


def test_eight_stations_serve_nine_named_units(plan):
    stations = plan.targets.get(code="40.3").allocations
    assert sorted(stations.values_list("amount", flat=True)) == [0] + [1] * 8
    named = plan.targets.get(code="40.4").allocations
    assert set(stations.values_list("org_unit", flat=True)) == set(named.values_list("org_unit", flat=True))


# --- Loading ---


def test_second_load_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        report = load_plan()
    assert writes(queries.captured_queries) == []
    assert not report.changed
    assert report.kept == []


def test_changed_row_of_a_file_is_updated(folder, plan):
    edit(folder, "targets.csv", "新建设老年食堂数", "新建老年食堂数")
    report = load_plan(folder=folder)
    assert (report.created, report.updated, report.kept) == (0, 1, [])
    assert plan.targets.get(code="23.1").measure == "新建老年食堂数"


def test_changed_list_of_tasks_is_updated(folder, plan):
    edit(folder, "readings.csv", "A15,47,", "A15,47;52,")
    load_plan(folder=folder)
    assert [task.number for task in plan.readings.get(code="A15").tasks.order_by("number")] == [47, 52]


def test_edit_of_a_user_is_kept_and_named_while_the_rest_of_the_row_follows(folder, plan):
    homes = plan.targets.get(code="49.3")
    change_goal(target=homes, goal=Decimal(120), actor=UserFactory(), reason="追加任务")
    edit(
        folder,
        "targets.csv",
        "49.3,49,完成适老化改造户数,count,hard,>=,100",
        "49.3,49,适老化改造完成户数,count,hard,>=,110",
    )
    report = load_plan(folder=folder)
    homes.refresh_from_db()
    assert (homes.goal, homes.measure) == (120, "适老化改造完成户数")
    assert report.kept == ["保留您的修改：目标 49.3：目标值 120（预置 110）"]
    with CaptureQueriesContext(connection) as queries:
        again = load_plan(folder=folder)
    assert writes(queries.captured_queries) == []
    assert again.kept == report.kept


def test_value_that_a_user_set_back_follows_the_files_again(folder, plan):
    homes, actor = plan.targets.get(code="49.3"), UserFactory()
    change_goal(target=homes, goal=Decimal(120), actor=actor, reason="追加任务")
    edit(folder, "targets.csv", "户数,count,hard,>=,100", "户数,count,hard,>=,110")
    load_plan(folder=folder)
    change_goal(target=homes, goal=Decimal(100), actor=actor, reason="撤销追加")
    load_plan(folder=folder)
    homes.refresh_from_db()
    assert homes.goal == 110


def test_shares_that_an_office_has_set_are_kept(plan):
    homes, unit = plan.targets.get(code="49.3"), OrgUnit.objects.get(code="500156001")
    allocate(target=homes, amounts={unit: Decimal(9)}, actor=UserFactory(), reason="调整")
    report = load_plan()
    assert Allocation.objects.get(target=homes, org_unit=unit).amount == 9
    assert report.kept == ["保留您的修改：指标分解 49.3:500156001：分解值 9（预置 6）、待确认 否（预置 是）"]


def test_lead_that_a_user_named_is_kept(plan):
    task, office = plan.tasks.get(number=49), OrgUnit.objects.get(code="500156-eldercare")
    assign(task=task, unit=office, role=AssignmentRole.LEAD, actor=UserFactory())
    load_plan()
    assert task.assignments.get(role=AssignmentRole.LEAD).org_unit == office


def test_lead_changed_in_the_files_changes_hands(folder, plan):
    edit(folder, "assignments.csv", "49,500156-livelihood,lead,1", "49,500156-livelihood,cooperate,1")
    edit(folder, "assignments.csv", "49,500156-eldercare,cooperate,1", "49,500156-eldercare,lead,1")
    load_plan(folder=folder)
    assert plan.tasks.get(number=49).assignments.get(role=AssignmentRole.LEAD).org_unit.code == "500156-eldercare"


def test_row_that_left_the_files_is_removed_unless_a_user_touched_it(folder, plan):
    edit(folder, "steps.csv", "23.1,2024-09-30,0.5,首家食堂开办\n", "")
    edit(folder, "steps.csv", "20.2,2024-09-30,0.3,会议筹备方案印发\n", "")
    PaceStep.objects.filter(target__code="20.2", on=date(2024, 9, 30)).update(share=Decimal("0.4"))
    report = load_plan(folder=folder)
    assert report.removed == 1
    assert not PaceStep.objects.filter(target__code="23.1", on=date(2024, 9, 30)).exists()
    assert PaceStep.objects.filter(target__code="20.2", on=date(2024, 9, 30)).exists()
    assert report.kept == ["保留您的修改：序时节点 20.2:2024-09-30（预置数据已不含此项）"]


def test_row_that_a_user_deleted_does_not_come_back(plan):
    plan.readings.get(code="A27").delete()
    report = load_plan()
    assert not plan.readings.filter(code="A27").exists()
    assert report.kept == ["保留您的删除：执行口径 A27"]


def test_plan_of_another_district_is_loaded_beside_the_first(folder, plan):
    for file in folder.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace("500156", "500999"), encoding="utf-8")
    load_plan(folder=folder)
    other = Plan.objects.get(bureau__code="500999")
    assert (other.targets.count(), plan.targets.count()) == (137, 137)
    units = Allocation.objects.filter(target__plan=other).values_list("org_unit__code", flat=True)
    assert all(code.startswith("500999") for code in units)


def test_load_is_logged_once():
    assert Event.objects.filter(action="plan.load").count() == 1
    load_plan()
    assert Event.objects.filter(action="plan.load").count() == 1


# name: file, what stands there, what is put in its place, what the message must say
BAD_FILES = {
    "date": ("tasks.csv", "2024-12-31,1\n2,", "2024-13-31,1\n2,", "tasks.csv 第2行：“due”应为日期"),
    "number": ("targets.csv", ">=,100,户", ">=,很多,户", "“goal”应为数字，实际为“很多”"),
    "infinity": ("targets.csv", ">=,100,户", ">=,Infinity,户", "“goal”应为数字"),
    "unknown word": ("targets.csv", "户数,count,hard", "户数,sum,hard", "“kind”应为count"),
    "unknown unit": ("remits.csv", "500156-reform,", "500156-none,", "“office”所指的“500156-none”不存在"),
    "unknown task": ("readings.csv", "A15,47,", "A15,470,", "readings.csv 第16行：“tasks”所指的“470”不存在"),
    "flag": ("remits.csv", "reform,reform,1", "reform,reform,yes", "“proposed”应为0或1"),
    "cell missing": (
        "remits.csv",
        "reform,reform,1",
        "reform,reform",
        "remits.csv 第4行：应有3列，实际有2列",
    ),
    "header": ("sections.csv", "number,title", "number,name", "sections.csv 第1行：表头应为"),
    "twice": ("remits.csv", "reform,reform,1", "reform,keyprojects,1", "remits.csv 第4行：与第3行重复"),
    "hard without goal": ("targets.csv", ">=,100,户", ">=,,户", "除跟踪类目标外，必须填写目标值"),
    "due too early": ("targets.csv", "01-01,2024-03-31", "04-01,2024-03-31", "完成时限不能早于起始日期"),
    "too long": ("sections.csv", "党建统领,party", "党" * 61 + ",party", "sections.csv 第2行：“campaign”"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_gives_one_line_with_its_place_and_changes_nothing(case, folder, plan):
    file, old, new, message = BAD_FILES[case]
    edit(folder, "plan.csv", "2024年全区民政工作要点", "改过的标题")
    edit(folder, file, old, new)
    with pytest.raises(FixtureError, match=re.escape(message)) as caught:
        load_plan(folder=folder)
    assert "\n" not in str(caught.value)
    plan.refresh_from_db()
    assert plan.title == "2024年全区民政工作要点"


def test_file_in_another_encoding_is_refused(folder):
    path = folder / "tasks.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(FixtureError, match=r"tasks\.csv 第2行：不是UTF-8编码"):
        load_plan(folder=folder)


def test_missing_file_is_named(folder):
    (folder / "steps.csv").unlink()
    with pytest.raises(FixtureError, match=r"steps\.csv：文件不存在"):
        load_plan(folder=folder)


def test_command_reports_counts_and_ends_with_one_line_on_a_bad_file(folder, capsys):
    call_command("load_plan")
    assert "新增 0 行，更新 0 行" in capsys.readouterr().out
    edit(folder, "plan.csv", "500156,2024", "500156,二〇二四")
    with pytest.raises(CommandError, match=r"plan\.csv 第2行"):
        call_command("load_plan", "--plan", str(folder))


def test_files_are_stored_in_a_readable_and_stable_form():
    for file in FOLDER.glob("*.csv"):
        raw = file.read_bytes()
        assert b"\r" not in raw, file.name
        assert not raw.startswith(b"\xef\xbb\xbf"), file.name
        assert raw.endswith(b"\n"), file.name
        raw.decode("utf-8")


def test_memory_of_the_loader_covers_every_row(plan):
    rows = [OrgUnit, Remit, Plan, Task, Target, PaceStep, Assignment, Allocation]
    expected = sum(model.objects.count() for model in rows)
    expected += plan.sections.count() + plan.readings.count() + plan.period_rules.count()
    assert LoadedRow.objects.count() == expected


def test_ceilings_are_reported_by_every_township_that_can_breach_them(plan):
    for target in plan.targets.filter(kind=TargetKind.CEILING, code__startswith="46."):
        assert target.allocations.count() == 26, target.code
