"""Working days of the Chinese calendar: weekdays, but for days off, and weekends that are made up for them."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate

DAY = timedelta(days=1)
FRIDAY = 4


def works_by_the_week(day: date) -> bool:
    return day.weekday() <= FRIDAY


class WorkingCalendar:
    """Which days are worked. exceptions: by day whether it is worked, where that is not what the week says or is known to be.

    Days without an exception count by the week, so that a year whose days off are not known yet still has an answer.
    """

    def __init__(self, exceptions: Mapping[date, bool]):
        self._exceptions = dict(exceptions)
        differing = sorted(day for day, works in self._exceptions.items() if works != works_by_the_week(day))
        self._days = [day.toordinal() for day in differing]
        self._sums = [0, *accumulate(1 if self._exceptions[day] else -1 for day in differing)]

    def is_working(self, day: date) -> bool:
        return self._exceptions.get(day, works_by_the_week(day))

    def distance(self, start: date, end: date) -> int:
        """Return how many working days lie after `start`, up to and including `end`; negative where `end` is earlier.

        From a Friday to the Monday after it is one, whatever the weekend between.
        """
        return self._count(end) - self._count(start)

    def shift(self, day: date, days: int) -> date:
        """Return the working day that many working days after `day`, or before it where negative."""
        step = DAY if days > 0 else -DAY
        left = abs(days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day itself where it is worked, else the next working day."""
        while not self.is_working(day):
            day += DAY
        return day

    def _count(self, day: date) -> int:
        """Return how many working days the calendar has had since its first, a Monday, up to and including the day."""
        weeks, days = divmod(day.toordinal(), 7)
        return weeks * 5 + min(days, 5) + self._sums[bisect_right(self._days, day.toordinal())]
