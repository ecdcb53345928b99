"""The life of a report: started, saved, submitted, returned, approved, corrected."""

from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked
from accounts.models import OrgUnit

from .. import clock
from ..enums import PlanStatus, ReportAction
from ..errors import EntriesInvalid, Refused, StaleVersion
from ..models import Entry, Evidence, Period, ProgressReport, Target, Task
from ..rules.entries import EntryInput, as_stored
from ..workflow import TRANSITIONS, held_rights, period_refusal, refusal
from .checks import problems_of, storable
from .evidence import forget_files
from .figures import accept_entries
from .prefill import FILLED, fill_computed
from .report_extensions import settle

TEXTS = ("narrative", "problems", "next_steps")
AMOUNTS = ("value", "numerator", "denominator", "done_on", "zero_report", "remark")


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What a user typed into the report form: texts, and entries by target id. Absent texts stay as they are."""

    texts: dict[str, str] = field(default_factory=dict)
    entries: dict[int, EntryInput] = field(default_factory=dict)


@transaction.atomic
def start_report(*, task: Task, org_unit: OrgUnit, period: Period, actor) -> ProgressReport:
    """Return the newest report of the task, unit and period, made as an empty draft where there is none.

    A double click finds the first click's row; targets allocated since then are added to it. Raises Refused as `begin_report` does.
    """
    report = begin_report(task=task, org_unit=org_unit, period=period, actor=actor)
    if refusal(report, actor, ReportAction.SAVE, {Right.REPORT_WRITE}) is None:  # which it takes to begin one
        bring_up_to_date(report)
    return report


def begin_report(*, task: Task, org_unit: OrgUnit, period: Period, actor) -> ProgressReport:
    """Return the newest report as it is stored, under a row lock, or a new draft; within a transaction of the caller's.

    Period and plan are read anew when the lock is held: who closes a year lets us wait, and what was at hand is then old.
    Raises Refused where the unit reports nothing on this task, the period takes no reports, or the actor does not write for the unit.
    """
    existing = _locked_newest(task, org_unit, period)
    task, period = _as_they_are_now(task, period)
    if existing:
        existing.task, existing.org_unit, existing.period = task, org_unit, period
        if Right.REPORT_WRITE not in held_rights(existing, actor):
            raise Refused("您没有进行此操作的权限。", code="forbidden")
        return existing
    if task.plan.status == PlanStatus.DRAFT:
        raise Refused("工作要点尚未发布，暂不能填报。", code="plan_not_published")
    if task.plan.status == PlanStatus.CLOSED:
        raise Refused("该年度工作要点已结束，不能再填报。", code="plan_closed")
    targets = list(Target.objects.filter(task=task, allocations__org_unit=org_unit))
    if not targets or period.plan_id != task.plan_id:
        raise Refused("本单位在这一任务中没有需要填报的目标。", code="nothing_to_report")
    draft = _build(task=task, org_unit=org_unit, period=period, actor=actor)
    refused = period_refusal(draft)
    if refused:
        raise refused
    report, created = ProgressReport.objects.get_or_create(
        task=task, org_unit=org_unit, period=period, revision=1, defaults=_defaults(actor)
    )
    if not created:  # somebody was faster
        return begin_report(task=task, org_unit=org_unit, period=period, actor=actor)
    Entry.objects.bulk_create([Entry(report=report, target=target) for target in targets])
    audit.record(action="report.create", actor=actor, row=report)
    require_action(report, actor, ReportAction.SAVE)
    return report


def bring_up_to_date(report: ProgressReport) -> dict[int, Entry]:
    """Add what was allocated to the unit since the report was begun, and fill in what registers know by now.

    Returns the entries by target id, as they are stored then.
    """
    stored = stored_entries(report)
    if _complete_entries(report, stored):
        stored = stored_entries(report)
    fill_computed(report, stored.values())
    return stored


def _complete_entries(report: ProgressReport, stored: dict[int, Entry]) -> bool:
    """Add empty entries for targets that were allocated to the unit after the draft was made; say whether there were any.

    A correction keeps to the targets of the report that it corrects.
    """
    if report.revision > 1:
        return False
    allocated = Target.objects.filter(task=report.task_id, allocations__org_unit=report.org_unit_id)
    missing = set(allocated.order_by().values_list("pk", flat=True)) - stored.keys()
    Entry.objects.bulk_create([Entry(report=report, target_id=pk) for pk in sorted(missing)], ignore_conflicts=True)
    return bool(missing)


def _locked_newest(task: Task, org_unit: OrgUnit, period: Period) -> ProgressReport | None:
    rows = ProgressReport.objects.filter(task=task, org_unit=org_unit, period=period)
    return rows.order_by("-revision").select_for_update().first()


def _as_they_are_now(task: Task, period: Period) -> tuple[Task, Period]:
    """Return the period with its plan, read anew, and the task in that plan; the caller's stay as they are."""
    task, period = copy(task), Period.objects.select_related("plan__bureau").get(pk=period.pk)
    if period.plan_id == task.plan_id:
        task.plan = period.plan
    return task, period


