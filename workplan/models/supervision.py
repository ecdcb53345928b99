"""Supervision orders: what a unit is charged with by number and deadline, and everything that was done about it."""

import uuid
from datetime import date, timedelta
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from accounts.enums import Right
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import (
    ENDED_STATES,
    NUMBERLESS_STATES,
    RUNNING_STATES,
    ExtensionState,
    OrderAction,
    OrderState,
    StepColour,
)
from ..rules.supervision import SOON_DAYS, OrderLight, order_light, order_number
from .plan import Plan, Target, Task
from .reporting import ProgressReport

LAST_RANK = 3
REPLIED_STATES = (OrderState.REPLIED, *ENDED_STATES)
UNDECIDED = (ExtensionState.ASKED, ExtensionState.LAPSED)


class SupervisionStepQuerySet(ScopedQuerySet):
    scope_units = ("plan__bureau",)
    scope_apps = ()
    scope_common = "plan__bureau"


class SupervisionStep(models.Model):
    """One of the three steps of escalation of a plan, with its colour. reply_days: working days that a unit has to reply."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="supervision_steps", verbose_name="工作要点")
    rank = models.PositiveSmallIntegerField("等级", help_text="1 最轻，3 最重。")
    name = models.CharField("名称", max_length=20)
    colour = models.CharField("颜色", max_length=10, choices=StepColour.choices)
    reply_days = models.PositiveSmallIntegerField("办理时限（工作日）")

    objects = SupervisionStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办等级"
        ordering = ["plan_id", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "rank"],
                name="supervisionstep_rank_once",
                violation_error_message="该工作要点已有这一督办等级。",
            ),
            models.UniqueConstraint(
                fields=["plan", "colour"],
                name="supervisionstep_colour_once",
                violation_error_message="该工作要点已有这一颜色的督办等级。",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & Q(rank__lte=LAST_RANK),
                name="supervisionstep_rank_known",
                violation_error_message="督办等级为 1 至 3。",
            ),
            models.CheckConstraint(
                condition=Q(reply_days__gte=1) & Q(reply_days__lte=60),
                name="supervisionstep_days_sensible",
                violation_error_message="办理时限为 1 至 60 个工作日。",
            ),
            models.CheckConstraint(
                condition=Q(colour__in=StepColour.values),
                name="supervisionstep_colour_known",
                violation_error_message="颜色不在规定范围内。",
            ),
        ]

    def __str__(self):
        return f"{self.get_colour_display()}色{self.name}"

    def audit_position(self):
        return self.plan.bureau, ""


class OrderQuerySet(ScopedQuerySet):
    scope_units = ("org_unit",)
    scope_apps = ("app",)

    def _condition(self, scope, right):
        """Leave out what has not been issued for everybody who neither drafts orders there nor reads the log."""
        opened = super()._condition(scope, right)
        if opened is None:
            return None
        drafts = [super(OrderQuerySet, self)._condition(scope, own) for own in (Right.ORDER_DRAFT, Right.AUDIT_READ)]
        shown = ~Q(state__in=NUMBERLESS_STATES)
        for condition in drafts:
            shown = shown if condition is None else shown | condition
        return opened & shown

    def with_context(self):
        """Load what every list and page of orders shows, in one query."""
        return self.select_related(
            "plan__bureau", "org_unit", "office", "step", "task", "target__task", "report__period"
        )

    def issued(self):
        return self.exclude(state__in=NUMBERLESS_STATES)

    def running(self):
        return self.filter(state__in=RUNNING_STATES)

    def as_of(self, on: date):
        """Return the orders that had been issued by the close of the day, each with how it stood then, told from its trail.

        Annotated: state_then, due_then, replied_then, and of the step rank_then, colour_then, name_then.
        """
        acts = SupervisionAct.objects.filter(order=OuterRef("pk"), on__lte=on).order_by("-pk")
        told = {"state_then": "state", "due_then": "due"}
        told |= {"rank_then": "step__rank", "colour_then": "step__colour", "name_then": "step__name"}
        last = {name: Subquery(acts.values(path)[:1]) for name, path in told.items()}
        replied = Subquery(acts.filter(action=OrderAction.REPLY).values("on")[:1])
        issued = self.filter(issued_on__lte=on).annotate(**last, replied_then=replied)
        return issued.exclude(state_then__isnull=True).exclude(state_then__in=NUMBERLESS_STATES)

    def lit(self, light: str, on: date, then: str = ""):
        """Return the issued orders whose light is `light` on the day: today, or with `then="_then"` the day of `as_of`."""

        def told(name: str, value, test: str = "") -> Q:
            column = f"replied{then or '_on'}" if name == "replied" else f"{name}{then}"
            return Q(**{f"{column}{test}": value})

        owed = told("state", [OrderState.ISSUED, OrderState.SIGNED], "__in")
        replied, ended = told("state", OrderState.REPLIED), told("state", ENDED_STATES, "__in")
        late, last_soon = told("replied", F(f"due{then}"), "__gt"), on + timedelta(days=SOON_DAYS)
        return self.filter(
            {
                OrderLight.OVERDUE: owed & told("due", on, "__lt") | replied & late,
                OrderLight.SOON: owed & told("due", on, "__gte") & told("due", last_soon, "__lte"),
                OrderLight.OPEN: owed & told("due", last_soon, "__gt") | replied & ~late,
                OrderLight.DONE_LATE: ended & late,
                OrderLight.DONE: ended & ~late,
            }[OrderLight(light)]
        )


class SupervisionOrder(models.Model):
    """One matter that one unit is charged with (一事一项), by a deadline. Its number is given when it is issued.

    office: who issues it; subject: a task, a target, a report, or a free `matter`, exactly one of them.
    key: names what an order is about where it must not be written twice (an automatic proposal, a form sent twice).
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="orders", verbose_name="工作要点")
    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="局")
    app = models.CharField("业务板块", max_length=40)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="orders", verbose_name="责任单位")
    office = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="交办单位")
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="工作任务"
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="目标"
    )
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="进展填报"
    )
    matter = models.CharField("其他事项", max_length=200, blank=True)
    title = models.CharField("督办事项", max_length=120)
    requirement = models.TextField("办理要求")
    due = models.DateField("完成时限", null=True, blank=True)
    step = models.ForeignKey(SupervisionStep, models.PROTECT, related_name="orders", verbose_name="督办等级")
    state = models.CharField("状态", max_length=10, choices=OrderState.choices, default=OrderState.DRAFT)
    year = models.PositiveSmallIntegerField("编号年份", null=True, blank=True)
    sequence = models.PositiveIntegerField("编号序号", null=True, blank=True)
    proposed = models.BooleanField("自动拟办", default=False)
    key = models.CharField("唯一键", max_length=160, null=True, blank=True, unique=True, editable=False)
    # Raised by every act: the second of two people is told instead of acting on what is no longer so.
    version = models.PositiveIntegerField("办理次数", default=1)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟办人"
    )
    drafted_on = models.DateField("拟办日期")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    issued_on = models.DateField("下发日期", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    signed_on = models.DateField("签收日期", null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="反馈人"
    )
    replied_on = models.DateField("反馈日期", null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    struck_on = models.DateField("销号日期", null=True, blank=True)
    archived_on = models.DateField("归档日期", null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due"], name="order_queue"),
            models.Index(fields=["org_unit", "state"], name="order_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "year", "sequence"],
                name="order_number_once",
                violation_error_message="该督办单编号已使用。",
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=False, target__isnull=True, report__isnull=True, matter="")
                | Q(task__isnull=True, target__isnull=False, report__isnull=True, matter="")
                | Q(task__isnull=True, target__isnull=True, report__isnull=False, matter="")
                | (Q(task__isnull=True, target__isnull=True, report__isnull=True) & ~Q(matter="")),
                name="order_one_subject",
                violation_error_message="督办单须对应一项任务、目标、填报或其他事项，且只对应一项。",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(requirement=""),
                name="order_says_what",
                violation_error_message="督办事项和办理要求不能为空。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OrderState.values),
                name="order_state_known",
                violation_error_message="督办单状态不在规定范围内。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=NUMBERLESS_STATES, sequence__isnull=True, year__isnull=True, issued_on__isnull=True
                )
                | (
                    ~Q(state__in=NUMBERLESS_STATES)
                    & Q(
                        sequence__isnull=False,
                        sequence__gte=1,
                        year__isnull=False,
                        issued_on__isnull=False,
                        issued_by__isnull=False,
                        due__isnull=False,
                        due__gte=F("issued_on"),
                    )
                ),
                name="order_issued_with_number",
                violation_error_message="下发的督办单须有编号、签发人、下发日期和不早于下发日期的完成时限。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OrderState.SIGNED, *REPLIED_STATES])
                | Q(signed_on__isnull=False, signed_by__isnull=False),
                name="order_signed_by_somebody",
                violation_error_message="签收后的督办单须有签收人和签收日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=REPLIED_STATES) | Q(replied_on__isnull=False, replied_by__isnull=False),
                name="order_replied_by_somebody",
                violation_error_message="反馈后的督办单须有反馈人和反馈日期。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=ENDED_STATES)
                    & Q(struck_on__isnull=False, struck_by__isnull=False)
                    & ~Q(struck_by=F("replied_by"))
                )
                | (~Q(state__in=ENDED_STATES) & Q(struck_on__isnull=True, struck_by__isnull=True)),
                name="order_struck_by_another",
                violation_error_message="销号须由反馈人以外的人复核。",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.ARCHIVED, archived_on__isnull=False)
                | (~Q(state=OrderState.ARCHIVED) & Q(archived_on__isnull=True)),
                name="order_archived_on_a_day",
                violation_error_message="归档的督办单须有归档日期。",
            ),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=False) | Q(proposed=True, key__isnull=False),
                name="order_drafted_by_somebody",
                violation_error_message="人工拟办的督办单须有拟办人。",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}".strip()

    @property
    def number(self) -> str:
        """Return the number as it is printed, "" before the order is issued."""
        return order_number(self.year, self.sequence) if self.sequence else ""

    @property
    def subject(self) -> models.Model | None:
        """Return what the order is about; None for a free matter."""
        return self.task or self.target or self.report

    @property
    def subject_text(self) -> str:
        return str(self.subject or self.matter)

    def light(self, on: date) -> OrderLight | None:
        """Return the light on the day, which must be today; None before the order is issued and where it never was."""
        if self.state in NUMBERLESS_STATES:
            return None
        answered = self.state in REPLIED_STATES
        return order_light(
            due=self.due, replied_on=self.replied_on if answered else None, struck=self.state in ENDED_STATES, on=on
        )

    def audit_position(self):
        return self.org_unit, self.app


