"""The dashboard: every number is what a slow recount finds, every mark opens what it counts, past days are told as they were."""

import random
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as make
from tests.recount import recount
from tests.steps import approve, correct, fill_and_submit
from workplan import clock
from workplan.assess import assess, assess_each_unit
from workplan.completeness import completeness, duties, last_due_period
from workplan.dashboard.board import load, month_ends
from workplan.models import Allocation, Plan, Target
from workplan.observe import visible_targets
from workplan.rollup import pdf
from workplan.rules.kinds import Light
from workplan.rules.lights import LAGGING, LIT, WELL
from workplan.ui import board as ui

pytestmark = pytest.mark.django_db
COUNT = re.compile(r"共 <strong>([\d,]+)</strong> 条")
DAYS = (date(2024, 4, 30), date(2024, 7, 9), date(2024, 9, 30), date(2024, 10, 15))


def rows_behind(client, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, address
    return int(COUNT.search(response.content.decode()).group(1).replace(",", ""))


@pytest.fixture(params=[1, 2, 3])
def year(request, district, cast):
    """A year of reports at random: late ones, corrected ones, missing ones, incidents."""
    chance = random.Random(request.param)
    for month in range(3, 10):
        for unit in (district.township, district.other_township):
            _month(district, cast, chance, month, unit)
    return district


def _month(district, cast, chance, month, unit) -> None:
    if chance.random() < 0.2:
        return
    with clock.pinned(date(2024, month, 20) + timedelta(days=chance.randrange(14))):
        homes, out_of = chance.randrange(month * 8), chance.randrange(1, 20)
        report = fill_and_submit(
            district,
            cast,
            month=month,
            unit=unit,
            homes=homes,
            rate=(chance.randrange(out_of + 1), out_of),
            lenient=True,
        )
        tombs = fill_and_submit(district, cast, month=month, unit=unit, tombs=int(chance.random() < 0.1), lenient=True)
    with clock.pinned(date(2024, month + 1, 5)):
        for one in (report, tombs):
            if one is not None:
                approve(one, cast)
        if report is not None and chance.random() < 0.3:
            again = correct(report, cast, homes=homes + 1, lenient=True)
            if again is not None:
                approve(again, cast)


def board_of(district, cast, on: date, since: date | None = None):
    return load(cast.leader, district.plan, on=on, since=since or on - timedelta(days=30))


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_number_is_what_a_recount_finds(year, cast, on):
    board = board_of(year, cast, on)
    for day, found in ((on, board.now), (board.since, board.then)):
        for one in found:
            amount = (one.amount.value, one.amount.numerator, one.amount.denominator)
            assert amount == recount(one.target, day), (one.target.code, day)
            assert one == assess([one.target], on=day)[0]
    for unit in board.townships:
        for one in board.by_unit[unit.pk]:
            amount = (one.amount.value, one.amount.numerator, one.amount.denominator)
            assert amount == recount(one.target, on, units={unit.pk}), (unit, one.target.code)
            assert [one] == assess_each_unit([one.target], on=on, units=[unit])[unit.pk]
    for day, lights in board.trend.items():
        assert lights == {one.target.pk: one.verdict.light for one in assess(board.targets, on=day)}
    assert list(board.trend) == [*month_ends(year.plan, on), on]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_reporting_is_what_the_list_of_duties_counts(year, cast, on):
    board, period = board_of(year, cast, on), last_due_period(year.plan, on)
    assert board.period == period
    found = duties(period, cast.leader, on=on)
    assert completeness(board.duties, on) == completeness(found, on)
    assert [(d.task, d.org_unit, d.report) for d in board.duties] == [(d.task, d.org_unit, d.report) for d in found]


@pytest.mark.parametrize("on", DAYS[1:], ids=str)
def test_every_mark_opens_as_many_rows_as_it_counts(year, cast, on, as_user):
    client = as_user(cast.leader)
    context = client.get(reverse("workplan:leader"), {"as_of": on.isoformat()}).context
    for one in [*context["target_counts"], *context["task_counts"]]:
        assert rows_behind(client, one.url) == one.number, one
    for card in context["cards"]:
        assert rows_behind(client, card.total_url) == card.total
        for _, word, number, url in card.counts:
            assert rows_behind(client, url) == number, (card.name, word)
    for row in context["townships"].rows:
        for cell in (row.whole, *row.cells):
            if cell.url:
                assert rows_behind(client, cell.url) == int(cell.text.split("/")[1]), cell.words
                well = rows_behind(client, cell.url.replace("light=lit", "light=well"))
                assert well == int(cell.text.split("/")[0]), cell.words
        assert rows_behind(client, row.handed_url) == int(row.handed_in.split("/")[0])
        assert rows_behind(client, row.late_url) == row.late
        assert rows_behind(client, row.missing_url) == row.missing
    reporting = context["reporting"]
    for word, number in (("handed_in", reporting.counts.handed_in), ("missing", reporting.counts.missing)):
        assert rows_behind(client, reporting.urls[word]) == number
    assert rows_behind(client, reporting.urls["late"]) == reporting.counts.late
    assert rows_behind(client, context["reds_url"]) == len(context["reds"])
    assert rows_behind(client, context["changes_url"]) == context["changes_total"]


def test_sections_townships_and_trends_add_up(year, cast):
    board = board_of(year, cast, DAYS[-1])
    query = ui.Query(year.plan.pk, {})
    cards = ui.section_cards(board, query)
    assert sum(card.total for card in cards) == len(board.now) == sum(c.number for c in ui.target_counts(board, query))
    for card in cards:
        own = [one for one in board.now if card.name.startswith(f"{one.target.task.section.number}.")]
        well, lit = (sum(one.verdict.light in group for one in own) for group in (WELL, LIT))
        assert card.course[-1][1].startswith(f"{well}/{lit}") or not lit
        assert card.counts[2][2] == sum(one.verdict.light in LAGGING for one in own)
        assert (card.worst is not None) == bool(card.counts[2][2])
    table = ui.townships(board, query)
    shares = [Decimal(n) / int(m) for n, m in (row.whole.text.split("/") for row in table.rows)]
    assert shares == sorted(shares, reverse=True)
    assert [row.rank for row in table.rows] == [1 + sum(other > own for other in shares) for own in shares]


def test_past_days_are_told_as_they_were_told_then(district, cast, as_user):
    client = as_user(cast.leader)
    with clock.pinned(date(2024, 8, 30)):
        approve(fill_and_submit(district, cast, month=8, homes=12, rate=(8, 10)), cast)
        then = _told(client.get(reverse("workplan:leader")))
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, homes=40, rate=(1, 10)), cast)
    assert _told(client.get(reverse("workplan:leader"))) != then
    assert _told(client.get(reverse("workplan:leader"), {"as_of": "2024-08-30"})) == then


