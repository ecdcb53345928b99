"""The person in registers: the columns that are typed and imported, and the one that lists show."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, When
from django.urls import reverse

from workplan import clock
from workplan.forms import DayField
from workplan.models import Record
from workplan.registers import columns as base
from workplan.registers import search
from workplan.ui import format as fmt

from .enums import IdKind, Sex
from .errors import PersonRefused
from .models import Person
from .rules.masks import mask_end
from .rules.numbers import LONGEST as TYPED_NUMBER
from .rules.persons import CheckedPerson, PersonInput, PersonInvalid, check_person
from .rules.phones import LONGEST as TYPED_PHONE
from .services.enrolling import Enrolment, enrol_person
from .services.newcomers import Newcomers
from .services.revealing import reveal_all
from .services.writing import NOT_HERE, NUMBER, PHONE, residences_of
from .ui.search import PersonSearcher


def person_url(record: Record, name: str = "person") -> str:
    """Return the address of the page of the person that the record is about; "" where there is none."""
    person = getattr(record, name)
    return reverse("people:person", args=[person.uid]) if person else ""


class PersonColumn(base.Column):
    """The person of a record, by name, in lists."""

    @property
    def order_by(self):
        return (f"{self.name}__name_initials", f"{self.name}__name")

    def words(self, value):
        return value.name if value else fmt.MISSING

    def link(self, record):
        return person_url(record, self.name)


class PartColumn(base.Column):
    """One value of a person as a column of a register.

    link_name: the record's field; key: the field of PersonInput; the column is called `<link_name>_<key>`.
    """

    key = ""
    title = ""
    must = False

    def __init__(self, link: models.Field):
        super().__init__(Person._meta.get_field(self.key))
        self.link_name = self.part = link.name
        self.name = f"{link.name}_{self.key}"
        self.label = self.title if link.name == "person" else f"{link.verbose_name}{self.title}"
        self.required = self.must and not link.null
        self.help = ""

    def person_of(self, record) -> Person | None:
        return getattr(record, self.link_name)

    def value_of(self, record):
        person = self.person_of(record)
        return self.text_of(person) if person else None

    def cell(self, value):
        return (self.text_of(value) or None) if value else None

    def text_of(self, person: Person) -> str:
        """Return the value in words."""
        return str(getattr(person, self.key) or "")

    def initial(self, record):
        return None  # a person is chosen once, and never put back into a form

    @property
    def order_by(self):
        return ()

    @property
    def empty(self):
        return ""


class NameColumn(PartColumn):
    key, title, must = "name", "姓名", True

    def link(self, record):
        return person_url(record, self.link_name)

    @property
    def example(self):
        return "张三"


class ChoicePartColumn(PartColumn):
    """One of the fixed words of a person."""

    longest = base.LONGEST

    @cached_property
    def labels(self) -> dict[str, str]:
        return {value: str(label) for value, label in self.field.flatchoices}

    def text_of(self, person):
        value = getattr(person, self.key)
        return self.labels.get(value, value)

    def form_field(self, reading):
        choices = self.field.flatchoices if self.must else [("", "由证件号码得出"), *self.field.flatchoices]
        return forms.ChoiceField(label=self.label, required=False, choices=choices, widget=forms.Select)

    def prepare(self, reading):
        found = {str(label): value for value, label in self.field.flatchoices}
        reading.lookups[self.name] = found | {str(value): value for value, _ in self.field.flatchoices}

    def parse(self, text, reading):
        try:
            return reading.lookups[self.name][text]
        except KeyError:
            raise base.CellError(f"应为：{'、'.join(self.choices(reading))}。") from None

    def choices(self, reading):
        return [str(label) for _, label in self.field.flatchoices]


class KindColumn(ChoicePartColumn):
    """The kind of document; an empty cell means the resident ID card."""

    key, title, must = "id_kind", "证件类型", True

    def __init__(self, link):
        super().__init__(link)
        self.required = False

    @property
    def empty(self):
        return IdKind.RESIDENT.value

    @property
    def example(self):
        return str(IdKind.RESIDENT.label)


class NumberColumn(PartColumn):
    """The document number: typed in full, shown masked."""

    key, title, longest = "id_number", "证件号码", TYPED_NUMBER

    def __init__(self, link):
        super().__init__(link)
        self.help = "无证件的，证件类型选“无证件”，此处留空。"

    def text_of(self, person):
        return person.masked_id

    def cell(self, value):
        shown = 4 if value and value.id_kind == IdKind.RESIDENT else 2
        return mask_end(value.id_tail, shown) or None if value else None

    def full_cell(self, value):
        return NUMBER.open(value.id_number, value.uid) or None if value else None

    def form_field(self, reading):
        return forms.CharField(label=self.label, required=False, max_length=TYPED_NUMBER)


class SexColumn(ChoicePartColumn):
    key, title = "sex", "性别"

    @property
    def example(self):
        return str(Sex.FEMALE.label)


class BirthColumn(PartColumn):
    key, title, longest = "birth_date", "出生日期", base.DayColumn.longest

    @property
    def empty(self):
        return None

    def form_field(self, reading):
        return DayField(label=self.label, required=False)

    parse = base.DayColumn.parse

    def cell(self, value):
        return value.birth_date if value else None


class PhoneColumn(PartColumn):
    """The telephone: typed in full, shown masked."""

    key, title, longest = "phone", "联系电话", TYPED_PHONE

    def text_of(self, person):
        return person.masked_phone

    def cell(self, value):
        return mask_end(value.phone_tail, 2) or None if value else None

    def full_cell(self, value):
        return PHONE.open(value.phone, value.uid) or None if value else None

    def form_field(self, reading):
        return forms.CharField(label=self.label, required=False, max_length=TYPED_PHONE)


class ResidenceColumn(PartColumn):
    """Where the person lives; left empty it is the unit of the record."""

    key, title = "residence", "居住地"

    def __init__(self, link):
        super().__init__(link)
        self.help = "留空表示与所属单位相同。"

    def cell(self, value):
        return value.residence_label if value else None

    @property
    def empty(self):
        return None

    def form_field(self, reading):
        places = residences_of(reading.user).order_by("path")
        return forms.ModelChoiceField(places, label=self.label, required=False, empty_label="与所属单位相同")

    def prepare(self, reading):
        reading.lookups[self.name] = base._named(residences_of(reading.user))

    def parse(self, text, reading):
        found = reading.lookups[self.name].get(text)
        if found is None:
            raise base.CellError("没有这个乡镇（街道）或村（社区），或有同名的几个，可改填代码。")
        return found


COLUMNS = (NameColumn, KindColumn, NumberColumn, SexColumn, BirthColumn, PhoneColumn, ResidenceColumn)
READ = ("name", "id_kind", "id_tail", "sex", "birth_date", "phone_tail", "residence_label")
READ_IN_FULL = ("uid", "id_number", "phone")
TYPED = ("name", "id_kind", "id_number", "sex", "birth_date", "phone")


class PersonPart(base.Part):
    """Makes the person of a record out of what is typed, through `enrol_person`, and of whole files through `Newcomers`."""

    def columns(self, model_field: models.Field) -> list[base.Column]:
        return [column(model_field) for column in COLUMNS]

    def attach(self, record: Record, typed: dict[str, Any], actor) -> None:
        for link in links_of(type(record)):
            given = given_for(link, typed)
            if given is None or getattr(record, f"{link.name}_id") is not None:
                continue
            person, residence = given
            try:
                found = enrol_person(actor=actor, residence=residence or record.org_unit, typed=person)
            except PersonRefused as refused:
                raise ValidationError(named(link, refused.errors)) from None
            setattr(record, link.name, found)

    def find_many(self, rows, reading):
        problems: list[dict[str, str]] = [{} for _ in rows]
        for link in links_of(type(rows[0][0])) if rows else ():
            _find_link(link, rows, problems, reading)
        return problems

    def keep_many(self, records, reading):
        newcomers = newcomers_of(reading)
        links = links_of(type(records[0])) if records else ()
        given = [(record, link.attname) for link in links for record in records]
        ids = newcomers.enrol(reading.user, (getattr(record, name) for record, name in given))
        for record, name in given:
            if (pk := getattr(record, name)) in ids:
                setattr(record, name, ids[pk])

    def read_many(self, keys, *, full):
        """Plain rows: a model instance of each takes five times as long."""
        label = Case(When(residence__short_name="", then="residence__name"), default="residence__short_name")
        rows = Person._base_manager.filter(pk__among=keys).annotate(residence_label=label)
        names = ("pk", *READ, *(READ_IN_FULL if full else ()))
        return {row.pk: row for row in rows.values_list(*names, named=True)}

    def note_full_export(self, rows, name, actor, reason):
        reveal_all(actor=actor, people=Person.objects.filter(pk__in=rows.order_by().values(name)), reason=reason)


def newcomers_of(reading: base.Reading) -> Newcomers:
    """Return the people whom the file would make."""
    return reading.met.setdefault(Person, Newcomers())


def _find_link(link, rows, problems: list[dict[str, str]], reading: base.Reading) -> None:
    """Set one link on all rows that name somebody; add what is wrong to the problems of the row."""
    places = set(residences_of(reading.user).values_list("pk", flat=True))
    enrolments, at = [], []
    for number, (_, typed) in enumerate(rows):
        given = given_for(link, typed)
        if given is None:
            continue
        enrolment, errors = _checked(given[0], given[1] or typed["org_unit"], places)
        if errors:
            problems[number] |= named(link, errors)
        else:
            enrolments.append(enrolment)
            at.append(number)
    found = []
    for number, enrolment, outcome in zip(at, enrolments, newcomers_of(reading).find(enrolments), strict=True):
        if outcome.errors:
            problems[number] |= named(link, outcome.errors)
        else:
            record = rows[number][0]
            setattr(record, link.attname, outcome.person_id)
            found.append((record, enrolment.person))
    if rows and type(rows[0][0]).clean is not Record.clean:
        _introduce(link, found)


def _introduce(link, found: list[tuple[Record, CheckedPerson]]) -> None:
    """Put the people themselves beside their ids, for registers with rules of their own that may ask about them."""
    known = Person.objects.in_bulk([getattr(record, link.attname) for record, _ in found])
    for record, person in found:
        pk = getattr(record, link.attname)
        new = Person(pk=pk, name=person.name, id_kind=person.id_kind, sex=person.sex, birth_date=person.birth_date)
        record._state.fields_cache[link.name] = known.get(pk, new)


def _checked(typed: PersonInput, residence, places: set[int]) -> tuple[Enrolment | None, dict[str, str]]:
    try:
        person = check_person(typed, clock.today())
    except PersonInvalid as invalid:
        return None, invalid.errors
    if residence.pk not in places:
        return None, {"residence": NOT_HERE}
    return Enrolment(person, residence.pk), {}


def links_of(model: type[Record]) -> list[models.Field]:
    """Return the fields of a register that point at people."""
    fields = [model._meta.get_field(name) for name in model.register.fields]
    return [field for field in fields if getattr(field, "related_model", None) is Person]


def given_for(link: models.Field, typed: dict[str, Any]) -> tuple[PersonInput, Any] | None:
    """Return the person typed for the field and his residence; None where the field may stay empty and nobody is named."""
    values = {key: value for key, name in _names_typed(link) if (value := typed.get(name)) not in (None, "")}
    if link.null and "name" not in values and "id_number" not in values:
        return None
    values.setdefault("name", "")
    return PersonInput(**values), typed.get(f"{link.name}_residence")


@cache
def _names_typed(link: models.Field) -> tuple[tuple[str, str], ...]:
    """Return what a person is made of, each with the name of its column."""
    return tuple((key, f"{link.name}_{key}") for key in TYPED)


def named(link: models.Field, errors: dict[str, str]) -> dict[str, str]:
    """Return errors of a person under the names of the register's columns."""
    return {f"{link.name}_{key}": message for key, message in errors.items()}


def _is_person(field: models.Field) -> bool:
    return getattr(field, "related_model", None) is Person


def join_registers() -> None:
    """Make people known to the registers: how they are typed, shown and searched."""
    kinds: list[tuple[Callable, type[base.Column]]] = base.KINDS
    if not any(kind is PersonColumn for _, kind in kinds):
        kinds.insert(0, (_is_person, PersonColumn))
    base.PARTS[Person] = PersonPart()
    search.SEARCHERS[Person] = PersonSearcher()
