from .attachments import Attachment
from .figures import Figure
from .imports import ImportBatch
from .jobs import Job
from .loading import LoadedRow
from .plan import Allocation, Assignment, PaceStep, Plan, Reading, Section, Target, Task
from .records import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once, steps_follow
from .reporting import Entry, Evidence, Period, PeriodRule, ProgressReport, Unlock
from .rollup import RollupFile, RollupReport, RollupTemplate
from .spotchecks import Finding, SpotCheck, SpotCheckItem
from .system import Heartbeat

__all__ = [
    "AT_OFFICE",
    "IN_TOWNSHIPS",
    "Allocation",
    "Assignment",
    "Attachment",
    "Entry",
    "Evidence",
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
    "ProgressReport",
    "Reading",
    "Record",
    "Register",
    "RollupFile",
    "RollupReport",
    "RollupTemplate",
    "Section",
    "SpotCheck",
    "SpotCheckItem",
    "Target",
    "Task",
    "Unlock",
    "not_before",
    "once",
    "steps_follow",
]
