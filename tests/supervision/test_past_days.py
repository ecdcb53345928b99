"""Orders as they stood on a past day: what the overview counts, its lists show, and what was seen on the day itself."""

from collections import Counter
from datetime import date, timedelta

import pytest

from workplan import clock
from workplan.enums import ENDED_STATES
from workplan.models import SupervisionOrder
from workplan.rules.supervision import OrderLight
from workplan.ui import orders as signs

from . import steps

pytestmark = pytest.mark.django_db
FIRST, DAYS = date(2024, 9, 2), 44


@pytest.fixture
def course(district, cast) -> dict[date, Counter]:
    """Let five orders run their course, and return by day the lights of the orders as they were seen then."""
    running, seen = {}, {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        with clock.pinned(day):
            _work(number, running, district, cast)
            issued = [order for order in SupervisionOrder.objects.all() if order.light(day)]
            seen[day] = Counter(order.light(day) for order in issued)
    return seen


def _work(number: int, running: dict, district, cast) -> None:
    """Do what is planned for the day. The orders take the same steps at different distances from their deadlines."""
    for order, (begin, pace) in enumerate([(0, 3), (1, 9), (4, 6), (6, 12), (30, 20)]):
        step, due = number - begin, FIRST + timedelta(days=begin + 14)
        if step == 0:
            running[order] = steps.issue(steps.draft(district, cast, due=due), cast)
        elif step == pace:
            running[order] = steps.sign(steps.fresh(running[order]), cast)
        elif step == 2 * pace:
            running[order] = steps.reply(steps.fresh(running[order]), cast)
        elif step == 3 * pace:
            running[order] = steps.strike(steps.fresh(running[order]), cast)


def test_each_past_day_is_told_as_it_was_seen(course, district, cast):
    for day, lights in course.items():
        found = signs.standings(cast.leader, district.plan, day)
        assert Counter(one.light for one in found) == lights, day


def test_each_number_of_a_past_day_is_the_rows_of_its_list(course, district, cast, as_user):
    client = as_user(cast.leader)

    def rows(url: str) -> int:
        return client.get(url).context["table"].paginator.count

    for day in list(course)[3::8]:
        board = signs.overview_of(cast.leader, district.plan, day)
        assert rows(board["open_url"]) == board["open"], day
        for one in [*board["lights"], *board["steps"]]:
            assert rows(one.url) == one.number, (day, one.mark.word)
    assert {day for day, lights in course.items() if len(lights) > 1}, "the orders stand differently on some day"


def test_the_list_of_a_past_day_shows_the_state_of_that_day(district, cast, as_user):
    with clock.pinned(date(2024, 10, 7)):
        order = steps.issue(steps.draft(district, cast), cast)
    with clock.pinned(date(2024, 10, 10)):
        steps.sign(steps.fresh(order), cast)
    client = as_user(cast.leader)
    before = client.get("/supervision/?as_of=2024-10-08").text
    assert "已下发" in before and "已签收" not in before.split("</form>")[-1]
    assert "已签收" in client.get("/supervision/").text.split("</form>")[-1]
    assert client.get("/supervision/?as_of=2024-10-06").context["table"].paginator.count == 0


def test_a_past_day_is_filtered_by_its_own_state_and_exported(course, district, cast, as_user):
    client = as_user(cast.leader)
    day = FIRST + timedelta(days=20)
    ended = [o for o in SupervisionOrder.objects.as_of(day) if o.state_then in ENDED_STATES]
    found = client.get(f"/supervision/?as_of={day}&running=false&sort=-step")
    assert found.context["table"].paginator.count == len(ended) > 0
    assert client.get(f"/supervision/?as_of={day}&state=struck&rank=1").context["table"].paginator.count == len(ended)
    assert client.get(f"/supervision/?as_of={day}&export=xlsx").status_code == 200


def test_orders_of_another_plan_are_not_in_the_lists(district, neighbour, cast, as_user):
    steps.issue(steps.draft(district, cast), cast)
    url = signs.overview_of(cast.leader, district.plan, clock.today())["open_url"]
    assert as_user(cast.leader).get(url).context["table"].paginator.count == 1
    strange = url.replace(f"plan={district.plan.pk}", f"plan={neighbour.plan.pk}")
    assert as_user(cast.leader).get(strange).status_code == 400


def test_all_lights_can_be_told():
    assert set(signs.LIGHTS) == set(OrderLight)
