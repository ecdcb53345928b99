"""The light of an order, day by day; and that the database's filter says the same as the rule."""

from datetime import date, timedelta

import pytest

from tests.cast import TODAY
from workplan import clock
from workplan.enums import OrderState
from workplan.models import SupervisionOrder
from workplan.rules.supervision import OrderLight, order_light, order_number
from workplan.services.supervision import steps_of, usual_due
from workplan.services.workdays import seed_calendar

from . import steps
from .steps import brought_to, fresh

DUE = date(2024, 10, 15)
L = OrderLight


@pytest.mark.parametrize(
    ("on", "light"),
    [
        (date(2024, 10, 1), L.OPEN),
        (date(2024, 10, 11), L.OPEN),
        (date(2024, 10, 12), L.SOON),
        (date(2024, 10, 15), L.SOON),
        (date(2024, 10, 16), L.OVERDUE),
    ],
)
def test_while_a_reply_is_owed(on, light):
    assert order_light(due=DUE, replied_on=None, struck=False, on=on) == light


@pytest.mark.parametrize(
    ("replied", "waiting", "struck"),
    [(date(2024, 10, 15), L.OPEN, L.DONE), (date(2024, 10, 16), L.OVERDUE, L.DONE_LATE)],
)
def test_the_day_of_the_reply_decides_however_long_the_check_takes(replied, waiting, struck):
    for on in (replied, replied + timedelta(days=90)):
        assert order_light(due=DUE, replied_on=replied, struck=False, on=on) == waiting
        assert order_light(due=DUE, replied_on=replied, struck=True, on=on) == struck


def test_the_usual_deadline_is_counted_in_the_bureaus_working_days(district):
    step = steps_of(district.plan)[0]
    with clock.pinned(date(2024, 9, 27)):
        assert usual_due(step) == date(2024, 10, 4), "by the week alone, where nothing is known"
        seed_calendar(bureau=district.bureau, year=2024)
        assert usual_due(step) == date(2024, 10, 10), "over National Day, with Sunday 29 made up"


def test_numbers_have_six_angled_brackets_and_no_leading_zeros():
    assert order_number(2024, 3) == "督办〔2024〕3号"


@pytest.mark.django_db
def test_the_filter_of_the_list_says_what_the_rule_says(district, cast):
    for days in (0, 1, 3, 4, 10):
        with clock.pinned(TODAY - timedelta(days=20)):
            brought_to(OrderState.SIGNED, district, cast, due=TODAY + timedelta(days=days))
            late = brought_to(OrderState.ISSUED, district, cast, due=TODAY - timedelta(days=days + 1))
        if days < 4:
            late = steps.reply(steps.sign(late, cast), cast)
        if days < 2:
            steps.strike(late, cast)
    brought_to(OrderState.ARCHIVED, district, cast)
    brought_to(OrderState.REPLIED, district, cast)
    brought_to(OrderState.DRAFT, district, cast)
    for light in OrderLight:
        found = set(SupervisionOrder.objects.lit(light.value, TODAY))
        assert found == {order for order in SupervisionOrder.objects.all() if order.light(TODAY) == light}
        assert found, "the control: every light occurs"


@pytest.mark.django_db
def test_a_draft_has_no_light(district, cast):
    assert fresh(steps.draft(district, cast)).light(TODAY) is None
