"""Social assistance: the section's view of the plan, and its registers."""

from .aid import AidStandard, LowIncomePerson, Mechanism, Referral, ReserveEntry, TemporaryAid
from .discovery import DiscoveryVillage, DiscoveryVisit
from .extremely_poor import CareAgreement, ExtremelyPoor, SelfCareAssessment, ServiceVisit
from .plan import Target, Task

__all__ = [
    "AidStandard",
    "CareAgreement",
    "DiscoveryVillage",
    "DiscoveryVisit",
    "ExtremelyPoor",
    "LowIncomePerson",
    "Mechanism",
    "Referral",
    "ReserveEntry",
    "SelfCareAssessment",
    "ServiceVisit",
    "Target",
    "Task",
    "TemporaryAid",
]
