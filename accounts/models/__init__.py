from .audit import Event, Seal
from .tokens import ApiToken
from .units import OrgUnit, Remit, Succession
from .users import Membership, User

__all__ = ["ApiToken", "Event", "Membership", "OrgUnit", "Remit", "Seal", "Succession", "User"]
