"""The fixed words of identity documents and sex, without Django, so that rules can use them. `people.enums` gives them labels."""

from enum import StrEnum


class IdKind(StrEnum):
    """Kinds of identity documents."""

    RESIDENT = "resident"
    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    OTHER = "other"
    NONE = "none"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNKNOWN = ""
