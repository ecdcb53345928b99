"""Small counts about children and patients: told only to those who may read the register that they come from.

Three children of one township are soon known by name. So whoever may not read a sensitive register there is told of its
counts below five only that they are below five. Everything that follows from such a count (percentages, progress, gap)
stays away with it; lights, which are coarse, do not.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from accounts.enums import Right
from accounts.models import OrgUnit

from .assess import Assessment
from .enums import Privacy
from .measures import Measure, measure_of
from .models import Record, Target
from .rules.amounts import Amount

SMALLEST_TOLD = 5
# What the code of a measure stands for never changes, so the apps of its sensitive registers are looked up once.
_sensitive_apps: dict[str, frozenset[str]] = {}


def withholds(user, target: Target, unit: OrgUnit) -> bool:
    """Say whether small counts of the target, over the subtree of the unit, are kept from the user."""
    apps = sensitive_apps(target)
    if not apps:
        return False
    reads = user.scope.apps_over(unit.path, Right.SENSITIVE)
    return reads is not None and not apps <= reads


def sensitive_apps(target: Target) -> frozenset[str]:
    """Return the section apps on whose sensitive registers the target's number rests; none for typed ones."""
    measure = measure_of(target)
    if measure is None:
        return frozenset()
    if measure.code not in _sensitive_apps:
        _sensitive_apps[measure.code] = frozenset(_apps_of(measure, target))
    return _sensitive_apps[measure.code]


def _apps_of(measure: Measure, target: Target) -> Iterable[str]:
    models = {rows.model for rows in measure.parts(target).values()} | set(measure.depends)
    for model in models:
        if issubclass(model, Record) and model.register.privacy == Privacy.SENSITIVE:
            yield model._meta.app_label


def as_told(user, found: Assessment, unit: OrgUnit) -> Assessment:
    """Return the assessment as the user may see it for the unit: as it is, or without its small counts."""
    return without_small(found) if withholds(user, found.target, unit) else found


def stated_as_told(user, stated: Amount, target: Target, unit: OrgUnit) -> tuple[Amount, bool]:
    """Return an amount stated in a report of the unit as the user may see it, and whether small counts were left out."""
    if has_small(stated) and withholds(user, target, unit):
        return told(stated), True
    return stated, False


def without_small(found: Assessment) -> Assessment:
    """Return the assessment with every small count, and what would betray it, left out and marked as withheld."""
    if has_small(found.amount):
        verdict = replace(found.verdict, progress=None, gap=None)
        return replace(found, amount=told(found.amount), verdict=verdict, verified=None, withheld=True)
    if found.verified is None or is_small(found.verified):
        return replace(found, verified=None, withheld=True)
    return found


def told(amount: Amount) -> Amount:
    """Return the amount without the numbers that are small."""
    numbers = (amount.value, amount.numerator, amount.denominator)
    return Amount(*(None if is_small(number) else number for number in numbers))


def has_small(amount: Amount) -> bool:
    """Say whether the amount holds a small count. A rate of nothing at all is about nobody."""
    if amount.is_not_applicable:
        return False
    return any(is_small(number) for number in (amount.value, amount.numerator, amount.denominator))


def is_small(number: Decimal | None) -> bool:
    return number is not None and number < SMALLEST_TOLD
