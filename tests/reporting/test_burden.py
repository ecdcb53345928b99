"""The burden meter (减负): fields asked by township and period, against a slow recount through the sheet's own forms."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import UnitKind
from tests import factories as make
from tests.reporting.test_lists import cells
from tests.steps import fill_and_submit
from workplan import clock
from workplan.burden import burden, prefilled_of, typed_of
from workplan.forms import EntryForm
from workplan.models import Allocation, Entry, ProgressReport, Target
from workplan.rules.kinds import TargetKind

BURDEN, YEAR = reverse("workplan:burden"), reverse("workplan:year")
TODAY = date(2024, 10, 15)
KINDS = [TargetKind.COUNT, TargetKind.RATE, TargetKind.CEILING, TargetKind.MILESTONE, TargetKind.COVERAGE]


def asked_by_the_form(target) -> tuple[set[str], set[str]]:
    """Return what the sheet's form has a person type, words and days aside, and what registers fill in."""
    shown = set(EntryForm(entry=Entry(target=target)).fields) - {"remark", "done_on"}
    if target.kind == TargetKind.CEILING and "value" in shown:
        shown.discard("zero_report")  # the tick states the number
    numbers = {"numerator", "denominator"} if target.unit == "%" else {"value"}
    return shown, numbers if target.computed_by else set()


def recount(plan, unit, period) -> tuple[int, int, int]:
    """Return typed, texts and prefilled of one unit and period, one share at a time."""
    typed = texts = prefilled = 0
    tasks = set()
    for share in Allocation.objects.filter(org_unit=unit, target__plan=plan):
        if share.target.task_id not in tasks:
            tasks.add(share.target.task_id)
            texts += 1
        if share.target.start <= period.end:
            shown, known = asked_by_the_form(share.target)
            typed, prefilled = typed + len(shown), prefilled + len(known)
    return typed + texts, texts, prefilled


def recounted_unfilled(plan, on) -> set[tuple]:
    found = set()
    last = [period for period in plan.periods.order_by("start") if period.start <= on][-1]
    for share in Allocation.objects.filter(target__plan=plan, org_unit__kind=UnitKind.TOWN):
        target = share.target
        entries = list(Entry.objects.filter(target=target))
        for name in asked_by_the_form(target)[0] if target.start <= last.end else ():
            if all(getattr(entry, name) is None or getattr(entry, name) is False for entry in entries):
                found.add((target.code, name))
        if not any(one.narrative for one in ProgressReport.objects.filter(task=target.task)):
            found.add((target.task.number, "narrative"))
    return found


def random_world(district, cast, chance: random.Random) -> None:
    """Give the district towns, targets of all kinds, shares, and reports in which some inputs hold something."""
    towns = [
        make.OrgUnitFactory(parent=district.bureau, kind=UnitKind.TOWN, valid_from=date(2024, chance.randint(1, 10), 1))
        for _ in range(4)
    ]
    tasks = [make.TaskFactory(section=district.section, number=60 + n) for n in range(3)]
    for place in range(14):
        kind = chance.choice(KINDS)
        target = make.TargetFactory(
            task=chance.choice([district.task, *tasks]),
            code=f"x.{place}",
            sort=20 + place,
            kind=kind.value,
            unit="%" if kind in (TargetKind.RATE, TargetKind.COVERAGE) else "户",
            computed_by=chance.choice(["", "", "eldercare.homes_accepted"]),
            start=date(2024, chance.randint(1, 12), 1),
        )
        for unit in towns:
            if chance.random() < 0.6:
                make.AllocationFactory(target=target, org_unit=unit)
    for unit in towns:
        for task in [district.task, *tasks]:
            if chance.random() < 0.5:
                _random_report(unit, task, district.period(chance.randint(1, 10)), cast, chance)


def _random_report(unit, task, period, cast, chance) -> None:
    report = make.ReportFactory(
        task=task, org_unit=unit, period=period, drafted_by=cast.liaison, narrative=chance.choice(["", "推进中。"])
    )
    for target in Target.objects.filter(task=task, allocations__org_unit=unit):
        zero = target.kind == TargetKind.CEILING and chance.random() < 0.5
        numbers = {"numerator": 1, "denominator": 2} if target.unit == "%" else {"value": 0 if zero else 3}
        filled = numbers if zero or chance.random() < 0.4 else {}
        Entry.objects.create(report=report, target=target, zero_report=zero, **filled)


@pytest.mark.parametrize("seed", range(8))
def test_every_number_is_that_of_a_slow_recount(cast, district, seed):
    random_world(district, cast, random.Random(seed))
    found = burden(cast.leader, district.plan, TODAY)
    assert len(found.units) > 3
    for unit in found.units:
        for period in found.periods:
            load = found.loads.get((unit.pk, period.pk))
            if unit.valid_from > period.end:
                assert load is None
            else:
                assert (load.typed, load.texts, load.prefilled) == recount(district.plan, unit, period)
    assert found.total == sum((found.of_unit(unit) for unit in found.units), start=type(found.total)())
    assert found.total == sum((found.of_period(period) for period in found.periods), start=type(found.total)())


@pytest.mark.parametrize("seed", range(8))
def test_what_nobody_fills_in_is_that_of_a_slow_recount(cast, district, seed):
    random_world(district, cast, random.Random(seed))
    Allocation.objects.exclude(org_unit__kind=UnitKind.TOWN).delete()
    found = burden(cast.leader, district.plan, TODAY)
    said = [(one.target.code if one.target else one.task.number, one.name) for one in found.unfilled]
    assert len(said) == len(set(said))
    assert set(said) == recounted_unfilled(district.plan, TODAY)


