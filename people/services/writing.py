"""How a checked person is written into a row, and what every act on people has to ask first."""

from datetime import datetime
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from accounts.enums import Right, UnitKind
from accounts.fields import seal
from accounts.locks import read_locked
from accounts.models import OrgUnit, User
from workplan import clock

from ..errors import PersonRefused, StalePerson
from ..models import Person
from ..rules.numbers import tail_of
from ..rules.persons import CheckedPerson, PersonInput, PersonInvalid, check_person
from .finding import id_digest, phone_digest

RESIDENCES = (
    UnitKind.STREET,
    UnitKind.TOWN,
    UnitKind.TOWNSHIP,
    UnitKind.ETHNIC_TOWNSHIP,
    UnitKind.VILLAGE,
    UnitKind.COMMUNITY,
)
NUMBER, PHONE = Person._meta.get_field("id_number"), Person._meta.get_field("phone")
MISMATCH = "姓名与证件号不一致，请核对。"
NOT_HERE = "不能登记居住在该单位的人员，请选择本辖区的乡镇（街道）、村或社区。"


def checked_or_refuse(typed: PersonInput) -> CheckedPerson:
    """Return the person in checked form. Raises PersonRefused."""
    try:
        return check_person(typed, clock.today())
    except PersonInvalid as invalid:
        raise PersonRefused(invalid.errors) from None


def residences_of(user: User | None):
    """Return the units where the user may register people: townships and below, in use, where he keeps a register."""
    places = OrgUnit.objects.filter(kind__in=RESIDENCES).valid_on(clock.today())
    if user is None:
        return places
    below = Q(pk__in=[])
    for grant in user.scope.with_right(Right.RECORD_WRITE):
        below |= Q(path__startswith=grant.unit_path)
    return places.filter(below)


def require_residence(actor: User | None, residence: OrgUnit) -> None:
    """Raise PersonRefused where the actor may not register people of the unit. No actor is the portal itself."""
    if not residences_of(actor).filter(pk=residence.pk).exists():
        raise PersonRefused({"residence": NOT_HERE})


def write_identity(person: Person, checked: CheckedPerson) -> None:
    """Put what was checked into the row, without saving it."""
    person.name, person.name_initials = checked.name, checked.initials
    person.sex, person.birth_date = checked.sex, checked.birth_date
    write_number(person, checked.id_kind, checked.id_number)
    write_phone(person, checked.phone)


def write_number(person: Person, kind: str, number: str) -> None:
    person.id_kind, person.id_tail = kind, tail_of(number)
    person.id_digest = id_digest(kind, number)
    seal(person, "id_number", number)


def write_phone(person: Person, phone: str) -> None:
    person.phone_digest, person.phone_tail = phone_digest(phone), tail_of(phone)
    seal(person, "phone", phone)


# The columns of a new person that bulk writing fills, in the order of `new_row`.
NEW_COLUMNS = (
    "uid", "name", "name_initials", "id_kind", "id_number", "id_digest", "id_tail", "sex", "birth_date", "phone",
    "phone_digest", "phone_tail", "residence_id", "relation", "version", "created_by_id", "created_at", "changed_at",
)  # fmt: skip


def new_row(checked: CheckedPerson, digest: str, residence_id: int, actor_id: int | None, now: datetime) -> tuple:
    """Return the values of NEW_COLUMNS for somebody new: what `write_identity` writes, without a model instance.

    digest: that of the number, which looking for the person has taken already.
    """
    uid, number, phone = uuid4(), checked.id_number, checked.phone
    return (
        uid,
        checked.name,
        checked.initials,
        checked.id_kind,
        NUMBER.seal(number, uid),
        digest,
        tail_of(number),
        checked.sex,
        checked.birth_date,
        PHONE.seal(phone, uid),
        phone_digest(phone),
        tail_of(phone),
        residence_id,
        "",
        1,
        actor_id,
        now,
        now,
    )


def locked(person: Person, version: int | None = None) -> Person:
    """Return the row, locked until the transaction ends. Raises StalePerson where it is not of that version any more."""
    row = read_locked(Person.objects.select_related("residence", "household"), person.pk).get()
    if version is not None and row.version != version:
        raise StalePerson()
    return row


def save_changed(person: Person) -> None:
    """Save the row with the next version."""
    person.version += 1
    person.changed_at = timezone.now()
    person.save()


def labels_of(names) -> list[str]:
    """Return the Chinese names of fields: logs say which fields changed, never from what to what."""
    return [str(Person._meta.get_field(name).verbose_name) for name in names]
