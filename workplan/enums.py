"""The fixed words of the workflow. The words of the number rules are in `workplan.rules.kinds`."""

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已结束"


class AssignmentRole(TextChoices):
    """Who does what on a task: the first unit named leads, others co-operate, townships report."""

    LEAD = "lead", "牵头"
    COOPERATE = "cooperate", "配合"
    REPORT = "report", "填报"


class PeriodKind(TextChoices):
    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    HALF_YEAR = "half_year", "半年报"
    YEAR = "year", "年报"


class ReportStatus(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"


OPEN_STATUSES = (ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.RETURNED)
EDITABLE_STATUSES = (ReportStatus.DRAFT, ReportStatus.RETURNED)


class ReportAction(TextChoices):
    """What can be done to a report; `workplan.workflow` says when and by whom."""

    SAVE = "save", "保存"
    SUBMIT = "submit", "提交"
    DISCARD = "discard", "撤销草稿"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回"
    CORRECT = "correct", "更正"


class DutyState(TextChoices):
    """How a report that is owed stands; a list can be filtered by it."""

    HANDED_IN = "handed_in", "已报送"
    ON_TIME = "on_time", "按期报送"
    LATE = "late", "逾期报送"
    MISSING = "missing", "逾期未报"
    WAITING = "waiting", "未到截止日"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
