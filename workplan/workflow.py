"""The states of a report and what leads from one to another: one table for buttons, API and tests."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import Right

from . import clock
from .enums import EDITABLE_STATUSES, PlanStatus, ReportAction, ReportStatus
from .errors import Refused
from .models import ProgressReport, Unlock


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: `action` leads from any of `sources` to `target` for holders of `right`."""

    action: ReportAction
    sources: tuple[ReportStatus, ...]
    target: ReportStatus | None
    right: Right


TRANSITIONS: dict[ReportAction, Transition] = {
    row.action: row
    for row in (
        Transition(ReportAction.SAVE, EDITABLE_STATUSES, None, Right.REPORT_WRITE),
        Transition(ReportAction.SUBMIT, EDITABLE_STATUSES, ReportStatus.SUBMITTED, Right.REPORT_WRITE),
        Transition(ReportAction.DISCARD, EDITABLE_STATUSES, None, Right.REPORT_WRITE),
        Transition(ReportAction.APPROVE, (ReportStatus.SUBMITTED,), ReportStatus.APPROVED, Right.REPORT_REVIEW),
        Transition(ReportAction.RETURN, (ReportStatus.SUBMITTED,), ReportStatus.RETURNED, Right.REPORT_REVIEW),
        Transition(ReportAction.CORRECT, (ReportStatus.APPROVED,), None, Right.REPORT_WRITE),
    )
}

WRITING = frozenset({ReportAction.SAVE, ReportAction.SUBMIT, ReportAction.CORRECT})


def available_actions(report: ProgressReport, user) -> list[ReportAction]:
    """Return what `user` may do to the report now, in the order of the table."""
    return _possible(report, user, held_rights(report, user))


def with_unlock(reports: QuerySet) -> QuerySet:
    """Annotate reports with whether an unlock is in force for them, so that lists need not ask for each."""
    unlocks = Unlock.objects.in_force(clock.today()).filter(
        org_unit=OuterRef("org_unit"), period=OuterRef("period"), app=OuterRef("task__section__app")
    )
    return reports.annotate(unlocked=Exists(unlocks))


def actions_by_report(reports: Iterable[ProgressReport], user) -> dict[int, list[ReportAction]]:
    """Return `available_actions` of many reports by id, with one statement per right.

    The reports come from `with_unlock` and with `correction` loaded.
    """
    reports = list(reports)
    holders = {
        right: set(
            ProgressReport.objects.visible_to(user, right)
            .filter(pk__in=[report.pk for report in reports])
            .values_list("pk", flat=True)
        )
        for right in {row.right for row in TRANSITIONS.values()}
    }
    rights = {report.pk: {right for right, pks in holders.items() if report.pk in pks} for report in reports}
    return {report.pk: _possible(report, user, rights[report.pk]) for report in reports}


def _possible(report: ProgressReport, user, rights: set[str]) -> list[ReportAction]:
    return [action for action in TRANSITIONS if refusal(report, user, action, rights) is None]


def held_rights(report: ProgressReport, user) -> set[str]:
    """Return which of the workflow's rights the user holds on this report."""
    wanted = {row.right for row in TRANSITIONS.values()} & {r for g in user.scope.grants for r in g.rights}
    return {r for r in wanted if ProgressReport.objects.visible_to(user, r).filter(pk=report.pk).exists()}


def refusal(report: ProgressReport, user, action: ReportAction, rights: set[str]) -> Refused | None:
    """Return why the action is not possible now, or None. Order: state, own work, period."""
    row = TRANSITIONS[action]
    if row.right not in rights:
        return Refused("您没有进行此操作的权限。", code="forbidden")
    if report.task.plan.status == PlanStatus.CLOSED:
        return Refused("该年度工作要点已结束，填报不能再变动。", code="plan_closed")
    if report.status not in row.sources:
        return Refused(f"该填报当前为“{report.get_status_display()}”，不能{action.label}。", code="wrong_state")
    if action == ReportAction.DISCARD and report.submitted_on:
        return Refused("已提交过的填报不能撤销，请修改后重新提交。", code="wrong_state")
    if action == ReportAction.CORRECT and hasattr(report, "correction"):
        return Refused("该填报已有更正，请在最新版次上操作。", code="superseded")
    if row.right == Right.REPORT_REVIEW and user.pk in (report.submitted_by_id, report.drafted_by_id):
        return Refused("不能审核本人填报或提交的内容。", code="own_report")
    if action in WRITING:
        return period_refusal(report)
    return None


def period_refusal(report: ProgressReport) -> Refused | None:
    """Say why the report's period takes no writing today, or None. A returned report may always be mended."""
    today = clock.today()
    if report.period.start > today:
        return Refused(f"{report.period}尚未开始，不能填报。", code="period_not_open")
    if report.period.closes >= today or report.status == ReportStatus.RETURNED:
        return None
    if _is_unlocked(report):
        return None
    return Refused(
        f"{report.period}已于 {report.period.closes:%m月%d日} 关闭，请联系科室开放补报。", code="period_closed"
    )


def _is_unlocked(report: ProgressReport) -> bool:
    if hasattr(report, "unlocked"):  # asked for the whole list by `with_unlock`
        return report.unlocked
    unlocks = Unlock.objects.in_force(clock.today())
    return unlocks.filter(org_unit=report.org_unit_id, period=report.period_id, app=report.task.section.app).exists()
