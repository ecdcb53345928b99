"""Finding people by their numbers, through digests: the numbers themselves are not readable in the database."""

from accounts.crypto import digest
from workplan import clock

from ..models import Person
from ..rules.numbers import read_id_number
from ..rules.typing import Unusable

MOST_MERGES = 20  # steps from a merged row to the one that stands


def id_digest(kind: str, number: str) -> str:
    """Return the digest of a checked document number; "" for none."""
    return digest(f"{kind}:{number}", "person.id_number") if number else ""


def phone_digest(number: str) -> str:
    """Return the digest of a checked telephone number; "" for none."""
    return digest(number, "person.phone") if number else ""


def find_person(id_kind: str, id_number: str) -> Person | None:
    """Return the human being with the document, whatever the scope, or None. A merged row leads to the one that stands.

    For services that have to know whether there is one; pages look among `Person.objects.visible_to`.
    """
    try:
        number = read_id_number(id_kind, id_number, clock.today())
    except Unusable:
        return None
    return find_by_digest(id_digest(id_kind, number.text))


def find_by_digest(found_by: str) -> Person | None:
    if not found_by:
        return None
    rows = Person.objects.filter(id_digest=found_by).order_by("pk")
    standing = rows.filter(merged_into__isnull=True).first() or rows.first()
    return standing_of(standing) if standing else None


def standing_of(person: Person) -> Person:
    """Return the row that stands for the person: the one that a merged row leads to in the end."""
    for _ in range(MOST_MERGES):
        if person.merged_into_id is None:
            return person
        person = person.merged_into
    return person
