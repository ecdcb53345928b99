"""People come into the portal: one at a time from forms, thousands at a time from files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.bulk import insert_rows, reserve_ids
from accounts.locks import exclusive
from accounts.models import OrgUnit, User

from ..enums import IdKind
from ..errors import PersonRefused
from ..models import Person
from ..rules.persons import CheckedPerson, PersonInput
from .finding import find_by_digest, id_digest, standing_of
from .writing import (
    MISMATCH,
    NEW_COLUMNS,
    checked_or_refuse,
    labels_of,
    locked,
    new_row,
    require_residence,
    save_changed,
    write_identity,
    write_phone,
)

TRIES = 3  # how often a chunk is resolved again because somebody else enrolled one of its people meanwhile

# Two files that name the same people in another order would wait for each other for ever.
ONE_AT_A_TIME = "enrol-people"


@transaction.atomic
def enrol_person(*, actor: User | None, residence: OrgUnit, typed: PersonInput) -> Person:
    """Return the human being that was typed: found by the document number, else made.

    Somebody who is there already stays where he lives; a phone is added where none was known. Without a document, somebody of
    the same name, birth date and residence is the same. Raises PersonRefused with the fields that are wrong.
    """
    checked = checked_or_refuse(typed)
    person = _known(checked, residence)
    if person is None:
        require_residence(actor, residence)
        person = _created(actor, residence, checked)
    if person.name != checked.name:
        raise PersonRefused({"name": MISMATCH})
    return _completed(actor, person, checked)


def _known(checked: CheckedPerson, residence: OrgUnit) -> Person | None:
    if checked.id_number:
        return find_by_digest(id_digest(checked.id_kind, checked.id_number))
    if checked.id_kind != IdKind.NONE or checked.birth_date is None:
        return None
    return (
        Person.objects.current()
        .filter(id_kind=IdKind.NONE, name=checked.name, birth_date=checked.birth_date, residence=residence)
        .order_by("pk")
        .first()
    )


def _created(actor: User | None, residence: OrgUnit, checked: CheckedPerson) -> Person:
    """Return a new row, or the one that somebody else made at the same time."""
    person = Person(residence=residence, created_by=actor)
    write_identity(person, checked)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        found = find_by_digest(person.id_digest)
        if found is None:
            raise
        return found
    audit.record(action="person.create", actor=actor, row=person)
    return person


def _completed(actor: User | None, person: Person, checked: CheckedPerson) -> Person:
    """Add a phone where none is known."""
    if not checked.phone or person.phone:
        return person
    person = locked(person)
    write_phone(person, checked.phone)
    save_changed(person)
    audit.record(action="person.change", actor=actor, row=person, after={"changed": labels_of(["phone"])})
    return person


class Enrolment(NamedTuple):
    """One row of a file: a checked person and the id of the unit where he lives, which the caller has checked."""

    person: CheckedPerson
    residence_id: int


@dataclass(slots=True)
class Known:
    """Somebody who has a row, or gets one. digest: of the document's number, of those who get one."""

    name: str
    pk: int | None = None
    digest: str = ""


@dataclass(slots=True)
class Enrolled:
    """What became of an Enrolment: the person, and whether this row makes him known, or the errors by field."""

    person: Known | None = None
    created: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person else None


def preview_people(rows: Sequence[Enrolment]) -> list[Enrolled]:
    """Return what `enrol_people` would make of the rows, without writing; new people have no id then."""
    return resolve(rows, {})[0]


@transaction.atomic
def enrol_people(*, actor: User | None, rows: Sequence[Enrolment]) -> list[Enrolled]:
    """Enrol a chunk of a file (some 5,000 rows) in a handful of statements; return the outcomes in the order of the rows.

    The same person twice in a chunk is one person. Writes one audit event for the chunk. Phones of people who are there already
    are not touched.
    """
    exclusive(ONE_AT_A_TIME)
    for attempt in range(TRIES):
        outcomes, new = resolve(rows, {})
        try:
            insert_people(actor, new)
            break
        except IntegrityError:  # somebody else enrolled one of them since: he is found now
            if attempt == TRIES - 1:
                raise
    made = {person.pk for person, _ in new}
    found = {o.person_id for o in outcomes if o.person} - made
    audit.record(
        action="person.create", actor=actor, after={"created": len(made), "found": len(found)}, note="批量登记"
    )
    return outcomes


def insert_people(actor: User | None, new: list[tuple[Known, Enrolment]]) -> None:
    """Write the new people and give them their ids. Raises IntegrityError where one of them has been registered since."""
    if not new:
        return
    now, actor_id = timezone.now(), actor.pk if actor else None
    ids = reserve_ids(Person, len(new))
    rows = [
        (pk, *new_row(row.person, person.digest, row.residence_id, actor_id, now))
        for pk, (person, row) in zip(ids, new, strict=True)
    ]
    insert_rows(Person, ("id", *NEW_COLUMNS), rows)
    for pk, (person, _) in zip(ids, new, strict=True):
        person.pk = pk


def resolve(rows: Sequence[Enrolment], met: dict) -> tuple[list[Enrolled], list[tuple[Known, Enrolment]]]:
    """Return an outcome for each row, and those who have to be made, each with the row that says so. Writes nothing.

    met: by what tells them again, people whom earlier rows would make; those of these rows are added.
    """
    keys = [_key(row) for row in rows]
    known = _known_by_key(rows, keys)
    outcomes, new = [], []
    for row, key in zip(rows, keys, strict=True):
        person = (known.get(key) or met.get(key)) if key else None
        created = person is None
        if created:
            person = Known(row.person.name, digest=key if isinstance(key, str) else "")
            new.append((person, row))
            if key:
                met[key] = person
        if person.name != row.person.name:
            outcomes.append(Enrolled(errors={"name": MISMATCH}))
        else:
            outcomes.append(Enrolled(person, created))
    return outcomes, new


def _key(row: Enrolment):
    """Return what tells the same person again: the digest of the document, else name, birth date and residence."""
    person = row.person
    if person.id_number:
        return id_digest(person.id_kind, person.id_number)
    if person.id_kind == IdKind.NONE and person.birth_date:
        return (person.name, person.birth_date, row.residence_id)
    return None


def _known_by_key(rows: Sequence[Enrolment], keys: list) -> dict:
    digests = [key for key in dict.fromkeys(keys) if isinstance(key, str)]
    known: dict = {}
    found = Person.objects.filter(id_digest__among=digests).exclude(id_digest="").order_by("pk")
    merged = []
    for found_by, pk, name, into in found.values_list("id_digest", "pk", "name", "merged_into"):
        if into is None:
            known[found_by] = Known(name, pk)
        else:
            merged.append(pk)
    for person in Person.objects.filter(pk__in=merged).select_related("merged_into").order_by("pk"):
        standing = standing_of(person)
        known.setdefault(person.id_digest, Known(standing.name, standing.pk))
    names = {row.person.name for row, key in zip(rows, keys, strict=True) if isinstance(key, tuple)}
    if names:
        bare = Person.objects.current().filter(id_kind=IdKind.NONE, name__in=names, birth_date__isnull=False)
        for person in bare.order_by("-pk"):
            known[person.name, person.birth_date, person.residence_id] = Known(person.name, person.pk)
    return known
