"""What the register tests share: a target that is computed from adapted homes, and some homes behind it."""

from datetime import date, timedelta

import pytest

from eldercare.models import HomeAdaptation
from tests import factories as make
from workplan.services.measuring import refresh_target

from .making import make_record, unit_for

DONE = date(2024, 9, 20)


@pytest.fixture
def computed(district):
    """Return the target of adapted homes, now computed from the register."""
    target = district.targets["49.3"]
    target.computed_by = "eldercare.homes_accepted"
    target.save()
    refresh_target(target)
    return target


@pytest.fixture
def homes(computed, district, cast):
    """Return five accepted homes of the first township and two of the second."""
    units = [district.township] * 5 + [district.other_township] * 2
    actors = [cast.liaison] * 5 + [cast.other_liaison] * 2
    return [accepted_home(unit, actor, n) for n, (unit, actor) in enumerate(zip(units, actors, strict=True))]


def accepted_home(unit, actor, number: int, accepted: date = DONE, **values):
    """Add a home that was surveyed in March and accepted on the day."""
    surveyed = date(2024, 3, 1) + timedelta(days=number)
    steps = {"happened_on": surveyed, "planned_on": surveyed, "built_on": surveyed, "accepted_on": accepted}
    return make_record(HomeAdaptation, unit, actor, number, **steps, **values)


@pytest.fixture
def keeper(district, cast):
    """Return who keeps the register of a model for its usual unit, once the cast's office runs the model's section."""

    def keeper_of(model):
        app = model._meta.app_label
        district.office.office_remits.exclude(app=app).delete()
        district.other_office.office_remits.filter(app=app).delete()
        make.RemitFactory._meta.model.objects.get_or_create(
            bureau=district.bureau, office=district.office, app=app, valid_to=None
        )
        keeps = cast.liaison if unit_for(model, district) == district.township else cast.staff
        return type(keeps).objects.get(pk=keeps.pk)  # whom no request has told yet what the office runs

    return keeper_of
