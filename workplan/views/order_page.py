"""The page of one supervision order, put together: what it asks for, what was done about it, what can be done now."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.urls import reverse

from accounts.enums import Right

from .. import clock
from ..enums import ExtensionState, OrderAction, OrderState
from ..models import ProgressReport, Remark, SupervisionAct, SupervisionFile, SupervisionOrder, Target, Task
from ..order_forms import act_form
from ..sections import section_name
from ..services.order_life import trail_of
from ..supervising import available_actions
from ..ui import format as fmt
from ..ui import orders as signs

# What is said before an act that cannot simply be taken back, and how its button looks.
QUESTIONS = {
    OrderAction.ISSUE: "下发后编号生效，内容不能再改。确定下发吗？",
    OrderAction.ARCHIVE: "归档后不能再办理。确定归档吗？",
}
DANGERS = {OrderAction.WITHDRAW, OrderAction.REFUSE, OrderAction.RETURN, OrderAction.ESCALATE, OrderAction.REOPEN}
# Acts whose form stands open on the page; the others are unfolded.
FOREMOST = {
    OrderAction.ISSUE,
    OrderAction.SIGN,
    OrderAction.REPLY,
    OrderAction.STRIKE,
    OrderAction.GRANT,
    OrderAction.ARCHIVE,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the timeline shows it. changes: what became of deadline and step."""

    on: date
    who: str
    act: str
    text: str
    changes: list[str]
    files: list[SupervisionFile]


@dataclass(frozen=True, slots=True)
class Act:
    """One act that is offered, with its form."""

    name: str
    label: str
    url: str
    form: forms.Form
    question: str
    danger: bool
    open: bool


def page_of(order: SupervisionOrder, user, *, failed: tuple[OrderAction, forms.Form] | None = None, **more) -> dict:
    """Return everything that the order's template shows; `failed` is the form that could not be carried out."""
    light = order.light(clock.today())
    owed = order.state in (OrderState.ISSUED, OrderState.SIGNED)
    return {
        "order": order,
        "state": signs.state_mark(order.state),
        "undecided_proposal": order.proposed and order.state == OrderState.DRAFT,
        "light": signs.light_mark(light),
        "days": fmt.days_left(order.due, clock.today()) if owed else "",
        "step": signs.step_mark(order.step),
        "section": section_name(order.app),
        "subject_url": subject_url(order, user),
        "lines": lines_of(trail_of(order)),
        "asked": order.extensions.filter(state=ExtensionState.ASKED).select_related("asked_by").first(),
        "extensions": order.extensions.exclude(state=ExtensionState.ASKED).select_related("asked_by", "decided_by"),
        "remark": Remark.objects.visible_to(user).filter(order=order).first(),
        "problems": order.problems.visible_to(user).select_related("org_unit"),
        "acts": _acts(order, user, failed),
        "crumbs": [("督办单", reverse("workplan:orders")), (order.number or "未编号", None)],
        **more,
    }


def _acts(order: SupervisionOrder, user, failed) -> list[Act]:
    found = []
    for action in available_actions(order, user):
        wrong = failed is not None and failed[0] == action
        found.append(
            Act(
                name=action.value,
                label=action.label,
                url=reverse(f"workplan:order_{action.value}", args=[order.pk]),
                form=failed[1] if wrong else act_form(order, action),
                question=QUESTIONS.get(action, ""),
                danger=action in DANGERS,
                open=wrong or action in FOREMOST,
            )
        )
    return sorted(found, key=lambda act: not act.open)


def subject_url(order: SupervisionOrder | Remark, user) -> str:
    """Return the address of what the order or remark is about, "" where the user may not open it or there is none."""
    for model, name in ((Task, "task"), (Target, "target"), (ProgressReport, "report")):
        pk = getattr(order, f"{name}_id")
        if pk and model.objects.visible_to(user, Right.VIEW).filter(pk=pk).exists():
            return reverse(f"workplan:{name}", args=[pk])
    return ""


def lines_of(trail: list[SupervisionAct]) -> list[Line]:
    """Return the acts in words, the oldest first."""
    found, before = [], None
    for act in trail:
        changes = _changes(before, act) if before else []
        who = str(act.actor) if act.actor else "系统"
        found.append(Line(act.on, who, act.get_action_display(), act.text, changes, list(act.files.all())))
        before = act
    return found


def _changes(before: SupervisionAct, act: SupervisionAct) -> list[str]:
    found = []
    if before.step_id != act.step_id:
        found.append(f"督办等级：{before.step} → {act.step}")
    if before.due != act.due:
        found.append(f"完成时限：{_day(before.due)} → {_day(act.due)}")
    return found


def _day(day: date | None) -> str:
    return fmt.day(day) if day else "未定"


def print_of(order: SupervisionOrder) -> dict:
    """Return what the printed order says: of replies and checks the last that stand."""
    trail = trail_of(order)
    replies = [act for act in trail if act.action == OrderAction.REPLY]
    verdicts = [act for act in trail if act.action in (OrderAction.STRIKE, OrderAction.RETURN)]
    granted = order.extensions.filter(state=ExtensionState.GRANTED).order_by("pk")
    return {
        "order": order,
        "step": signs.step_mark(order.step),
        "section": section_name(order.app),
        "reply": replies[-1] if replies else None,
        "verdict": verdicts[-1] if verdicts and (not replies or verdicts[-1].pk > replies[-1].pk) else None,
        "granted": list(granted),
    }
