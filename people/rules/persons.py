"""One person as typed, checked as a whole: every mistake at its field."""

from datetime import date
from typing import NamedTuple

from .kinds import IdKind, Sex
from .names import initials_of, normalise_name
from .numbers import FIRST_YEAR, IdNumber, read_id_number
from .phones import read_phone
from .typing import Unusable

KINDS, SEXES = frozenset(IdKind), frozenset(Sex)


class PersonInput(NamedTuple):
    """A person as somebody typed it, or as a file holds it.

    sex and birth_date are for documents that do not tell them; where the number does they may stay empty.
    id_was_number: the cell of the number was numeric, so that its last digits may be lost.
    """

    name: str
    id_kind: str = IdKind.RESIDENT
    id_number: str = ""
    sex: str = Sex.UNKNOWN
    birth_date: date | None = None
    phone: str = ""
    id_was_number: bool = False


class CheckedPerson(NamedTuple):
    """A person whose fields are all in their one form."""

    name: str
    initials: str
    id_kind: str
    id_number: str
    sex: str
    birth_date: date | None
    phone: str


class PersonInvalid(ValueError):
    """What is wrong with a typed person: `errors` maps a field of PersonInput to a Chinese sentence."""

    def __init__(self, errors: dict[str, str]):
        super().__init__("；".join(errors.values()))
        self.errors = errors


def check_person(typed: PersonInput, today: date) -> CheckedPerson:
    """Return the person in checked form. Raises PersonInvalid with all that is wrong."""
    errors: dict[str, str] = {}

    def read(field: str, reader, *arguments, **options):
        try:
            return reader(*arguments, **options)
        except Unusable as wrong:
            errors[field] = str(wrong)
            return None

    name = read("name", normalise_name, typed.name)
    phone = read("phone", read_phone, typed.phone)
    number = None
    if typed.id_kind in KINDS:
        number = read(
            "id_number", read_id_number, typed.id_kind, typed.id_number, today, was_number=typed.id_was_number
        )
    else:
        errors["id_kind"] = "没有这一证件类型。"
    errors |= _clashes(typed, number, today)
    if errors:
        raise PersonInvalid(errors)
    return CheckedPerson(
        name=name,
        initials=initials_of(name),
        id_kind=str(typed.id_kind),
        id_number=number.text,
        sex=str(number.sex or typed.sex),
        birth_date=number.birth_date or typed.birth_date,
        phone=phone,
    )


def _clashes(typed: PersonInput, number: IdNumber | None, today: date) -> dict[str, str]:
    """Return what is wrong with sex and birth date, by themselves or against the number."""
    errors = {}
    told = number or IdNumber("")
    if typed.sex not in SEXES:
        errors["sex"] = "没有这一选项。"
    elif typed.sex and told.sex and typed.sex != told.sex:
        errors["sex"] = "性别与证件号码不符，请核对。"
    born = typed.birth_date
    if (born and not FIRST_YEAR <= born.year <= today.year) or (born and born > today):
        errors["birth_date"] = "出生日期不能晚于今天，也不能过早。"
    elif born and told.birth_date and born != told.birth_date:
        errors["birth_date"] = "出生日期与证件号码不符，请核对。"
    return errors
