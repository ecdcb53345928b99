"""Invented people for the sample year: names and numbers that are valid in form and plainly nobody's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import OrgUnit
from workplan.demo.chance import between, pick

from .models import Person
from .rules.kinds import IdKind
from .rules.persons import PersonInput, check_person
from .services.enrolling import Enrolment, enrol_people

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "安邦昌达恩芳桂和吉康兰明宁平庆荣顺泰文祥兴雅永玉泽正志忠"
NOWHERE = "999999"  # no such division: nobody's number begins with it
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody to be invented. key: words that tell this person from others; youngest, oldest: age at the end of 2024."""

    unit: OrgUnit
    key: tuple
    youngest: int
    oldest: int


def invent_people(wanted: Iterable[Wanted], today: date) -> list[Person]:
    """Enrol the people and return them in order. The same key gives the same person, on every machine."""
    wanted, found = list(wanted), []
    for start in range(0, len(wanted), CHUNK):
        rows = [Enrolment(_checked(one, today), one.unit.pk) for one in wanted[start : start + CHUNK]]
        found += [outcome.person_id for outcome in enrol_people(actor=None, rows=rows)]
    people = Person.objects.in_bulk(found)
    return [people[pk] for pk in found]


def _checked(one: Wanted, today: date):
    name = pick(SURNAMES, "surname", *one.key) + "演" + pick(GIVEN, "given", *one.key)
    number = invented_number(_born(one), one.key)
    return check_person(PersonInput(name=name, id_kind=IdKind.RESIDENT, id_number=number), today)


def _born(one: Wanted) -> date:
    first, last = date(2023 - one.oldest + 1, 1, 1), date(2024 - one.youngest, 9, 30)
    return first + timedelta(days=between(0, (last - first).days, "born", *one.key))


def invented_number(born: date, key: tuple) -> str:
    """Return a resident ID number of no division, right in its check digit."""
    body = f"{NOWHERE}{born:%Y%m%d}{between(0, 999, 'sequence', *key):03}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
