"""The course of one target over the year, from its running totals."""

from dataclasses import dataclass
from datetime import date

from ..amended import readings_of
from ..assess import assess
from ..dashboard.board import Board
from ..discretion import as_told, withholds
from ..models import Target, TargetTotal
from ..rules.amounts import Amount
from ..rules.lights import SEVERITY
from . import target_page


@dataclass(frozen=True, slots=True)
class Course:
    """What the chart and the table of a target's course show."""

    target: Target
    url: str
    points: list[target_page.Point]
    chart: dict


def chosen_target(board: Board, pk: int | None) -> Target | None:
    """Return the target asked for, else the worst of the board; None where the board has none."""
    asked = next((target for target in board.targets if target.pk == pk), None)
    if asked:
        return asked
    found = min(board.now, key=lambda one: (SEVERITY.index(one.verdict.light), -(one.verdict.gap or 0)), default=None)
    return next(target for target in board.targets if target == found.target) if found else None


def course_of(user, target: Target, on: date, url: str) -> Course:
    """Return the target's course as the user may see it for the whole bureau."""
    found = as_told(user, assess([target], on=on)[0], target.plan.bureau)
    rows = list(
        TargetTotal.objects.filter(target=target).values_list("since", "until", "value", "numerator", "denominator")
    )
    stated = {day: _amount(rows, day) for day in target_page.days_of(target, on) if day <= on}
    discreet = withholds(user, target, target.plan.bureau)
    readings = readings_of(target, stated)
    points = target_page.course(found, stated, on, readings=readings, discreet=discreet)
    return Course(found.target, url, points, target_page.chart_of(found, points))


def _amount(rows: list[tuple], day: date) -> Amount:
    return next(
        (Amount(*sums) for since, until, *sums in rows if since <= day and (until is None or until > day)), Amount()
    )
