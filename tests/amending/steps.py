"""The steps of an amendment as short words for tests. Each goes through the real services."""

from datetime import date
from decimal import Decimal

from workplan.enums import AmendedField
from workplan.models import Amendment, Target, Task
from workplan.models.amendments import OF_TARGETS, OF_TASKS
from workplan.services import amendments as service
from workplan.services.amendments import AmendmentInput

AUGUST = date(2024, 8, 1)


def fresh(amendment) -> Amendment:
    return Amendment.objects.get(pk=amendment.pk)


def draft(district, cast, *, actor=None, on=AUGUST, title="关于调整有关目标的通知", reason="区里追加任务。", key=None):
    typed = AmendmentInput(title, on, reason, "区民发〔2024〕30号", date(2024, 7, 28))
    return service.draft_amendment(plan=district.plan, typed=typed, actor=actor or cast.head, key=key)


def change(amendment, row, cast, *, actor=None, version=None, reason="", **new):
    """Put lines into the draft: `goal`, `due`, `measure` of a target, `title`, `due` of a task; what is not named stays."""
    row = type(row).objects.get(pk=row.pk)
    names = OF_TASKS if isinstance(row, Task) else OF_TARGETS
    values = {name.value: new.get(name.attribute, getattr(row, name.attribute)) for name in names}
    if "goal" in new:
        values[AmendedField.GOAL] = Decimal(new["goal"])
    found = fresh(amendment)
    return service.set_lines(
        amendment=found,
        row=row,
        values=values,
        reason=reason,
        version=found.version if version is None else version,
        actor=actor or cast.head,
    )


def issue(amendment, cast, *, actor=None, version=None):
    found = fresh(amendment)
    return service.issue_amendment(
        amendment=found, version=found.version if version is None else version, actor=actor or cast.head
    )


def amended(district, cast, code="49.3", *, on=AUGUST, actor=None, **new) -> Amendment:
    """Draft, fill and issue an amendment of one target."""
    made = draft(district, cast, on=on, actor=actor)
    change(made, district.targets[code], cast, actor=actor, **new)
    return issue(made, cast, actor=actor)


def stored(target) -> Target:
    return Target.objects.get(pk=target.pk)