def _defaults(actor) -> dict:
    return {"drafted_by": actor, "saved_by": actor, "saved_at": timezone.now()}


def _build(**fields) -> ProgressReport:
    actor = fields.pop("actor")
    return ProgressReport(**fields, **_defaults(actor))


@transaction.atomic
def save_report(*, report: ProgressReport, actor, version: int, typed: ReportInput) -> ProgressReport:
    """Store what was typed into a draft.

    Raises StaleVersion where somebody saved since `version` was read, EntriesInvalid for values that cannot be kept.
    """
    report = locked_report(report)
    require_action(report, actor, ReportAction.SAVE)
    claim_version(report, version, actor)
    write_typed(report, actor, typed, bring_up_to_date(report))
    return report


def write_typed(report: ProgressReport, actor, typed: ReportInput, stored: dict[int, Entry]) -> None:
    """Write texts and entries into a report that is locked and may be saved; log what has changed by it.

    stored: the report's entries as `bring_up_to_date` has left them; they hold what is stored afterwards.
    Raises EntriesInvalid for values that cannot be kept, Refused for targets of another report.
    """
    before = audit.snapshot(report, list(TEXTS)) | _amounts(stored)
    for name, text in typed.texts.items():
        if name in TEXTS:
            setattr(report, name, text.strip())
    if typed.texts:
        report.save(update_fields=list(TEXTS))
    _store_entries(stored, typed.entries)
    after = audit.snapshot(report, list(TEXTS)) | _amounts(stored)
    old, new = audit.changes(before, after)
    if new:
        audit.record(action="report.save", actor=actor, row=report, before=old, after=new)


@transaction.atomic
def submit_report(*, report: ProgressReport, actor, version: int) -> ProgressReport:
    """Hand the report in. Raises EntriesInvalid where a value is missing or wrong. A first late hand-in is remembered."""
    report = locked_report(report)
    require_action(report, actor, ReportAction.SUBMIT)
    claim_version(report, version, actor)
    bring_up_to_date(report)
    problems = problems_of(report, submitting=True)
    if problems:
        raise EntriesInvalid(problems)
    today, due = clock.today(), settle(report)
    if report.submitted_on is None:
        report.submitted_on = today
        report.late = report.corrects.late if report.corrects else today > due
    report.submitted_by, report.submitted_at = actor, timezone.now()
    return _move(
        report, actor, ReportAction.SUBMIT, "report.submit", ["submitted_on", "late", "submitted_by", "submitted_at"]
    )


def hand_in_report(*, report: ProgressReport, actor, version: int, typed: ReportInput) -> ProgressReport:
    """Save what was typed and submit it.

    Raises EntriesInvalid where values keep it from being submitted; what was typed is saved all the same.
    """
    with transaction.atomic():
        saved = save_report(report=report, actor=actor, version=version, typed=typed)
        try:
            return submit_report(report=saved, actor=actor, version=saved.version)
        except EntriesInvalid as invalid:
            hindrance = invalid
    raise hindrance


@transaction.atomic
def approve_report(*, report: ProgressReport, actor, version: int | None = None) -> ProgressReport:
    """Accept the report and write its figures in the same transaction.

    Raises StaleVersion where it is no longer the `version` that the reviewer read (returned and handed in anew).
    """
    report = locked_report(report)
    require_action(report, actor, ReportAction.APPROVE)
    _require_version(report, version)
    report.approved_by, report.approved_at, report.approved_on = actor, timezone.now(), clock.today()
    report = _move(report, actor, ReportAction.APPROVE, "report.approve", ["approved_by", "approved_at", "approved_on"])
    accept_entries(report)
    return report


@transaction.atomic
def return_report(*, report: ProgressReport, actor, reason: str, version: int | None = None) -> ProgressReport:
    """Send the report back with a reason. Raises Refused without one, StaleVersion as `approve_report` does."""
    report = locked_report(report)
    require_action(report, actor, ReportAction.RETURN)
    _require_version(report, version)
    if not reason.strip():
        raise Refused("请填写退回原因。", code="reason_required")
    report.return_reason = reason.strip()
    return _move(report, actor, ReportAction.RETURN, "report.return", ["return_reason"], note=report.return_reason)


