"""What is wrong or doubtful with the entries of reports: the rules of `rules.entries`, fed from the database."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from .. import clock
from ..models import Entry, Figure, Period, ProgressReport
from ..rules.amounts import Amount
from ..rules.entries import (
    EntryInput,
    EntryRule,
    Level,
    Problem,
    check_entry,
    error,
    storable_problems,
)
from ..rules.kinds import Comparator, Strength, TargetKind

MISSING = "missing"


def problems_of(report: ProgressReport, *, submitting: bool) -> dict[int, list[Problem]]:
    """Return the problems of a report by target id; targets without any are left out.

    submitting: only what keeps the report from being handed in. Otherwise warnings too, but nothing about inputs
    that are still empty, as a draft may be.
    """
    return problems_in(entries_with_previous([report]), submitting=submitting)


def problems_in(entries: Iterable[Entry], *, submitting: bool) -> dict[int, list[Problem]]:
    """Return what `problems_of` does, for the entries of one report that are at hand with their `previous`."""
    found = {}
    for entry in entries:
        problems = [problem for problem in problems_of_entry(entry) if _counts(problem, submitting)]
        if problems:
            found[entry.target_id] = problems
    return found


def _counts(problem: Problem, submitting: bool) -> bool:
    return problem.level == Level.ERROR if submitting else problem.code != MISSING


def entries_with_previous(reports: Iterable[ProgressReport]) -> list[Entry]:
    """Return the entries of the reports, each with `previous`: the unit's valid figure of the latest period before; and
    with `has_evidence`.

    Two statements, whatever the number of reports. A later period that was approved first does not count, nor does
    an amount that has been corrected since.
    """
    before = Figure.objects.filter(
        target=OuterRef("target"),
        org_unit=OuterRef("report__org_unit"),
        corrected_on__isnull=True,
        period__start__lt=OuterRef("report__period__start"),
    ).order_by("-period__start")
    entries = list(
        Entry.objects.filter(report__in=[report.pk for report in reports])
        .with_evidence()
        .select_related("target__plan", "report__period", "report__corrects")
        .annotate(previous_id=Subquery(before.values("pk")[:1]))
        .order_by("target__sort", "target_id")
    )
    figures = Figure.objects.select_related("period").in_bulk({entry.previous_id for entry in entries} - {None})
    for entry in entries:
        entry.previous = figures.get(entry.previous_id)
    return entries


def previous_figures(targets: Iterable[int], org_unit: int, period: Period) -> dict[int, Figure]:
    """Return by target id what `entries_with_previous` knows of one unit, also where there is no report yet. One statement."""
    rows = Figure.objects.filter(
        target__in=targets, org_unit=org_unit, corrected_on__isnull=True, period__start__lt=period.start
    )
    newest = Window(RowNumber(), partition_by=F("target_id"), order_by=F("period__start").desc())
    rows = rows.annotate(place=newest).filter(place=1).order_by().select_related("period")
    return {row.target_id: row for row in rows}


def problems_of_entry(entry: Entry) -> list[Problem]:
    """Return the problems of one entry that came from `entries_with_previous`."""
    problems = check_entry(rule_of(entry), input_of(entry))
    if entry.report.corrects_id and input_of(entry).amount.is_missing and _had_amount(entry):
        field = "numerator" if entry.target.is_ratio else "value"
        return [error(field, "emptied", "更正不能清空已通过的数值；确无发生的请填 0。")]
    return problems


def _had_amount(entry: Entry) -> bool:
    accepted = Entry.objects.filter(report=entry.report.corrects_id, target=entry.target_id).first()
    return accepted is not None and not input_of(accepted).amount.is_missing


def rule_of(entry: Entry) -> EntryRule:
    """Return what the checks need to know of the entry's target, its history and the day."""
    target, report = entry.target, entry.report
    return EntryRule(
        kind=TargetKind(target.kind),
        comparator=Comparator(target.comparator),
        is_ratio=target.is_ratio,
        goal=target.goal,
        on=clock.today(),
        plan_start=date(target.plan.year, 1, 1),
        previous=amount_of(entry.previous),
        correction=report.corrects_id is not None,
        required=target.strength != Strength.TRACKED and target.start <= report.period.end,
        computed=target.is_computed,
        jump=target.plan.jump_factor,
        evidence_missing=target.needs_evidence and not target.is_computed and not entry.has_evidence,
    )


def input_of(entry: Entry) -> EntryInput:
    """Return the stored entry in the shape in which it was typed."""
    return EntryInput(
        entry.value, entry.numerator, entry.denominator, entry.done_on, entry.zero_report, entry.remark.strip()
    )


def amount_of(row: Entry | Figure | None) -> Amount:
    return Amount(row.value, row.numerator, row.denominator) if row else Amount()


def storable(typed: dict[int, EntryInput], stored: dict[int, Entry]) -> dict[int, list[Problem]]:
    """Return by target id what may not even be kept in a draft: values the database refuses, or of the wrong shape."""
    found = {pk: storable_problems(entry) + _shape_problems(entry, stored[pk]) for pk, entry in typed.items()}
    return {pk: problems for pk, problems in found.items() if problems}


def _shape_problems(typed: EntryInput, stored: Entry) -> list[Problem]:
    target = stored.target
    if target.is_computed:
        return _contradictions(typed, stored)
    if target.is_ratio and typed.value is not None:
        return [error("value", "wrong_shape", "这一目标按分子、分母填写，请不要填写数值。")]
    if not target.is_ratio and (typed.numerator, typed.denominator) != (None, None):
        return [error("numerator", "wrong_shape", "这一目标按数值填写，请不要填写分子、分母。")]
    return []


def _contradictions(typed: EntryInput, stored: Entry) -> list[Problem]:
    """Return the numbers that were typed although registers fill them in; repeating what they say is no harm."""
    names = ("value", "numerator", "denominator")
    wrong = [name for name in names if getattr(typed, name) not in (None, getattr(stored, name))]
    return [error(name, "computed", "这一目标由台账自动计算，请在台账中登记，不在填报中填写。") for name in wrong]
