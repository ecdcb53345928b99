"""Corrections of what is known about people: identity, household, residence."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import Right
from accounts.errors import Refused
from accounts.fields import unseal
from accounts.models import OrgUnit, User
from workplan.services.measuring import refresh_models

from ..enums import Relation
from ..errors import PersonRefused
from ..models import Household, Person
from ..rules.persons import PersonInput
from .finding import find_by_digest
from .writing import checked_or_refuse, labels_of, locked, require_residence, save_changed, write_identity

TAKEN = "该证件号码已登记在另一人名下；如为同一人，请办理合并。"
SHOWN = ("name", "id_kind", "id_digest", "sex", "birth_date", "phone_digest", "household_id", "relation")


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What the form of a person says. None keeps the number, phone or household that is stored; "" clears it."""

    name: str
    id_kind: str
    sex: str = ""
    birth_date: object = None
    id_number: str | None = None
    phone: str | None = None
    household_code: str | None = None
    relation: str = ""


def require_writer(actor: User | None, person: Person) -> None:
    """Raise Refused where the actor may not change the person."""
    if actor is not None and not Person.objects.visible_to(actor, Right.RECORD_WRITE).filter(pk=person.pk).exists():
        raise Refused("您没有修改该服务对象的权限。", code="forbidden")


@transaction.atomic
def change_person(*, actor: User | None, person: Person, version: int, change: PersonChange) -> Person:
    """Correct what is known about a person.

    Raises PersonRefused with the fields that are wrong, StalePerson where somebody else saved since `version` was read.
    """
    require_writer(actor, person)
    person = locked(person, version)
    _require_standing(person)
    before = {name: getattr(person, name) for name in SHOWN}
    number = unseal(person, "id_number") if change.id_number is None else change.id_number
    phone = unseal(person, "phone") if change.phone is None else change.phone
    typed = PersonInput(change.name, change.id_kind, number, change.sex, change.birth_date, phone)
    write_identity(person, checked_or_refuse(typed))
    _require_free_number(person)
    if change.household_code is not None:
        _place(person, change.household_code.strip(), change.relation)
    _save(person)
    changed = [name.removesuffix("_id") for name, value in before.items() if getattr(person, name) != value]
    if changed:
        audit.record(action="person.change", actor=actor, row=person, after={"changed": labels_of(changed)})
        refresh_models([Person])  # measures that ask for the age
    return person


def _require_standing(person: Person) -> None:
    if person.merged_into_id is not None:
        raise Refused("该服务对象已并入另一人，不能再修改。", code="merged")


def _require_free_number(person: Person) -> None:
    other = find_by_digest(person.id_digest)
    if other is not None and other.pk != person.pk:
        raise PersonRefused({"id_number": TAKEN})


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            save_changed(person)
    except IntegrityError:  # taken between the check and the writing
        _require_free_number(person)
        raise PersonRefused({"relation": "该户已有户主。"}) from None


def _place(person: Person, code: str, relation: str) -> None:
    """Put the person into the household of the code, made where there is none; out of any for an empty code."""
    if not code:
        if relation:
            raise PersonRefused({"relation": "未填写户号时不选择与户主关系。"})
        person.household, person.relation = None, ""
        return
    if len(code) > Household._meta.get_field("code").max_length:
        raise PersonRefused({"household_code": "户号过长。"})
    household, _ = Household.objects.get_or_create(
        bureau=bureau_of(person.residence), code=code, defaults={"org_unit": person.residence}
    )
    if (
        relation == Relation.HEAD
        and household.members.current().filter(relation=relation).exclude(pk=person.pk).exists()
    ):
        raise PersonRefused({"relation": "该户已有户主。"})
    person.household, person.relation = household, relation


def bureau_of(unit: OrgUnit) -> OrgUnit:
    """Return the bureau that a township or village belongs to."""
    while unit.parent is not None and not unit.is_township:
        unit = unit.parent
    return unit.parent or unit


@transaction.atomic
def move_person(*, actor: User | None, person: Person, version: int, residence: OrgUnit) -> Person:
    """Note that a person lives elsewhere now. Records stay with the units that keep them.

    A move out of the own units is allowed: the person is then seen by those who keep the registers there. Raises PersonRefused
    where the new unit is none that people live in, or none of the bureau.
    """
    require_writer(actor, person)
    person = locked(person, version)
    _require_standing(person)
    require_residence(None, residence)
    if bureau_of(residence).pk != bureau_of(person.residence).pk:
        raise PersonRefused({"residence": "只能改到本局的乡镇（街道）、村或社区。"})
    before, person.residence = person.residence, residence
    save_changed(person)
    audit.record(
        action="person.move",
        actor=actor,
        row=person,
        before={"residence": before.code},
        after={"residence": residence.code},
    )
    return person
