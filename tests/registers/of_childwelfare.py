"""Child welfare, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from datetime import date, timedelta

from childwelfare import models
from people.sample import invented_number
from workplan.enums import RecordState

from .counting import Counting, standing, within_year


def _number_of_child(number: int) -> str:
    return invented_number(date(2014, 1, 1) + timedelta(days=number), ("register test child", number))


EXAMPLES = {
    "child": {"hardship": "poor", "person_id_number": _number_of_child},
    "guardianship": {"person_id_number": _number_of_child},
    "benefit": {"standard": 1500},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID).select_related("org_unit"))


def _children(c: Counting):
    rows = models.Child.objects.filter(state=RecordState.VALID).select_related("org_unit", "person")
    return [r for r in rows if standing(r.happened_on, r.ended_on, c.on) and c.covers(r.org_unit)]


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _concerned(c: Counting):
    found = []
    for child in _children(c):
        difficult = child.orphan or child.unattended or child.hardship
        limit = 18 if difficult else 16 if child.left_behind else 0
        if _age(child.person.birth_date, c.on) < limit:
            found.append(child)
    return found


def _paid(c: Counting):
    children = [child for child in _children(c) if child.orphan or child.unattended]
    paid = {
        b.person_id
        for b in _valid(models.Benefit)
        if b.kind in ("orphan", "unattended") and b.amount >= b.standard and standing(b.happened_on, b.ended_on, c.on)
    }
    return sum(child.person_id in paid for child in children), len(children)


def _events(c: Counting, *kinds: str):
    held = {event.kind for event in _valid(models.Event) if within_year(event.happened_on, c)}
    return len(held & set(kinds)), None


def _first_by(rows, key):
    """Return of each key's rows the earliest."""
    found: dict = {}
    for row in sorted(rows, key=lambda row: (row.happened_on, row.pk)):
        found.setdefault(key(row), row)
    return list(found.values())


def _families(c: Counting):
    rows = models.Assessment.objects.filter(state=RecordState.VALID).select_related("org_unit", "person")
    rows = [row for row in rows if within_year(row.happened_on, c)]
    firsts = _first_by(
        rows, lambda row: ("home", row.person.household_id) if row.person.household_id else row.person_id
    )
    return sum(c.covers(row.org_unit) for row in firsts), None


def _attended(c: Counting, kind: str):
    rows = models.Attendance.objects.filter(state=RecordState.VALID).select_related("session")
    return [
        row
        for row in rows
        if row.session.kind == kind and row.session.state == RecordState.VALID and within_year(row.happened_on, c)
    ]


def _counselled(c: Counting):
    children, came = _concerned(c), {row.person_id for row in _attended(c, "counselling")}
    return sum(child.person_id in came for child in children), len(children)


def _screened(c: Counting):
    rows = [row for row in _valid(models.Screening) if within_year(row.happened_on, c)]
    return sum(c.covers(row.org_unit) for row in _first_by(rows, lambda row: row.person_id)), None


def _casework(c: Counting):
    serious = [
        r for r in _valid(models.Screening) if r.severity in ("serious", "severe") and within_year(r.happened_on, c)
    ]
    found = {row.person_id: row.happened_on for row in _first_by(serious, lambda row: row.person_id)}
    troubled = [child for child in _concerned(c) if child.person_id in found]
    work = [*_attended(c, "group_work"), *(r for r in _valid(models.Casework) if within_year(r.happened_on, c))]
    helped = {row.person_id for row in work if row.person_id in found and row.happened_on >= found[row.person_id]}
    return sum(child.person_id in helped for child in troubled), len(troubled)


def _family_activities(c: Counting):
    return sum(
        r.kind in ("family_time", "reunion") and within_year(r.happened_on, c) and c.covers(r.org_unit)
        for r in _valid(models.GroupSession)
    ), None


RECOUNTS = {
    "childwelfare.paid_to_standard": _paid,
    "childwelfare.partners": lambda c: (
        sum(standing(r.happened_on, r.left_on, c.on) for r in _valid(models.Partner)),
        None,
    ),
    "childwelfare.migrant_rules": lambda c: _events(c, "migrant_rules"),
    "childwelfare.together": lambda c: _events(c, "together"),
    "childwelfare.families_assessed": _families,
    "childwelfare.selections": lambda c: _events(c, "role_models", "cases", "skills"),
    "childwelfare.organisations": lambda c: (
        sum(standing(r.happened_on, r.closed_on, c.on) for r in _valid(models.Organisation)),
        None,
    ),
    "childwelfare.group_counselling": _counselled,
    "childwelfare.family_activities": _family_activities,
    "childwelfare.screened": _screened,
    "childwelfare.casework": _casework,
}
