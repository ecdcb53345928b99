"""Forms of supervision orders and of the list of problems. What the words must satisfy is asked of the services."""

import uuid

from django import forms

from accounts.enums import TOWNSHIP_KINDS, Right, UnitKind
from accounts.models import OrgUnit

from . import clock
from .enums import OrderAction
from .forms import DayField, TextField, version_field
from .models import Plan, Problem, SupervisionOrder, SupervisionStep, Target
from .sections import section_name
from .services.evidence import TYPES
from .services.order_life import MAX_FILES
from .services.supervision import OrderInput, Subject, steps_of, task_of, usual_due
from .ui.params import printable

WORDS_LIMIT = 2000
# Where the page says what a service has refused: code → field. Everything else stands above the form.
PLACES = {
    "title_required": "title",
    "requirement_required": "requirement",
    "due_required": "due",
    "due_in_past": "due",
    "due_too_far": "due",
    "not_later": "due",
    "text_required": "text",
    "file": "files",
    "foreign_unit": "org_unit",
    "no_part": "org_unit",
    "problem_required": "problem",
    "action_required": "text",
}


class PlacedForm(forms.Form):
    """A form that can say at the field what a service has refused."""

    def place(self, refused) -> None:
        field = PLACES.get(refused.code)
        self.add_error(field if field in self.fields else None, refused.message)

    def lines(self) -> list[forms.BoundField]:
        """Return the inputs that are shown, those with a mistake marked so for screen readers."""
        shown = self.visible_fields()
        for bound in shown:
            attrs = bound.field.widget.attrs
            attrs["aria-describedby"] = f"{bound.id_for_label}-hint"
            if bound.errors:
                attrs |= {"aria-invalid": "true", "class": f"{attrs.get('class', 'form-control')} is-invalid"}
        return shown


class FilesField(forms.FileField):
    """Several files at once; what is in them is checked by the service."""

    def __init__(self, **kwargs):
        accept = ",".join(["image/jpeg", "image/png", *TYPES])
        widget = forms.FileInput(attrs={"class": "form-control", "accept": accept})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(widget=widget, required=False, **kwargs)

    def clean(self, data, initial=None):
        return [one for one in data or [] if one]

    def bound_data(self, data, initial):
        return None


