"""What the tests of people share: people, records about them, and a register that exists for these tests only."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from accounts.enums import UnitKind
from eldercare.models import Visit
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


def id_number(serial: int, born: date = date(1949, 12, 31), place: int = 500232) -> str:
    """Return a rightly built resident ID number."""
    body = f"{place}{born:%Y%m%d}{serial:03}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def make_register() -> type[PersonRecord]:
    class CareForTests(PersonRecord):
        guardian = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
        once = models.BooleanField(default=False)

        purpose = Purpose("测试")
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

    return CareForTests


@pytest.fixture(scope="package")
def sensitive_register(django_db_setup, django_db_blocker):
    """A sensitive register that points at two people and has a record that each may have once, as none of the portal's does.

    It joins the funeral office's while these tests run, and leaves no trace.
    """
    model = make_register()
    registry.registers.cache_clear()
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(model)
        yield model
        with connection.schema_editor() as editor:
            editor.delete_model(model)
    apps.all_models["funeral"].pop(model._meta.model_name)
    apps.clear_cache()
    registry.registers.cache_clear()


@pytest.fixture
def visit():
    """The register of visits: open to those who work with people."""
    return Visit


@pytest.fixture
def care(sensitive_register):
    """A register that only its office and the township see."""
    return sensitive_register


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
    """Write a record about a person into a register; each on a day of its own unless one is given."""
    days = (TODAY - timedelta(days=n) for n in count())

    def note_record(model, person, *, unit=None, on=None, **values):
        return model.objects.create(
            person=person,
            org_unit=unit or district.township,
            happened_on=on or next(days),
            created_by=cast.liaison,
            created_at=timezone.now(),
            changed_at=timezone.now(),
            **values,
        )

    return note_record