@transaction.atomic
def correct_report(*, report: ProgressReport, actor, reason: str) -> ProgressReport:
    """Open a new revision of an approved report, with its values, and return that draft.

    The approved one stays in force until the correction is approved.
    """
    report = locked_report(report)
    require_action(report, actor, ReportAction.CORRECT)
    if not reason.strip():
        raise Refused("请填写更正原因。", code="reason_required")
    draft = ProgressReport.objects.create(
        task=report.task,
        org_unit=report.org_unit,
        period=report.period,
        revision=report.revision + 1,
        corrects=report,
        correction_reason=reason.strip(),
        **{name: getattr(report, name) for name in TEXTS},
        **_defaults(actor),
    )
    Entry.objects.bulk_create(
        Entry(report=draft, target_id=entry.target_id, **{name: getattr(entry, name) for name in AMOUNTS})
        for entry in report.entries.all()
    )
    _copy_evidence(report, draft)
    audit.record(action="report.correct", actor=actor, row=draft, note=draft.correction_reason)
    return draft


def _copy_evidence(source: ProgressReport, draft: ProgressReport) -> None:
    """Let the correction show the same files; the stored file is shared, its row is not."""
    for evidence in source.evidence.kept():
        Evidence.objects.create(
            report=draft,
            **{
                f.name: getattr(evidence, f.name)
                for f in Evidence._meta.concrete_fields
                if f.name not in ("id", "report")
            },
        )


@transaction.atomic
def discard_report(*, report: ProgressReport, actor) -> None:
    """Delete a draft that was never handed in, with its entries.

    Raises Refused where evidence hangs on it that is not a copy of the corrected report's.
    """
    report = locked_report(report)
    require_action(report, actor, ReportAction.DISCARD)
    copied = report.corrects.evidence.values("file") if report.corrects else []
    own = report.evidence.exclude(file__in=copied)
    if own.kept().exists():
        raise Refused("请先移除已上传的佐证材料，再撤销草稿。", code="has_evidence")
    audit.record(
        action="report.discard",
        actor=actor,
        row=report,
        before=audit.snapshot(report) | _amounts(stored_entries(report)),
    )
    forget_files(own)
    report.evidence.all().delete()
    report.delete()


def locked_report(report: ProgressReport) -> ProgressReport:
    """Read the report again under a row lock (SQLite: the write transaction is alone anyway)."""
    rows = ProgressReport.objects.select_related(
        "task__section", "task__plan__bureau", "org_unit", "period", "saved_by", "corrects"
    )
    found = read_locked(rows, report.pk).first()
    if found is None:
        raise Refused("这份填报已被撤销。", code="gone")
    return found


def require_action(report: ProgressReport, actor, action: ReportAction) -> None:
    refused = refusal(report, actor, action, held_rights(report, actor))
    if refused:
        raise refused


def _require_version(report: ProgressReport, version: int | None) -> None:
    if version is not None and report.version != version:
        raise StaleVersion(report)


def claim_version(report: ProgressReport, version: int, actor) -> None:
    """Raise the version if it is still the one the user read; tell the user otherwise."""
    _require_version(report, version)
    raised = {"version": version + 1, "saved_by": actor, "saved_at": timezone.now()}
    if not ProgressReport.objects.filter(pk=report.pk, version=version).update(**raised):
        raise StaleVersion(report)
    for name, value in raised.items():
        setattr(report, name, value)


def _move(report, actor, action: ReportAction, event: str, fields: list[str], note: str = "") -> ProgressReport:
    before = {"status": report.status}
    report.status = TRANSITIONS[action].target
    report.save(update_fields=["status", *fields])
    audit.record(action=event, actor=actor, row=report, before=before, after={"status": report.status}, note=note)
    return report


def stored_entries(report: ProgressReport) -> dict[int, Entry]:
    """Return the entries of the report by target id."""
    return {entry.target_id: entry for entry in report.entries.select_related("target")}


def _store_entries(stored: dict[int, Entry], typed: dict[int, EntryInput]) -> None:
    """Write the typed entries of targets that belong to this report; others are refused, not ignored."""
    foreign = typed.keys() - stored.keys()
    if foreign:
        raise Refused("提交的数据包含不属于这份填报的目标。", code="foreign_target")
    impossible = storable(typed, stored)
    if impossible:
        raise EntriesInvalid(impossible)
    for target_id, values in typed.items():
        entry = stored[target_id]
        if _set_amounts(entry, values):
            entry.save(update_fields=AMOUNTS)


def _set_amounts(entry: Entry, values: EntryInput) -> bool:
    """Take over what was typed, as the database will hold it; what registers have filled in stays. Say whether it differs."""
    before = [getattr(entry, name) for name in AMOUNTS]
    for name in AMOUNTS:
        if not (entry.target.is_computed and name in FILLED):
            typed = getattr(values, name)
            setattr(entry, name, as_stored(typed) if isinstance(typed, Decimal) else typed)
    return before != [getattr(entry, name) for name in AMOUNTS]


def _amounts(stored: dict[int, Entry]) -> dict:
    """Return the entries as a flat snapshot, one key per target code."""
    return {entry.target.code: audit.snapshot(entry, list(AMOUNTS)) for entry in stored.values()}
