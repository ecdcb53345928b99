"""Import and export of the plan: sections, tasks, targets and allocations, by year and code."""

from import_export.fields import Field

from accounts.enums import Right, UnitKind
from accounts.errors import Refused
from accounts.models import OrgUnit
from accounts.resources import ScopedResource
from accounts.widgets import ChoiceWidget, DayWidget, KeyWidget, NumberWidget, TextWidget, WholeWidget, YesNoWidget

from .enums import PlanStatus
from .models import Allocation, CalendarDay, Plan, Section, Target, Task
from .rules.kinds import Comparator, PaceCurve, Recurrence, Strength, TargetKind
from .sections import section_choices
from .services.plan import allocate, revise_target

BUREAU, YEAR, REASON = "局代码", "年度", "修改原因"


def plans(resource, row):
    """Return the plans of the row's year that the user may edit: none that is closed."""
    year = str((row or {}).get(YEAR, "")).strip()
    return (
        Plan.objects.visible_to(resource.user, Right.PLAN_EDIT).filter(year=int(year)).exclude(status=PlanStatus.CLOSED)
    )


def plan_of(resource, row):
    return plans(resource, row).filter(bureau__code=str(row.get(BUREAU, "")).strip())


def sections(resource, row):
    found = Section.objects.visible_to(resource.user, Right.PLAN_EDIT).filter(plan__in=plan_of(resource, row))
    return found.filter(app=resource.app) if resource.app else found


def tasks(resource, row):
    found = Task.objects.visible_to(resource.user, Right.PLAN_EDIT).filter(plan__in=plan_of(resource, row))
    return found.filter(section__app=resource.app) if resource.app else found


def targets(resource, row):
    return Target.objects.visible_to(resource.user, Right.PLAN_EDIT).filter(plan__in=plan_of(resource, row))


def units(resource, row):
    """Return the units below the row's bureau in which the user edits the plan."""
    editable = OrgUnit.objects.visible_to(resource.user, Right.PLAN_EDIT)
    plan = plan_of(resource, row).select_related("bureau").first()
    return editable.filter(path__startswith=plan.bureau.path) if plan else editable.none()


class PlanPartResource(ScopedResource):
    """Rows of a plan. app: the section app to which the table is limited, "" for all; app_path: where a row has it."""

    key_columns = (YEAR,)
    app_path = ""

    def __init__(self, *, user, app: str = "", **kwargs):
        super().__init__(user=user, **kwargs)
        self.app = app

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.filter(**{self.app_path: self.app}) if self.app else rows


