"""Records of registers: what a section keeps about its work, and what its targets are computed from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet

from accounts.enums import TOWNSHIP_KINDS, VILLAGE_KINDS, Right, UnitKind
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from .. import clock
from ..enums import Privacy, RecordSource, RecordState

# Who keeps a register: the townships with their villages, or the bureau and its offices.
IN_TOWNSHIPS = (*TOWNSHIP_KINDS, *VILLAGE_KINDS)
AT_OFFICE = (UnitKind.BUREAU, UnitKind.OFFICE)
READING_RIGHT = {Privacy.OPEN: Right.VIEW, Privacy.PERSONS: Right.PERSONS, Privacy.SENSITIVE: Right.SENSITIVE}


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something about the records of a register that ends on a day, unless it is renewed.

    name: what ends, as a short phrase; ending: returns, of the given records, those about which it matters on a day,
    annotated with the day as `expires`; ends: what happens on the day, 到期 or 截止.
    """

    name: str
    ending: Callable[[QuerySet, date], QuerySet]
    ends: str = "到期"


def expiry(field: str, name: str, *, until: str = "") -> Expiry:
    """Return the expiry on a date field, for as long as the date field `until` is empty."""
    still = {f"{until}__isnull": True} if until else {}
    return Expiry(name, lambda rows, on: rows.filter(**{f"{field}__isnull": False}, **still).annotate(expires=F(field)))


@dataclass(frozen=True, slots=True)
class Register:
    """How a model of records is kept: declared as `register` on the model; pages, API and files follow from it.

    columns: what the list shows, by field or property name; fields: what is typed and imported, in order;
    search: lookups of open text that the list searches; filters: fields the list can be narrowed by;
    key: fields that, with the unit, tell two records apart in imports (also a constraint of the model);
    steps: date fields in the order in which they must follow each other, after `happened_on`;
    ahead: date fields that may lie in the future; units: kinds of units that keep such records;
    expiries: what ends some day and has to be renewed, such as a certificate: its keepers are reminded;
    shared_with: further section apps whose offices may read the register, since their targets are computed from it;
    notice: columns (as they are imported) that a public notice of the register may show, and no others; () for registers
    that are never put up in public;
    hint: one sentence for those who fill it in.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    search: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    ahead: frozenset[str] = field(default_factory=frozenset)
    expiries: tuple["Expiry", ...] = ()
    units: tuple[str, ...] = tuple(kind for kind in UnitKind.values if kind != UnitKind.CITY)
    privacy: Privacy = Privacy.OPEN
    shared_with: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    hint: str = ""


@cache
def past_dates(model: type["Record"]) -> tuple[str, ...]:
    """Return the names of the dates that may not lie in the future: of all that are typed, those not declared `ahead`."""
    typed = (model._meta.get_field(name) for name in model.register.fields)
    return tuple(f.name for f in typed if type(f) is models.DateField and f.name not in model.register.ahead)


def apps_of_register(model: type["Record"], right: str) -> frozenset[str]:
    """Return the section apps whose offices hold `right` on the register: its own, and for reading those that share it."""
    shared = model.register.shared_with if right in (Right.VIEW, Right.EXPORT, Right.PERSONS) else ()
    return frozenset({model._meta.app_label, *shared})


class RecordQuerySet(ScopedQuerySet):
    """Rows of a register: reached by their unit, all of one section app."""

    scope_units = ("org_unit",)
    scope_apps = ()

    def of_one_app(self, right):
        return apps_of_register(self.model, right)

    def visible_to(self, user, right: str = Right.VIEW):
        """Return the rows on which the user holds the right and which he may read at all: see `Privacy`."""
        reading = READING_RIGHT[self.model.register.privacy]
        rows = super().visible_to(user, reading)
        return rows if right in (Right.VIEW, reading) else super(RecordQuerySet, rows).visible_to(user, right)

    def kept(self):
        """Return what stands in the register, rejected records included."""
        return self.exclude(state=RecordState.REMOVED)

    def counted(self):
        """Return the records that figures are made of."""
        return self.filter(state=RecordState.VALID)


def steps_follow(*names: str) -> list[models.CheckConstraint]:
    """Return the constraints that each step's date needs the step before it and does not precede it."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{later}__isnull": True})
            | (Q(**{f"{earlier}__isnull": False}) & Q(**{f"{later}__gte": F(earlier)})),
            name=f"%(app_label)s_%(class)s_{later}_follows",
            violation_error_message="办理环节的日期须按先后顺序填写。",
        )
        for earlier, later in pairwise(names)
    ]


