"""A snapshot holds what stands on its day, counted anew by hand, and stays as it is whatever comes later."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from childwelfare.models import Child, Screening
from eldercare.models import Canteen
from tests import factories as make
from tests.pages.conftest import grow
from tests.recount import recount
from tests.registers.making import make_record
from tests.registers.of_childwelfare import _number_of_child
from tests.steps import approve, fill_and_submit
from workplan import clock
from workplan.completeness import completeness, duties
from workplan.enums import RollupKind
from workplan.errors import Refused
from workplan.models import RollupReport
from workplan.rollup.gather import Asked, amount_from, gather
from workplan.rules.kinds import Strength
from workplan.services import rollup as service

from .conftest import asked_for, publish

pytestmark = pytest.mark.django_db
END = date(2024, 9, 30)


def row_of(report, code: str) -> dict:
    return next(row for row in report.snapshot["targets"] if row["code"] == code)


def test_numbers_are_those_of_a_recount(draft, told):
    assert [row["code"] for row in draft.snapshot["targets"]] == ["49.3", "22.4", "46.3", "23.9"]
    for row in draft.snapshot["targets"]:
        counted = amount_from(row["amount"])
        assert (counted.value, counted.numerator, counted.denominator) == recount(told.targets[row["code"]], END)
    assert row_of(draft, "49.3")["amount"] == ["105", None, None]
    assert row_of(draft, "22.4")["amount"] == [None, "17", "20"]


def test_lights_add_up(draft):
    lights = draft.snapshot["lights"]
    assert sum(lights.values()) == 4
    for light, number in lights.items():
        assert number == sum(row["light"] == light for row in draft.snapshot["targets"])
        assert number == sum(section["lights"][light] for section in draft.snapshot["sections"])


def test_the_span_before_is_compared_with(draft):
    assert row_of(draft, "49.3")["before"] == ["20", None, None]
    assert "较上期末增加[[49.3|85户]]，超额完成年度目标，完成率为[[49.3|105%]]" in draft.texts["s5.progress"]


def test_who_reported_late_and_who_did_not(draft, told):
    total = draft.snapshot["reporting"]["total"]
    assert total == {"owed": 5, "handed_in": 2, "on_time": 1, "late": 1, "missing": 3}
    (late,) = draft.snapshot["reporting"]["late"]
    assert (late["unit"], late["task"], late["on"]) == (told.other_township.label, 49, "2024-09-29")
    assert {(one["unit"], one["task"]) for one in draft.snapshot["reporting"]["missing"]} == {
        (told.office.label, 49),
        (told.township.label, 46),
        (told.other_township.label, 46),
    }


def test_what_units_wrote_is_kept_with_their_names(draft, told):
    task = next(task for task in draft.snapshot["tasks"] if task["number"] == 49)
    assert {report["unit"] for report in task["reports"]} == {told.township.label, told.other_township.label}
    assert all(report["narrative"] == "本月按计划推进。" for report in task["reports"])
    assert task["lead"] == [told.office.label]


def test_a_section_has_its_own_targets_only(told, cast):
    report, _ = service.make_report(asked=asked_for(told, section=told.other_section), actor=cast.other_head)
    assert [row["code"] for row in report.snapshot["targets"]] == ["46.3"]
    assert {task["number"] for task in report.snapshot["tasks"]} == {46}
    assert report.snapshot["reporting"]["total"]["owed"] == 2


def test_a_township_has_its_own_share_only(told, cast):
    report, _ = service.make_report(asked=asked_for(told, township=told.township), actor=cast.leader)
    assert row_of(report, "49.3")["amount"] == ["30", None, None]
    assert row_of(report, "49.3")["goal"] == "50"
    assert told.other_township.label not in str(report.snapshot)
    assert report.snapshot["reporting"]["total"] == {"owed": 2, "handed_in": 1, "on_time": 1, "late": 0, "missing": 1}


def test_a_plan_without_reports_has_words_too(district, cast):
    report, _ = service.make_report(asked=asked_for(district), actor=cast.leader)
    assert report.snapshot["reporting"]["total"]["handed_in"] == 0
    assert "已报送[[rep.handed_in|0]]份" in report.texts["reporting"]
    assert report.texts["s5.problems"].startswith("未报目标")
    assert report.texts["s5.next"] == "按照工作要点继续推进。"


def test_nothing_later_changes_it(draft, told, cast):
    kept = RollupReport.objects.get(pk=draft.pk).snapshot
    approve(fill_and_submit(told, cast, month=10, homes=60, rate=(9, 10)), cast)
    told.plan.red_gap = 90
    told.plan.save()
    told.township.name = "改名街道"
    told.township.save()
    assert RollupReport.objects.get(pk=draft.pk).snapshot == kept


def test_corrections_are_listed_in_the_next(corrected, told, cast):
    with clock.pinned(date(2024, 11, 5)):
        later, _ = service.make_report(asked=asked_for(told, month=10), actor=cast.leader)
    (row,) = later.snapshot["corrections"]
    assert (row["code"], row["unit"], row["period"]) == ("49.3", told.township.label, "2024年9月")
    assert (row["before"], row["after"], row["reason"]) == ("30 户", "33 户", "数据有误。")
    first = later.snapshot
    with clock.pinned(date(2024, 11, 6)):
        publish(later, cast.leader, date(2024, 11, 6))
    with clock.pinned(date(2024, 12, 6)):
        third, _ = service.make_report(asked=asked_for(told, month=11), actor=cast.leader)
    assert third.snapshot["corrections"] == [], "listed once"
    assert RollupReport.objects.get(pk=later.pk).snapshot == first


def test_a_correction_of_another_township_is_not_listed_in_a_townships(corrected, told, cast):
    for month, day in ((9, date(2024, 10, 12)), (10, date(2024, 11, 6))):
        with clock.pinned(day):
            asked = asked_for(told, month=month, township=told.other_township)
            report, _ = service.make_report(asked=asked, actor=cast.leader)
            publish(report, cast.leader, day)
    assert report.snapshot["corrections"] == []


def test_a_record_entered_later_for_a_day_gone_by_is_a_correction(told, cast):
    target = make.TargetFactory(
        task=told.task,
        code="23.1",
        measure="新建设老年食堂数",
        unit="家",
        goal=4,
        computed_by="eldercare.canteens_built",
    )
    make.AllocationFactory(target=target, org_unit=told.township, amount=4)
    first, _ = service.make_report(asked=asked_for(told), actor=cast.leader)
    publish(first, cast.leader)
    make_record(Canteen, told.township, cast.liaison, name="演示食堂", happened_on=date(2024, 9, 10), newly_built=True)
    with clock.pinned(date(2024, 11, 5)):
        later, _ = service.make_report(asked=asked_for(told, month=10), actor=cast.leader)
    row = next(row for row in later.snapshot["corrections"] if row["code"] == "23.1")
    assert (row["before"], row["after"], row["reason"]) == ("0 家", "1 家", "台账补录或更改")


REFUSED = {
    "future": ({"end": date(2024, 10, 31), "start": date(2024, 10, 1)}, "不能晚于今天"),
    "wrong_year": ({"end": date(2023, 9, 30), "start": date(2023, 9, 1)}, "须在2024年内"),
    "no_span": ({"end": date(2024, 9, 29), "start": date(2024, 9, 1)}, "最后一天"),
    "no_span on demand": (
        {"kind": RollupKind.ON_DEMAND, "end": date(2024, 9, 1), "start": date(2024, 9, 2)},
        "不能早于起始日期",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_impossible_spans_are_refused(case, told, cast):
    dates, words = REFUSED[case]
    asked = Asked(**({"plan": told.plan, "kind": RollupKind.MONTH} | dates))
    with pytest.raises(Refused) as refused:
        service.make_report(asked=asked, actor=cast.leader)
    assert refused.value.code == case.split()[0]
    assert words in refused.value.message
    assert not RollupReport.objects.exists()


def test_a_draft_plan_and_foreign_subjects_are_refused(told, neighbour, cast):
    for asked in (
        asked_for(told, section=neighbour.section),
        asked_for(told, township=neighbour.township),
        asked_for(told, township=told.office),
    ):
        assert service.problem_of(asked).code == "foreign"
    told.plan.status = "draft"
    assert service.problem_of(asked_for(told)).code == "draft_plan"


def test_statements_do_not_grow_with_the_district(told):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            gather(asked_for(told), [])
        return len(queries)

    count()
    before = count()
    grow(told, townships=4, targets=5)
    assert count() == before
    assert before <= 40


def test_completeness_counts_as_the_pages_do(draft, told, cast):
    found = completeness(duties(told.period(9), cast.leader, on=END), END)
    total = draft.snapshot["reporting"]["total"]
    assert (found.owed, found.handed_in, found.late, found.missing) == (
        total["owed"],
        total["handed_in"],
        total["late"],
        total["missing"],
    )


def test_small_counts_about_children_never_stand_in_it(screened_few, told, cast):
    report, _ = service.make_report(asked=asked_for(told), actor=cast.leader)
    row = row_of(report, "48.3")
    assert (row["amount"], row["withheld"]) == ([None, None, None], True)
    assert row["amount_text"] == "少于5 人"
    assert "儿童心理健康筛查人数涉及人数较少，按规定不列具体数字" in report.texts["s5.progress"]


@pytest.fixture
def screened_few(told, cast, keeper):
    """Three children of the first township have been screened."""
    keeper(Child)
    told.section.app = "childwelfare"
    told.section.save()
    target = make.TargetFactory(
        task=told.task,
        code="48.3",
        measure="儿童心理健康筛查人数",
        unit="人",
        goal=None,
        strength=Strength.TRACKED,
        computed_by="childwelfare.screened",
    )
    make.AllocationFactory(target=target, org_unit=told.township)
    for number in range(3):
        values = {"happened_on": date(2024, 3, 11), "person_id_number": _number_of_child(number)}
        make_record(Screening, told.township, cast.liaison, number, **values)
    return target
