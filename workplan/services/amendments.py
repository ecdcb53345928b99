"""Amendments of a published plan: drafted line by line, issued once, applied in the transaction that numbers them."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.locks import read_locked

from .. import clock
from ..amended import as_then
from ..enums import AmendedField, PlanStatus
from ..errors import Refused
from ..models import Amendment, AmendmentLine, Plan, Target, Task
from ..models.amendments import OF_TARGETS, OF_TASKS
from ..rules.amending import text_of
from .amendment_book import enter, wait_turn
from .plan import locked, require_full, write_target

MOST_LINES = 200
NO_RIGHT = "您没有进行此操作的权限。"
ISSUED = "这份计划调整已发布，不能再修改。"
STALE = "这份草稿已被他人修改过，您的修改尚未写入，请核对后再保存。"
LAST_DAY = date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class AmendmentInput:
    """What is typed about the document. effective_on: the first day on which the new values hold."""

    title: str
    effective_on: date
    reason: str = ""
    document_number: str = ""
    decided_on: date | None = None


# --- who may -----------------------------------------------------------------------------------------------------


def may_edit(amendment: Amendment, user) -> bool:
    """Say whether the user may change the draft: he edits all that its lines are about."""
    if amendment.is_issued or amendment.plan.status != PlanStatus.PUBLISHED:
        return False
    drafts = Amendment.objects.visible_to(user, Right.PLAN_EDIT)
    return drafts.filter(pk=amendment.pk).exists() and _holds_all(amendment, user, Right.PLAN_EDIT)


def may_issue(amendment: Amendment, user) -> bool:
    """Say whether the user may issue the draft: an administrator, or the head of the office for what its sections hold."""
    return may_edit(amendment, user) and amendment.lines.exists() and _holds_all(amendment, user, Right.PLAN_AMEND)


def _holds_all(amendment: Amendment, user, right: str) -> bool:
    """Say whether the user holds the right over everything that the lines change."""
    lines = list(amendment.lines.values_list("target_id", "task_id"))
    targets, tasks = ({pk for pk in column if pk} for column in zip(*lines, strict=True)) if lines else (set(), set())
    held = Target.objects.visible_to(user, right).filter(pk__in=targets).count()
    return held == len(targets) and Task.objects.visible_to(user, right).filter(pk__in=tasks).count() == len(tasks)


# --- drafts ------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_amendment(*, plan: Plan, typed: AmendmentInput, actor, key: str | None = None) -> Amendment:
    """Begin a draft. key: of the form that was sent; the same form sent twice gives the first one's draft.

    Raises Refused (forbidden, not_published, title_required, bad_day).
    """
    existing = Amendment.objects.filter(key=key, made_by=actor).first() if key else None
    if existing:
        return existing
    if plan.status != PlanStatus.PUBLISHED:
        raise Refused("只有已发布、未结束的工作要点可以调整；草稿请直接修改。", code="not_published")
    _require_typed(plan, typed)
    try:
        with transaction.atomic():
            amendment = Amendment.objects.create(
                plan=plan, key=key, made_by=actor, made_at=timezone.now(), **asdict(_stripped(typed))
            )
    except IntegrityError:  # the second click, a moment later
        return Amendment.objects.get(key=key, made_by=actor)
    if not Amendment.objects.visible_to(actor, Right.PLAN_EDIT).filter(pk=amendment.pk).exists():
        raise Refused(NO_RIGHT, code="forbidden")
    audit.record(action="amendment.draft", actor=actor, row=amendment, after=_named(amendment))
    return amendment


@transaction.atomic
def save_amendment(*, amendment: Amendment, typed: AmendmentInput, version: int, actor) -> Amendment:
    """Change the words and days of a draft. Raises Refused (forbidden, issued, stale, title_required, bad_day)."""
    amendment = _draft(amendment, actor, version)
    _require_typed(amendment.plan, typed)
    before = _named(amendment)
    for name, value in asdict(_stripped(typed)).items():
        setattr(amendment, name, value)
    return _saved(amendment, actor, before, _named(amendment))


@transaction.atomic
def set_lines(
    *, amendment: Amendment, row: Target | Task, values: dict[str, object], reason: str, version: int, actor
) -> Amendment:
    """Let the draft say of one target or task what it becomes; what reads as it does now has no line (any more).

    values: by `AmendedField`, all that the row has of them, each as the row would keep it. The old value is taken from the row as it is now.
    Raises Refused (forbidden, foreign, issued, stale, no_change, value_required, bad_value, too_many).
    """
    amendment = _draft(amendment, actor, version)
    row = _editable(amendment, row, actor)
    wanted = {name: value for name, value in values.items() if text_of(value) != text_of(_value(row, name))}
    _require_values(row, wanted)
    about = {"task": row} if isinstance(row, Task) else {"target": row}
    before = _lines_in_words(amendment)
    amendment.lines.filter(**about).exclude(field__in=wanted).delete()
    place = (amendment.lines.aggregate(last=Max("sort"))["last"] or 0) + 1
    for step, (name, value) in enumerate(wanted.items()):
        texts = {"old": text_of(_value(row, name)), "new": text_of(value), "reason": reason.strip()}
        amendment.lines.update_or_create(
            **about, field=name, defaults=texts, create_defaults=texts | {"sort": place + step}
        )
    if amendment.lines.count() > MOST_LINES:
        raise Refused(f"一份计划调整最多 {MOST_LINES} 条。", code="too_many")
    after = _lines_in_words(amendment)
    if before == after:
        raise Refused("填写的内容与现行内容相同，没有需要调整的事项。", code="no_change")
    return _saved(amendment, actor, {"lines": before}, {"lines": after})


@transaction.atomic
def remove_line(*, amendment: Amendment, line: int, version: int, actor) -> Amendment:
    """Take one line out of a draft; one that is gone already is no mistake. Raises Refused (forbidden, issued, stale)."""
    amendment = _draft(amendment, actor, version)
    before = _lines_in_words(amendment)
    amendment.lines.filter(pk=line).delete()
    return _saved(amendment, actor, {"lines": before}, {"lines": _lines_in_words(amendment)})


@transaction.atomic
def discard_amendment(*, amendment: Amendment, actor) -> None:
    """Delete a draft. Raises Refused (forbidden, issued, gone)."""
    amendment = _draft(amendment, actor, None)
    before = _named(amendment) | {"lines": _lines_in_words(amendment)}
    audit.record(action="amendment.discard", actor=actor, row=amendment, before=before)
    amendment.lines.all().delete()
    amendment.delete()


# --- issuing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_amendment(*, amendment: Amendment, version: int, actor) -> Amendment:
    """Number the draft and put its values into the plan, all or nothing; issued already, it is given back as it is.

    Raises Refused (forbidden, stale, empty, not_yet, too_early, changed, sum_below_goal, bad_value): see the page of the draft.
    """
    wait_turn(amendment.plan)
    amendment = _locked(amendment)
    if amendment.is_issued:
        return amendment
    _require_editable(amendment, actor, version)
    if not amendment.lines.exists():
        raise Refused("还没有调整条款，不能发布。", code="empty")
    if not may_issue(amendment, actor):
        raise Refused("只有系统管理员，或所涉板块的科室负责人可以发布计划调整。", code="forbidden")
    if amendment.effective_on > clock.today():
        raise Refused(f"执行日期是 {amendment.effective_on}，到那一天才能发布。", code="not_yet")
    _require_after_earlier(amendment)
    for row, lines in _by_row(amendment):
        _apply(row, lines, amendment, actor)
    return enter(amendment, actor)


def _require_after_earlier(amendment: Amendment) -> None:
    """Raise Refused where an issued amendment of the same clause takes effect later: two chains of values would cross."""
    for line in amendment.lines.select_related("target", "task"):
        of = {"field": line.field, "target": line.target_id, "task": line.task_id}
        later = AmendmentLine.objects.issued().filter(**of, amendment__effective_on__gt=amendment.effective_on)
        found = later.select_related("amendment").first()
        if found:
            day = found.amendment.effective_on
            raise Refused(
                f"“{line}”已由{found.amendment}从 {day} 起调整，本次执行日期不能早于这一天。", code="too_early"
            )


def _by_row(amendment: Amendment) -> list[tuple[Target | Task, list[AmendmentLine]]]:
    """Return the rows that the lines change, in the order in which everybody locks them, each with its lines."""
    found: dict[tuple[bool, int], list[AmendmentLine]] = {}
    for line in amendment.lines.select_related("target__plan", "task"):
        found.setdefault((line.task_id is None, line.target_id or line.task_id), []).append(line)
    return [(found[key][0].row, found[key]) for key in sorted(found)]


def _apply(row: Target | Task, lines: list[AmendmentLine], amendment: Amendment, actor) -> None:
    """Change one target or task as the lines say. Raises Refused where it no longer reads as they have it, or would not do."""
    is_task = isinstance(row, Task)
    stored = read_locked(Task.objects.select_related("section__plan"), row.pk).get() if is_task else locked(row, "plan")
    moved = [line for line in lines if line.stored(stored) != line.old]
    if moved:
        raise Refused(f"“{moved[0]}”的现行内容在拟稿后已有变化，请重新核对这一条。", code="changed")
    wanted = as_then(stored, {line.attribute: line.value for line in lines})
    if any(line.attribute == "due" for line in lines):
        wanted.due_proposed = False
    note = "；".join(filter(None, (amendment.title, amendment.reason)))[:500]
    try:
        if is_task:
            _write_task(wanted, stored, actor, note)
        else:
            write_target(target=wanted, stored=stored, actor=actor, note=note)
    except ValidationError as error:
        raise Refused(f"“{row}”：{error.messages[0]}", code="bad_value") from error
    if any(line.field == AmendedField.GOAL for line in lines):
        _require_full(wanted)


def _write_task(task: Task, stored: Task, actor, note: str) -> None:
    task.full_clean()
    task.save()
    old, new = audit.changes(audit.snapshot(stored), audit.snapshot(task))
    audit.record(action="plan.change", actor=actor, row=task, before=old, after=new, note=note)


def _require_full(target: Target) -> None:
    try:
        require_full(target)
    except Refused as refused:
        raise Refused(
            f"目标 {target.code} {refused.message}请先在“指标分解”中把各单位的数调足，再发布。", code=refused.code
        ) from refused


# --- checks ------------------------------------------------------------------------------------------------------


def _locked(amendment: Amendment) -> Amendment:
    found = read_locked(Amendment.objects.select_related("plan__bureau"), amendment.pk).first()
    if found is None:
        raise Refused("这份计划调整的草稿已被删除。", code="gone")
    return found


def _draft(amendment: Amendment, actor, version: int | None) -> Amendment:
    amendment = _locked(amendment)
    _require_editable(amendment, actor, version)
    return amendment


def _require_editable(amendment: Amendment, actor, version: int | None) -> None:
    if amendment.is_issued:
        raise Refused(ISSUED, code="issued")
    if not may_edit(amendment, actor):
        raise Refused(NO_RIGHT, code="forbidden")
    if version is not None and amendment.version != version:
        raise Refused(STALE, code="stale")


def _require_typed(plan: Plan, typed: AmendmentInput) -> None:
    if not typed.title.strip():
        raise Refused("请填写标题。", code="title_required")
    problem = day_problem(plan, typed.effective_on)
    if problem:
        raise Refused(problem, code="bad_day")


def day_problem(plan: Plan, day: date | None) -> str:
    """Return what is wrong with the first day of an amendment, "" for nothing."""
    if day is None:
        return "请填写执行日期。"
    first = date(plan.year, 1, 1)
    return "" if first <= day <= LAST_DAY else f"执行日期不能早于 {first}，也不能晚于 {LAST_DAY}。"


def _editable(amendment: Amendment, row: Target | Task, actor) -> Target | Task:
    """Return the row as it is stored. Raises Refused where it is of another plan, or not for this actor to edit."""
    found = type(row).objects.visible_to(actor, Right.PLAN_EDIT).filter(pk=row.pk, plan=amendment.plan_id).first()
    if found is None:
        raise Refused("所选目标或任务不在您维护的范围内。", code="foreign")
    return found


def fields_of(row: Target | Task) -> tuple[AmendedField, ...]:
    """Return what of the row an amendment may change."""
    return OF_TASKS if isinstance(row, Task) else OF_TARGETS


def _value(row: Target | Task, name: str):
    return getattr(row, AmendedField(name).attribute)


def _require_values(row: Target | Task, wanted: dict[str, object]) -> None:
    for name, value in wanted.items():
        problem = value_problem(row, name, value)
        if problem:
            raise Refused(problem, code=f"bad_{AmendedField(name).attribute}")


def value_problem(row: Target | Task, name: str, value) -> str:
    """Return what is wrong with a new value of the row's field, "" for nothing."""
    name = AmendedField(name)
    if value in (None, ""):
        return f"请填写调整后的{name.label}。"
    if isinstance(value, Decimal) and value < 0:
        return "目标值不能为负数。"
    if isinstance(value, date) and not date(2000, 1, 1) <= value <= LAST_DAY:
        return f"{name.label}须在 2000 年至 2100 年之间。"
    try:
        as_then(row, {name.attribute: value}).full_clean(validate_unique=False)
    except ValidationError as error:
        return error.messages[0]
    return ""


def _stripped(typed: AmendmentInput) -> AmendmentInput:
    words = {name: getattr(typed, name).strip() for name in ("title", "reason", "document_number")}
    return AmendmentInput(effective_on=typed.effective_on, decided_on=typed.decided_on, **words)


def _named(amendment: Amendment) -> dict:
    return audit.snapshot(amendment, ["title", "document_number", "decided_on", "effective_on", "reason"])


def _lines_in_words(amendment: Amendment) -> list[str]:
    rows = amendment.lines.select_related("target", "task").order_by("sort", "pk")
    return [f"{line}：{line.old or '无'} → {line.new}{f'（{line.reason}）' if line.reason else ''}" for line in rows]


def _saved(amendment: Amendment, actor, before: dict, after: dict) -> Amendment:
    old, new = audit.changes(before, after)
    if new:
        amendment.version += 1
        amendment.save()
        audit.record(action="amendment.save", actor=actor, row=amendment, before=old, after=new)
    return amendment