def _told(response) -> list:
    context = response.context
    return [
        [one.number for one in context["target_counts"]],
        [one.number for one in context["task_counts"]],
        [(card.name, [c[2] for c in card.counts], card.course) for card in context["cards"]],
        [
            (row.rank, row.name, row.whole.text, [c.text for c in row.cells], row.missing)
            for row in context["townships"].rows
        ],
        [(one.measure, one.amount, one.expected) for one in context["bars"]],
    ]


def test_what_changed_and_what_is_newly_red(district, cast, as_user):
    for month, tombs in ((8, 0), (9, 1)):
        with clock.pinned(date(2024, month, 25)):
            approve(fill_and_submit(district, cast, month=month, tombs=tombs), cast)
    client = as_user(cast.leader)
    context = client.get(reverse("workplan:leader"), {"since": "2024-09-20"}).context
    (change,) = [one for one in context["changes"] if one.code == "46.3"]
    assert (change.old_amount, change.amount, change.mark.code, change.worsened) == ("0 起", "1 起", "red", True)
    (red,) = [one for one in context["reds"] if one.measure == change.measure]
    assert red.is_new
    later = client.get(reverse("workplan:leader"), {"since": "2024-09-26"}).context
    assert not any(one.is_new for one in later["reds"] if one.measure == change.measure)
    rows = [row.record for row in client.get(context["changes_url"]).context["table"].rows]
    assert change in rows


