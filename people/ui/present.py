"""What of a person is shown to whom. Numbers are masked for everybody; names and birth dates in full for those who work with people."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import Right
from workplan import clock
from workplan.registers.tables import record_url

from ..models import Person
from ..registry import person_record_models
from ..rules.masks import mask_name

RECORDS_SHOWN = 20  # of one register


def name_for(user, person: Person) -> str:
    """Return the name in full for those who work with people, masked for leaders."""
    return person.name if user.may(Right.REVEAL) else mask_name(person.name)


def birth_for(user, person: Person) -> str:
    """Return birth date and age; for leaders the age alone."""
    if person.birth_date is None:
        return ""
    age = f"{person.age_on(clock.today())} 岁"
    return f"{person.birth_date}（{age}）" if user.may(Right.REVEAL) else age


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record about a person."""

    happened_on: date
    org_unit: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """The records of one register about a person that the user may see. `more` says that there are others."""

    title: str
    rows: list[RecordRow]
    more: bool


def records_about(user, person: Person) -> list[RecordGroup]:
    """Return what the registers that the user sees keep about the person."""
    groups = []
    for model in person_record_models():
        seen = model.objects.visible_to(user, Right.PERSONS).kept().filter(person=person)
        rows = list(seen.select_related("org_unit").order_by("-happened_on", "-pk")[: RECORDS_SHOWN + 1])
        if rows:
            shown = [_row(record) for record in rows[:RECORDS_SHOWN]]
            groups.append(RecordGroup(str(model._meta.verbose_name), shown, len(rows) > RECORDS_SHOWN))
    return groups


def _row(record) -> RecordRow:
    return RecordRow(record.happened_on, record.org_unit.label, record.get_state_display(), record_url(record))
