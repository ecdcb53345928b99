from .persons import Household, Person
from .records import PersonRecord
from .reveals import NotDuplicate, Reveal

__all__ = ["Household", "NotDuplicate", "Person", "PersonRecord", "Reveal"]
