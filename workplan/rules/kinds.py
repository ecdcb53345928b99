"""The words of the number rules (DESIGN rules 1, 3, 7), each with its Chinese label."""

from enum import StrEnum


class Labelled(StrEnum):
    """A string enum whose members carry a Chinese label."""

    def __new__(cls, value: str, label: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (value, label) pairs, as Django's fields want them."""
        return [(member.value, member.label) for member in cls]


class TargetKind(Labelled):
    COUNT = "count", "数量"
    RATE = "rate", "比率"
    COVERAGE = "coverage", "覆盖"
    CEILING = "ceiling", "控制上限"
    MILESTONE = "milestone", "节点"
    RECURRING = "recurring", "频次"


class Strength(Labelled):
    HARD = "hard", "硬指标"
    DELIVERABLE = "deliverable", "交付物"
    TRACKED = "tracked", "跟踪"


class Comparator(Labelled):
    GE = ">=", "不低于"
    GT = ">", "高于"
    EQ = "=", "达到"
    LE = "<=", "不超过"
    LT = "<", "低于"


class PaceCurve(Labelled):
    LINEAR = "linear", "均匀推进"
    MONTHLY = "monthly", "按月分配"
    STEPS = "steps", "按节点"
    AT_END = "at_end", "期末完成"


class Recurrence(Labelled):
    NONE = "none", "不定期"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    YEARLY = "yearly", "每年"


class Light(Labelled):
    DONE = "done", "完成"
    DONE_LATE = "done_late", "逾期完成"
    ON_PACE = "on_pace", "正常"
    BEHIND = "behind", "滞后"
    RED = "red", "红灯"
    NOT_REPORTED = "not_reported", "未报"
    NOT_STARTED = "not_started", "未启动"
    UNLIT = "unlit", "不亮灯"


class Reason(Labelled):
    """Why a target has its light."""

    TRACKED = "tracked", "跟踪类目标，不亮灯"
    NOT_APPLICABLE = "not_applicable", "分母为零，不适用"
    NO_GOAL = "no_goal", "未设目标值"
    CEILING_BREACHED = "ceiling_breached", "突破上限"
    NO_ZERO_REPORT = "no_zero_report", "缺少零报告"
    WITHIN_CEILING = "within_ceiling", "未突破上限"
    NO_REPORT = "no_report", "到期未报"
    NOT_DUE_YET = "not_due_yet", "尚未到填报期"
    OVERDUE = "overdue", "逾期未完成"
    GOAL_MET = "goal_met", "已达目标"
    GOAL_MET_LATE = "goal_met_late", "逾期后达到目标"
    NO_DUE_DATE = "no_due_date", "未定时限"
    WITHIN_PACE = "within_pace", "达到序时进度"
    BEHIND_PACE = "behind_pace", "落后序时进度"
    FAR_BEHIND = "far_behind", "严重落后序时进度"


def is_flow(kind: TargetKind) -> bool:
    """Say whether an entry states what happened in its period; else it states the year's total so far."""
    return kind in (TargetKind.CEILING, TargetKind.RECURRING)
