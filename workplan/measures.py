"""Measures (指标口径): how a target is computed from the records of registers.

A section declares its measures in `measures.py` as `MEASURES`; a plan's target names one by its code
(`Target.computed_by`), as a plan's section names its app. A measure says which rows count, for which unit, from which
day and until which day. Everything else follows: the figure of any past day, the sums of townships and bureau, and the
list of records behind the number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.core import checks
from django.core.exceptions import EmptyResultSet
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber, TruncMonth, TruncQuarter, TruncYear

from accounts.enums import UnitKind
from accounts.models import OrgUnit

from .models import Record, Target
from .rules.kinds import Recurrence
from .sections import section_apps

FOREVER = date(9999, 12, 31)
UNIT_ITSELF = ""  # as `unit` of rows that are org units themselves


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a number counts.

    query: one row for each thing counted; unit: lookup to the org unit it belongs to; since, until: lookups or
    annotations of the days from which and until which it counts (until is exclusive; None: for good);
    amount: what each row adds.
    """

    query: QuerySet
    unit: str = "org_unit"
    since: str = "happened_on"
    until: str | None = None
    amount: str | int = 1

    @property
    def model(self) -> type:
        return self.query.model

    @property
    def looks_around(self) -> bool:
        """Say whether other rows decide if a row counts: then one unit's records may change another unit's number."""
        try:
            statement = str(self.query.order_by().query)
        except EmptyResultSet:
            return False
        return statement.count("SELECT") > 1 or "OVER (" in statement

    def in_force(self, on: date) -> QuerySet:
        """Return the rows that count on the day."""
        rows = self.query.filter(**{f"{self.since}__lte": on})
        if self.until is None:
            return rows
        return rows.filter(Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gt": on}))

    def below(self, unit_path: str) -> "QuerySet":
        """Return the rows of the units below the path."""
        lookup = f"{self.unit}__path__startswith" if self.unit else "path__startswith"
        return self.query.filter(**{lookup: unit_path})


@dataclass(frozen=True, slots=True)
class Measure:
    """How one number is computed.

    code: "app.name", never reused for another meaning; label: the reading in one Chinese sentence;
    counts: the rows of the number, or of a rate's numerator; out_of: those of its denominator;
    depends: models whose changes may change the number, beside those counted; beside: another reading that is shown
    with the number, as its name and its rows.
    """

    code: str
    label: str
    counts: Callable[[Target], Rows]
    out_of: Callable[[Target], Rows] | None = None
    depends: tuple[type, ...] = ()
    beside: tuple[str, Callable[[Target], Rows]] | None = None

    def parts(self, target: Target) -> dict[str, Rows]:
        """Return the rows by part: "counts", and "out_of" for rates."""
        found = {"counts": self.counts(target)}
        return found | {"out_of": self.out_of(target)} if self.out_of else found


# --- What section apps declare -------------------------------------------------------------------------------


@cache
def measures() -> dict[str, Measure]:
    """Return the measures of all installed section apps by code."""
    return {measure.code: measure for measure in _declared()}


def _declared() -> list[Measure]:
    found = []
    for config in section_apps():
        if find_spec(f"{config.name}.measures"):
            found += import_module(f"{config.name}.measures").MEASURES
    return found


def measure_of(target: Target) -> Measure | None:
    """Return the measure that computes the target; None for one that is reported by hand."""
    return measures().get(target.computed_by)


def rows_behind(target: Target, part: str, model: type[Record]) -> Rows | None:
    """Return the rows of one part of the target's number; None where the model does not hold them."""
    measure = measure_of(target)
    rows = measure.parts(target).get(part) if measure else None
    return rows if rows and rows.model is model else None


@checks.register()
def check_measures(app_configs, **kwargs):
    """Fail at start-up where two measures have one code, or a code does not begin with its app."""
    problems, seen = [], set()
    for measure in _declared():
        if measure.code in seen:
            problems.append(checks.Error(f"two measures have the code {measure.code}", id="workplan.E003"))
        if measure.code.partition(".")[0] not in {config.section_code for config in section_apps()}:
            problems.append(checks.Error(f"{measure.code} does not begin with an app", id="workplan.E004"))
        seen.add(measure.code)
    return problems


# --- Pieces that measures are made of ------------------------------------------------------------------------


def of_bureau(model: type[Record], target: Target) -> QuerySet:
    """Return the records that count, of the bureau whose plan the target belongs to."""
    return model.objects.counted().filter(org_unit__path__startswith=target.plan.bureau.path)


def this_year(rows: QuerySet, target: Target, day: str = "happened_on") -> QuerySet:
    """Return the rows whose day lies in the target's year, from its start on."""
    return rows.filter(**{f"{day}__gte": target.start, f"{day}__lte": date(target.plan.year, 12, 31)})


def first_of_each(rows: QuerySet, by: str, order: tuple = ("happened_on",)) -> QuerySet:
    """Return of the rows with the same `by` the first in the order only: a person or place is counted once."""
    ranked = rows.annotate(rank_of_row=Window(RowNumber(), partition_by=[F(by)], order_by=[*order, "pk"]))
    return rows.model._base_manager.filter(pk__in=ranked.filter(rank_of_row=1).order_by().values("pk"))


SPANS = {
    Recurrence.MONTHLY: (TruncMonth,),
    Recurrence.QUARTERLY: (TruncQuarter,),
    Recurrence.YEARLY: (TruncYear,),
}


def owed_times(rows: QuerySet, target: Target, day: str = "happened_on") -> QuerySet:
    """Return of each unit's rows in each span no more than the target asks for.

    A recurring duty that was done three times in one month is done once for that month: it does not make up for another.
    """
    recurrence = Recurrence(target.recurrence)
    if recurrence == Recurrence.NONE or target.goal is None:
        return rows
    partition = [F("org_unit_id"), *_span(recurrence, day)]
    ranked = rows.annotate(
        rank_of_row=Window(RowNumber(), partition_by=partition, order_by=[F(day).asc(), F("pk").asc()])
    )
    return rows.model._base_manager.filter(
        pk__in=ranked.filter(rank_of_row__lte=int(target.goal)).order_by().values("pk")
    )


def _span(recurrence: Recurrence, day: str) -> list:
    if recurrence == Recurrence.HALF_YEARLY:
        half = Case(When(**{f"{day}__month__lte": 6}, then=Value(1)), default=Value(2), output_field=IntegerField())
        return [TruncYear(day), half]
    return [trunc(day) for trunc in SPANS[recurrence]]


def units_of(target: Target, kinds: Iterable[UnitKind]) -> Rows:
    """Return the bureau's units of the given kinds as a denominator: each from its founding to its end."""
    units = OrgUnit.objects.filter(path__startswith=target.plan.bureau.path, kind__in=list(kinds))
    return Rows(units, unit=UNIT_ITSELF, since="valid_from", until="valid_to")


def covered(units: Rows, by: QuerySet, link: str = "org_unit") -> Rows:
    """Return those of the units that some row of `by` covers, since the earliest such row.

    link: lookup from a covering row to the unit that it covers. Covering rows need the annotation or field
    `happened_on`. Units stay covered; a row that ended must be left out of `by`.
    """
    covering = by.filter(**{link: OuterRef("pk")}).order_by("happened_on")
    query = units.query.filter(Exists(covering)).annotate(covered_on=covering.values("happened_on")[:1])
    return Rows(query, unit=UNIT_ITSELF, since="covered_on", until="valid_to")
