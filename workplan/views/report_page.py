"""The page of one report, put together once for reading, filling in and reviewing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.safestring import SafeString

from .. import clock
from ..assess import Assessment, assess, for_assessment
from ..due_days import due_day_of
from ..enums import OPEN_STATUSES, ReportAction, ReportStatus
from ..forms import EntryForm, ReportForms, plain
from ..lines import FieldLine
from ..models import Allocation, Entry, ProgressReport, Target
from ..rules.entries import Problem
from ..rules.kinds import TargetKind
from ..services.checks import amount_of, entries_with_previous, problems_in
from ..ui import format, marks, orders, remarks
from ..ui.present import stated_text
from ..workflow import available_actions
from .report_files import UPLOAD
from .report_history import history_of

# Puts what an entry states into words, as the reader of the page may see it.
Say = Callable[[Entry | None, Target], str]


@dataclass(slots=True)
class TargetCard:
    """One target of the report: what is asked, what was said before, and the inputs or the values."""

    pk: int
    code: str
    measure: str
    kind: str
    goal: str
    share: str
    previous: str
    repeatable: dict[str, str]
    pace: str
    light: SafeString | str
    note: str
    is_ratio: bool
    unit: str
    recorded: str
    values: list[tuple[str, str]]
    warnings: list[str]
    form: EntryForm | None = None
    lines: list[FieldLine] = field(default_factory=list)

    @property
    def has_aids(self) -> bool:
        return not self.recorded and (self.is_ratio or bool(self.repeatable))


def forms_of(report: ProgressReport, data=None) -> ReportForms:
    """Return the report's inputs, filled from the database and, where given, with what was typed."""
    entries = entries_with_previous([report])
    forms = ReportForms(report, entries, data)
    if data is None:
        forms.show(problems_in(entries, submitting=False))
    return forms


def page_of(report: ProgressReport, user, forms: ReportForms | None = None) -> dict:
    """Return everything the report's template shows. `forms`: what was just typed and could not be written."""
    actions = available_actions(report, user)
    writable = ReportAction.SAVE in actions
    forms = forms or forms_of(report)
    page = {
        "report": report,
        "returned": report.status == ReportStatus.RETURNED,
        "pending_correction": bool(report.corrects_id) and report.status in OPEN_STATUSES,
        "status": marks.status_mark(report.status),
        "deadline": deadline(report),
        "may_extend": writable and report.submitted_on is None and report.period.due >= clock.today(),
        "facts": _facts(report),
        "late": marks.LATE if report.late else None,
        "can": {action.value: True for action in actions},
        "forms": forms if writable else None,
        "mistakes": _mistakes(forms) if writable else [],
        "cards": _cards(report, user, forms, writable),
        "texts": _texts(report, forms, writable),
        "evidence": report.evidence.kept().select_related("target", "uploaded_by"),
        "upload": UPLOAD,
        "history": history_of(report),
        "revisions": _revisions(report),
        "orders": orders.rows_about(user, Q(report=report)),
        "remarks": remarks.rows_about(user, Q(report=report)),
        "may_remark": remarks.may_remark(user, report),
        "may_draft_order": orders.may_draft(user, report),
    }
    if ReportAction.APPROVE in actions:
        page |= {"queue": queue_around(report, user), "reasons": report.task.plan.reasons}
    return page


def _facts(report: ProgressReport) -> list[tuple[str, str]]:
    people = [("填报人", report.drafted_by), ("提交人", report.submitted_by), ("审核人", report.approved_by)]
    return [
        ("单位", report.org_unit.name),
        ("报告期", report.period.name),
        *((label, str(person)) for label, person in people if person),
    ]


def deadline(report: ProgressReport) -> str:
    """Say in words when the report is due, or how it was handed in."""
    today = clock.today()
    due = due_day_of(report, report.submitted_on or today)
    until = "延期至" if due > report.period.due else "截止"
    if report.submitted_on:
        when = f"首次提交 {format.day(report.submitted_on)}"
        return f"{when}，{marks.LATE if report.late else marks.ON_TIME}（{until} {format.day(due)}）"
    words = f"{until} {format.day(due)}，{format.days_left(due, today)}"
    return f"{words}；{format.day(report.period.closes)} 后关闭" if due < today <= report.period.closes else words


def _mistakes(forms: ReportForms) -> list[FieldLine]:
    """Return the lines with errors; the first one takes the focus."""
    found = forms.error_lines()
    if found:
        found[0].field.field.widget.attrs["autofocus"] = True
    return found


