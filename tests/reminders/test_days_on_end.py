"""Day after day passes over a month's end, a week of holidays and two make-up days, with two schedulers: each letter leaves once."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.jobs.conftest import told  # noqa: F401  (a fixture)
from workplan import clock
from workplan.enums import JobState
from workplan.jobs import tick
from workplan.models import Job, RollupReport
from workplan.services import jobs as service

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 9, 25), date(2024, 10, 14)
# September is due on Friday the 27th: a working day before, on the day, then on the first, fourth and seventh working day
# after it. Sunday the 29th and Saturday the 12th are made up for the holidays; the period closes on the 12th.
ASKED = (date(2024, 9, 26), date(2024, 9, 27), date(2024, 9, 29), date(2024, 10, 9), date(2024, 10, 12))
MOMENTS = (time(0, 5), time(9, 0), time(9, 10), time(23, 55))


def work_off(told: list[int]) -> None:  # noqa: F811
    """Let two schedulers look, and two workers hear each message."""
    tick()
    tick()
    while told:
        heard, told[:] = list(told), []
        for pk in heard * 2:
            service.run(pk)


def test_each_day_its_letter_and_no_day_twice(plan, mail, told, settings, time_machine):  # noqa: F811
    settings.PINNED_DATE = None
    with clock.pinned(None):
        day = FIRST
        while day <= LAST:
            for moment in MOMENTS:
                time_machine.move_to(timezone.make_aware(datetime.combine(day, moment)), tick=False)
                work_off(told)
            day += timedelta(days=1)
    assert set(Job.objects.values_list("state", flat=True)) <= {JobState.DONE, JobState.WAITING}
    assert Counter(letter["Subject"].strip() for letter in mail.letters) == {
        f"【督办平台】{on.month}月{on.day}日工作提醒（1 项）": 1 for on in ASKED
    }
    drafted = RollupReport.objects.filter(plan=plan, end=date(2024, 9, 30)).values_list("kind", flat=True)
    assert sorted(drafted) == ["month", "quarter"]
