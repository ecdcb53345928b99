"""Search by what somebody has at hand: a name, its initials, a full number, or the end of a masked one."""

import re
from typing import Any

from django.db.models import Q

from workplan import clock
from workplan.registers.search import Searcher

from ..enums import IdKind
from ..models import Person
from ..rules.masks import mask_number
from ..rules.names import normalise_name
from ..rules.numbers import read_id_number
from ..rules.phones import read_phone
from ..rules.typing import Unusable, squeezed
from ..services.finding import id_digest, phone_digest

MOST_FOUND = 50
TAIL = re.compile(r"[0-9]{3}[0-9X]")
MASKED = re.compile(r"[0-9A-Z]{0,20}\*{1,20}([0-9X]{1,4})")
INITIALS = re.compile(r"[a-zA-Z]{1,20}")
DIGITS_SHOWN = re.compile(r"[0-9]{7}")  # a text with so many digits is a number: it is repeated masked


def prepared(typed: str) -> dict[str, Any]:
    """Return what the text may stand for, fit to be kept: numbers as digests only.

    Keys: ids, phones (digests), tail (end of a number), initials, name; those that it cannot stand for are left out.
    """
    text = squeezed(typed).upper()
    found: dict[str, Any] = {"shown": mask_number(text) if DIGITS_SHOWN.search(text) else typed.strip()}
    if ids := _id_digests(text):
        found["ids"] = ids
    if phone := _phone_digest(text):
        found["phones"] = [phone]
    if masked := MASKED.fullmatch(text):
        found["tail"] = masked[1]
    elif TAIL.fullmatch(text):
        found["tail"] = text
    elif INITIALS.fullmatch(text):
        found |= {"initials": text.lower(), "name": typed.strip()}
    elif not DIGITS_SHOWN.search(text):
        found |= _name_of(typed)
    return found


def _name_of(typed: str) -> dict[str, str]:
    try:
        return {"name": normalise_name(typed)}
    except Unusable:
        return {}


def _id_digests(text: str) -> list[str]:
    """Return the digests that a number has as a document of each kind that it can be of."""
    digests = set()
    for kind in IdKind.values:
        try:
            digests.add(id_digest(kind, read_id_number(kind, text, clock.today()).text))
        except Unusable:
            continue
    return sorted(digests - {""})


def _phone_digest(text: str) -> str:
    try:
        return phone_digest(read_phone(text))
    except Unusable:
        return ""


def condition(found: dict[str, Any], prefix: str = "") -> Q:
    """Return the condition that `prepared` text stands for, on people or on what points at them by `prefix`; nobody for nothing."""
    at = f"{prefix}__" if prefix else ""
    result = Q(pk__in=[])
    lookups = {
        "ids": ("id_digest__in",),
        "phones": ("phone_digest__in",),
        "tail": ("id_tail__endswith", "phone_tail__endswith"),
        "initials": ("name_initials__startswith",),
        "name": ("name__icontains",),
    }
    for key, names in lookups.items():
        if key in found:
            for name in names:
                result |= Q(**{f"{at}{name}": found[key]})
    return result


def found(rows, typed: str) -> list[Person]:
    """Return the first people found among the rows, one more than are shown."""
    return list(rows.filter(condition(prepared(typed)))[: MOST_FOUND + 1])


class PersonSearcher(Searcher):
    """Finds the records of a register by the people they are about."""

    def prepare(self, text: str) -> dict[str, Any]:
        return prepared(text)

    def condition(self, prepared: dict[str, Any], prefix: str) -> Q:
        return condition(prepared, prefix)

    def shown(self, prepared: dict[str, Any]) -> str:
        return prepared["shown"]
