"""Columns of registers: how a value is typed, read from a cell, stored and shown. One class for each kind of value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django import forms
from django.db import models

from accounts.enums import Right
from accounts.models import OrgUnit

from .. import clock
from ..forms import DATE_FORMATS, AmountField, DayField, RowsField, ascii_form
from ..models import Record
from ..ui import format as fmt
from .registry import writable_units

YES, NO = "是", "否"
YES_WORDS = {"是", "有", "1", "true", "yes", "y", "√", "✓"}
NO_WORDS = {"否", "无", "0", "false", "no", "n", "", "×"}
LONGEST = 1000  # characters of a cell that is looked into at all, where the column says nothing else
WHOLE_DIGITS = 9  # of a whole number, what every database keeps
SEPARATORS = str.maketrans(dict.fromkeys("，,；;/ \n", "、"))


class CellError(ValueError):
    """A cell that cannot be read; `str()` is the Chinese sentence that says what to do."""


@dataclass(slots=True)
class Reading:
    """What reading cells may lean on: who brings the file, and rows that cells may name, looked up once.

    lookups: by column name, from the text of a cell to the row it names; met: by part, what it has met in the file so far.
    """

    user: Any
    model: type[Record]
    lookups: dict[str, dict[str, Any]] = field(default_factory=dict)
    met: dict[Any, Any] = field(default_factory=dict)


class Column:
    """One value of a record. name: the field; label: what people call it; part: the field it is a part of, if any.

    longest: how many characters a cell may have, where that is not the length of the field.
    """

    part = ""
    longest: int | None = None

    def __init__(self, model_field: models.Field):
        self.field = model_field
        self.name = model_field.name
        self.label = str(model_field.verbose_name)
        self.required = not (model_field.blank or model_field.null or model_field.has_default())
        self.help = str(model_field.help_text)

    # --- shown
    def value_of(self, record: Record) -> Any:
        return getattr(record, self.name)

    def show(self, record: Record) -> str:
        """Return the value in words; "—" where there is none."""
        return self.words(self.value_of(record))

    def words(self, value: Any) -> str:
        return fmt.MISSING if value is None or value == "" else str(value)

    @property
    def source(self) -> str:
        """Return the field of whose value a cell is made."""
        return self.part or self.name

    def export(self, record: Record) -> Any:
        """Return the value for files: a number or day as such."""
        return self.cell(getattr(record, self.source))

    def cell(self, value: Any) -> Any:
        """Return what files hold for a value of the source."""
        return None if value is None or value == "" else self.words(value)

    def full_cell(self, value: Any) -> Any:
        """Return what files with full numbers hold: for all but secrets the same."""
        return self.cell(value)

    @property
    def order_by(self) -> tuple[str, ...]:
        return (self.name,)

    # --- typed
    def form_field(self, reading: Reading) -> forms.Field:
        return forms.CharField(label=self.label, required=self.required, max_length=self.field.max_length)

    def initial(self, record: Record) -> Any:
        return self.value_of(record)

    def from_form(self, value: Any) -> Any:
        """Return the cleaned value of the input as it is stored. Raises ValidationError."""
        return self.empty if value in (None, "") else value

    # --- read from a file
    def prepare(self, reading: Reading) -> None:
        """Look up once what the cells may name."""

    def read(self, text: str, reading: Reading) -> Any:
        """Return the value of a cell; the empty cell gives None or "". Raises CellError."""
        if not text:
            if self.required:
                raise CellError("必填。")
            return self.empty
        self.require_short(text)
        return self.parse(text, reading)

    def require_short(self, text: str) -> None:
        """Raise CellError for what is too long to be looked into. Nothing before this reads the text."""
        longest = self.longest or self.field.max_length or LONGEST
        if len(text) > longest:
            raise CellError(f"最多 {longest} 个字。")

    @property
    def empty(self) -> Any:
        """Return what an empty cell or input stands for."""
        if self.field.has_default():
            return self.field.get_default()
        return None if self.field.null else ""

    def parse(self, text: str, reading: Reading) -> Any:
        try:
            self.field.run_validators(text)
        except forms.ValidationError as wrong:
            raise CellError(wrong.messages[0]) from None
        return text

    def choices(self, reading: Reading) -> list[str]:
        """Return what may stand in the cell, for drop-downs of templates; [] for open values."""
        return []

    @property
    def example(self) -> str:
        return ""


class TextColumn(Column):
    """A line of text."""

    @property
    def example(self) -> str:
        return "示例" if self.required else ""


class ChoiceColumn(Column):
    """One of the fixed words of an enum."""

    longest = LONGEST

    @cached_property
    def labels(self) -> dict[Any, str]:
        return {value: str(label) for value, label in self.field.flatchoices}

    def words(self, value):
        return self.labels.get(value, value) or fmt.MISSING

    def form_field(self, reading):
        empty = [] if self.field.has_default() or ("" in dict(self.field.flatchoices)) else [("", "请选择")]
        return forms.ChoiceField(
            label=self.label, required=self.required, choices=[*empty, *self.field.flatchoices], widget=forms.Select
        )

    def prepare(self, reading):
        found = {str(label): value for value, label in self.field.flatchoices}
        reading.lookups[self.name] = found | {str(value): value for value, _ in self.field.flatchoices}

    def parse(self, text, reading):
        try:
            return reading.lookups[self.name][text]
        except KeyError:
            raise CellError(f"应为：{'、'.join(self.choices(reading))}。") from None

    def choices(self, reading):
        return [str(label) for _, label in self.field.flatchoices]

    @property
    def example(self):
        return str(self.field.flatchoices[0][1])


class YesNoColumn(Column):
    """Yes or no; an empty cell means no."""

    def __init__(self, model_field):
        super().__init__(model_field)
        self.required = False

    def words(self, value):
        return YES if value else NO

    def form_field(self, reading):
        return forms.BooleanField(label=self.label, required=False)

    def from_form(self, value):
        return bool(value)

    def read(self, text, reading):
        self.require_short(text)
        word = text.lower()
        if word in YES_WORDS:
            return True
        if word in NO_WORDS:
            return False
        raise CellError("请填“是”或“否”。")

    def choices(self, reading):
        return [YES, NO]

    @property
    def example(self):
        return NO


class DayColumn(Column):
    """A day."""

    longest = 40

    def cell(self, value):
        return value

    def form_field(self, reading):
        return DayField(label=self.label, required=self.required)

    def parse(self, text, reading):
        plain = ascii_form(text.split(" ")[0])
        if plain.isdigit() and len(plain) == 8:
            plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
        for pattern in DATE_FORMATS:
            found = _day(plain, pattern)
            if found:
                return found
        raise CellError("请填写日期，如 2024-10-15。")

    @property
    def example(self):
        return "2024-03-15"


def _day(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None


class NumberColumn(Column):
    """A whole or decimal number, never negative unless the field's validators allow it."""

    longest = 40

    def words(self, value):
        return fmt.number(value)

    def cell(self, value):
        return value

    @property
    def places(self) -> int:
        return getattr(self.field, "decimal_places", 0) or 0

    def form_field(self, reading):
        found = AmountField(label=self.label)
        found.required = self.required
        return found

    def from_form(self, value):
        return self.empty if value is None else self.checked(value)

    def initial(self, record):
        value = self.value_of(record)
        return "" if value is None else f"{Decimal(value).normalize():f}"

    def parse(self, text, reading):
        try:
            return self.checked(AmountField().clean(text))
        except forms.ValidationError as wrong:
            raise CellError(wrong.messages[0]) from None

    def checked(self, number: Decimal) -> Any:
        """Return the number as the field stores it. Raises ValidationError for one that does not fit."""
        digits = self.field.max_digits - self.places if self.places else WHOLE_DIGITS
        if abs(number) >= 10**digits:  # asked first: longer ones cannot be rounded
            raise forms.ValidationError("数字过大，请核对。")
        if number != round(number, self.places):
            message = f"最多保留 {self.places} 位小数。" if self.places else "请填写整数。"
            raise forms.ValidationError(message)
        value = round(number, self.places) if isinstance(self.field, models.DecimalField) else int(number)
        self.field.run_validators(value)
        if value < 0:
            raise forms.ValidationError("不能为负数。")
        return value

    @property
    def example(self):
        return "1"