class SectionResource(PlanPartResource):
    plan = Field("plan", BUREAU, KeyWidget(plans, "bureau__code"))
    year = Field("plan__year", YEAR, WholeWidget(), readonly=True)
    number = Field("number", "序号", WholeWidget())
    title = Field("title", "标题", TextWidget())
    campaign = Field("campaign", "行动名称", TextWidget())
    app_name = Field("app", "业务板块")

    class Meta:
        model = Section
        fields = ["plan", "year", "number", "title", "campaign", "app_name"]
        import_id_fields = ["plan", "number"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields["app_name"].widget = ChoiceWidget(section_choices())  # known once all apps are loaded


class TaskResource(PlanPartResource):
    app_path = "section__app"
    plan = Field("plan", BUREAU, KeyWidget(plans, "bureau__code"))
    year = Field("plan__year", YEAR, WholeWidget(), readonly=True)
    number = Field("number", "序号", WholeWidget())
    section = Field("section", "板块序号", KeyWidget(sections, "number"))
    title = Field("title", "标题", TextWidget())
    summary = Field("summary", "内容摘要", TextWidget())
    due = Field("due", "完成时限", DayWidget())
    due_proposed = Field("due_proposed", "时限待确认", YesNoWidget())

    class Meta:
        model = Task
        fields = ["plan", "year", "number", "section", "title", "summary", "due", "due_proposed"]
        import_id_fields = ["plan", "number"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True


class TargetResource(PlanPartResource):
    """A changed goal of a published plan needs the column of reasons."""

    app_path = "task__section__app"
    plan = Field("plan", BUREAU, KeyWidget(plans, "bureau__code"))
    year = Field("plan__year", YEAR, WholeWidget(), readonly=True)
    code = Field("code", "编号", TextWidget())
    task = Field("task", "任务序号", KeyWidget(tasks, "number"))
    sort = Field("sort", "排序", WholeWidget(), default=0)
    measure = Field("measure", "目标", TextWidget())
    kind = Field("kind", "类型", ChoiceWidget(TargetKind.choices()))
    strength = Field("strength", "约束力", ChoiceWidget(Strength.choices()))
    implied = Field("implied", "推定目标值", YesNoWidget())
    comparator = Field("comparator", "比较", ChoiceWidget(Comparator.choices()))
    goal = Field("goal", "目标值", NumberWidget())
    unit = Field("unit", "计量单位", TextWidget())
    numerator_label = Field("numerator_label", "分子口径", TextWidget())
    denominator_label = Field("denominator_label", "分母口径", TextWidget())
    start = Field("start", "起始日期", DayWidget())
    due = Field("due", "完成时限", DayWidget())
    due_proposed = Field("due_proposed", "时限待确认", YesNoWidget())
    curve = Field("curve", "序时进度", ChoiceWidget(PaceCurve.choices()))
    recurrence = Field("recurrence", "频次", ChoiceWidget(Recurrence.choices()))
    cooperation = Field("cooperation", "配合事项", YesNoWidget())
    needs_evidence = Field("needs_evidence", "须附佐证材料", YesNoWidget())
    note = Field("note", "口径说明", TextWidget())
    reason = Field(None, REASON, TextWidget())

    class Meta:
        model = Target
        fields = [
            "plan",
            "year",
            "code",
            "task",
            "sort",
            "measure",
            "kind",
            "strength",
            "implied",
            "comparator",
            "goal",
            "unit",
            "numerator_label",
            "denominator_label",
            "start",
            "due",
            "due_proposed",
            "curve",
            "recurrence",
            "cooperation",
            "needs_evidence",
            "note",
            "reason",
        ]
        import_id_fields = ["plan", "code"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True

    def write(self, instance: Target, is_create: bool, row: dict) -> None:
        if is_create:
            super().write(instance, is_create, row)
        else:
            revise_target(target=instance, actor=self.user, reason=row.get(REASON, ""))


class AllocationResource(PlanPartResource):
    """Shares by target and unit. The shares of a target are set together: one may go down while another goes up."""

    key_columns = (BUREAU, YEAR)
    bureau = Field("target__plan__bureau__code", BUREAU, TextWidget(), readonly=True)
    year = Field("target__plan__year", YEAR, WholeWidget(), readonly=True)
    target = Field("target", "目标编号", KeyWidget(targets, "code"))
    org_unit = Field("org_unit", "单位代码", KeyWidget(units, "code"))
    amount = Field("amount", "分解值", NumberWidget())
    reason = Field(None, REASON, TextWidget())

    class Meta:
        model = Allocation
        fields = ["bureau", "year", "target", "org_unit", "amount", "reason"]
        import_id_fields = ["target", "org_unit"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shares: dict[Target, dict] = {}
        self.reasons: dict[Target, str] = {}

    def write(self, instance: Allocation, is_create: bool, row: dict) -> None:
        self.shares.setdefault(instance.target, {})[instance.org_unit] = instance.amount
        self.reasons[instance.target] = row.get(REASON, "") or self.reasons.get(instance.target, "")

    def after_import(self, dataset, result, **kwargs):
        """Set what the rows said, target by target. Raises Refused that names the target."""
        for target, amounts in self.shares.items():
            try:
                allocate(target=target, amounts=amounts, actor=self.user, reason=self.reasons[target] or "导入")
            except Refused as refused:
                raise Refused(f"目标 {target.code}：{refused.message}", code=refused.code) from refused
        super().after_import(dataset, result, **kwargs)


def bureaus(resource, row):
    """Return the bureaus whose calendar the user keeps."""
    return OrgUnit.objects.visible_to(resource.user, Right.USER_MANAGE).filter(kind=UnitKind.BUREAU)


class CalendarDayResource(ScopedResource):
    right = Right.USER_MANAGE
    bureau = Field("bureau", BUREAU, KeyWidget(bureaus, "code"))
    day = Field("day", "日期", DayWidget())
    working = Field("working", "上班", YesNoWidget())
    name = Field("name", "名称", TextWidget())

    class Meta:
        model = CalendarDay
        fields = ["bureau", "day", "working", "name"]
        import_id_fields = ["bureau", "day"]
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True
