"""View models of plan amendments: the lines of a document, and the notes on what they have changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse

from ..enums import AmendedField
from ..models import Allocation, Amendment, AmendmentLine, Task
from ..rules.amending import value_of
from ..rules.kinds import TargetKind
from . import format as fmt


@dataclass(frozen=True, slots=True)
class LineRow:
    """One clause as it is shown. moved: what it reads by now, where that is not what the draft says; bench: where its shares
    are raised, if they add up to less than the new goal."""

    pk: int
    place: int
    clause: str
    url: str
    edit: str
    field: str
    old: str
    new: str
    reason: str
    moved: str = ""
    bench: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What an amendment has changed of one thing, in one line, and the document that says so."""

    name: str
    text: str
    url: str


def line_rows(user, amendment: Amendment) -> list[LineRow]:
    """Return the lines that the user may see, in their order."""
    lines = AmendmentLine.objects.visible_to(user).filter(amendment=amendment).order_by("sort", "pk")
    lines = list(lines.select_related("target__task", "task"))
    sums = {} if amendment.is_issued else _sums(lines)
    return [_row(place, line, amendment, sums) for place, line in enumerate(lines, start=1)]


def _sums(lines: list[AmendmentLine]) -> dict[int, Decimal]:
    """Return by target of whose goal the draft speaks what its shares add up to."""
    asked = [line.target_id for line in lines if line.field == AmendedField.GOAL]
    rows = Allocation.objects.filter(target__in=asked, amount__isnull=False).order_by()
    return dict(rows.values_list("target").annotate(total=Sum("amount")))


def _row(place: int, line: AmendmentLine, amendment: Amendment, sums: dict[int, Decimal]) -> LineRow:
    row = line.row
    current = line.stored(row)
    name = "task" if isinstance(row, Task) else "target"
    return LineRow(
        pk=line.pk,
        place=place,
        clause=f"任务 {row}" if name == "task" else str(row),
        url=reverse(f"workplan:{name}", args=[row.pk]),
        edit=f"{name}-{row.pk}",
        field=AmendedField(line.field).label,
        old=shown(line, line.old),
        new=shown(line, line.new),
        reason=line.reason or amendment.reason,
        moved=shown(line, current) if not amendment.is_issued and current != line.old else "",
        bench=reverse("workplan:allocation", args=[row.pk]) if _is_short(line, sums) else "",
    )


def _is_short(line: AmendmentLine, sums: dict[int, Decimal]) -> bool:
    total = sums.get(line.target_id)
    counted = line.field == AmendedField.GOAL and line.target.kind == TargetKind.COUNT
    return counted and total is not None and total < line.value


def shown(line: AmendmentLine, text: str) -> str:
    """Return a value of the line as pages show it."""
    value = value_of(line.attribute, text)
    if line.field == AmendedField.GOAL:
        return fmt.goal(line.target.comparator, value, line.target.unit)
    return fmt.day(value) if line.attribute == "due" else value or fmt.MISSING


def notes_about(on: date, **of) -> list[Note]:
    """Return what amendments had changed by the close of the day, the newest first. of: the target or the task."""
    lines = AmendmentLine.objects.issued().filter(amendment__effective_on__lte=on, **of)
    lines = lines.select_related("amendment", "target", "task").order_by(
        "-amendment__effective_on", "-amendment__number"
    )
    return [
        Note(
            name=f"第{line.amendment.number}号",
            text=f"{AmendedField(line.field).label} {shown(line, line.old)} → {shown(line, line.new)}，"
            f"{line.amendment.effective_on} 起",
            url=reverse("workplan:amendment", args=[line.amendment_id]),
        )
        for line in lines
    ]
