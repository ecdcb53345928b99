"""Amendments of a plan (计划调整): numbered documents that say which clause reads how from which day on."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import Right
from accounts.scope import ScopedQuerySet

from ..enums import AmendedField, AmendmentState
from ..rules.amending import text_of, value_of
from .plan import Plan, Target, Task

OF_TARGETS = (AmendedField.GOAL, AmendedField.TARGET_DUE, AmendedField.MEASURE)
OF_TASKS = (AmendedField.TITLE, AmendedField.TASK_DUE)


class AmendmentQuerySet(ScopedQuerySet):
    """Issued amendments are common to all who read the plan; drafts are for those who edit some section of it."""

    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_any_app = True
    scope_common = "plan__bureau"

    def readable_by(self, user):
        """Return the issued ones that the user may read, and the drafts that he may work on."""
        drafts = self.model.objects.visible_to(user, Right.PLAN_EDIT)
        return self.visible_to(user).filter(Q(state=AmendmentState.ISSUED) | Q(pk__in=drafts.values("pk")))

    def issued(self):
        return self.filter(state=AmendmentState.ISSUED)


class Amendment(models.Model):
    """One document. number: within the plan, without gaps, given when it is issued; issued it never changes (see triggers).

    effective_on: the first day on which the new values hold; direct: it was not drafted, but written by a change of a
    published plan in data maintenance or by import.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="amendments", verbose_name="工作要点")
    number = models.PositiveIntegerField("序号", null=True, blank=True)
    title = models.CharField("标题", max_length=120)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    decided_on = models.DateField("成文日期", null=True, blank=True)
    effective_on = models.DateField("执行日期")
    reason = models.TextField("调整理由", blank=True)
    direct = models.BooleanField("直接修改", default=False)
    state = models.CharField("状态", max_length=8, choices=AmendmentState.choices, default=AmendmentState.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟稿人"
    )
    made_at = models.DateTimeField("拟稿时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    issued_on = models.DateField("发布日期", null=True, blank=True)
    issued_at = models.DateTimeField("发布时间", null=True, blank=True)
    key = models.CharField("唯一键", max_length=160, null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField("保存次数", default=1)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划调整"
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="amendment_number_once",
                violation_error_message="该工作要点中已有这一调整序号。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AmendmentState.DRAFT, number__isnull=True, issued_on__isnull=True, issued_at__isnull=True
                )
                | Q(
                    state=AmendmentState.ISSUED, number__isnull=False, issued_on__isnull=False, issued_at__isnull=False
                ),
                name="amendment_issued_has_number",
                violation_error_message="已发布的计划调整须有序号和发布日期。",
            ),
        ]

    def __str__(self):
        return f"第{self.number}号调整" if self.number else "计划调整（草稿）"

    @property
    def is_issued(self) -> bool:
        return self.state == AmendmentState.ISSUED

    def audit_position(self):
        return self.plan.bureau, ""


class AmendmentLineQuerySet(ScopedQuerySet):
    """A line is seen by who sees what it changes."""

    scope_units = ("amendment__plan__bureau", "target__allocations__org_unit", "task__assignments__org_unit")
    scope_apps = ("target__task__section__app", "task__section__app")
    scope_apps_shared = ("target__also_in__section__app",)
    scope_many = True

    def issued(self):
        return self.filter(amendment__state=AmendmentState.ISSUED)


class AmendmentLine(models.Model):
    """One clause: which field of which target or task, what it was and what it becomes, as plain text."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="lines", verbose_name="计划调整")
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="amendment_lines", verbose_name="目标"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="amendment_lines", verbose_name="工作任务"
    )
    field = models.CharField("调整事项", max_length=12, choices=AmendedField.choices)
    old = models.CharField("原内容", max_length=200, blank=True)
    new = models.CharField("调整为", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    sort = models.PositiveIntegerField("排序", default=0)

    objects = AmendmentLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划调整条款"
        ordering = ["amendment", "sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "target", "field"],
                name="amendmentline_once_for_target",
                violation_error_message="这一目标的该事项已在本次调整中。",
            ),
            models.UniqueConstraint(
                fields=["amendment", "task", "field"],
                name="amendmentline_once_for_task",
                violation_error_message="这一任务的该事项已在本次调整中。",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, task__isnull=True, field__in=[f.value for f in OF_TARGETS])
                | Q(target__isnull=True, task__isnull=False, field__in=[f.value for f in OF_TASKS]),
                name="amendmentline_field_fits",
                violation_error_message="调整事项与所选的目标或任务不符。",
            ),
        ]

    def __str__(self):
        return f"{self.row} {self.get_field_display()}"

    @property
    def row(self) -> Target | Task:
        """Return what the line changes."""
        return self.target or self.task

    @property
    def attribute(self) -> str:
        """Return the name of the field on the row."""
        return AmendedField(self.field).attribute

    @property
    def value(self):
        """Return the new value as the row keeps it."""
        return value_of(self.attribute, self.new)

    def stored(self, row: Target | Task) -> str:
        """Return the text of what the given row says now."""
        return text_of(getattr(row, self.attribute))

    def audit_position(self):
        return self.row.audit_position()


def replaced_since(day: date, **of):
    """Return the lines of issued amendments that took effect after the day; `of` narrows them."""
    return AmendmentLine.objects.issued().filter(amendment__effective_on__gt=day, **of).order_by()
