"""The uploaded file against what is stored: cell by cell, what would happen, and what did.

What was typed goes through the page's own forms and `services.sheet`, so that the file is judged as the page is.
"""

from dataclasses import dataclass, field, replace

from accounts.models import OrgUnit, User

from ..errors import Refused
from ..models import Period
from ..rules.entries import EntryInput
from ..services import sheet as service
from ..services.checks import input_of
from ..services.sheet import Kept, Typed
from ..sheet_forms import typed_in
from ..views.sheet_page import Part, Row, Sheet, read_sheet
from .columns import ENTRIES, TEXTS, inputs_of
from .differences import Difference, Fate, Place
from .joining import BESIDE, Join, touched
from .reading import NOT_A_SHEET, FileRow, Upload

FASTER = "下载之后他人已改为这个值，保留不变；确需修改的，请在“本期填报”页上改。"


@dataclass(slots=True)
class Comparison:
    """sheet: with the file's changes in its inputs; found: the differences in the file's order; typed: by task id."""

    sheet: Sheet
    found: list[Difference]
    typed: dict[int, Typed] = field(default_factory=dict)

    def of(self, *fates: Fate) -> list[Difference]:
        return [one for one in self.found if one.fate in fates]


def compare(upload: Upload, *, user: User, unit: OrgUnit, period: Period) -> Comparison:
    """Return what the file would change. Raises Refused where it is no such sheet, another one, or nothing can be written."""
    rows = upload.rows()
    _require_own(rows, unit, period)
    now = read_sheet(user, unit, period)
    _require_open(now)
    join = Join(now, rows)
    comparison = Comparison(read_sheet(user, unit, period, join.posted), join.found)
    for part in comparison.sheet.parts:
        _foresee(comparison, part, join.sent)
    places = {(row.sheet, row.line): at for at, row in enumerate(rows)}
    comparison.found.sort(key=lambda one: places[one.row.sheet, one.row.line])
    return comparison


def _require_own(rows: list[FileRow], unit: OrgUnit, period: Period) -> None:
    stamps = [row.stamp for row in rows if row.stamp]
    if not stamps or any(row.stamp and row.stamp.sheet != row.sheet for row in rows):
        raise Refused(NOT_A_SHEET, code="not_a_sheet")
    if any(stamp.unit != unit.pk for stamp in stamps):
        raise Refused(f"文件是另一个单位的填报表，不是{unit.label}的。请选择对应的单位后再上传。", code="other_unit")
    if any(stamp.period != period.pk for stamp in stamps):
        raise Refused(f"文件是另一个报告期的填报表，不是{period}的。请选择对应的报告期后再上传。", code="other_period")


def _require_open(sheet: Sheet) -> None:
    if not any(part.texts for part in sheet.parts):
        reasons = list(dict.fromkeys(part.refused for part in sheet.parts)) or ["本单位在这一期没有需要填报的任务。"]
        raise Refused(f"这张填报表现在不能写入。{''.join(reasons[:3])}", code="closed")


# --- what the page's forms and the service say of it ---


def _foresee(comparison: Comparison, part: Part, sent: dict[tuple[str, int], tuple[FileRow, Place]]) -> None:
    """Add what would become of the part's cells, and what is to be written."""
    if part.texts is None:
        return
    typed = typed_in(part.entries, part.texts)
    if typed:
        comparison.typed[part.task.pk] = typed
    typed = typed or Typed()
    entries = {row.pk: row.inputs.entry for row in part.rows if row.inputs}
    kept = service.foresee(report=part.report, entries=entries, typed=typed)
    for row in part.rows:
        if found := sent.get((ENTRIES, row.pk)):
            comparison.found += _of_entry(*found, row, kept, typed)
    if found := sent.get((TEXTS, part.task.pk)):
        comparison.found += _of_texts(*found, part, kept, typed)


def _of_entry(file_row: FileRow, place: Place, row: Row, kept: Kept, typed: Typed) -> list[Difference]:
    """Return the differences of one target."""
    problems = {one.field: one.message for one in reversed(kept.problems.get(row.pk, []))}
    problems |= {name: errors[0] for name, errors in row.inputs.errors.items()}
    if problems:
        return _wrong(file_row, place, problems)
    found = []
    for name, wanted in _changed(typed.entries.get(row.pk), input_of(row.inputs.entry)).items():
        said = "0" if name == "value" and wanted is not None else ""  # a zero report states it
        fate, reason = _joined(name in kept.conflicts.get(row.pk, ()))
        found.append(Difference(file_row, name, fate, reason, place, said))
    return found


def _wrong(file_row: FileRow, place: Place, problems: dict[str, str]) -> list[Difference]:
    """Return the changed cells of a row that cannot be stored, and those where something is missing."""
    names = [name for name in touched(file_row) if name in place.stored]
    names += [name for name in problems if name not in names]
    return [Difference(file_row, name, Fate.WRONG, problems.get(name, BESIDE), place) for name in names]


def _changed(pair: tuple[EntryInput, EntryInput] | None, stored: EntryInput) -> dict:
    """Return the inputs that were changed and are not stored so already."""
    if pair is None:
        return {}
    values = {name: [getattr(one, name) for one in (*pair, stored)] for name in inputs_of(ENTRIES)}
    return {name: wanted for name, (seen, wanted, now) in values.items() if wanted not in (seen, now)}


def _joined(conflict: bool) -> tuple[Fate, str]:
    return (Fate.CONFLICT, FASTER) if conflict else (Fate.CHANGE, "")


def _of_texts(file_row: FileRow, place: Place, part: Part, kept: Kept, typed: Typed) -> list[Difference]:
    """Return the differences of one task's texts."""
    if errors := {name: found[0] for name, found in part.texts.errors.items()}:
        return _wrong(file_row, place, errors)
    changed = [name for name, (_, wanted) in typed.texts.items() if wanted != place.stored[name]]
    return [Difference(file_row, name, *_joined(name in kept.text_conflicts), place) for name in changed]


# --- writing ---


def write(comparison: Comparison, *, user: User) -> list[Difference]:
    """Store what can be stored, task by task; return the differences as they came out: somebody may have been faster."""
    sheet, kept = comparison.sheet, {}
    for part in sheet.parts:
        if typed := comparison.typed.get(part.task.pk):
            kept[part.task.pk] = service.save_typed(
                task=part.task, org_unit=sheet.unit, period=sheet.period, actor=user, typed=typed
            )
    return [_turned(one, kept[one.place.task]) if one.fate == Fate.CHANGE else one for one in comparison.found]


def _turned(one: Difference, kept: Kept) -> Difference:
    """Return the difference as the service left it."""
    if kept.refused:
        return replace(one, fate=Fate.CLOSED, reason=kept.refused.message)
    if one.row.sheet == TEXTS:
        return replace(one, fate=Fate.CONFLICT, reason=FASTER) if one.field in kept.text_conflicts else one
    if problems := kept.problems.get(one.place.key):
        return replace(one, fate=Fate.WRONG, reason=problems[0].message)
    conflict = one.field in kept.conflicts.get(one.place.key, ())
    return replace(one, fate=Fate.CONFLICT, reason=FASTER) if conflict else one
