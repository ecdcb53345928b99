"""The life of an import: brought, checked, confirmed, taken in, perhaps undone.

Checking and taking in are background jobs. Taking in is one transaction with the end of its job, so that a killed worker
leaves nothing behind and another one may start over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import Undecryptable
from accounts.enums import Right
from accounts.locks import exclusive
from accounts.sheets import UnreadableFile

from ..enums import BatchState
from ..errors import Refused
from ..models import ImportBatch, Job, Record
from ..registers.columns import Reading
from ..registers.registry import find_register, opens
from ..services.evidence import safe_name
from ..services.jobs import LEASE, Effect, enqueue
from .applying import Writer
from .files import keep_file, read_batch
from .rows import Reader, Row, unknown_columns
from .undoing import take_back

CHECK, APPLY = "import.check", "import.apply"
PROBLEMS_KEPT = 5000
GONE = "上传的文件已不在存储中，请重新上传。"
GIVEN_UP = "多次未能完成，请重新上传；如再次出现，请联系系统管理员。"
CHANGED_SINCE = "确认之后台账有变化，检查发现新的问题，没有导入任何行。请查看后重新确认。"
WRONG = (UnreadableFile, Refused, FileNotFoundError, Undecryptable)  # with the file itself: trying again is in vain


@transaction.atomic
def start_import(*, model: type[Record], actor, name: str, content: bytes) -> ImportBatch:
    """Keep an uploaded file and have it checked. Raises Refused without the right to keep the register."""
    if not opens(actor, model, Right.RECORD_WRITE):
        raise Refused("您没有登记该台账的权限。", code="forbidden")
    batch = ImportBatch(
        org_unit=actor.home_units[0],
        app=model._meta.app_label,
        model=model._meta.model_name,
        name=safe_name(name) or "未命名",
        created_by=actor,
        created_at=timezone.now(),
    )
    keep_file(batch, content)
    try:
        batch.save()
    except Exception:
        batch.file.storage.delete(batch.file.name)
        raise
    audit.record(action="import.start", actor=actor, row=batch, after={"size": batch.size, "sha256": batch.sha256})
    _queue(CHECK, batch)
    return batch


@transaction.atomic
def confirm_import(*, batch: ImportBatch, actor, good_only: bool) -> ImportBatch:
    """Have a checked file taken in: as a whole, or without its wrong rows where the user says so."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != BatchState.CHECKED:
        raise Refused("这个文件现在不能导入。", code="wrong_state")
    if batch.result["wrong"] and not good_only:
        raise Refused("文件中还有错误的行。请改正后重新上传，或选择只导入无误的行。", code="has_wrong")
    if not batch.result["new"] + batch.result["changed"]:
        raise Refused("文件中没有需要导入的内容。", code="nothing")
    batch.state, batch.good_only = BatchState.QUEUED, good_only
    batch.save(update_fields=["state", "good_only"])
    _queue(APPLY, batch)
    return batch