def once(*fields: str, message: str) -> models.UniqueConstraint:
    """Return the constraint that a register holds no two records alike in the fields; removed ones do not count."""
    return models.UniqueConstraint(
        fields=list(fields),
        condition=~Q(state=RecordState.REMOVED),
        name="%(app_label)s_%(class)s_once",
        violation_error_message=message,
    )


def not_before(later: str, earlier: str, message: str) -> models.CheckConstraint:
    """Return the constraint that one date, where there is one, does not lie before another."""
    return models.CheckConstraint(
        condition=Q(**{f"{later}__isnull": True}) | Q(**{f"{later}__gte": F(earlier)}),
        name=f"%(app_label)s_%(class)s_{later}_after_{earlier}",
        violation_error_message=message,
    )


class Record(models.Model):
    """One row of a register. `happened_on` is the day of the event that the record is about.

    Removed records stay in the table for the history; nothing counts them.
    """

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="所属单位")
    happened_on = models.DateField("日期")
    note = models.CharField("备注", max_length=300, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=RecordState.choices, default=RecordState.VALID, editable=False
    )
    source = models.CharField(
        "来源", max_length=10, choices=RecordSource.choices, default=RecordSource.TYPED, editable=False
    )
    version = models.PositiveIntegerField("保存次数", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人", editable=False
    )
    created_at = models.DateTimeField("登记时间", editable=False)
    changed_at = models.DateTimeField("最近修改", editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核查人",
        editable=False,
    )
    verified_on = models.DateField("核查日期", null=True, blank=True, editable=False)
    batch = models.ForeignKey(
        "workplan.ImportBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导入批次",
        editable=False,
    )

    objects = RecordQuerySet.as_manager()
    register: Register

    class Meta:
        abstract = True
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_on__isnull=True)
                | (Q(verified_by__isnull=False, verified_on__isnull=False) & ~Q(verified_by=F("created_by"))),
                name="%(app_label)s_%(class)s_verified_by_another",
                violation_error_message="不能核查本人登记的记录。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RecordState.values),
                name="%(app_label)s_%(class)s_state_known",
                violation_error_message="记录状态不在规定范围内。",
            ),
        ]
        indexes = [models.Index(fields=["org_unit", "happened_on"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    def audit_position(self):
        return self.org_unit, self._meta.app_label

    @classmethod
    def hides_values(cls) -> bool:
        """Say whether the audit log names the fields that were changed, but not their values."""
        return cls.register.privacy == Privacy.SENSITIVE

    def clean(self):
        """Refuse dates in the future and steps out of order, each at its field."""
        problems = {}
        for name in past_dates(type(self)):
            value = getattr(self, name)
            if value and value > clock.today():
                problems[name] = "日期不能晚于今天。"
        problems |= self._step_problems()
        if problems:
            raise ValidationError(problems)

    def _step_problems(self) -> dict[str, str]:
        problems, names = {}, ("happened_on", *self.register.steps)
        for earlier, later in pairwise(names):
            before, value = getattr(self, earlier), getattr(self, later)
            if value and before is None:
                problems[later] = f"请先填写{self._label(earlier)}。"
            elif value and value < before:
                problems[later] = f"不能早于{self._label(earlier)}（{before}）。"
        return problems

    def _label(self, name: str) -> str:
        return str(self._meta.get_field(name).verbose_name)

    @property
    def doubts(self) -> list[str]:
        """Return what looks wrong but is accepted all the same, one sentence each: the record's page shows them."""
        return []

    @property
    def step(self) -> str:
        """Return the name of the last step taken, in words; "" for records without steps."""
        taken = [name for name in ("happened_on", *self.register.steps) if getattr(self, name)]
        return str(self._meta.get_field(taken[-1]).verbose_name).removesuffix("日期") if taken else ""