class DraftForm(PlacedForm):
    """The words of a draft."""

    version = version_field()
    title = forms.CharField(label="督办事项", max_length=120, required=False, help_text="一事一项，120 字以内。")
    requirement = TextField(label="办理要求", rows=4, max_length=WORDS_LIMIT, required=False)
    step = forms.ModelChoiceField(
        SupervisionStep.objects.none(),
        label="督办等级",
        empty_label=None,
        error_messages={"required": "请选择督办等级。", "invalid_choice": "没有这一督办等级，请重新选择。"},
    )
    due = DayField(label="完成时限", required=False, help_text="可在下发时再定。")

    def __init__(self, *args, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["class"] = "form-control"
        self.fields["step"].queryset = plan.supervision_steps.order_by("rank")
        self.fields["step"].label_from_instance = lambda step: f"{step}（{step.reply_days} 个工作日）"
        self.fields["step"].widget.attrs["class"] = "form-select"

    def typed(self) -> OrderInput:
        data = self.cleaned_data
        return OrderInput(data["title"], data["requirement"], data["step"], data["due"])


class NewOrderForm(DraftForm):
    """A new draft: about the subject that the page was opened with, or about a free matter. key: once sent, sent once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    app = forms.ChoiceField(label="业务板块", error_messages={"required": "请选择业务板块。"})
    matter = forms.CharField(
        label="其他事项来源", max_length=200, help_text="如：局务会议定事项、来信来访、上级交办。",
        error_messages={"required": "请写明事项来源。"},
    )  # fmt: skip
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label="责任单位",
        empty_label="请选择责任单位",
        error_messages={"required": "请选择责任单位。", "invalid_choice": "没有这一单位，请重新选择。"},
    )

    field_order = ["app", "matter", "org_unit", "title", "requirement", "step", "due"]

    def __init__(self, *args, user, plan: Plan, subject: Subject, **kwargs):
        super().__init__(*args, plan=plan, **kwargs)
        del self.fields["version"]
        if subject.matter or task_of(subject):
            del self.fields["app"], self.fields["matter"]
        else:
            self.fields["app"].choices = [("", "请选择业务板块"), *_draftable_apps(user, plan)]
            self.fields["app"].widget.attrs["class"] = "form-select"
            self.fields["matter"].widget.attrs["class"] = "form-control"
        self.fields["org_unit"].queryset = chargeable_units(user, plan, subject)
        self.fields["org_unit"].widget.attrs["class"] = "form-select"


def chargeable_units(user, plan: Plan, subject: Subject):
    """Return the units that an order of the user may go to: those with a part in its subject, or any for a free matter."""
    units = OrgUnit.objects.visible_to(user, Right.ORDER_DRAFT).below(plan.bureau).valid_on(clock.today())
    units = units.filter(kind__in=[*TOWNSHIP_KINDS, UnitKind.OFFICE])
    if subject.report:
        return units.filter(pk=subject.report.org_unit_id)
    return units_with_part(units, task_of(subject)) if task_of(subject) else units


def units_with_part(units, task):
    """Return those of the units that have a part in the task."""
    assigned, allocated = task.assignments.values("org_unit"), task.targets.values("allocations__org_unit")
    return units.filter(pk__in=assigned) | units.filter(pk__in=allocated)


def _draftable_apps(user, plan: Plan) -> list[tuple[str, str]]:
    apps = user.scope.apps_over(plan.bureau.path, Right.ORDER_DRAFT)
    found = plan.sections.order_by("number").values_list("app", flat=True)
    return [(app, section_name(app)) for app in dict.fromkeys(found) if apps is None or app in apps]


# Action → the fields its form has with their labels; due and text are asked for by the service.
FIELDS: dict[OrderAction, dict[str, str]] = {
    OrderAction.ISSUE: {"due": "完成时限"},
    OrderAction.WITHDRAW: {"text": "不予立项的原因"},
    OrderAction.SIGN: {},
    OrderAction.REPLY: {"text": "办理情况", "files": "佐证材料"},
    OrderAction.ASK: {"due": "申请延至", "text": "延期理由"},
    OrderAction.GRANT: {"text": "审批意见（可不填）"},
    OrderAction.REFUSE: {"text": "不同意的理由"},
    OrderAction.STRIKE: {"text": "复核意见"},
    OrderAction.RETURN: {"text": "退回原因"},
    OrderAction.ESCALATE: {"due": "新的完成时限", "text": "升级原因"},
    OrderAction.ARCHIVE: {},
    OrderAction.REOPEN: {"due": "新的完成时限", "text": "重新督办的原因"},
}


class ActForm(PlacedForm):
    """What one act on an issued order asks for."""

    version = version_field()
    due = DayField(required=False)
    text = TextField(rows=3, max_length=WORDS_LIMIT, required=False)
    files = FilesField(help_text=f"最多 {MAX_FILES} 个，可选照片、PDF、Word、Excel、OFD、文本。")

    def __init__(self, *args, action: OrderAction, **kwargs):
        super().__init__(*args, auto_id=f"{action.value}-%s", **kwargs)
        wanted = FIELDS[action]
        for name in ("due", "text", "files"):
            if name in wanted:
                self.fields[name].label = wanted[name]
            else:
                del self.fields[name]


def act_form(order: SupervisionOrder, action: OrderAction, data=None, files=None):
    """Return the form of an action on the order, filled with what usually stands in it."""
    initial = {"version": order.version}
    if action == OrderAction.SAVE:
        initial |= {name: getattr(order, name) for name in ("title", "requirement", "step", "due")}
        return DraftForm(data, plan=order.plan, initial=initial, auto_id="save-%s")
    if action == OrderAction.ISSUE:
        initial["due"] = order.due or usual_due(order.step)
    if action == OrderAction.STRIKE:
        initial["text"] = "经复核，已按要求完成，同意销号。"
    if action == OrderAction.ESCALATE:
        higher = next((step for step in steps_of(order.plan) if step.rank > order.step.rank), order.step)
        initial["due"] = usual_due(higher)
    if action == OrderAction.REOPEN:
        initial["due"] = usual_due(order.step)
    return ActForm(data, files, action=action, initial=initial)


class ProblemForm(PlacedForm):
    """One line of the list of problems, without the check."""

    version = version_field()
    problem = TextField(label="存在问题", rows=2, max_length=WORDS_LIMIT, required=False)
    cause = TextField(label="原因分析", rows=2, max_length=WORDS_LIMIT, required=False)
    action = TextField(label="整改措施", rows=2, max_length=WORDS_LIMIT, required=False)
    responsible = forms.CharField(label="责任人", max_length=80, required=False)
    due = DayField(label="整改时限", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsible"].widget.attrs["class"] = "form-control"

    def clean_responsible(self) -> str:
        text = self.cleaned_data["responsible"]
        if not printable(text):
            raise forms.ValidationError("含有无法识别的字符。")
        return text


class NewProblemForm(ProblemForm):
    """A new line: of one of the units that the user writes for or supervises, perhaps with an order about it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label="责任单位",
        empty_label="请选择责任单位",
        error_messages={"required": "请选择责任单位。", "invalid_choice": "没有这一单位，请重新选择。"},
    )
    order = forms.ModelChoiceField(
        SupervisionOrder.objects.none(),
        label="关联督办单",
        empty_label="无",
        required=False,
        error_messages={"invalid_choice": "没有这份督办单，请重新选择。"},
    )

    field_order = ["org_unit", "problem", "cause", "action", "responsible", "due", "order"]

    def __init__(self, *args, user, target: Target, units, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        self.fields["org_unit"].queryset = units
        orders = SupervisionOrder.objects.visible_to(user).issued().filter(target=target)
        self.fields["order"].queryset = orders
        if not orders.exists():
            del self.fields["order"]
        for name in ("org_unit", "order"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "form-select"


class CheckForm(PlacedForm):
    """What a check of a problem has shown, or why it is opened again."""

    version = version_field()
    text = TextField(label="核查情况", rows=2, max_length=WORDS_LIMIT, required=False)
    closed = forms.BooleanField(label="已整改到位，销号", required=False)


def problem_form(row: Problem, data=None) -> ProblemForm:
    names = ("version", "problem", "cause", "action", "responsible", "due")
    return ProblemForm(data, initial={name: getattr(row, name) for name in names}, auto_id="problem-%s")


def problem_units(user, target: Target):
    """Return the units for which the user may put a problem on the target's list."""
    units = OrgUnit.objects.valid_on(clock.today())
    own = OrgUnit.objects.visible_to(user, Right.REPORT_WRITE).valid_on(clock.today())
    if Target.objects.visible_to(user, Right.ORDER_DRAFT).filter(pk=target.pk).exists():
        reached = units.below(target.plan.bureau)
    else:
        reached = own
    return units_with_part(reached, target.task).distinct()
