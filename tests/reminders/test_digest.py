"""One digest per person and day: who is told what, when it stops, and how it climbs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from eldercare.models import CareWorker, Institution
from socialorgs.models import AnnualCheck, SocialOrganisation
from tests import factories as make
from tests.pages.conftest import grow
from tests.registers.making import make_record
from tests.steps import fill_and_submit, send_back
from workplan import clock
from workplan.enums import ReminderSubject
from workplan.models import CalendarDay, Leave, Message, NoticeSetting, ReminderRule, Target
from workplan.reminders.due import still_open

from .conftest import DUE_DAY, FIRST_OVERDUE, SEVEN_BEFORE, texts

pytestmark = pytest.mark.django_db


def submit_everything(district, cast, unit=None, month=10):
    with clock.pinned(date(2024, 10, 15)):
        fill_and_submit(district, cast, month=month, unit=unit, homes=1, rate=(9, 10))
        fill_and_submit(district, cast, month=month, unit=unit, tombs=0)


def test_who_owes_is_told_on_the_days_of_the_rule_in_one_message(cast, remind):
    assert remind(SEVEN_BEFORE - timedelta(days=1)) == 0
    assert remind(SEVEN_BEFORE) > 0
    assert texts(cast.liaison) == ["D1甲街道 2024年10月进展填报：还有 2 份未报，还有 7 个工作日（10月28日截止）"]
    message = Message.objects.get(user=cast.liaison)
    assert message.title == "10月17日工作提醒（1 项）" and message.read_at is None
    assert message.lines[0]["url"].startswith("/duties/?period=")


def test_the_same_day_written_twice_is_one_message(cast, remind):
    remind(SEVEN_BEFORE)
    before = Message.objects.count()
    assert remind(SEVEN_BEFORE) == 0
    assert Message.objects.count() == before


def test_nobody_is_told_of_another_townships_reports(district, cast, remind):
    submit_everything(district, cast)
    remind(SEVEN_BEFORE)
    assert texts(cast.liaison) == []
    assert "乙镇" in texts(cast.other_liaison)[0]
    for user in (cast.outsider, cast.nobody, cast.auditor, cast.administrator):
        assert texts(user) == [], user


def test_it_stops_when_the_report_is_handed_in_and_comes_back_when_it_is_returned(district, cast, remind):
    submit_everything(district, cast)
    remind(DUE_DAY)
    assert texts(cast.liaison) == []
    report = district.task.reports.get()
    send_back(report, cast)
    remind(FIRST_OVERDUE)
    assert texts(cast.liaison) == [
        "D1甲街道 2024年10月进展填报：还有 1 份未报（任务 49），已逾期 1 个工作日（10月28日截止）"
    ]


def test_what_is_overdue_climbs_from_township_to_office_to_leader(cast, remind, supervisor):
    levels = {"liaison": cast.liaison, "supervisor": supervisor, "head": cast.head, "leader": cast.leader}
    heard: dict[str, list[int]] = {name: [] for name in levels}
    days = [date(2024, 10, 29), date(2024, 10, 30), date(2024, 10, 31)]
    for overdue, day in enumerate([*days, date(2024, 11, 1), date(2024, 11, 4), date(2024, 11, 5)], start=1):
        Message.objects.all().delete()
        remind(day)
        for name, user in levels.items():
            heard[name] += [overdue] * bool(texts(user))
    assert heard == {"liaison": [1, 4], "supervisor": [1, 4], "head": [3, 6], "leader": [6]}
    assert texts(cast.leader) == [
        "2024年10月进展填报：3 个单位还有 5 份未报（D1甲街道 2、D1乙镇 2、养老科 1），已逾期 6 个工作日（10月28日截止）"
    ]
    assert texts(cast.head) == [
        "2024年10月进展填报：3 个单位还有 3 份未报（养老科 1、D1甲街道 1、D1乙镇 1），已逾期 6 个工作日（10月28日截止）"
    ], "an office hears of its own sections"


def test_nothing_is_written_on_days_off_and_a_make_up_saturday_is_a_day_like_others(plan, cast, remind):
    assert remind(date(2024, 10, 26)) == 0, "a Saturday"
    CalendarDay.objects.create(bureau=plan.bureau, day=date(2024, 10, 26), working=True)
    assert remind(date(2024, 10, 25)) == 0, "two working days are left now"
    assert remind(date(2024, 10, 26)) > 0
    assert "还有 1 个工作日" in texts(cast.liaison)[0]


def test_a_period_over_the_holidays(cast, remind):
    """September is due on Friday 27; Sunday 29 is made up, then National Day: the third day overdue is Tuesday 8 October."""
    assert remind(date(2024, 9, 29)) > 0
    assert "已逾期 1 个工作日" in texts(cast.liaison)[0]
    for day in (1, 4, 7):
        assert remind(date(2024, 10, day)) == 0
    remind(date(2024, 10, 8))
    assert texts(cast.head)[0].endswith("已逾期 3 个工作日（9月27日截止）")


def test_a_day_on_which_the_portal_stood_still_is_made_up_for(cast, remind):
    assert remind(date(2024, 10, 18)) == 0
    assert remind(date(2024, 10, 18), since=date(2024, 10, 16)) > 0
    assert "还有 6 个工作日" in texts(cast.liaison)[0], "with the days that are left now"


def test_a_closed_period_is_no_longer_reminded_of(cast, remind):
    assert remind(date(2024, 11, 13)) == 0


def test_each_at_the_hour_that_was_chosen(cast, remind):
    NoticeSetting.objects.create(user=cast.liaison, digest_hour=14)
    remind(SEVEN_BEFORE, hour=9)
    assert texts(cast.liaison) == [] and texts(cast.other_liaison)
    remind(SEVEN_BEFORE, hour=14)
    assert texts(cast.liaison)


def test_a_deputy_is_told_instead_of_somebody_who_is_away(cast, supervisor, remind):
    Leave.objects.create(user=cast.liaison, deputy=supervisor, first_day=SEVEN_BEFORE, last_day=SEVEN_BEFORE)
    remind(SEVEN_BEFORE)
    assert texts(cast.liaison) == []
    assert texts(supervisor)[0].startswith("（代理 D1甲街道）D1甲街道 2024年10月进展填报")
    remind(DUE_DAY)
    assert texts(cast.liaison), "back again"


def test_a_deputy_who_is_away_too_leaves_it_with_the_first(cast, supervisor, remind):
    days = {"first_day": SEVEN_BEFORE, "last_day": SEVEN_BEFORE}
    Leave.objects.create(user=cast.liaison, deputy=supervisor, **days)
    Leave.objects.create(user=supervisor, deputy=cast.liaison, **days)
    remind(SEVEN_BEFORE)
    assert texts(cast.liaison)


def test_a_closed_account_is_told_nothing(cast, remind):
    cast.liaison.is_active = False
    cast.liaison.save()
    remind(SEVEN_BEFORE)
    assert texts(cast.liaison) == []


def test_rules_are_the_plans_own(plan, cast, remind):
    ReminderRule.objects.filter(plan=plan, subject=ReminderSubject.REPORT).update(before="5", on_day=False)
    assert remind(SEVEN_BEFORE) == 0 and remind(DUE_DAY) == 0
    assert remind(date(2024, 10, 21)) > 0
    ReminderRule.objects.filter(plan=plan).update(active=False)
    assert remind(FIRST_OVERDUE) == 0


def test_a_draft_or_closed_plan_reminds_of_nothing(plan, remind):
    for status in ("draft", "closed"):
        plan.status = status
        plan.save()
        assert remind(SEVEN_BEFORE) == 0


def test_targets_whose_deadline_comes_are_for_the_office_and_the_units_that_owe_them(district, cast, remind):
    Target.objects.filter(code="49.3").update(due=date(2024, 10, 31))
    remind(date(2024, 10, 30))
    assert "目标 49.3 完成适老化改造户数尚未完成，还有 1 个工作日（10月31日截止）" in texts(cast.head)
    assert "D1甲街道 分解到本单位的目标：还有 1 项未完成（49.3），还有 1 个工作日（10月31日截止）" in texts(
        cast.liaison
    )
    assert not any("49.3" in text for text in texts(cast.other_head))


def test_certificates_and_yearly_checks(district, cast, plan, remind):
    home = make_record(Institution, district.township, cast.liaison, 1)
    values = {"institution": home, "certificate": "beginner", "certified_on": date(2021, 10, 18)}
    worker = make_record(CareWorker, district.township, cast.liaison, 2, certificate_until=date(2024, 10, 18), **values)
    remind(date(2024, 10, 17))
    line = "D1甲街道 护理员证书有效期：涉及 1 条（养老护理员台账），还有 1 个工作日（10月18日到期）"
    assert line in texts(cast.liaison)
    assert worker.person.name not in str(list(Message.objects.values_list("lines", flat=True)))
    CareWorker.objects.update(left_on=date(2024, 10, 10))
    Message.objects.all().delete()
    assert remind(date(2024, 10, 18)) == 0, "who has left needs none"


def test_organisations_that_have_not_handed_in_their_yearly_check(district, cast, remind):
    make.RemitFactory(bureau=district.bureau, office=district.office, app="socialorgs")
    keeper = User.objects.get(pk=cast.staff.pk)  # with what the office runs from now on
    values = {"happened_on": date(2020, 5, 1)}
    organisation = make_record(SocialOrganisation, district.office, keeper, 1, **values)
    remind(date(2024, 5, 30))
    assert "养老科 年度检查报送：涉及 1 条（社会组织台账），还有 1 个工作日（5月31日截止）" in texts(keeper)
    make_record(AnnualCheck, district.office, keeper, 2, organisation=organisation, year=2023)
    Message.objects.all().delete()
    remind(date(2024, 5, 31))
    assert not any("年度检查" in text for text in texts(keeper))


def test_as_many_statements_for_many_townships_and_people_as_for_few(district, cast, remind, plan):
    def statements(on) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert remind(on) > 0
        return len(queries)

    few = statements(date(2024, 10, 25))
    grow(district, townships=6, targets=5)
    assert statements(date(2024, 10, 28)) == few


def test_what_a_message_says_is_asked_again_by_its_keys(district, cast, remind):
    remind(SEVEN_BEFORE)
    keys = [key for line in Message.objects.get(user=cast.liaison).lines for key in line["keys"]]
    assert still_open(keys, SEVEN_BEFORE) == set(keys)
    submit_everything(district, cast)
    assert still_open(keys, SEVEN_BEFORE) == set()
