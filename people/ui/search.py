"""Search by what somebody has at hand: a name, its initials, a full number, or the end of a masked one."""

import re

from django.db.models import Q

from workplan import clock

from ..enums import IdKind
from ..models import Person
from ..rules.names import normalise_name
from ..rules.numbers import read_id_number
from ..rules.phones import read_phone
from ..rules.typing import Unusable, squeezed
from ..services.finding import id_digest, phone_digest

MOST_FOUND = 50
TAIL = re.compile(r"[0-9]{3}[0-9X]")
MASKED = re.compile(r"[0-9A-Z]*\*+([0-9X]{1,4})")
INITIALS = re.compile(r"[a-zA-Z]{1,20}")


def condition_of(typed: str) -> Q:
    """Return the condition on people that the search text stands for; nobody for a text that says nothing."""
    text = squeezed(typed).upper()
    numbers = _of_full_number(text)
    if MASKED.fullmatch(text):
        end = MASKED.fullmatch(text)[1]
        return Q(id_tail__endswith=end) | Q(phone_tail__endswith=end)
    if TAIL.fullmatch(text):
        return numbers | Q(id_tail=text) | Q(phone_tail=text)
    if INITIALS.fullmatch(text):
        return numbers | Q(name_initials__startswith=text.lower()) | Q(name__istartswith=typed.strip())
    try:
        return numbers | Q(name__contains=normalise_name(typed))
    except Unusable:
        return numbers


def _of_full_number(text: str) -> Q:
    """Return the condition for a number typed in full: a document of any kind, or a telephone."""
    digests = set()
    for kind in IdKind.values:
        try:
            digests.add(id_digest(kind, read_id_number(kind, text, clock.today()).text))
        except Unusable:
            continue
    condition = Q(id_digest__in=digests - {""})
    try:
        phone = phone_digest(read_phone(text))
    except Unusable:
        phone = ""
    return condition | Q(phone_digest=phone) if phone else condition


def found(rows, typed: str) -> list[Person]:
    """Return the first people found among the rows, one more than are shown."""
    return list(rows.filter(condition_of(typed))[: MOST_FOUND + 1])
