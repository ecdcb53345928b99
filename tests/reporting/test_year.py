"""A unit's year (我的年度): what was asked of it and what became of it, what is ahead, and who may look."""

import random
from datetime import date

import pytest
from django.urls import reverse

from eldercare.models import CareWorker, Institution
from tests import factories as make
from tests.registers.making import make_record
from tests.remarks import steps as remarks
from tests.reporting.test_lists import cells
from tests.steps import approve, fill_and_submit, send_back
from tests.supervision import steps as orders
from workplan import clock
from workplan.deadlines import deadlines
from workplan.enums import DutyState, ReminderSubject
from workplan.models import Period, ProgressReport
from workplan.services import reports as service
from workplan.services.supervision import Subject
from workplan.services.units import merge_units
from workplan.services.workdays import seed_calendar

YEAR, LIST = reverse("workplan:year"), reverse("workplan:year_duties")
HANDED, ON_TIME, LATE, SENT_BACK, WAITING, MISSING = "已报", "按期", "逾期", "曾退回", "未到期", "缺报"


def rows_of(response) -> dict[str, dict[str, int]]:
    return {row.label: {one.head: one.number for one in row.counts} for row in response.context["rows"]}


def resubmit(report, cast):
    report.refresh_from_db()
    return service.submit_report(report=report, actor=cast.liaison, version=report.version)


@pytest.fixture
def months(district, cast):
    """July in time, sent back twice and approved; August late; September sent back and not handed in again."""
    with clock.pinned(date(2024, 7, 20)):
        report = fill_and_submit(district, cast, month=7, homes=1)
        for _ in range(2):
            send_back(report, cast)
            report = resubmit(report, cast)
        approve(report, cast)
    with clock.pinned(date(2024, 9, 2)):
        fill_and_submit(district, cast, month=8, homes=2)
    with clock.pinned(date(2024, 9, 20)):
        send_back(fill_and_submit(district, cast, month=9, homes=3), cast)


def test_every_period_tells_what_was_asked_and_what_became_of_it(as_user, cast, district, months):
    response = as_user(cast.liaison).get(YEAR)
    rows = rows_of(response)
    assert list(rows) == [*(f"2024年{month}月" for month in range(1, 13)), "全年合计"]
    assert rows["2024年7月"] == {"应报": 2, HANDED: 1, ON_TIME: 1, LATE: 0, SENT_BACK: 1, WAITING: 0, MISSING: 1}
    assert rows["2024年8月"] == {"应报": 2, HANDED: 1, ON_TIME: 0, LATE: 1, SENT_BACK: 0, WAITING: 0, MISSING: 1}
    assert rows["2024年9月"] == {"应报": 2, HANDED: 0, ON_TIME: 0, LATE: 0, SENT_BACK: 1, WAITING: 0, MISSING: 2}
    assert rows["2024年12月"] == {"应报": 2, HANDED: 0, ON_TIME: 0, LATE: 0, SENT_BACK: 0, WAITING: 2, MISSING: 0}
    assert rows["全年合计"]["应报"] == 24 and rows["全年合计"][SENT_BACK] == 2
    assert "（3 次）" in response.content.decode(), "how often, beside how many"


@pytest.mark.parametrize("seed", range(3))
def test_every_count_leads_to_a_list_of_exactly_so_many_rows(as_user, cast, district, seed):
    chance = random.Random(seed)
    for month in range(1, 10):
        with clock.pinned(
            date(2024, month, chance.choice([5, 20])) if chance.random() < 0.6 else date(2024, month + 1, 1)
        ):
            for tombs in (None, 0):
                if chance.random() < 0.7:
                    report = fill_and_submit(district, cast, month=month, tombs=tombs, lenient=True, homes=month)
                    if report and chance.random() < 0.4:
                        send_back(report, cast)
    client = as_user(cast.liaison)
    rows = client.get(YEAR).context["rows"]
    for row in rows:
        for count in row.counts:
            found = client.get(count.url)
            assert found.status_code == 200
            assert found.context["table"].paginator.count == count.number, (row.label, count.head)
        numbers = {one.head: one.number for one in row.counts}
        assert numbers["应报"] == numbers[HANDED] + numbers[WAITING] + numbers[MISSING]
        assert numbers[HANDED] == numbers[ON_TIME] + numbers[LATE]
    heads = [one.head for one in rows[0].counts]
    for place, head in enumerate(heads):
        assert rows[-1].counts[place].number == sum(row.counts[place].number for row in rows[:-1]), head


