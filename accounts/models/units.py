"""The tree of org units: city, bureaus, their offices, townships, villages."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from ..enums import TOWNSHIP_KINDS, SuccessionKind, UnitKind
from ..scope import ScopedQuerySet


class OrgUnitQuerySet(ScopedQuerySet):
    scope_units = ("",)
    scope_apps = ()
    scope_any_app = True  # an office's staff pick among all townships of their bureau

    def valid_on(self, on: date):
        """Return units that exist on the day: founded, and not yet merged or split away."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))

    def townships(self):
        return self.filter(kind__in=TOWNSHIP_KINDS)

    def below(self, unit: "OrgUnit"):
        """Return the unit and everything under it, past units included."""
        return self.filter(path__startswith=unit.path)


class OrgUnit(models.Model):
    """A unit that reports or is reported on. Never deleted: retired by `valid_to`, so that history keeps it."""

    code = models.CharField(
        "代码",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+$", "代码只能包含字母、数字和连字符。")],
    )
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类型", max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    # Codes from the root down, each closed by "/": subtree membership is one prefix comparison.
    path = models.CharField("路径", max_length=255, unique=True, editable=False)
    valid_from = models.DateField("启用日期", default=date(2000, 1, 1))
    valid_to = models.DateField("停用日期", null=True, blank=True, help_text="从这一天起不再使用；留空表示在用。")
    proposed = models.BooleanField("待确认", default=False, help_text="由系统建议，尚未经本单位确认。")
    urban = models.BooleanField("城市社区", default=False, help_text="社区属于城市社区的勾选，作为覆盖率的分母。")
    sort = models.PositiveIntegerField("排序", default=0)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["sort", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="orgunit_validity_ordered",
                violation_error_message="停用日期必须晚于启用日期。",
            ),
            models.CheckConstraint(
                condition=Q(urban=False) | Q(kind=UnitKind.COMMUNITY),
                name="orgunit_urban_communities_only",
                violation_error_message="只有社区可以标为城市社区。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=UnitKind.values),
                name="orgunit_kind_known",
                violation_error_message="单位类型不在规定范围内。",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"
        super().save(*args, **kwargs)

    def audit_position(self):
        return self, ""

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def place(self) -> tuple[int, str]:
        """Return where the unit stands in lists."""
        return self.sort, self.code

    @property
    def is_township(self) -> bool:
        return self.kind in TOWNSHIP_KINDS


class SuccessionQuerySet(ScopedQuerySet):
    scope_units = ("predecessor", "successor")
    scope_apps = ()
    scope_any_app = True  # as for the units themselves


class Succession(models.Model):
    """One step of a merger or split: rows of the predecessor stay with it, open work moves to the successor."""

    predecessor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="successions", verbose_name="原单位")
    successor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="origins", verbose_name="承接单位")
    kind = models.CharField("方式", max_length=10, choices=SuccessionKind.choices)
    on = models.DateField("生效日期")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="这一沿革关系已经登记。",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_between_two",
                violation_error_message="原单位与承接单位不能相同。",
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


class RemitQuerySet(ScopedQuerySet):
    scope_units = ("office",)
    scope_apps = ("app",)

    def open_on(self, on: date):
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


class Remit(models.Model):
    """Which office runs which business line (section app) of its bureau, and since when."""

    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="remits", verbose_name="局")
    office = models.ForeignKey(OrgUnit, models.PROTECT, related_name="office_remits", verbose_name="科室")
    app = models.CharField("业务板块", max_length=40)
    valid_from = models.DateField("起始日期", default=date(2000, 1, 1))
    valid_to = models.DateField("终止日期", null=True, blank=True)
    proposed = models.BooleanField("待确认", default=False)

    objects = RemitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "科室业务"
        ordering = ["bureau", "app"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "app"],
                condition=Q(valid_to__isnull=True),
                name="remit_one_office_per_app",
                violation_error_message="该业务板块已有负责科室。",
            )
        ]

    def __str__(self):
        return f"{self.office} · {self.app}"

    def audit_position(self):
        return self.office, self.app
