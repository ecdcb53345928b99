"""People who may be one: proposed from what is stored, never kept."""

from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Count, Q

from accounts.enums import Right
from accounts.models import User

from ..models import NotDuplicate, Person

MOST_GROUPS = 200  # alike groups that are looked at per rule
LARGEST_GROUP = 5  # people of a group that are compared with each other

SAME_BIRTH, SAME_TAIL, SAME_PHONE = "姓名和出生日期相同", "姓名和证件尾号相同", "电话相同"


@dataclass(slots=True)
class Proposal:
    """Two people who look alike, and in what."""

    one: Person
    other: Person
    reasons: list[str] = field(default_factory=list)


def propose_duplicates(user: User) -> list[Proposal]:
    """Return the pairs that the user may merge, those with most in common first.

    Members of a family share a telephone: of such a pair name or birth date must agree, or a birth date be missing.
    """
    rows = Person.objects.visible_to(user, Right.RECORD_WRITE).current().filter(pseudonymised_on__isnull=True)
    found: dict[tuple[int, int], Proposal] = {}
    rules = {
        SAME_BIRTH: (("name", "birth_date"), Q(birth_date__isnull=False)),
        SAME_TAIL: (("name", "id_tail"), ~Q(id_tail="")),
        SAME_PHONE: (("phone_digest",), ~Q(phone_digest="")),
    }
    for reason, (names, filled) in rules.items():
        for one, other in _alike(rows.filter(filled), names):
            if reason != SAME_PHONE or _may_be_one(one, other):
                found.setdefault((one.pk, other.pk), Proposal(one, other)).reasons.append(reason)
    for pair in NotDuplicate.objects.filter(first__in=[one for one, _ in found]).values_list("first", "second"):
        found.pop(pair, None)
    return sorted(found.values(), key=lambda p: (-len(p.reasons), p.one.name_initials, p.one.pk, p.other.pk))


def _alike(rows, names: tuple[str, ...]):
    """Yield the pairs that agree in all the fields, the smaller id first."""
    groups = list(
        rows.order_by().values(*names).annotate(n=Count("pk")).filter(n__gt=1).values_list(*names)[:MOST_GROUPS]
    )
    if not groups:
        return
    first = {group[0] for group in groups}
    people = rows.filter(**{f"{names[0]}__in": first}).with_context().order_by("pk")
    by_group: dict[tuple, list[Person]] = {group: [] for group in groups}
    for person in people:
        key = tuple(getattr(person, name) for name in names)
        if key in by_group and len(by_group[key]) < LARGEST_GROUP:
            by_group[key].append(person)
    for group in by_group.values():
        yield from combinations(group, 2)


def _may_be_one(one: Person, other: Person) -> bool:
    known = one.birth_date and other.birth_date
    return one.name == other.name or not known or one.birth_date == other.birth_date
