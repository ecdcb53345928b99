from .audit import Event, Seal
from .keys import KeyCheck
from .tokens import ApiToken, CalendarFeed
from .units import OrgUnit, Remit, Succession
from .users import Membership, User

__all__ = [
    "ApiToken",
    "CalendarFeed",
    "Event",
    "KeyCheck",
    "Membership",
    "OrgUnit",
    "Remit",
    "Seal",
    "Succession",
    "User",
]
