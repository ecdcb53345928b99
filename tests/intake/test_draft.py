"""From a notice to a draft on the database: what is refused, what is taken over from last year, and that it happens once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from workplan.enums import AssignmentRole, PlanStatus
from workplan.errors import Refused
from workplan.intake.errors import BadEdit
from workplan.models import Allocation, Intake, Plan
from workplan.services import intake as service
from workplan.services.intake import StaleIntake
from workplan.services.intake_draft import make_draft
from workplan.services.intake_missing import NotReady, obstacles
from workplan.services.plan import publish_plan

from .notice import TEXT, begun, correct, last_year, ready

pytestmark = pytest.mark.django_db
FACTS = {"edit": "set_facts", "title": "2025年全区民政工作要点", "document_number": "", "issued": "2025-02-20"}


def missing(intake: Intake) -> list[str]:
    return [one.message for one in obstacles(intake, service.outline_of(intake))]


@pytest.fixture
def admin(cast):
    return cast.administrator


@pytest.fixture
def drafted(district, admin):
    """Return last year's district with the draft of 2025 made of the notice."""
    last_year(district)
    intake = correct(ready(district, admin), admin, **FACTS, year="2025")
    return make_draft(intake=intake, actor=admin, version=intake.version)


# --- reading and correcting ---


def test_a_notice_is_read_and_nothing_of_a_plan_is_written(district, admin):
    intake = begun(district, admin, TEXT.replace("\n", "\r\n"))
    assert (intake.year, intake.title, intake.name, intake.version) == (2025, "2025年全区民政工作要点", "粘贴的文本", 0)
    assert intake.source == TEXT  # one kind of line break: places count alike here and in browsers
    assert Plan.objects.count() == 2
    event = Event.objects.get(action="intake.begin")
    assert event.actor == admin and event.org_unit == district.bureau


@pytest.mark.parametrize(
    ("text", "words"), [("", "文本是空的"), ("今天天气很好。", "不像一份工作通知"), ("一、" * 300_000, "不像一份通知")]
)
def test_what_is_no_notice_is_refused(text, words, district, admin):
    with pytest.raises(Refused, match=words) as refused:
        begun(district, admin, text)
    assert refused.value.code == "notice" and not Intake.objects.exists()


@pytest.mark.parametrize("part", ["leader", "auditor", "head", "staff", "liaison", "outsider", "nobody"])
def test_only_who_edits_the_whole_plan_begins_one(part, district, cast):
    with pytest.raises(Refused) as refused:
        begun(district, getattr(cast, part))
    assert refused.value.code == "forbidden"


def test_a_neighbours_intake_is_nobodys_business(district, neighbour, admin):
    with pytest.raises(Refused):
        begun(neighbour, admin)
    intake = begun(district, admin)
    other = make.UserFactory()
    make.MembershipFactory(user=other, org_unit=neighbour.bureau, role="administrator")
    assert Intake.objects.visible_to(admin).get() == intake
    assert not Intake.objects.visible_to(other).exists()


