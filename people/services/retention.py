"""What is no longer needed: people without any record in the years that count lose name, numbers and address."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from workplan import clock

from ..models import Household, Person
from ..purposes import RETENTION_YEARS
from ..registry import links_of_records

NOBODY = "已注销"
BATCH = 1000


def retention_of(model) -> int:
    """Return for how many full years the register keeps who its records are about."""
    return model.purpose.retention if hasattr(model, "purpose") else RETENTION_YEARS


def expired(year: int):
    """Return the people who were registered by the end of the year and whom no record needs any more.

    A record needs everybody it names, also as guardian, while it is younger than the year or its register's own retention runs.
    """
    registered = timezone.make_aware(datetime.combine(date(year, 12, 31), time.max))
    rows = Person.objects.filter(created_at__lte=registered, pseudonymised_on__isnull=True)
    needed = [_needed(link, year) for link in links_of_records()]
    for people in needed:
        rows = rows.exclude(pk__in=people)
    return rows.exclude(pk__in=_still_stood_for(needed))


def _needed(link, year: int):
    """Return the people whom records name through the link and whose retention is not over by the end of the year."""
    last = min(year, clock.today().year - 1 - retention_of(link.model))
    records = link.model._base_manager.filter(happened_on__gt=date(last, 12, 31))
    return records.filter(**{f"{link.name}__isnull": False}).values(link.name)


def _still_stood_for(needed: list):
    """Return those whose merged row leads to somebody who is needed: they are one human being."""
    leads_to_needed = Q(pk__in=[])
    for people in needed:
        leads_to_needed |= Q(merged_into__in=people)
    return Person.objects.filter(leads_to_needed).values("pk")


def pseudonymise(*, year: int, actor=None) -> int:
    """Take from everybody whose time is over by the end of `year` what tells who it was; return how many.

    Rows, sex, year of birth, residence and every record stay: figures are what they were. Raises Refused while the retention of
    that year is running. May be stopped and run again.
    """
    if year + RETENTION_YEARS >= clock.today().year:
        raise Refused(f"{year} 年的记录还在保存期限（{RETENTION_YEARS} 年）内，不能假名化。", code="retention_runs")
    done = 0
    while pks := list(expired(year).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        done += _pseudonymise(pks)
    _empty_households()
    if done:
        audit.record(action="person.pseudonymise", actor=actor, after={"rows": done}, note=f"{year} 年及以前")
    return done


@transaction.atomic
def _pseudonymise(pks: list[int]) -> int:
    rows = list(Person.objects.select_for_update().filter(pk__in=pks, pseudonymised_on__isnull=True))
    for person in rows:
        _forget(person)
    Person.objects.bulk_update(rows, [*FORGOTTEN, "birth_date", "version", "pseudonymised_on"], batch_size=200)
    return len(rows)


FORGOTTEN = (
    "name", "name_initials", "id_number", "id_digest", "id_tail", "phone", "phone_digest", "phone_tail", "household", "relation",
)  # fmt: skip


def _forget(person: Person) -> None:
    person.name, person.name_initials = NOBODY, ""
    person.id_number = person.id_digest = person.id_tail = ""
    person.phone = person.phone_digest = person.phone_tail = ""
    person.household, person.relation = None, ""
    if person.birth_date:
        person.birth_date = person.birth_date.replace(month=1, day=1)
    person.version += 1
    person.pseudonymised_on = clock.today()


def _empty_households() -> None:
    """Take the address from households in which nobody is left."""
    empty = Household.objects.filter(members__isnull=True).exclude(address="")
    Household.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(address="")
