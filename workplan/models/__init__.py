from .figures import Figure
from .loading import LoadedRow
from .plan import Allocation, Assignment, PaceStep, Plan, Reading, Section, Target, Task
from .reporting import Entry, Evidence, Period, PeriodRule, ProgressReport, Unlock
from .system import Heartbeat

__all__ = [
    "Allocation",
    "Assignment",
    "Entry",
    "Evidence",
    "Figure",
    "Heartbeat",
    "LoadedRow",
    "PaceStep",
    "Period",
    "PeriodRule",
    "Plan",
    "ProgressReport",
    "Reading",
    "Section",
    "Target",
    "Task",
    "Unlock",
]