def test_ten_statements_whatever_the_size(district, cast):
    with clock.pinned(date(2024, 8, 25)):
        approve(fill_and_submit(district, cast, month=8, homes=60, rate=(10, 10)), cast)
    few = _statements(district, cast)
    for number in range(30):
        unit = make.OrgUnitFactory(parent=district.bureau)
        target = make.TargetFactory(task=district.task, code=f"49.{number + 100}", due=date(2024, 9, 1))
        Allocation.objects.create(target=target, org_unit=unit, amount=1)
        make.AssignmentFactory(task=district.task, org_unit=unit)
    assert _statements(district, cast) == few <= 10


def _statements(district, cast) -> int:
    district.targets["49.3"].due = date(2024, 9, 30)
    district.targets["49.3"].goal = 10
    district.targets["49.3"].save()
    user = type(cast.leader).objects.get(pk=cast.leader.pk)
    assert user.scope  # read once for the whole request
    with CaptureQueriesContext(connection) as found:
        load(user, district.plan, on=date(2024, 10, 15), since=date(2024, 10, 5))
    return len(found)


class TestPages:
    @pytest.mark.parametrize("name", ["leader", "leader_changes", "leader_print", "leader_wall"])
    def test_without_a_plan_and_without_a_report(self, name, cast, district, as_user):
        client = as_user(cast.leader)
        assert client.get(reverse(f"workplan:{name}")).status_code == 200
        Plan.objects.filter(pk=district.plan.pk).update(status="draft")
        answer = client.get(reverse(f"workplan:{name}"))
        assert answer.status_code == 200
        assert "没有" in answer.content.decode() or "尚未" in answer.content.decode()

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"since": "2024-10-15"}, "对比日期应早于"),
            ({"since": "昨天"}, "对比日期应为"),
            ({"since": "9999-01-01"}, "对比日期应在"),
            ({"as_of": "2030-01-01"}, "截至日期应在"),
            ({"target": "x"}, "目标”不在可选范围内"),
            ({"light": "red"}, "无法识别的参数"),
        ],
    )
    def test_strange_parameters_are_named(self, query, message, cast, as_user):
        answer = as_user(cast.leader).get(reverse("workplan:leader"), query)
        assert answer.status_code == 400
        assert message in answer.content.decode()

    def test_who_oversees_one_township_only_is_refused(self, district, cast, as_user):
        user = make.UserFactory()
        make.MembershipFactory(user=user, org_unit=district.township, role="leader")
        assert as_user(user).get(reverse("workplan:leader")).status_code == 403

    def test_the_course_of_any_target(self, district, cast, as_user):
        with clock.pinned(date(2024, 8, 25)):
            approve(fill_and_submit(district, cast, month=8, homes=12, rate=(8, 10)), cast)
        target = district.targets["49.3"]
        course = as_user(cast.leader).get(reverse("workplan:leader"), {"target": target.pk}).context["course"]
        points = {point.label: point.value for point in course.points}
        assert (course.target, points["7月"], points["8月"], points["9月"]) == (target, None, 12.0, 12.0)

    @pytest.mark.skipif(bool(pdf.missing()), reason="no PDF can be made here")
    def test_the_sheet_as_a_pdf(self, cast, as_user):
        answer = as_user(cast.leader).get(reverse("workplan:leader_pdf"))
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"] == 'attachment; filename="overview-2024-10-15.pdf"'

    def test_where_no_pdf_can_be_made_the_printed_page_is_offered(self, cast, as_user, monkeypatch):
        monkeypatch.setattr(pdf, "missing", lambda: "未安装 PDF 组件。")
        answer = as_user(cast.leader).get(reverse("workplan:leader_pdf"))
        assert answer.status_code == 409
        assert "未安装 PDF 组件。" in answer.content.decode()
        assert reverse("workplan:leader_print") in answer.content.decode()

    def test_script_in_titles_is_text_on_page_sheet_and_wall(self, district, cast, as_user):
        evil = '</script><script>alert(1)</script>"onmouseover="x'
        target = make.TargetFactory(task=district.task, code="49.9", sort=9, measure=evil, goal=3)
        Allocation.objects.create(target=target, org_unit=district.township, amount=3)
        for name in ("leader", "leader_changes", "leader_print", "leader_wall", "tasks"):
            assert "<script>alert" not in as_user(cast.leader).get(reverse(f"workplan:{name}")).content.decode()


