"""What a report takes over from registers of a ceiling: what happened in its period and stands at its end."""

from datetime import date

import pytest
from django.urls import reverse

from funeral.models import IllegalTomb
from workplan import clock
from workplan.services.measuring import refresh_target
from workplan.services.reports import start_report

from .making import make_record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stopped", "month", "value"),
    [
        (None, 6, 1),
        (None, 7, 0),  # found in June, it is June's
        (date(2024, 6, 30), 6, 0),
        (date(2024, 7, 2), 6, 1),
    ],
)
def test_a_case_that_was_stopped_within_its_month_is_not_reported_as_open(district, cast, stopped, month, value):
    target = district.targets["46.3"]
    target.computed_by = "funeral.tombs_untreated"
    target.save()
    refresh_target(target)
    make_record(IllegalTomb, district.township, cast.liaison, happened_on=date(2024, 6, 12), stopped_on=stopped)
    period = district.period(month)
    with clock.pinned(date(2024, month + 1, 2)):
        report = start_report(task=district.other_task, org_unit=district.township, period=period, actor=cast.liaison)
    assert report.entries.get(target=target).value == value


def test_a_computed_rate_is_shown_to_its_reporter_and_asks_for_nothing(district, cast, as_user):
    """Numerator and denominator come from the register: the report opens, and has no inputs for them."""
    target = district.targets["22.4"]
    target.computed_by = "eldercare.workers_certified"
    target.save()
    refresh_target(target)
    period = district.period(10)
    report = start_report(task=district.task, org_unit=district.township, period=period, actor=cast.liaison)
    text = as_user(cast.liaison).get(reverse("workplan:report", args=[report.pk])).text
    assert target.measure in text
    assert f"entry-{target.pk}-numerator" not in text and f"entry-{target.pk}-remark" in text