class YearColumn(NumberColumn):
    """A calendar year: a number without separators."""

    def words(self, value):
        return fmt.MISSING if value is None else str(value)

    @property
    def example(self):
        return "2024"


class UnitColumn(Column):
    """An org unit among those for which the user may keep such records."""

    @property
    def order_by(self):
        return (f"{self.name}__sort", f"{self.name}__code")

    def words(self, value):
        return value.label if value else fmt.MISSING

    def allowed(self, reading: Reading):
        return writable_units(reading.user, reading.model, Right.RECORD_WRITE).order_by("sort", "code")

    def form_field(self, reading):
        return forms.ModelChoiceField(
            self.allowed(reading), label=self.label, required=self.required, empty_label="请选择"
        )

    def prepare(self, reading):
        reading.lookups[self.name] = _named(self.allowed(reading))

    def parse(self, text, reading):
        found = reading.lookups[self.name].get(text)
        if found is None:
            raise CellError("没有这个单位，或您不能为它登记。")
        return found

    def choices(self, reading):
        return [unit.label for unit in self.allowed(reading)]


def _named(units: Iterable[OrgUnit]) -> dict[str, OrgUnit]:
    """Return units by code, name and short name; a name that two units share names none."""
    found: dict[str, OrgUnit | None] = {}
    for unit in units:
        for word in {unit.code, unit.name, unit.label}:
            found[word] = None if word in found else unit
    return {word: unit for word, unit in found.items() if unit is not None}