def _cards(report: ProgressReport, user, forms: ReportForms, writable: bool) -> list[TargetCard]:
    targets = [form.entry.target_id for form in forms.entries]
    standing = assess(for_assessment(Target.objects.filter(pk__in=targets)), on=clock.today(), unit=report.org_unit)
    by_target = {found.target.pk: found for found in standing}
    shares = dict(
        Allocation.objects.filter(org_unit=report.org_unit, target__in=targets).values_list("target", "amount")
    )
    problems = {} if writable else problems_in([form.entry for form in forms.entries], submitting=False)

    def say(entry: Entry | None, target: Target) -> str:
        return stated_text(user, amount_of(entry), target, report.org_unit)

    return [_card(form, by_target[form.entry.target_id], shares, problems, say, writable) for form in forms.entries]


def _card(form: EntryForm, standing: Assessment, shares: dict, problems: dict, say: Say, writable: bool) -> TargetCard:
    entry = form.entry
    target, share = entry.target, shares.get(entry.target_id)
    found: list[Problem] = problems.get(entry.target_id, [])
    return TargetCard(
        pk=target.pk,
        code=target.code,
        measure=target.measure,
        kind=TargetKind(target.kind).label,
        goal=format.goal(target.comparator, target.goal, target.unit),
        share=format.quantity(share, target.unit) if share else "",
        previous=previous_text(entry, say),
        repeatable=repeatable(entry),
        pace=pace_text(standing),
        light=marks.light_mark(standing.verdict.light).titled(standing.verdict.reason.label),
        note=target.note,
        is_ratio=target.is_ratio,
        unit=format.bare_unit(target.unit),
        recorded=say(entry, target) if target.is_computed else "",
        values=stated_values(entry, say),
        warnings=[problem.message for problem in found],
        form=form if writable else None,
        lines=form.lines() if writable else [],
    )


def pace_text(standing: Assessment) -> str:
    """Return what is expected by now; nothing for ceilings, whose limit is shown already."""
    expected = standing.verdict.expected
    if expected is None or standing.target.kind == TargetKind.CEILING:
        return ""
    return format.quantity(round(expected, 1), standing.target.unit)


def previous_text(entry: Entry, say: Say) -> str:
    """Return the last accepted amount before this period; for what is counted by period, that period's."""
    if entry.previous is None:
        return format.MISSING
    return f"{say(entry.previous, entry.target)}（{entry.previous.period.name}）"


def repeatable(entry: Entry) -> dict[str, str]:
    """Return the last accepted numbers by input, where no progress means the same total again."""
    if entry.previous is None or entry.target.is_flow or entry.target.is_computed:
        return {}
    names = ("numerator", "denominator") if entry.target.is_ratio else ("value",)
    return {name: plain(getattr(entry.previous, name)) for name in names}


def stated_values(entry: Entry, say: Say) -> list[tuple[str, str]]:
    found = [("零报告" if entry.zero_report else "填报值", say(entry, entry.target))]
    if entry.done_on:
        found.append(("完成日期", format.day(entry.done_on)))
    if entry.remark:
        found.append(("说明", entry.remark))
    return found


def _texts(report: ProgressReport, forms: ReportForms, writable: bool) -> list:
    if writable:
        return forms.texts.lines()
    return [
        (str(report._meta.get_field(name).verbose_name), getattr(report, name))
        for name in ("narrative", "problems", "next_steps")
    ]


def _revisions(report: ProgressReport) -> list[tuple[ProgressReport, SafeString]]:
    """Return all revisions, newest first; none where there is only this one."""
    found = ProgressReport.objects.filter(
        task=report.task_id, org_unit=report.org_unit_id, period=report.period_id
    ).order_by("-revision")
    rows = [(row, marks.status_mark(row.status).html) for row in found]
    return rows if len(rows) > 1 else []


def queue_around(report: ProgressReport, user) -> dict:
    """Return the place of the report in the user's queue, and the one that follows: after the last the first again.

    place: from 1, None where somebody has dealt with the report meanwhile; next: a report's id, None where none is left.
    """
    waiting = list(ProgressReport.objects.awaiting_review_by(user).values_list("pk", flat=True))
    place = waiting.index(report.pk) + 1 if report.pk in waiting else None
    others = waiting[place or 0 :] + waiting[: (place or 1) - 1]
    return {"place": place, "total": len(waiting), "next": others[0] if others else None}
