"""The working calendar: read for a bureau, seeded with the official days, and missed in time where a year has none."""

from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays
from django.db import transaction

from accounts.models import OrgUnit

from ..models import CalendarDay
from ..rules.workdays import WorkingCalendar

LAST_KNOWN = max(holidays).year
# The State Council announces the days off of the next year in late October or November.
MISSED_FROM_MONTH = 10


def calendar_of(bureau: OrgUnit) -> WorkingCalendar:
    """Return the bureau's calendar. One statement."""
    return WorkingCalendar(dict(CalendarDay.objects.filter(bureau=bureau).values_list("day", "working")))


def official_days(year: int) -> dict[date, tuple[bool, str]]:
    """Return by day whether it is worked and what for; nothing for a year that the installed data does not have."""
    off = {day: (False, name) for day, name in holidays.items() if day.year == year}
    made_up = {day: (True, name) for day, name in workdays.items() if day.year == year}
    return {day: (works, Holiday(name).chinese) for day, (works, name) in sorted((off | made_up).items())}


@transaction.atomic
def seed_calendar(*, bureau: OrgUnit, year: int) -> int:
    """Enter the official days of a year of which the bureau has none yet; return how many. Edited years are left alone."""
    if CalendarDay.objects.filter(bureau=bureau, day__year=year).exists():
        return 0
    rows = [
        CalendarDay(bureau=bureau, day=day, working=works, name=f"{name}调休" if works else name)
        for day, (works, name) in official_days(year).items()
    ]
    return len(CalendarDay.objects.bulk_create(rows, ignore_conflicts=True))


def years_missing(bureau: OrgUnit, on: date) -> list[int]:
    """Return the years whose days off somebody has to enter: this one, and from October on the next."""
    wanted = [on.year, *([on.year + 1] if on.month >= MISSED_FROM_MONTH else [])]
    known = {day.year for day in CalendarDay.objects.filter(bureau=bureau).order_by().dates("day", "year")}
    return [year for year in wanted if year not in known]