def test_corrections_stay_and_are_logged_undone_and_done_again(district, admin):
    intake = correct(begun(district, admin), admin, edit="drop_task", task="t5")
    assert not service.outline_of(intake).task("t5").is_live
    service.undo(intake=intake, actor=admin, version=1)
    intake.refresh_from_db()
    assert service.outline_of(intake).task("t5").is_live and intake.version == 2
    service.redo(intake=intake, actor=admin, version=2)
    intake.refresh_from_db()
    assert not service.outline_of(intake).task("t5").is_live and intake.version == 3
    correct(intake, admin, edit="drop_task", task="t4")
    with pytest.raises(Refused, match="没有可以重做"):
        service.redo(intake=intake, actor=admin, version=4)
    actions = Event.objects.filter(action__startswith="intake.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["intake.begin", "intake.correct", "intake.undo", "intake.redo", "intake.correct"]


def test_who_comes_second_is_told_and_nothing_is_overwritten(district, admin):
    intake = begun(district, admin)
    correct(intake, admin, edit="retitle_section", section="s1", title="甲")
    with pytest.raises(StaleIntake, match="您的修改尚未写入"):
        service.correct(
            intake=intake, actor=admin, version=0, edit={"edit": "retitle_section", "section": "s1", "title": "乙"}
        )
    intake.refresh_from_db()
    assert service.outline_of(intake).section("s1").title == "甲"
    with pytest.raises(StaleIntake):  # what was undone is another state as well: the version only grows
        service.undo(intake=intake, actor=admin, version=0)


def test_an_unknown_business_line_is_refused(district, admin):
    with pytest.raises(BadEdit, match="请选择业务板块"):
        correct(begun(district, admin), admin, edit="map_sections", apps={"s1": "nosuch"})


def test_a_discarded_intake_is_over(district, admin):
    intake = begun(district, admin)
    service.discard(intake=intake, actor=admin, version=0)
    with pytest.raises(Refused, match="已作废"):
        correct(intake, admin, edit="drop_task", task="t1")
    intake.refresh_from_db()
    with pytest.raises(Refused, match="已作废"):
        make_draft(intake=intake, actor=admin, version=intake.version)
    assert not Intake.objects.unfinished().exists()


@pytest.mark.parametrize("values", [{"year": 1999}, {"source": ""}])
def test_the_database_holds_what_an_intake_is(values, district, admin):
    intake = begun(district, admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(**values)


# --- what is missing ---


def test_all_that_is_missing_is_named(district, admin):
    make.PlanFactory(bureau=district.bureau, year=2025, status=PlanStatus.DRAFT, title="甲")
    intake = begun(district, admin)
    found = missing(intake)
    assert "D1区民政局2025年工作要点已经有了（草稿），同一年度只能有一份。" in found
    assert "板块“其他工作”还没有对应的业务板块。" in found
    assert any(one.startswith("目标“开展检查次数”待核对") for one in found)
    with pytest.raises(NotReady) as refused:
        make_draft(intake=intake, actor=admin, version=0)
    assert [one.message for one in refused.value.obstacles] == found
    assert Plan.objects.filter(year=2025).count() == 1


def test_a_notice_without_a_year_asks_for_one(district, admin):
    intake = begun(district, admin, TEXT.replace("2025年", "").replace("〔2025〕", "").replace("2月20日", ""))
    assert intake.year is None
    assert missing(intake)[0] == "缺少年度：通知中没有找到，请填写。"
    intake = correct(intake, admin, **FACTS, year="2025")
    assert intake.year == 2025 and not missing(intake)[0].startswith("缺少年度")


def test_targets_that_the_plan_could_not_hold_are_named(district, admin):
    intake = ready(district, admin)
    values = {"measure": "旧事", "kind": "count", "strength": "hard", "comparator": ">=", "goal": "3", "unit": "个"}
    values |= {"recurrence": "none", "due": "2024-06-30", "cooperation": False}
    correct(intake, admin, edit="add_target", task="t5", start="", end="", **values)
    correct(intake, admin, edit="join_target", target="t4.1", other="t1.1")
    intake = correct(intake, admin, edit="drop_target", target="t1.1")
    assert missing(intake) == [
        "目标“新建公益性公墓数”所合并到的目标已不采用。",
        "目标“旧事”的时限 2024-06-30 早于年度。",
    ]


# --- the draft ---


def test_the_draft_has_what_the_outline_has(drafted):
    assert (drafted.status, drafted.year, drafted.issued_on) == (PlanStatus.DRAFT, 2025, date(2025, 2, 20))
    assert [(s.number, s.app) for s in drafted.sections.all()] == [
        (1, "eldercare"),
        (2, "funeral"),
        (3, "partybuilding"),
    ]
    assert [(t.number, t.title) for t in drafted.tasks.all()][:2] == [(1, "适老化改造"), (2, "机构监管")]
    assert [t.code for t in drafted.targets.all()] == ["1.1", "1.2", "2.1", "2.2", "3.1", "4.1"]
    homes = drafted.targets.get(code="1.1")
    assert (homes.goal, homes.due, homes.due_proposed, homes.start) == (120, date(2025, 6, 30), False, date(2025, 1, 1))
    assert drafted.targets.get(code="1.2").due_proposed
    assert drafted.targets.get(code="2.2").implied and "全覆盖" in drafted.targets.get(code="2.2").note


def test_owners_are_those_of_the_notice_else_of_last_year_else_of_the_business_line(drafted, district):
    def parts(number):
        rows = drafted.tasks.get(number=number).assignments.exclude(role=AssignmentRole.REPORT)
        return {(part.org_unit.name, part.role) for part in rows}

    assert parts(2) == {("养老科", "lead"), ("殡葬科", "cooperate")}  # the notice; 财政局 is no unit of the bureau
    assert parts(1) == {("养老科", "lead"), ("殡葬科", "cooperate")}  # last year
    assert parts(4) == {("殡葬科", "lead")}  # the office of the business line
    assert parts(5) == set()
    assert all(part.proposed for task in drafted.tasks.all() for part in task.assignments.all())


def test_shares_are_last_years_in_proportion_and_add_up(drafted, district):
    homes = drafted.targets.get(code="1.1")
    shares = {share.org_unit: share.amount for share in homes.allocations.all()}
    assert shares == {district.township: 30, district.other_township: 90}
    assert all(share.proposed for share in homes.allocations.all())
    held = drafted.targets.get(code="1.2").allocations
    assert {share.org_unit for share in held.all()} == {district.township, district.other_township}
    assert set(held.values_list("amount", flat=True)) == {None}
    tombs = drafted.targets.get(code="3.1").allocations.values_list("org_unit", "amount")
    assert dict(tombs) == {district.township.pk: Decimal(0), district.other_township.pk: Decimal(0)}
    graves = drafted.targets.get(code="4.1").allocations.get()
    assert (graves.org_unit, graves.amount) == (district.other_office, 3)
    assert homes.task.assignments.filter(role=AssignmentRole.REPORT).count() == 2  # who has a share reports on it


def test_how_a_target_is_counted_goes_on(drafted):
    homes = drafted.targets.get(code="1.1")
    assert (homes.computed_by, homes.curve) == ("eldercare.adapted_homes", "steps")
    assert [(step.on, step.share, step.label) for step in homes.steps.all()] == [
        (date(2025, 2, 28), Decimal("0.2"), "启动")
    ]
    assert drafted.targets.get(code="2.1").curve == "monthly"


def test_a_target_that_is_counted_otherwise_takes_nothing_over(district, admin):
    last_year(district)
    intake = ready(district, admin)
    values = {"measure": "完成适老化改造户数", "kind": "coverage", "strength": "hard", "comparator": ">=", "goal": "90"}
    values |= {"unit": "%", "recurrence": "none", "due": "", "cooperation": False}
    intake = correct(intake, admin, edit="change_target", target="t1.1", **values)
    plan = make_draft(intake=intake, actor=admin, version=intake.version)
    share = plan.targets.get(code="1.1").allocations.get()
    assert (share.org_unit, share.amount, share.target.computed_by) == (district.office, None, "")


def test_settings_and_periods_go_on_from_the_month_after_the_notice(drafted):
    assert drafted.periods.count() == 10 and drafted.periods.first().start == date(2025, 3, 1)
    assert drafted.supervision_steps.exists()
    assert (drafted.red_gap, drafted.return_reasons) == (20, Plan._meta.get_field("return_reasons").get_default())


def test_units_that_are_no_more_take_no_share(district, admin):
    last_year(district)
    district.other_township.valid_to = TODAY
    district.other_township.save()
    intake = ready(district, admin)
    plan = make_draft(intake=intake, actor=admin, version=intake.version)
    share = plan.targets.get(code="1.1").allocations.get()
    assert (share.org_unit, share.amount) == (district.township, 120)


def test_a_target_stated_twice_is_one_row_shown_in_both_tasks(district, admin):
    intake = ready(district, admin)
    intake = correct(intake, admin, edit="join_target", target="t4.1", other="t1.1")
    plan = make_draft(intake=intake, actor=admin, version=intake.version)
    assert [t.number for t in plan.targets.get(code="1.1").also_in.all()] == [4]
    assert not plan.targets.filter(code="4.1").exists()


def test_a_second_press_finds_the_plan_made(district, admin):
    intake = ready(district, admin)
    first = make_draft(intake=intake, actor=admin, version=intake.version)
    assert make_draft(intake=intake, actor=admin, version=intake.version) == first
    assert Plan.objects.filter(year=2025).count() == 1
    assert Event.objects.filter(action="intake.draft").count() == 1
    with pytest.raises(Refused, match="已生成工作要点"):
        correct(intake, admin, edit="drop_task", task="t1")


def test_a_draft_of_what_was_changed_meanwhile_is_refused(district, admin):
    intake = ready(district, admin)
    with pytest.raises(StaleIntake):
        make_draft(intake=intake, actor=admin, version=intake.version - 1)
    assert not Plan.objects.filter(year=2025).exists()


def test_a_draft_whose_plan_is_deleted_can_be_made_again(district, admin):
    intake = ready(district, admin)
    make_draft(intake=intake, actor=admin, version=intake.version).delete()
    intake.refresh_from_db()
    assert intake.is_open
    assert make_draft(intake=intake, actor=admin, version=intake.version).year == 2025


def test_the_draft_can_be_published_once_everything_is_allocated(drafted, district, admin):
    Allocation.objects.filter(target__plan=drafted, target__code="1.1").delete()
    with pytest.raises(Refused, match=r"尚未分解到单位：1\.1"):
        publish_plan(plan=drafted, actor=admin)
    Allocation.objects.create(target=drafted.targets.get(code="1.1"), org_unit=district.township, amount=120)
    assert publish_plan(plan=drafted, actor=admin).status == PlanStatus.PUBLISHED
