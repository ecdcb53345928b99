"""What the tests of people share: two registers about people that exist for these tests only, and a few people."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from accounts.enums import UnitKind
from people.models import PersonRecord
from people.purposes import Purpose
from people.rules.kinds import IdKind
from people.rules.persons import PersonInput
from people.services.enrolling import enrol_person
from tests import factories as make
from tests.cast import TODAY
from workplan.enums import Privacy
from workplan.models import Register
from workplan.registers import registry

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIELDS = ("org_unit", "person", "happened_on", "note")


def id_number(serial: int, born: date = date(1949, 12, 31), place: int = 500232) -> str:
    """Return a rightly built resident ID number."""
    body = f"{place}{born:%Y%m%d}{serial:03}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def make_registers() -> dict[str, type[PersonRecord]]:
    class Visit(PersonRecord):
        purpose = Purpose("测试")
        register = Register(columns=("person", "person_id_number"), fields=FIELDS, privacy=Privacy.PERSONS)

        class Meta(PersonRecord.Meta):
            app_label = "eldercare"
            verbose_name = verbose_name_plural = "测试探访"

    class Care(PersonRecord):
        purpose = Purpose("测试")
        guardian = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
        once = models.BooleanField(default=False)
        register = Register(
            columns=("person",), fields=("org_unit", "person", "guardian", "happened_on"), privacy=Privacy.SENSITIVE
        )

        class Meta(PersonRecord.Meta):
            app_label = "funeral"
            verbose_name = verbose_name_plural = "测试照护"
            constraints = [
                *PersonRecord.Meta.constraints,
                models.UniqueConstraint(fields=["person"], condition=models.Q(once=True), name="test_care_once"),
            ]

    return {"visit": Visit, "care": Care}


def forget(*names: tuple[str, str]) -> None:
    for app, name in names:
        apps.all_models[app].pop(name, None)
    apps.clear_cache()
    registry.registers.cache_clear()


@pytest.fixture(scope="package")
def register_models(django_db_setup, django_db_blocker):
    """Two registers: visits of elder care, and care of the funeral office as a stand-in for children's records.

    They join the project while these tests run, and leave no trace.
    """
    found = make_registers()
    registry.registers.cache_clear()
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in found.values():
                editor.create_model(model)
        yield found
        with connection.schema_editor() as editor:
            for model in found.values():
                editor.delete_model(model)
    forget(("eldercare", "visit"), ("funeral", "care"))


@pytest.fixture
def visit(register_models):
    return register_models["visit"]


@pytest.fixture
def care(register_models):
    return register_models["care"]


@pytest.fixture
def village(district):
    return make.OrgUnitFactory(code="D1001-01", name="甲一村", kind=UnitKind.VILLAGE, parent=district.township)


@pytest.fixture
def enrol(district, cast):
    """Enrol somebody: by default an old woman of the first township, with number and phone."""

    def enrol_one(name="王秀英", serial=2, *, unit=None, actor=None, phone="13800001234", **typed):
        kind = typed.pop("id_kind", IdKind.RESIDENT)
        number = typed.pop("number", id_number(serial) if kind == IdKind.RESIDENT else "")
        person = PersonInput(name, kind, number, phone=phone, **typed)
        return enrol_person(actor=actor, residence=unit or district.township, typed=person)

    return enrol_one


@pytest.fixture
def note(district, cast):
    """Write a record about a person into a register."""

    def note_record(model, person, *, unit=None, on=TODAY, **values):
        return model.objects.create(
            person=person,
            org_unit=unit or district.township,
            happened_on=on,
            created_by=cast.liaison,
            created_at=timezone.now(),
            changed_at=timezone.now(),
            **values,
        )

    return note_record
