"""Ad-hoc requests (临时填报): figures that an office asks of townships outside the plan, approved by another and ended by a day."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import OrgUnit
from accounts.scope import Grant, ScopedQuerySet

from ..enums import AdHocKind, AdHocState
from .plan import Plan

MOST_FIELDS = 10
STORED_STATES = [state for state in AdHocState if state != AdHocState.EXPIRED]
PUBLISHED = {"approved_on__isnull": False}
Value = Decimal | str


def _asked_of(grant: Grant, whole: Q | None, path: str) -> Q | None:
    """Return the condition narrowed: below the bureau only what was approved is seen. path: leads to the request."""
    if whole is None:
        return None
    published = Q(**{f"{path}{name}": value for name, value in PUBLISHED.items()})
    return whole & (Q(**{f"{path}plan__bureau__path__startswith": grant.unit_path}) | published)


class AdHocRequestQuerySet(ScopedQuerySet):
    """Seen by the bureau's side of the section, and once approved by the units that are asked."""

    scope_units = ("plan__bureau", "answers__org_unit")
    scope_apps = ("app",)
    scope_many = True

    def _grant_condition(self, grant, right):
        return _asked_of(grant, super()._grant_condition(grant, right), "")

    def with_context(self):
        return self.select_related("plan__bureau", "office", "drafted_by", "sent_by", "approved_by", "refused_by")

    def standing(self, state: str, on: date):
        """Return the requests that stand so on the day; `AdHocRequest.standing` says the same of one row."""
        if state == AdHocState.EXPIRED:
            return self.filter(state=AdHocState.APPROVED, expires__lt=on)
        found = self.filter(state=state)
        return found.filter(expires__gte=on) if state == AdHocState.APPROVED else found


class AdHocRequest(models.Model):
    """What an office asks, why, of whom (`answers`), until when it should be there and when it ends for good.

    due: an answer after it is late; expires: the last day on which anything can be answered. Nobody is asked before it was approved
    by somebody who neither drafted nor sent it. key: of the form that it was drafted with.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="adhoc_requests", verbose_name="工作要点")
    app = models.CharField("业务板块", max_length=40)
    office = models.ForeignKey(OrgUnit, models.PROTECT, related_name="adhoc_requests", verbose_name="发起科室")
    title = models.CharField("标题", max_length=60)
    reason = models.TextField("填报理由")
    due = models.DateField("填报截止")
    expires = models.DateField("有效期至")
    state = models.CharField("状态", max_length=10, choices=AdHocState.choices, default=AdHocState.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_on = models.DateField("拟稿日期")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="送审人"
    )
    sent_on = models.DateField("送审日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_on = models.DateField("批准日期", null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="未批准人"
    )
    refused_on = models.DateField("未批准日期", null=True, blank=True)
    refusal = models.TextField("未批准原因", blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawal = models.TextField("撤回原因", blank=True)
    key = models.CharField("唯一键", max_length=160, null=True, blank=True, unique=True, editable=False)
    # Raised by every act: the second of two people is told instead of acting on what is no longer so.
    version = models.PositiveIntegerField("办理次数", default=1)

    objects = AdHocRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "临时填报"
        ordering = ["-pk"]
        # An unknown passes a check: `__isnull=False` stands beside every comparison with a column that may be empty.
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=STORED_STATES),
                name="adhoc_state_known",
                violation_error_message="临时填报的状态不在规定范围内。",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(reason=""),
                name="adhoc_says_what_and_why",
                violation_error_message="临时填报须有标题和理由。",
            ),
            models.CheckConstraint(
                condition=Q(due__gte=F("drafted_on"), expires__gte=F("due")),
                name="adhoc_days_ordered",
                violation_error_message="日期须满足：拟稿 ≤ 填报截止 ≤ 有效期。",
            ),
            models.CheckConstraint(
                condition=Q(
                    sent_by__isnull=True, sent_on__isnull=True, state__in=[AdHocState.DRAFT, AdHocState.WITHDRAWN]
                )
                | Q(sent_by__isnull=False, sent_on__isnull=False, sent_on__gte=F("drafted_on"), sent_on__lte=F("due")),
                name="adhoc_sent_in_time",
                violation_error_message="送审须有送审人，且不晚于填报截止。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_on__isnull=True) & ~Q(state=AdHocState.APPROVED)
                | (
                    Q(approved_by__isnull=False, approved_on__isnull=False, sent_on__isnull=False)
                    & Q(approved_on__gte=F("sent_on"), approved_on__lte=F("due"))
                    & Q(state__in=[AdHocState.APPROVED, AdHocState.WITHDRAWN])
                    & ~Q(approved_by=F("drafted_by"))
                    & ~Q(approved_by=F("sent_by"))
                ),
                name="adhoc_approved_by_another",
                violation_error_message="临时填报须由拟稿人、送审人以外的人批准，且不晚于填报截止。",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_on__isnull=True, refusal="") & ~Q(state=AdHocState.REFUSED)
                | (Q(refused_by__isnull=False, refused_on__isnull=False) & ~Q(refusal="")),
                name="adhoc_refused_with_reason",
                violation_error_message="不批准须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_on__isnull=True, withdrawal="")
                & ~Q(state=AdHocState.WITHDRAWN)
                | (
                    Q(state=AdHocState.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_on__isnull=False)
                    & ~Q(withdrawal="")
                ),
                name="adhoc_withdrawn_with_reason",
                violation_error_message="撤回须写明原因。",
            ),
        ]
        indexes = [models.Index(fields=["plan", "state", "due"], name="adhoc_of_plan")]

    def __str__(self):
        return self.title

    def standing(self, on: date) -> AdHocState:
        """Return how the request stands on the day."""
        expired = self.state == AdHocState.APPROVED and self.expires < on
        return AdHocState.EXPIRED if expired else AdHocState(self.state)

    def is_open(self, on: date) -> bool:
        """Say whether units may answer on the day."""
        return self.standing(on) == AdHocState.APPROVED

    def audit_position(self):
        return self.office, self.app


class AdHocFieldQuerySet(ScopedQuerySet):
    scope_units = ("request__plan__bureau", "request__answers__org_unit")
    scope_apps = ("request__app",)
    scope_many = True

    def _grant_condition(self, grant, right):
        return _asked_of(grant, super()._grant_condition(grant, right), "request__")


class AdHocField(models.Model):
    """One thing that is asked: a number with what it counts, or a text."""

    request = models.ForeignKey(AdHocRequest, models.CASCADE, related_name="fields", verbose_name="临时填报")
    place = models.PositiveSmallIntegerField("序号")
    label = models.CharField("填报项", max_length=40)
    kind = models.CharField("类型", max_length=10, choices=AdHocKind.choices, default=AdHocKind.NUMBER)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    required = models.BooleanField("必填", default=True)

    objects = AdHocFieldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "临时填报项"
        ordering = ["request_id", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "place"], name="adhocfield_one_place", violation_error_message="序号重复。"
            ),
            models.UniqueConstraint(
                fields=["request", "label"], name="adhocfield_named_once", violation_error_message="填报项名称重复。"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_FIELDS),
                name="adhocfield_few",
                violation_error_message=f"填报项须为 1 至 {MOST_FIELDS} 项。",
            ),
            models.CheckConstraint(
                condition=Q(kind=AdHocKind.NUMBER) & ~Q(unit="") | Q(kind=AdHocKind.TEXT, unit=""),
                name="adhocfield_numbers_have_units",
                violation_error_message="数字须有计量单位，文字没有。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def is_number(self) -> bool:
        return self.kind == AdHocKind.NUMBER

    def audit_position(self):
        return self.request.audit_position()


class AdHocAnswerQuerySet(ScopedQuerySet):
    """Of each unit its own row; the bureau's side of the section sees them all."""

    scope_units = ("org_unit",)
    scope_apps = ("request__app",)

    def _grant_condition(self, grant, right):
        return _asked_of(grant, super()._grant_condition(grant, right), "request__")

    def with_context(self):
        return self.select_related("org_unit", "request__office", "request__plan__bureau", "answered_by", "saved_by")

    def owed(self, on: date):
        """Return what units that still exist have to answer, and can."""
        asked = self.filter(request__state=AdHocState.APPROVED, request__expires__gte=on, answered_on__isnull=True)
        return asked.filter(org_unit__valid_to__isnull=True)

    def counted(self):
        """Return what was asked of units: of a request that was withdrawn, only what had been answered before."""
        asked = Q(request__state=AdHocState.APPROVED) | Q(answered_on__isnull=False)
        return self.filter(asked, request__approved_on__isnull=False)


