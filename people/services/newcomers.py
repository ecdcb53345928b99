"""People whom a file would make: met chunk by chunk while it is read, made once their rows are taken in."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.locks import exclusive
from accounts.models import User

from ..errors import PersonRefused
from .enrolling import ONE_AT_A_TIME, Enrolled, Enrolment, Known, enrol_people, insert_people, resolve


class Newcomers:
    """Who is new in a file. Each gets a negative id, which stands for him in comparisons until he has a row."""

    def __init__(self):
        self._met: dict = {}  # by what tells the same person again
        self._new: dict[int, tuple[Known, Enrolment]] = {}  # by id that stands for the person
        self._count = 0

    def find(self, rows: Sequence[Enrolment]) -> list[Enrolled]:
        """Return what `enrol_people` would make of the rows, without writing."""
        outcomes, new = resolve(rows, self._met)
        for person, row in new:
            self._count += 1
            person.pk = -self._count
            self._new[person.pk] = person, row
        return outcomes

    @transaction.atomic
    def enrol(self, actor: User | None, ids: Iterable[int | None]) -> dict[int, int]:
        """Make those for whom ids of `find` stand; return their own ids by these.

        Somebody who was registered since, by another way, is found. Raises PersonRefused where his name is another one.
        """
        wanted = [pk for pk in dict.fromkeys(ids) if pk in self._new]
        if not wanted:
            return {}
        exclusive(ONE_AT_A_TIME)
        new = [self._new.pop(pk) for pk in wanted]
        try:
            insert_people(actor, new)
        except IntegrityError:
            return dict(zip(wanted, _registered(actor, [row for _, row in new]), strict=True))
        audit.record(action="person.create", actor=actor, after={"created": len(new), "found": 0}, note="批量登记")
        return {pk: person.pk for pk, (person, _) in zip(wanted, new, strict=True)}


def _registered(actor: User | None, rows: list[Enrolment]) -> list[int]:
    outcomes = enrol_people(actor=actor, rows=rows)
    for outcome in outcomes:
        if outcome.errors:
            raise PersonRefused(outcome.errors)
    return [outcome.person_id for outcome in outcomes]