@transaction.atomic
def undo_import(*, batch: ImportBatch, actor) -> ImportBatch:
    """Take the whole import back. Raises Refused where something was built on it."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != BatchState.DONE:
        raise Refused("只有已导入的文件可以撤销。", code="wrong_state")
    counts = take_back(batch, find_register(batch.app, batch.model))
    batch.state, batch.finished_at = BatchState.UNDONE, timezone.now()
    batch.result |= counts
    batch.save(update_fields=["state", "finished_at", "result"])
    audit.record(action="import.undo", actor=actor, row=batch, after=counts)
    return batch


def _queue(kind: str, batch: ImportBatch) -> None:
    enqueue(kind, str(batch.pk), org_unit=batch.org_unit, payload={"batch": batch.pk}, actor=batch.created_by)


def job_of(batch: ImportBatch) -> Job | None:
    """Return the job that the batch waits for, or waited for last."""
    return Job.objects.filter(key__in=[f"{kind}:{batch.pk}" for kind in (CHECK, APPLY)]).first()


def check(pk: int) -> Effect | None:
    """Read the file; return what notes what was found, and nothing else."""
    batch = ImportBatch.objects.get(pk=pk)
    if batch.state != BatchState.WAITING:
        return None
    model, tally = find_register(batch.app, batch.model), Tally()
    try:
        for rows in _read(batch, model, Reading(batch.created_by, model), tally):
            tally.add(rows)
    except WRONG as wrong:
        return partial(_fail, batch, _reason(wrong))
    return partial(_end, batch, BatchState.CHECKED, tally.result(), total_rows=tally.rows)


def apply(pk: int) -> Effect | None:
    """Return what takes the file in, in the transaction of the job: as a whole, or with the reason why not.

    A clash with somebody who typed one of its records meanwhile is raised: the file is read again with what is there then.
    """
    batch = ImportBatch.objects.get(pk=pk)
    return partial(_apply_or_fail, batch) if batch.state == BatchState.QUEUED else None


def give_up(batch: int) -> None:
    """Tell who waits that it will not be done."""
    waiting = ImportBatch.objects.filter(pk=batch, state__in=(BatchState.WAITING, BatchState.QUEUED)).first()
    if waiting is not None:
        _fail(waiting, GIVEN_UP)


def _apply_or_fail(batch: ImportBatch) -> None:
    try:
        with transaction.atomic():
            _apply(batch, find_register(batch.app, batch.model))
    except WRONG as wrong:
        _fail(batch, _reason(wrong))


def _reason(wrong: Exception) -> str:
    return str(wrong) if isinstance(wrong, UnreadableFile | Refused) else GONE


def _fail(batch: ImportBatch, reason: str) -> None:
    _end(batch, BatchState.FAILED, batch.result | {"reason": reason}, finished_at=timezone.now())


def _end(batch: ImportBatch, state: BatchState, result: dict, **values) -> None:
    """Note how far the import has come."""
    changed = {"state": state, "result": result, **values}
    for name, value in changed.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(changed))


def _apply(batch: ImportBatch, model: type[Record]) -> None:
    """Take the file in: all of it, or its good rows. What went wrong since the check stops it, as a whole.

    One file at a time: what it is compared with, chunk by chunk, must not be what another one is about to write.
    """
    exclusive("import")
    reading, tally = Reading(batch.created_by, model), Tally()
    writer = Writer(batch, model, reading)
    for rows in _read(batch, model, reading, tally):
        tally.add(rows)
        if tally.wrong and not batch.good_only:
            raise Refused(CHANGED_SINCE)
        writer.write(rows)
    writer.finish()
    found = tally.result() | {"versions": writer.versions}
    _end(batch, BatchState.DONE, found, finished_at=timezone.now())
    counts = {name: found[name] for name in ("new", "changed", "same", "wrong")}
    audit.record(action="import.apply", actor=batch.created_by, row=batch, after=counts)


def _read(batch: ImportBatch, model: type[Record], reading: Reading, tally: "Tally") -> Iterator[list[Row]]:
    """Yield the rows of the file by chunks and tell those who wait how far it is."""
    table = read_batch(batch, model, reading)
    tally.ignored = unknown_columns(table, model)
    note = progress_of(batch, len(table))
    for rows in Reader(table, model, reading, batch).chunks():
        yield rows
        note(tally.rows)


@dataclass(slots=True)
class Tally:
    """What the page shows of a file: counts, and the problems by line, without any content of it.

    wrong: how many rows have problems; ignored: names in the header that the register does not know.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    wrong: int = 0
    problems: list = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def add(self, rows: list[Row]) -> None:
        wrong = [row for row in rows if row.problems]
        self.rows, self.wrong = self.rows + len(rows), self.wrong + len(wrong)
        self.new += sum(row.is_new for row in rows)
        self.changed += sum(row.is_changed for row in rows)
        self.problems += [[row.line, row.sentence()] for row in wrong[: PROBLEMS_KEPT - len(self.problems)]]

    def result(self) -> dict[str, Any]:
        return {
            "new": self.new,
            "changed": self.changed,
            "same": self.rows - self.new - self.changed - self.wrong,
            "wrong": self.wrong,
            "problems": self.problems,
            "ignored": self.ignored[:20],
        }


# --- Progress: outside the transaction, so that others see it while it runs ---


def progress_of(batch: ImportBatch, total: int) -> Callable[[int], None]:
    """Return a function that notes how many of the rows are done."""

    def note(done: int) -> None:
        cache.set(f"import:{batch.uid}", (done, total), timeout=LEASE.total_seconds())

    note(0)
    return note


def progress(batch: ImportBatch) -> tuple[int, int]:
    """Return how many rows are done, and of how many; (0, 0) before the file is read."""
    return cache.get(f"import:{batch.uid}", (0, 0))


def file_with_problems(batch: ImportBatch):
    """Return the table of the file and the problems by line, for the user's own file back with an error column."""
    model = find_register(batch.app, batch.model)
    table = read_batch(batch, model, Reading(batch.created_by, model))
    return table, dict(map(tuple, batch.result.get("problems", [])))
