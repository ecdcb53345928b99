"""Elder care, counted again the slow way: plain loops over all records, sharing nothing with the measures."""

from datetime import date

from eldercare import models
from workplan.enums import RecordState

from .counting import Counting, standing, within_year

EXAMPLES = {
    "careworker": {"certificate": "beginner", "certified_on": date(2024, 3, 1)},
}


def _valid(model):
    return list(model.objects.filter(state=RecordState.VALID).select_related("org_unit"))


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _workers_certified(c: Counting):
    people: dict = {}
    for row in models.CareWorker.objects.filter(state=RecordState.VALID).select_related("person"):
        if standing(row.happened_on, row.left_on, c.on) and _age(row.person.birth_date, c.on) <= 55:
            people.setdefault(row.person_id, []).append(row)
    certified = [p for p, rows in people.items() if any(r.certified_on and r.certified_on <= c.on for r in rows)]
    return len(certified), len(people)


def _homes_accepted(c: Counting):
    return sum(within_year(r.accepted_on, c) for r in _valid(models.HomeAdaptation) if c.covers(r.org_unit)), None


def _homes_planned(c: Counting):
    rows = [r for r in _valid(models.HomeAdaptation) if within_year(r.happened_on, c) and c.covers(r.org_unit)]
    return sum(bool(r.planned_on and r.planned_on <= c.on) for r in rows), len(rows)


def _beds_added(c: Counting):
    rows = [r for r in _valid(models.HomeCareBed) if within_year(r.happened_on, c) and c.covers(r.org_unit)]
    return sum(bool(r.online_on) and standing(r.online_on, r.ended_on, c.on) for r in rows), None


def _elders(c: Counting, chosen=lambda row: True):
    rows = [r for r in _valid(models.SupportedElder) if standing(r.happened_on, r.ended_on, c.on)]
    return sum(bool(r.included_on and r.included_on <= c.on) and chosen(r) for r in rows), len(rows)


def _events(c: Counting, *kinds: str):
    return sum(r.kind in kinds and within_year(r.happened_on, c) for r in _valid(models.Event)), None


def _modes(c: Counting):
    rows = [r for r in _valid(models.Canteen) if r.mode != "plain" and r.closed_on is None and r.happened_on <= c.on]
    return len({row.mode for row in rows}), None


def _members(c: Counting):
    rows = [r for r in _valid(models.CommitteeMember) if standing(r.happened_on, r.left_on, c.on)]
    return sum(bool(r.settled_on and r.settled_on <= c.on) for r in rows), len(rows)


def _fire(c: Counting):
    rows = [r for r in _valid(models.FireIssue) if r.happened_on <= c.on]
    return sum(bool(r.closed_on and r.closed_on <= c.on) for r in rows), len(rows)


def _canteens(c: Counting):
    return sum(
        r.newly_built and within_year(r.happened_on, c) and c.covers(r.org_unit) for r in _valid(models.Canteen)
    ), None


def _model_canteens(c: Counting):
    rows = [r for r in _valid(models.Canteen) if within_year(r.model_on, c)]
    return sum(standing(r.model_on, r.closed_on, c.on) for r in rows), None


RECOUNTS = {
    "eldercare.workers_certified": _workers_certified,
    "eldercare.homes_accepted": _homes_accepted,
    "eldercare.homes_planned": _homes_planned,
    "eldercare.beds_added": _beds_added,
    "eldercare.elders_supported": _elders,
    "eldercare.elders_gathered": lambda c: (_elders(c, lambda r: r.gathered)[0], None),
    "eldercare.visits": lambda c: (
        sum(r.kind == "call" and within_year(r.happened_on, c) and c.covers(r.org_unit) for r in _valid(models.Visit)),
        None,
    ),
    "eldercare.members_settled": _members,
    "eldercare.conferences": lambda c: _events(c, "conference"),
    "eldercare.skill_events": lambda c: _events(c, "training", "competition"),
    "eldercare.fire_issues_closed": _fire,
    "eldercare.canteens_built": _canteens,
    "eldercare.model_canteens": _model_canteens,
    "eldercare.canteen_modes": _modes,
}
