"""Key projects: the section's view of the plan, and its registers."""

from .plan import Target, Task
from .projects import Cooperation, CrossCount, CrossMatter, DigitalItem, Pilot
from .safety import Accident, Document, Inspection, OpinionIncident, Petition

__all__ = [
    "Accident",
    "Cooperation",
    "CrossCount",
    "CrossMatter",
    "DigitalItem",
    "Document",
    "Inspection",
    "OpinionIncident",
    "Petition",
    "Pilot",
    "Target",
    "Task",
]
