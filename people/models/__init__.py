from .persons import Household, Person
from .reveals import NotDuplicate, Reveal

__all__ = ["Household", "NotDuplicate", "Person", "Reveal"]
