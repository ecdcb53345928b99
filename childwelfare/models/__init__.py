"""Child welfare: the section's view of the plan, and its registers."""

from .children import Assessment, Benefit, Child, Guardianship, Visit
from .forces import ChildDirector, Event, Organisation, Partner
from .plan import Target, Task
from .work import Attendance, Casework, GroupSession, Screening

__all__ = [
    "Assessment",
    "Attendance",
    "Benefit",
    "Casework",
    "Child",
    "ChildDirector",
    "Event",
    "GroupSession",
    "Guardianship",
    "Organisation",
    "Partner",
    "Screening",
    "Target",
    "Task",
    "Visit",
]
