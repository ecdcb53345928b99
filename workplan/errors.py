"""Refusals of the workflow. `Refused` itself comes from accounts, so that one handler answers for both."""

from django.utils import timezone

from accounts.errors import Refused

__all__ = ["EntriesInvalid", "PeriodClosed", "Refused", "StaleVersion"]


class StaleVersion(Refused):
    """Somebody else saved in the meantime. Carries the stored report so that both texts can be shown."""

    code = "stale"

    def __init__(self, report):
        saved_at = timezone.localtime(report.saved_at)
        super().__init__(f"{report.saved_by} 已于 {saved_at:%m-%d %H:%M} 保存过这份填报，您的修改尚未写入。")
        self.report = report


class PeriodClosed(Refused):
    """The period takes no more reports and no unlock is in force."""

    code = "period_closed"


class EntriesInvalid(Refused):
    """Values that may not be submitted. `problems` maps target id to a list of `rules.entries.Problem`."""

    code = "invalid_entries"

    def __init__(self, problems: dict[int, list]):
        count = sum(len(found) for found in problems.values())
        super().__init__(f"有 {count} 处需要修改后才能提交。")
        self.problems = problems
