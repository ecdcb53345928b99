"""What is done of itself is written once for each period, by whichever scheduler looks first, and made up for when missed."""

import time
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Event
from tests import factories as make
from workplan import clock
from workplan.enums import JobState
from workplan.jobs import tick
from workplan.models import CalendarDay, Job, NoticeSetting
from workplan.rules.periods import last_day_past
from workplan.services import jobs as service
from workplan.services.schedule import CHECK_FIGURES, DIGEST, NIGHT, last_digest, write_due

pytestmark = pytest.mark.django_db
MOMENTS = {
    datetime(2024, 3, 1, 2, 29): date(2024, 2, 29),
    datetime(2024, 3, 1, 2, 30): date(2024, 3, 1),
    datetime(2024, 12, 31, 23, 59): date(2024, 12, 31),
    datetime(2025, 1, 1, 0, 0): date(2024, 12, 31),
}


@pytest.mark.parametrize("now", MOMENTS)
def test_the_last_night(now):
    assert last_day_past(NIGHT, now) == MOMENTS[now]


@pytest.fixture
def at(time_machine):
    """Go to a moment of Chongqing's clock."""
    return lambda *moment: time_machine.move_to(timezone.make_aware(datetime(*moment)), tick=False)


def written(kind: str) -> list[str]:
    """Return what the jobs of the kind are about, in the order in which they were written."""
    return [job.key.partition(":")[2] for job in Job.objects.filter(kind=kind).order_by("pk")]


def test_each_plan_is_recounted_once_a_night(district, neighbour, at, told):
    plans = [district.plan.pk, neighbour.plan.pk]
    at(2024, 10, 15, 2, 31)
    write_due()
    assert written(CHECK_FIGURES) == [f"{plan}:2024-10-15" for plan in plans]
    at(2024, 10, 16, 2, 29)
    assert write_due() == 0, "all that is due is written"
    at(2024, 10, 16, 2, 30)
    write_due()
    assert written(CHECK_FIGURES)[2:] == [f"{plan}:2024-10-16" for plan in plans]


def test_the_night_is_that_of_the_bureau_wherever_the_server_stands(district, at, told, monkeypatch):
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        at(2024, 10, 15, 2, 31)  # in Los Angeles it is still the 14th
        write_due()
        assert written(CHECK_FIGURES) == [f"{district.plan.pk}:2024-10-15"]
        assert timezone.localdate() == date(2024, 10, 15)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_nights_that_were_missed_are_made_up_for_by_the_last(district, at, told):
    at(2024, 10, 15, 3, 0)
    write_due()
    at(2024, 10, 20, 12, 0)
    write_due()
    assert written(CHECK_FIGURES) == [f"{district.plan.pk}:2024-10-{day}" for day in (15, 20)]


def test_a_closed_plan_is_left_alone(district, neighbour, at, told):
    at(2024, 10, 15, 9, 0)
    district.plan.status = "closed"
    district.plan.save()
    write_due()
    assert [key.partition(":")[0] for key in written(CHECK_FIGURES)] == [str(neighbour.plan.pk)]
    assert [key.partition(":")[0] for key in written(DIGEST)] == [str(neighbour.bureau.pk)]


@pytest.fixture
def real_days(settings):
    """Let the business date be that of the clock."""
    settings.PINNED_DATE = None
    with clock.pinned(None):
        yield


def test_digests_are_written_at_the_hours_that_people_chose(district, at, told, real_days):
    NoticeSetting.objects.create(user=make.UserFactory(), digest_hour=14)
    at(2024, 10, 31, 8, 59)
    write_due()
    assert written(DIGEST) == []
    at(2024, 10, 31, 9, 0)
    write_due()
    write_due()
    bureau = district.bureau.pk
    assert written(DIGEST) == [f"{bureau}:2024-10-31:9"]
    at(2024, 10, 31, 23, 59)
    write_due()
    assert written(DIGEST)[1:] == [f"{bureau}:2024-10-31:14"], "a beat that was missed is made up for"
    at(2024, 11, 1, 9, 30)
    write_due()
    assert written(DIGEST)[2:] == [f"{bureau}:2024-11-01:9"], "over the end of the month"


def test_the_day_of_the_last_digest_is_known(district, at, told, real_days):
    for day in (14, 15):
        at(2024, 10, day, 9, 0)
        write_due()
    bureau = district.bureau
    assert last_digest(bureau, date(2024, 10, 16), 9) is None, "none has been done"
    Job.objects.filter(kind=DIGEST).update(state=JobState.DONE)
    assert last_digest(bureau, date(2024, 10, 16), 9) == date(2024, 10, 15)
    assert last_digest(bureau, date(2024, 10, 15), 9) == date(2024, 10, 14)
    assert last_digest(bureau, date(2024, 10, 16), 8) is None


def test_the_days_off_of_this_year_and_the_next_are_entered(district, told):
    tick()
    for pk in told:
        service.run(pk)
    years = {day.year for day in CalendarDay.objects.dates("day", "year")}
    assert years == {2024, 2025}


def test_a_schedule_that_fails_does_not_keep_what_is_written_from_being_done(district, told, monkeypatch):
    job = service.enqueue("figures.check", "1", org_unit=district.bureau)

    def fail():
        raise ValueError

    monkeypatch.setattr("workplan.services.schedule.open_plans", fail)
    tick()
    assert told == [job.pk]


def test_the_beat_writes_and_says_again_what_nobody_heard(district, neighbour, told):
    tick()
    assert sorted(told) == sorted(Job.objects.values_list("pk", flat=True))
    for pk in told:
        service.run(pk)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert Event.objects.filter(action="figures.check").count() == 2
    told.clear()
    tick()
    assert told == []


def test_two_schedulers_at_one_moment_write_one(district, neighbour, told, monkeypatch):
    """The second has looked before the first has written."""
    monkeypatch.setattr(Job.objects.filter().__class__, "values_list", lambda self, *names, **options: [])
    write_due()
    assert len(set(written(CHECK_FIGURES))) == len(written(CHECK_FIGURES)) == 2
    write_due()
    assert len(written(CHECK_FIGURES)) == 2


def test_what_was_due_long_ago_comes_first(district, told):
    now = timezone.now()
    for key, hours in (("new", 1), ("old", 5)):
        service.enqueue("figures.check", key, org_unit=district.bureau, due_at=now - timedelta(hours=hours))
    service.sweep()
    assert told == [Job.objects.get(key=f"figures.check:{key}").pk for key in ("old", "new")]
