from .attachments import Attachment
from .figures import Figure
from .imports import ImportBatch
from .jobs import Job
from .loading import LoadedRow
from .plan import Allocation, Assignment, PaceStep, Plan, Reading, Section, Target, Task
from .records import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once, steps_follow
from .reporting import Entry, Evidence, Period, PeriodRule, ProgressReport, Unlock
from .spotchecks import Finding, SpotCheck, SpotCheckItem
from .supervision import (
    Extension,
    Problem,
    SupervisionAct,
    SupervisionFile,
    SupervisionOrder,
    SupervisionStep,
)
from .system import Heartbeat

__all__ = [
    "AT_OFFICE",
    "IN_TOWNSHIPS",
    "Allocation",
    "Assignment",
    "Attachment",
    "Entry",
    "Evidence",
    "Extension",
    "Figure",
    "Finding",
    "Heartbeat",
    "ImportBatch",
    "Job",
    "LoadedRow",
    "PaceStep",
    "Period",
    "PeriodRule",
    "Plan",
    "Problem",
    "ProgressReport",
    "Reading",
    "Record",
    "Register",
    "Section",
    "SpotCheck",
    "SpotCheckItem",
    "SupervisionAct",
    "SupervisionFile",
    "SupervisionOrder",
    "SupervisionStep",
    "Target",
    "Task",
    "Unlock",
    "not_before",
    "once",
    "steps_follow",
]
