"""What is done of itself is written once for each period, by whichever scheduler looks first, and made up for when missed."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Event
from workplan.enums import JobState
from workplan.jobs import tick
from workplan.models import Job
from workplan.services import jobs as service
from workplan.services.schedule import NIGHT, last_day_past, write_checks

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


def test_each_plan_is_recounted_once_a_night(district, neighbour, at, told):
    at(2024, 10, 15, 2, 31)
    assert write_checks() == 2
    assert write_checks() == 0, "a second scheduler finds it written"
    at(2024, 10, 16, 2, 29)
    assert write_checks() == 0
    at(2024, 10, 16, 2, 30)
    assert write_checks() == 2


def test_nights_that_were_missed_are_made_up_for_by_the_last(district, neighbour, at, told):
    at(2024, 10, 15, 3, 0)
    write_checks()
    at(2024, 10, 20, 12, 0)
    assert write_checks() == 2
    keys = set(Job.objects.filter(payload__plan=district.plan.pk).values_list("key", flat=True))
    assert keys == {f"figures.check:{district.plan.pk}:2024-10-{day}" for day in (15, 20)}


def test_a_closed_plan_is_left_alone(district, neighbour, told):
    district.plan.status = "closed"
    district.plan.save()
    assert write_checks() == 1


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
    assert write_checks() == 2
    assert write_checks() == 0


def test_what_was_due_long_ago_comes_first(district, told):
    now = timezone.now()
    for key, hours in (("new", 1), ("old", 5)):
        service.enqueue("figures.check", key, org_unit=district.bureau, due_at=now - timedelta(hours=hours))
    service.sweep()
    assert told == [Job.objects.get(key=f"figures.check:{key}").pk for key in ("old", "new")]
