"""The life of an import: brought, checked, confirmed, taken in, perhaps undone. One row of ImportBatch is the job.

A job is claimed with a lease and its effect is one transaction, so that a killed worker leaves nothing behind and another
one may start over. Celery is the wake-up only; `resend` wakes up what was not heard.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.crypto import Undecryptable
from accounts.enums import Right
from accounts.locks import exclusive
from accounts.sheets import UnreadableFile

from ..enums import BatchState
from ..errors import Refused
from ..models import ImportBatch, Record
from ..registers.columns import Reading
from ..registers.registry import find_register, opens
from ..services.evidence import safe_name
from .applying import Writer
from .files import keep_file, read_batch
from .rows import Reader, Row, unknown_columns
from .undoing import take_back

LEASE = timedelta(minutes=10)
UNHEARD = timedelta(seconds=30)
TRIES = 3
PROBLEMS_KEPT = 5000
GONE = "上传的文件已不在存储中，请重新上传。"
GIVEN_UP = "多次未能完成，请重新上传；如再次出现，请联系系统管理员。"
CHANGED_SINCE = "确认之后台账有变化，检查发现新的问题，没有导入任何行。请查看后重新确认。"
RUNNING = {BatchState.WAITING: BatchState.CHECKING, BatchState.QUEUED: BatchState.APPLYING}
WAITS = {running: waiting for waiting, running in RUNNING.items()}


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
    wake_up(batch)
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
    batch.state, batch.good_only, batch.attempts = BatchState.QUEUED, good_only, 0
    batch.save(update_fields=["state", "good_only", "attempts"])
    wake_up(batch)
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


def wake_up(batch: ImportBatch) -> None:
    """Ask a worker to run the job once the transaction is through."""
    pk = batch.pk
    transaction.on_commit(lambda: current_app.send_task("workplan.jobs.run_import", args=[pk]))


def resend() -> int:
    """Wake up jobs that nobody has heard of, or whose worker has died; return how many."""
    now = timezone.now()
    unheard = Q(state__in=RUNNING.keys(), created_at__lt=now - UNHEARD)
    died = Q(state__in=RUNNING.values(), lease__lt=now)
    found = list(ImportBatch.objects.filter(unheard | died).values_list("pk", flat=True)[:100])
    for pk in found:
        current_app.send_task("workplan.jobs.run_import", args=[pk])
    return len(found)


def run(pk: int) -> None:
    """Do what the job asks for: check the file, or take it in. Somebody else's job, or none, is left alone."""
    batch = _claimed(pk)
    if batch is None:
        return
    model = find_register(batch.app, batch.model)
    act = _check if batch.state == BatchState.CHECKING else _apply
    try:
        act(batch, model)
    except (UnreadableFile, Refused) as wrong:
        _fail(batch, str(wrong))
    except (FileNotFoundError, Undecryptable):
        _fail(batch, GONE)
    except (
        IntegrityError
    ):  # somebody typed one of its records or people in meanwhile: found, when the file is read again
        _put_back(batch)


@transaction.atomic
def _claimed(pk: int) -> ImportBatch | None:
    """Take the job for this worker, or return None: not to be run now, or run by another."""
    now = timezone.now()
    batch = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if batch is None:
        return None
    died = batch.state in RUNNING.values() and batch.lease is not None and batch.lease < now
    if batch.state not in RUNNING and not died:
        return None
    if batch.attempts >= TRIES:
        _fail(batch, GIVEN_UP)
        return None
    batch.state = RUNNING.get(batch.state, batch.state)
    batch.lease, batch.attempts = now + LEASE, batch.attempts + 1
    batch.save(update_fields=["state", "lease", "attempts"])
    return batch


@transaction.atomic
def _put_back(batch: ImportBatch) -> None:
    """Have a job run once more that clashed with another writer. After a few times it is given up."""
    batch = ImportBatch.objects.get(pk=batch.pk)
    batch.state, batch.lease = WAITS[batch.state], None
    batch.save(update_fields=["state", "lease"])
    wake_up(batch)


def _fail(batch: ImportBatch, reason: str) -> None:
    batch.state, batch.finished_at = BatchState.FAILED, timezone.now()
    batch.result = batch.result | {"reason": reason}
    batch.save(update_fields=["state", "finished_at", "result"])


def _check(batch: ImportBatch, model: type[Record]) -> None:
    """Read the file and keep what was found. Nothing else is written."""
    tally = Tally()
    for rows in _read(batch, model, Reading(batch.created_by, model), tally):
        tally.add(rows)
    batch.state, batch.result, batch.total_rows = BatchState.CHECKED, tally.result(), tally.rows
    batch.save(update_fields=["state", "result", "total_rows"])


@transaction.atomic
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
    batch.state, batch.result, batch.finished_at = BatchState.DONE, found, timezone.now()
    batch.save(update_fields=["state", "result", "finished_at"])
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