class AnyUnitColumn(UnitColumn):
    """An org unit of the user's bureau that the record concerns, other than the one that keeps it."""

    def allowed(self, reading):
        return OrgUnit.objects.visible_to(reading.user).valid_on(clock.today()).order_by("sort", "code")


class UnitsColumn(AnyUnitColumn):
    """Several org units, in a cell parted by 、."""

    longest = 5 * LONGEST
    order_by = ()

    def __init__(self, model_field):
        super().__init__(model_field)
        self.required = not model_field.blank

    def words(self, value):
        return "、".join(unit.label for unit in value.all()) or fmt.MISSING

    def cell(self, value):
        return self.words(value)

    def initial(self, record):
        return list(self.value_of(record).all()) if record.pk else []

    def form_field(self, reading):
        return RowsField(
            self.allowed(reading), label=self.label, required=self.required, widget=forms.CheckboxSelectMultiple
        )

    @property
    def empty(self):
        return []

    def parse(self, text, reading):
        words = [word for word in text.translate(SEPARATORS).split("、") if word]
        found = [reading.lookups[self.name].get(word) for word in words]
        if None in found:
            raise CellError("有的单位不存在，或名称有误；多个单位之间用顿号分开。")
        return found


class RecordColumn(Column):
    """A row of another register that the user may see, such as the institution where somebody works.

    Of which kind of rows, the field's `limit_choices_to` says. They are in the order of what they are searched by first.
    """

    @property
    def order_by(self):
        return (f"{self.name}__pk",)

    def allowed(self, reading: Reading):
        related = self.field.related_model
        rows = related.objects.visible_to(reading.user).kept().complex_filter(self.field.get_limit_choices_to())
        return rows.order_by(*related.register.search[:1], "pk")

    def form_field(self, reading):
        return forms.ModelChoiceField(
            self.allowed(reading), label=self.label, required=self.required, empty_label="请选择"
        )

    def prepare(self, reading):
        found: dict[str, Any] = {}
        for row in self.allowed(reading):
            found[str(row)] = None if str(row) in found else row
        reading.lookups[self.name] = found

    def parse(self, text, reading):
        found = reading.lookups[self.name].get(text)
        if found is None:
            title = self.field.related_model._meta.verbose_name
            raise CellError(f"“{title}”中没有这一名称，或有同名的几条。")
        return found