class AdHocAnswer(models.Model):
    """What one unit is asked, and its answer once there is one. answered_on: the day of the first; lateness is judged by it."""

    request = models.ForeignKey(AdHocRequest, models.CASCADE, related_name="answers", verbose_name="临时填报")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="adhoc_answers", verbose_name="单位")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人"
    )
    answered_on = models.DateField("首次提交", null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最近保存"
    )
    saved_at = models.DateTimeField("最近保存时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = AdHocAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "临时填报答复"
        ordering = ["request_id", "org_unit__sort", "org_unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "org_unit"],
                name="adhocanswer_one_for_each_unit",
                violation_error_message="同一单位只填一份。",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_on__isnull=True)
                | Q(answered_by__isnull=False, answered_on__isnull=False, saved_by__isnull=False),
                name="adhocanswer_by_somebody",
                violation_error_message="提交须有填报人和日期。",
            ),
            models.CheckConstraint(
                condition=Q(saved_by__isnull=True, saved_at__isnull=True)
                | Q(saved_by__isnull=False, saved_at__isnull=False),
                name="adhocanswer_saved_by_somebody",
                violation_error_message="保存须有保存人和时间。",
            ),
        ]

    def __str__(self):
        return f"{self.org_unit.label} {self.request}"

    @property
    def is_late(self) -> bool:
        return self.answered_on is not None and self.answered_on > self.request.due

    def stored(self) -> dict[int, Value]:
        """Return what is kept, by field id; fields left open are not there."""
        return {value.field_id: value.said for value in self.values.all()}

    def audit_position(self):
        return self.org_unit, self.request.app


class AdHocValueQuerySet(ScopedQuerySet):
    scope_units = ("answer__org_unit",)
    scope_apps = ("answer__request__app",)

    def _grant_condition(self, grant, right):
        return _asked_of(grant, super()._grant_condition(grant, right), "answer__request__")


class AdHocValue(models.Model):
    """What a unit said to one field: a number or a text."""

    answer = models.ForeignKey(AdHocAnswer, models.CASCADE, related_name="values", verbose_name="答复")
    field = models.ForeignKey(AdHocField, models.PROTECT, related_name="values", verbose_name="填报项")
    number = models.DecimalField("数字", max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.TextField("文字", blank=True)

    objects = AdHocValueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "临时填报值"
        ordering = ["answer_id", "field__place"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "field"], name="adhocvalue_once", violation_error_message="同一项只有一个值。"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, number__gte=0, text="") | Q(number__isnull=True) & ~Q(text=""),
                name="adhocvalue_number_or_text",
                violation_error_message="值为不小于零的数字，或文字。",
            ),
        ]

    def __str__(self):
        return str(self.said)

    @property
    def said(self) -> Value:
        return self.text if self.number is None else self.number

    def audit_position(self):
        return self.answer.audit_position()