def test_fields_are_counted_by_what_a_target_asks():
    def asked(**which):
        target = Target(**({"kind": "count", "unit": "户"} | which))
        return typed_of(target), prefilled_of(target)

    computed = {"computed_by": "eldercare.homes_accepted"}
    assert asked() == (("value",), ())
    assert asked(kind="rate", unit="%") == (("numerator", "denominator"), ())
    assert asked(kind="ceiling", unit="起") == (("value",), ())
    assert asked(kind="milestone", unit="份") == (("value",), ())
    assert asked(**computed) == ((), ("value",))
    assert asked(kind="rate", unit="%", **computed) == ((), ("numerator", "denominator"))
    assert asked(kind="ceiling", unit="起", **computed) == (("zero_report",), ("value",))


class TestPage:
    def test_it_shows_each_township_and_period(self, as_user, cast, district):
        page = as_user(cast.leader).get(BURDEN)
        rows = [row.record for row in page.context["table"].rows]
        assert len(rows) == 24 and {row.unit for row in rows} == {"D1甲街道", "D1乙镇"}
        # 49.3 and 46.3 ask for one number, 22.4 for two; two tasks ask for words.
        assert {(row.typed, row.texts, row.prefilled) for row in rows} == {(6, 2, 0)}
        assert page.context["tiles"][0] == ("144", "全年需填项")

    def test_a_target_that_is_computed_lightens_it(self, as_user, cast, district):
        Target.objects.filter(code="49.3").update(computed_by="eldercare.homes_accepted")
        page = as_user(cast.leader).get(BURDEN)
        row = page.context["table"].rows[0].record
        assert (row.typed, row.prefilled, row.share) == (5, 1, "1/6（16.7%）")
        year = as_user(cast.liaison).get(YEAR).content.decode()
        assert "2024年10月需填 5 项（其中文字 2 项），台账自动填入 1/6（16.7%）；全年共 60 项" in year

    def test_what_somebody_filled_in_is_no_longer_named(self, as_user, cast, district):
        client = as_user(cast.leader)
        before = [(one.code, one.name) for one in client.get(BURDEN).context["unfilled"]]
        assert ("49.3", "数值") in before and ("任务49", "进展情况") in before and ("22.4", "分母") in before
        fill_and_submit(district, cast, month=10, homes=0, unit=district.other_township)
        after = [(one.code, one.name) for one in client.get(BURDEN).context["unfilled"]]
        assert after == [("46.3", "数值"), ("任务46", "进展情况")], "zero is a value"

    def test_nothing_is_called_unfilled_before_the_first_period(self, as_user, cast, district):
        with clock.pinned(date(2023, 12, 31)):
            assert as_user(cast.leader).get(BURDEN).context["unfilled"] == []

    def test_an_office_sees_its_own_sections(self, as_user, cast, district):
        page = as_user(cast.head).get(BURDEN)
        assert {row.record.typed for row in page.context["table"].rows} == {4}
        assert not any(one.code == "46.3" for one in page.context["unfilled"])
        assert {row.record.typed for row in as_user(cast.other_head).get(BURDEN).context["table"].rows} == {2}

    @pytest.mark.parametrize(
        ("who", "status"), [("liaison", 403), ("supervisor", 403), ("nobody", 403), ("staff", 200)]
    )
    def test_it_is_for_the_bureau(self, as_user, cast, district, who, status):
        client = as_user(getattr(cast, who))
        assert client.get(BURDEN).status_code == status
        assert (f'href="{BURDEN}"' in client.get("/").content.decode()) is (status == 200)

    def test_filters_and_export(self, as_user, cast, district):
        client = as_user(cast.leader)
        query = {"unit": district.township.pk, "period": district.period(3).pk}
        assert client.get(BURDEN, query).context["table"].paginator.count == 1
        rows = cells(client.get(BURDEN, {"unit": district.township.pk, "export": "xlsx"}))
        header = next(place for place, row in enumerate(rows) if row[0] == "单位")
        assert rows[header] == [
            "单位",
            "报告期",
            "需填项",
            "其中文字",
            "其中临时填报",
            "台账预填",
            "预填占比",
            "全部项",
        ]
        assert len(rows) - header - 1 == 12 and rows[header + 1][2] == 6

    @pytest.mark.parametrize("query", [{"unit": "x"}, {"period": "9" * 30}, {"as_of": "2024-01-01"}, {"sort": "url"}])
    def test_what_it_does_not_know_is_refused(self, as_user, cast, district, query):
        assert as_user(cast.leader).get(BURDEN, query).status_code == 400

    def test_units_of_a_neighbour_are_no_choice(self, as_user, cast, district, neighbour):
        assert as_user(cast.leader).get(BURDEN, {"unit": neighbour.township.pk}).status_code == 400


def test_statements_do_not_grow(cast, district):
    random_world(district, cast, random.Random(1))
    burden(cast.leader, district.plan, TODAY)  # reads the scope once
    with CaptureQueriesContext(connection) as few:
        burden(cast.leader, district.plan, TODAY)
    for seed in (2, 3):
        for code in Target.objects.filter(code__startswith="x.").values_list("code", flat=True):
            Target.objects.filter(code=code).update(code=f"{seed}{code}")
        tasks = district.plan.tasks.filter(number__gte=60)
        for task in tasks.order_by("-number"):
            type(task).objects.filter(pk=task.pk).update(number=task.number + 100 * seed)
        random_world(district, cast, random.Random(seed))
    with CaptureQueriesContext(connection) as many:
        burden(cast.leader, district.plan, TODAY)
    assert len(many) == len(few) == 5