class OfOrderQuerySet(ScopedQuerySet):
    """Rows that hang on an order; pages reach them through it, so that those of a draft show with the draft only."""

    scope_units = ("order__org_unit",)
    scope_apps = ("order__app",)


class SupervisionAct(models.Model):
    """One line of an order's trail, never changed. State, deadline and step are those after the act.

    With them the order can be seen as it stood on any past day.
    """

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="acts", verbose_name="督办单")
    action = models.CharField("办理", max_length=10, choices=OrderAction.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    on = models.DateField("业务日期")
    at = models.DateTimeField("时间")
    text = models.TextField("内容", blank=True)
    state = models.CharField("办理后状态", max_length=10, choices=OrderState.choices)
    due = models.DateField("办理后时限", null=True, blank=True)
    step = models.ForeignKey(SupervisionStep, models.PROTECT, related_name="+", verbose_name="办理后等级")

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办办理记录"
        ordering = ["order_id", "pk"]

    def __str__(self):
        return f"{self.order} {self.get_action_display()}"

    def audit_position(self):
        return self.order.audit_position()


def supervision_path(instance: "SupervisionFile", filename: str) -> str:
    """Store under a random name: what the user called the file never reaches the file system."""
    return f"supervision/{uuid.uuid4().hex}"


class SupervisionFile(models.Model):
    """A file that backs a reply. It stays with the reply for good."""

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="files", verbose_name="督办单")
    act = models.ForeignKey(SupervisionAct, models.PROTECT, related_name="files", verbose_name="反馈")
    file = models.FileField("文件", upload_to=supervision_path, max_length=120)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办反馈材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sha256"],
                name="supervisionfile_once",
                violation_error_message="同一文件已经上传过。",
            )
        ]

    def __str__(self):
        """Name the kind of file, for the log: what people call a file may tell whom it is about."""
        return f"{PurePath(self.name).suffix.lower().removeprefix('.')} 文件".strip()

    def audit_position(self):
        return self.order.audit_position()


class Extension(models.Model):
    """A unit's request for a later deadline: delay must be explained and approved."""

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="extensions", verbose_name="督办单")
    wanted = models.DateField("申请延至")
    reason = models.TextField("延期理由")
    state = models.CharField("状态", max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_on = models.DateField("申请日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    note = models.TextField("审批意见", blank=True)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["order_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_one_open",
                violation_error_message="这份督办单已有待审批的延期申请。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="extension_with_reason", violation_error_message="延期须写明理由。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED, decided_by__isnull=True, decided_on__isnull=True)
                | (
                    ~Q(state__in=UNDECIDED)
                    & Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="extension_decided_by_another",
                violation_error_message="延期须由申请人以外的人审批。",
            ),
        ]

    def __str__(self):
        return f"{self.order} 延至 {self.wanted}"

    def audit_position(self):
        return self.order.audit_position()