def test_a_correction_keeps_what_was_sent_back_before(as_user, cast, district, months):
    with clock.pinned(date(2024, 8, 2)):
        approved = ProgressReport.objects.get(period__number=7)
        service.correct_report(report=approved, actor=cast.liaison, reason="多报。")
    assert rows_of(as_user(cast.liaison).get(YEAR))["2024年7月"][SENT_BACK] == 1


def test_the_list_is_exported_with_how_often_each_was_sent_back(as_user, cast, district, months):
    rows = cells(as_user(cast.liaison).get(LIST, {"status": "sent_back", "export": "xlsx"}))
    header = next(place for place, row in enumerate(rows) if row[0] == "工作任务")
    times = rows[header].index("退回次数")
    assert sorted(row[times] for row in rows[header + 1 :]) == [1, 2]


@pytest.mark.parametrize(
    "query", [{"status": "gone"}, {"period": "9" * 30}, {"period": "x"}, {"unknown": 1}, {"sort": "x"}]
)
def test_the_list_refuses_what_it_does_not_know(as_user, cast, district, query):
    assert as_user(cast.liaison).get(LIST, query).status_code == 400


class TestWhoLooks:
    def test_an_office_sees_of_a_township_what_is_reported_to_it(self, as_user, cast, district):
        page = as_user(cast.head).get(YEAR, {"unit": district.township.pk})
        assert rows_of(page)["2024年9月"]["应报"] == 1
        assert rows_of(as_user(cast.leader).get(YEAR, {"unit": district.township.pk}))["2024年9月"]["应报"] == 2

    def test_an_officer_finds_the_own_unit_and_no_other(self, as_user, cast, district):
        client = as_user(cast.liaison)
        assert client.get(YEAR).context["unit"] == district.township
        for address in (YEAR, LIST):
            assert client.get(address, {"unit": district.other_township.pk}).status_code == 404
        assert as_user(cast.outsider).get(YEAR, {"unit": district.township.pk}).status_code == 404

    def test_whoever_reaches_several_units_may_choose(self, as_user, cast, district):
        page = as_user(cast.leader).get(YEAR, {"unit": district.other_township.pk})
        assert {one.pk for one in page.context["units"]} >= {district.township.pk, district.other_township.pk}
        assert page.context["unit"] == district.other_township
        assert 'name="unit"' in page.content.decode()
        assert 'name="unit"' not in as_user(cast.liaison).get(YEAR).content.decode()

    def test_the_page_of_a_unit_leads_to_its_year(self, as_user, cast, district):
        page = as_user(cast.leader).get(reverse("workplan:unit", args=[district.township.pk])).content.decode()
        assert f"{YEAR}?plan={district.plan.pk}&amp;unit={district.township.pk}" in page

    def test_who_has_no_part_is_told_so(self, as_user, cast):
        page = as_user(cast.nobody).get(YEAR)
        assert page.status_code == 200 and "现在没有可以查看的年度" in page.content.decode()