class Part:
    """Several columns that make up one field, such as the person whom a record is about. Written by the app that adds it.

    Columns of a part have `part` set to the name of the field.
    """

    def columns(self, model_field: models.Field) -> list[Column]:
        """Return the columns, in order."""
        raise LookupError

    def attach(self, record: Record, typed: dict[str, Any], actor) -> None:
        """Set the field on a record that is being typed. Raises ValidationError with messages by column name."""

    def find_many(self, rows: list[tuple[Record, dict[str, Any]]], reading: Reading) -> list[dict[str, str]]:
        """Set the field on the records of a file, as `attach` would, without writing anything: what is not stored yet gets
        an id that stands for it, the same in the whole file. Return by row the messages by column name, {} where all is well.
        """
        return [{} for _ in rows]

    def keep_many(self, records: list[Record], reading: Reading) -> None:
        """Store what ids of `find_many` only stand for, and set the field to what was stored. Raises Refused."""

    def read_many(self, keys: set[int], *, full: bool) -> dict[int, Any]:
        """Return by id what `cell` reads of the rows that the field leads to; with `full` also what `full_cell` reads."""
        raise LookupError

    def note_full_export(self, rows, name: str, actor, reason: str) -> None:
        """Note that the actor takes away the full numbers of all that the rows' field leads to. Raises Refused."""
        raise LookupError


# Which part stands for which relation: filled by the apps that own the related models, when they are ready.
PARTS: dict[type[models.Model], Part] = {}

# Which class stands for which model field; the first that fits.
KINDS: list[tuple[Callable[[models.Field], bool], type[Column]]] = [
    (lambda f: f.name == "org_unit", UnitColumn),
    (lambda f: f.many_to_many and f.related_model is OrgUnit, UnitsColumn),
    (lambda f: f.is_relation and f.related_model is OrgUnit, AnyUnitColumn),
    (lambda f: f.is_relation and issubclass(f.related_model, Record), RecordColumn),
    (lambda f: bool(getattr(f, "choices", None)), ChoiceColumn),
    (lambda f: isinstance(f, models.BooleanField), YesNoColumn),
    (lambda f: isinstance(f, models.DateField), DayColumn),
    (lambda f: f.name == "year" and isinstance(f, models.IntegerField), YearColumn),
    (lambda f: isinstance(f, models.DecimalField | models.IntegerField), NumberColumn),
    (lambda f: isinstance(f, models.CharField | models.TextField), TextColumn),
]


def column_of(model: type[Record], name: str) -> Column:
    """Return the column of a field. Raises LookupError for a kind of field that registers do not know."""
    model_field = model._meta.get_field(name)
    for fits, kind in KINDS:
        if fits(model_field):
            return kind(model_field)
    raise LookupError(f"{model._meta.label}.{name} is of a kind that registers do not know")


@cache
def columns_of(model: type[Record]) -> tuple[Column, ...]:
    """Return what is typed into the register and imported, in order."""
    found: list[Column] = []
    for name in model.register.fields:
        part = part_of(model, name)
        found += part.columns(model._meta.get_field(name)) if part else [column_of(model, name)]
    return tuple(found)


def part_of(model: type[Record], name: str) -> Part | None:
    """Return the part that stands for the field, or None for a plain one."""
    return PARTS.get(getattr(model._meta.get_field(name), "related_model", None))


def parts_of(model: type[Record]) -> dict[str, Part]:
    """Return by field name the parts that a record of the model is put together from."""
    found = {name: part_of(model, name) for name in model.register.fields}
    return {name: part for name, part in found.items() if part}


def is_many(model: type[Record], name: str) -> bool:
    """Say whether the field holds several rows, which can be set only once the record is stored."""
    return any(f.name == name for f in model._meta.many_to_many)
