"""People whom a file would make: met chunk by chunk while it is read, made once their rows are taken in."""

from collections.abc import Iterable, Sequence

from accounts.models import User

from ..errors import PersonRefused
from .enrolling import Enrolled, Enrolment, enrol_people, resolve


class Newcomers:
    """Who is new in a file. Each gets a negative id, which stands for him in comparisons until he has a row."""

    def __init__(self):
        self._met: dict = {}  # by what tells the same person again
        self._rows: dict[int, Enrolment] = {}  # by id that stands for the person

    def find(self, rows: Sequence[Enrolment]) -> list[Enrolled]:
        """Return what `enrol_people` would make of the rows, without writing."""
        outcomes, new = resolve(rows, self._met)
        for person, row in new:
            person.pk = -1 - len(self._rows)
            self._rows[person.pk] = row
        return outcomes

    def enrol(self, actor: User | None, ids: Iterable[int | None]) -> dict[int, int]:
        """Make those for whom ids of `find` stand; return their own ids by these.

        Somebody who was registered since, by another way, is found. Raises PersonRefused where his name is another one.
        """
        wanted = [pk for pk in dict.fromkeys(ids) if pk is not None and pk < 0]
        outcomes = enrol_people(actor=actor, rows=[self._rows[pk] for pk in wanted]) if wanted else []
        for outcome in outcomes:
            if outcome.errors:
                raise PersonRefused(outcome.errors)
        return {pk: outcome.person_id for pk, outcome in zip(wanted, outcomes, strict=True)}