class TestDeadlines:
    def ahead(self, as_user, user, unit) -> list[str]:
        days = as_user(user).get(YEAR, {"unit": unit.pk}).context["ahead"]
        return [row.what for day in days for row in day.rows]

    def test_what_is_ahead_comes_in_order_and_overdue_first(self, as_user, cast, district):
        orders.issue(orders.draft(district, cast, due=date(2024, 10, 18)), cast)
        with clock.pinned(date(2024, 10, 30)):
            page = as_user(cast.liaison).get(YEAR)
        (first, second, *later), days = page.context["ahead"], page.context["ahead"]
        assert (first.label, first.left) == ("2024-10-18 周五", "已逾期 12 天") and first.overdue
        assert [row.kind for row in first.rows] == ["督办单"] and first.rows[0].mark.word == "逾期"
        assert second.rows[0].what == "2024年10月进展填报" and second.rows[0].mark.word == "逾期"
        assert not any(day.overdue for day in later)
        assert [day.label for day in days] == sorted(day.label for day in days)
        targets = ["目标 49.3 完成适老化改造户数", "目标 22.4 护理员持证率", "目标 46.3 新增违建墓地数"]
        assert [row.what for row in days[-1].rows] == targets, "in the order of the plan"
        assert page.context["ahead_count"] == sum(len(day.rows) for day in days)

    def test_what_is_done_or_can_no_longer_be_done_is_not_ahead(self, as_user, cast, district):
        for tombs in (None, 0):
            fill_and_submit(district, cast, month=10, tombs=tombs)
        with clock.pinned(date(2024, 11, 1)):
            ahead = self.ahead(as_user, cast.liaison, district.township)
        assert "2024年10月进展填报" not in ahead, "handed in"
        assert "2024年9月进展填报" not in ahead, "closed"
        assert "2024年11月进展填报" in ahead
        client = as_user(cast.liaison)
        assert self.marks(client, "2024-10")["2024年10月进展填报"] == "已完成"
        assert self.marks(client, "2024-09")["2024年9月进展填报"] == "缺报"
        with clock.pinned(date(2024, 10, 5)):
            assert self.marks(client, "2024-09")["2024年9月进展填报"] == "逾期", "until it closes"

    def marks(self, client, month) -> dict[str, str]:
        weeks = client.get(YEAR, {"month": month}).context["month"].weeks
        return {row.what: row.mark.word for week in weeks for day in week for row in day.rows}

    def test_a_township_learns_of_remarks_on_its_reports_alone(self, as_user, cast, district, submitted):
        remarks.write(district, cast)  # on a target: between leader and office
        assert not any("批示" in what for what in self.ahead(as_user, cast.liaison, district.township))
        remarks.write(district, cast, about=Subject(report=submitted), key="second")
        assert sum("批示" in what for what in self.ahead(as_user, cast.liaison, district.township)) == 1
        assert sum("批示" in what for what in self.ahead(as_user, cast.head, district.office)) == 2

    def test_an_office_answers_for_the_targets_of_its_sections(self, as_user, cast, district):
        ahead = self.ahead(as_user, cast.head, district.office)
        assert "目标 49.3 完成适老化改造户数（全区）" in ahead
        assert "目标 23.9 规划编制" in ahead, "its own share"
        assert not any("46.3" in what for what in ahead)

    def test_what_ends_in_registers_is_counted_for_those_who_may_read_them(self, as_user, cast, district):
        home = make_record(Institution, district.township, cast.liaison, 1)
        values = {"institution": home, "certificate": "beginner", "certified_on": date(2021, 10, 18)}
        workers = [
            make_record(CareWorker, district.township, cast.liaison, number, certificate_until=day, **values)
            for number, day in ((2, date(2024, 12, 20)), (3, date(2024, 12, 20)), (4, date(2026, 1, 5)))
        ]
        page = as_user(cast.liaison).get(YEAR)
        (day,) = [day for day in page.context["ahead"] if day.label.startswith("2024-12-20")]
        assert [(row.what, row.detail) for row in day.rows] == [("护理员证书有效期到期", "养老护理员台账 2 条")]
        assert workers[0].person.name not in page.content.decode()
        for reader, unit in ((cast.supervisor, district.township), (cast.other_liaison, district.other_township)):
            assert "护理员证书有效期到期" not in self.ahead(as_user, reader, unit)

    def test_orders_of_others_are_not_told(self, as_user, cast, district):
        orders.issue(orders.draft(district, cast, unit=district.other_township), cast)
        assert not any("督办单" in what for what in self.ahead(as_user, cast.liaison, district.township))
        assert any("督办单" in what for what in self.ahead(as_user, cast.head, district.other_township))

    def test_keys_tell_things_apart_and_stay(self, cast, district, submitted):
        orders.issue(orders.draft(district, cast), cast)
        first = deadlines(cast.liaison, district.plan, district.township, date(2024, 10, 15))
        keys = [one.key for one in first]
        assert len(set(keys)) == len(keys)
        Period.objects.filter(plan=district.plan, number=10).update(due=date(2024, 10, 30))
        again = deadlines(cast.liaison, district.plan, district.township, date(2024, 10, 16))
        assert {one.key for one in again} == set(keys)
        assert {one.subject for one in first} == {ReminderSubject.REPORT, ReminderSubject.TARGET, ReminderSubject.ORDER}


