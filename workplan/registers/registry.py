"""Which registers there are: every concrete model of records in the installed section apps."""

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.core import checks
from django.http import Http404

from accounts.enums import Right
from accounts.models import OrgUnit, User
from accounts.scope import require_right

from .. import clock
from ..enums import Privacy
from ..models import Record
from ..models.records import READING_RIGHT, apps_of_register
from ..sections import section_apps


@cache
def registers() -> tuple[type[Record], ...]:
    """Return the models of all registers, by section and in the order in which each app declares them."""
    order = {config.label: place for place, config in enumerate(section_apps())}
    found = [model for model in apps.get_models() if issubclass(model, Record) and model._meta.app_label in order]
    return tuple(sorted(found, key=lambda model: order[model._meta.app_label]))


def find_register(app: str, name: str) -> type[Record] | None:
    """Return the register's model, or None where there is none of that name."""
    return next((m for m in registers() if (m._meta.app_label, m._meta.model_name) == (app, name)), None)


def register_or_404(user, app: str, name: str, right: str = Right.VIEW) -> type[Record]:
    """Return the register; 404 where it does not exist or is closed to the user, 403 where he lacks the right on it."""
    model = find_register(app, name)
    if model is None or not opens(user, model, READING_RIGHT[model.register.privacy]):
        raise Http404("没有这个台账，或您无权查看。")
    if right != Right.VIEW and not opens(user, model, right):
        require_right(user, "")
    return model


def readable(user) -> list[type[Record]]:
    """Return the registers of which the user may read rows somewhere."""
    return [model for model in registers() if opens(user, model, READING_RIGHT[model.register.privacy])]


def opens(user, model: type[Record], right: str) -> bool:
    """Say whether the user holds the right, and that of reading, on the register anywhere."""
    return bool(grants_on(user, model, right))


def grants_on(user, model: type[Record], right: str) -> list:
    """Return the user's grants that carry the right on the register, and let him read it."""
    reading, apps = READING_RIGHT[model.register.privacy], apps_of_register(model, right)
    found = [grant for grant in user.scope.with_right(right) if grant.apps is None or apps & grant.apps]
    return [grant for grant in found if reading in grant.rights]


def writable_units(user: User, model: type[Record], right: str):
    """Return the units in use for which the user may keep records of this register."""
    found = OrgUnit.objects.none()
    for grant in grants_on(user, model, right):
        found = found | OrgUnit.objects.filter(path__startswith=grant.unit_path)
    return found.filter(kind__in=model.register.units).valid_on(clock.today())


def kept_by(user: User) -> set[type[Record]]:
    """Return the registers that the user may keep for some unit. One statement for each place where he has a role."""
    found: set[type[Record]] = set()
    kinds: dict[str, set[str]] = {}
    for model in registers():
        for grant in grants_on(user, model, Right.RECORD_WRITE):
            if grant.unit_path not in kinds:
                below = OrgUnit.objects.filter(path__startswith=grant.unit_path).valid_on(clock.today())
                kinds[grant.unit_path] = set(below.order_by().values_list("kind", flat=True).distinct())
            if not kinds[grant.unit_path].isdisjoint(model.register.units):
                found.add(model)
    return found


LONGEST_NAME = 63  # of a constraint, on PostgreSQL


@checks.register()
def check_declarations(app_configs, **kwargs):
    """Fail at start-up where a register declares what its model does not have, or what no register may have."""
    found = [(model, mistake) for model in registers() for mistake in mistakes_of(model)]
    return [checks.Error(f"{model._meta.label} {text}", id=f"workplan.{code}") for model, (code, text) in found]


def mistakes_of(model: type[Record]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the model's declaration, as code and sentence."""
    declared, fields = model.register, {field.name: field for field in model._meta.get_fields()}
    for name in (*declared.fields, *declared.filters, *declared.key, *declared.steps, *declared.ahead):
        if name not in fields:
            yield "E005", f"declares {name}, which it lacks"
    for name in declared.columns:
        if name not in fields and not hasattr(model, name):
            yield "E006", f"shows {name}, which it lacks"
    if declared.notice and declared.privacy == Privacy.SENSITIVE:
        yield "E007", "must never be put up in public"
    for own in Record._meta.fields:
        if not own.editable and (fields[own.name].editable or type(fields[own.name]) is not type(own)):
            yield "E008", f"has a field {own.name} of its own, which is the book-keeping of every record"
    for constraint in model._meta.constraints:
        if len(constraint.name) > LONGEST_NAME:
            yield "E009", f"has a constraint whose name is longer than {LONGEST_NAME} characters: {constraint.name}"
