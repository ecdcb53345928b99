from .amendments import Amendment, AmendmentLine, replaced_since
from .attachments import Attachment
from .extensions import ReportExtension
from .figures import Figure
from .imports import ImportBatch
from .intake import Intake
from .jobs import Job
from .loading import LoadedRow
from .messages import Delivery, Leave, Message, NoticeSetting
from .parts import Allocation, Assignment
from .plan import PaceStep, Plan, Reading, Section, Target, Task
from .problems import Problem
from .records import (
    AT_OFFICE,
    IN_TOWNSHIPS,
    Expiry,
    Record,
    Register,
    expiry,
    not_before,
    once,
    steps_follow,
)
from .remarks import Remark
from .reminders import ReminderRule, Urge
from .reporting import Entry, Evidence, Period, PeriodRule, ProgressReport, Unlock
from .requests import AdHocAnswer, AdHocField, AdHocRequest, AdHocValue
from .rollup import RollupFile, RollupReport, RollupTemplate
from .spotchecks import Finding, SpotCheck, SpotCheckItem
from .supervision import (
    Extension,
    SupervisionAct,
    SupervisionFile,
    SupervisionOrder,
    SupervisionStep,
)
from .system import Heartbeat
from .totals import ShareTotal, TargetTotal
from .workdays import CalendarDay

__all__ = [
    "AT_OFFICE",
    "IN_TOWNSHIPS",
    "AdHocAnswer",
    "AdHocField",
    "AdHocRequest",
    "AdHocValue",
    "Allocation",
    "Amendment",
    "AmendmentLine",
    "Assignment",
    "Attachment",
    "CalendarDay",
    "Delivery",
    "Entry",
    "Evidence",
    "Expiry",
    "Extension",
    "Figure",
    "Finding",
    "Heartbeat",
    "ImportBatch",
    "Intake",
    "Job",
    "Leave",
    "LoadedRow",
    "Message",
    "NoticeSetting",
    "PaceStep",
    "Period",
    "PeriodRule",
    "Plan",
    "Problem",
    "ProgressReport",
    "Reading",
    "Record",
    "Register",
    "Remark",
    "ReminderRule",
    "ReportExtension",
    "RollupFile",
    "RollupReport",
    "RollupTemplate",
    "Section",
    "ShareTotal",
    "SpotCheck",
    "SpotCheckItem",
    "SupervisionAct",
    "SupervisionFile",
    "SupervisionOrder",
    "SupervisionStep",
    "Target",
    "TargetTotal",
    "Task",
    "Unlock",
    "Urge",
    "expiry",
    "not_before",
    "once",
    "replaced_since",
    "steps_follow",
]