class TestMonth:
    def day(self, page, day: date):
        return next(one for week in page.context["month"].weeks for one in week if one.day == day)

    def test_the_month_is_a_table_of_weeks_with_its_deadlines(self, as_user, cast, district):
        seed_calendar(bureau=district.bureau, year=2024)
        page = as_user(cast.liaison).get(YEAR)
        assert page.context["month"].name == "2024年10月"
        assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in page.context["month"].weeks)
        assert [row.what for row in self.day(page, date(2024, 10, 28)).rows] == ["2024年10月进展填报"]
        assert self.day(page, date(2024, 10, 15)).is_today
        first, made_up = self.day(page, date(2024, 10, 1)), self.day(page, date(2024, 10, 12))
        assert first.off and first.note == "国庆节" and not made_up.off and "调休" in made_up.note
        text = page.content.decode()
        assert '<caption class="visually-hidden">2024年10月的时限' in text and '<th scope="col">周一</th>' in text

    def test_a_day_with_a_great_many_folds_the_rest(self, as_user, cast, district):
        for n in range(6):
            target = make.TargetFactory(task=district.task, code=f"49.{n + 20}", sort=n + 20)
            make.AllocationFactory(target=target, org_unit=district.township, amount=1)
        last = self.day(as_user(cast.liaison).get(YEAR, {"month": "2024-12"}), date(2024, 12, 31))
        assert (len(last.first), len(last.more)) == (3, 6) and [*last.first, *last.more] == last.rows
        few = self.day(as_user(cast.liaison).get(YEAR, {"month": "2024-12"}), date(2024, 12, 28))
        assert few.first == few.rows and few.more == []

    def test_the_months_around_are_plain_links_within_the_year(self, as_user, cast, district):
        client = as_user(cast.liaison)
        client.get(YEAR, {"month": "2024-01"})
        month = client.get(YEAR, {"month": "2024-01"}).context["month"]
        assert month.before == "" and client.get(month.after).context["month"].name == "2024年2月"
        month = client.get(YEAR, {"month": "2024-12"}).context["month"]
        assert month.after == "" and client.get(month.before).context["month"].name == "2024年11月"
        shown = [one for week in month.weeks for one in week if not one.inside]
        assert shown and not any(one.rows for one in shown), "a deadline stands in one month"

    @pytest.mark.parametrize(
        "month", ["2024-13", "2024-00", "2023-12", "2024-1", "２０２４-10", "x" * 10_000, "2024-10\x00"]
    )
    def test_other_months_are_refused_in_words(self, as_user, cast, district, month):
        response = as_user(cast.liaison).get(YEAR, {"month": month})
        assert response.status_code == 400 and "月份" in response.content.decode()


def test_a_unit_that_was_merged_away_keeps_its_year(as_user, cast, district, months):
    merge_units(
        into=district.other_township, units=[district.township], on=date(2024, 10, 15), actor=cast.administrator
    )
    page = as_user(cast.leader).get(YEAR, {"unit": district.township.pk})
    assert rows_of(page)["2024年7月"][HANDED] == 1


def test_states_of_the_list_are_those_of_duties(as_user, cast, district, months):
    client = as_user(cast.liaison)
    for state in DutyState.values:
        own = client.get(LIST, {"status": state, "period": district.period(9).pk}).context["table"].paginator.count
        duties = client.get(reverse("workplan:duties"), {"status": state, "period": district.period(9).pk})
        assert own == duties.context["table"].paginator.count, state