class TestTasks:
    def test_a_task_has_its_worst_light_and_names_why(self, district, cast, as_user):
        for month, tombs in ((8, 0), (9, 1)):
            with clock.pinned(date(2024, month, 25)):
                approve(fill_and_submit(district, cast, month=month, tombs=tombs), cast)
        rows = [row.record for row in as_user(cast.leader).get(reverse("workplan:tasks")).context["table"].rows]
        by_number = {row.number: row for row in rows}
        assert by_number[46].light == Light.RED
        assert by_number[46].worst == "新增违建墓地数：突破上限"

    def test_an_office_and_a_township_see_their_tasks(self, district, cast, as_user):
        for user in (cast.other_head, cast.liaison):
            rows = [row.record for row in as_user(user).get(reverse("workplan:tasks")).context["table"].rows]
            seen = {t.task.number for t in visible_targets(user, district.plan)}
            assert {row.number for row in rows} == seen

    def test_a_wrong_filter_is_named(self, cast, as_user):
        answer = as_user(cast.leader).get(reverse("workplan:tasks"), {"light": "pink"})
        assert answer.status_code == 400
        assert "没有这一选项" in answer.content.decode()


class TestPlace:
    """Section, task and target of one township: the place stays in the address on every step."""

    @pytest.fixture
    def told(self, district, cast):
        for unit, homes in ((district.township, 30), (district.other_township, 7)):
            with clock.pinned(date(2024, 9, 25)):
                approve(fill_and_submit(district, cast, month=9, homes=homes, rate=(8, 10), unit=unit), cast)
        return district

    def test_every_step_shows_the_units_part_and_leads_on_with_it(self, told, cast, as_user):
        client, unit = as_user(cast.leader), told.township
        steps = [("section", told.section), ("task", told.task), ("target", told.targets["49.3"])]
        for name, row in steps:
            page = client.get(reverse(f"workplan:{name}", args=[row.pk]), {"unit": unit.pk, "as_of": "2024-10-01"})
            text = page.content.decode()
            assert "30 户" in text and "37 户" not in text, name
            assert f"只看 <strong>{unit.label}</strong>" in text
            links = re.findall(r'href="(/(?:sections|tasks|targets)/\d+/[^"]*)"', text)
            links = [
                link for link in links if not link.startswith(page.request["PATH_INFO"])
            ]  # back to today, or to all
            assert links and all(f"unit={unit.pk}" in link and "as_of=2024-10-01" in link for link in links), name

    def test_the_page_of_a_unit_leads_to_its_part(self, told, cast, as_user):
        text = as_user(cast.leader).get(reverse("workplan:unit", args=[told.township.pk])).content.decode()
        assert f"/targets/{told.targets['49.3'].pk}/?unit={told.township.pk}" in text

    def test_a_place_that_the_user_may_not_see_is_not_there(self, told, cast, as_user):
        for name, row in (("section", told.section), ("task", told.task), ("target", told.targets["49.3"])):
            address = reverse(f"workplan:{name}", args=[row.pk])
            assert as_user(cast.liaison).get(address, {"unit": told.other_township.pk}).status_code == 404
            whole = as_user(cast.liaison).get(address, {"unit": told.bureau.pk})
            assert whole.status_code == 404 or "37 户" not in whole.content.decode()

    def test_a_target_without_a_share_of_the_place_is_not_there(self, told, cast, as_user):
        paper = told.targets["23.9"]
        answer = as_user(cast.leader).get(reverse("workplan:target", args=[paper.pk]), {"unit": told.township.pk})
        assert answer.status_code == 404


def test_small_counts_stay_untold_on_the_board(district, cast, monkeypatch):
    """What `discretion` withholds from leaders is withheld of the whole and of each township."""
    monkeypatch.setattr("workplan.dashboard.board.as_told", lambda user, found, unit: (unit.pk, found.target.pk))
    board = board_of(district, cast, DAYS[-1])
    assert board.now == [(district.bureau.pk, target.pk) for target in board.targets]
    assert set(board.by_unit[district.township.pk]) <= {
        (district.township.pk, pk) for pk in Target.objects.values_list("pk", flat=True)
    }
