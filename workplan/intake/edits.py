"""The corrections that can be made to an outline: each a small pure function from one outline to the next, known by its name.

A correction is kept as data, `{"edit": name, argument: value, …}`. `apply` reads it, refuses what does not fit with `BadEdit`, and
returns the changed outline; `replay` applies a list of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from workplan.rules.kinds import Comparator, Recurrence, Strength, TargetKind

from . import arguments as read
from .errors import BadEdit
from .outline import DraftOwner, DraftSection, DraftTarget, DraftTask, Facts, Outline
from .places import Places, headed, joined, split_spans

TITLE, TEXT, MEASURE, UNIT, NAME = 160, 8000, 200, 20, 80
MOST_PARTS = 2000  # tasks, and targets, of a notice that is still one


@dataclass(frozen=True, slots=True)
class Edit:
    """A kind of correction: its Chinese name for the history, how its arguments are read, what it does."""

    label: str
    readers: dict[str, read.Reader]
    act: Callable[..., Outline]


EDITS: dict[str, Edit] = {}


def edit(label: str, **readers: read.Reader):
    """Register the function as the correction of its own name."""

    def register(act):
        EDITS[act.__name__] = Edit(label, readers, act)
        return act

    return register


def apply(outline: Outline, data: dict) -> Outline:
    """Return the outline with one correction made. Raises BadEdit where it is unknown, incomplete or does not fit."""
    kind = EDITS.get(data.get("edit"))
    if kind is None or data.keys() - kind.readers.keys() - {"edit"}:
        raise BadEdit("无法识别这一修改，请重新打开页面。")
    arguments = {name: reader(data.get(name, ""), name) for name, reader in kind.readers.items()}
    return kind.act(outline, **arguments)


def replay(outline: Outline, edits: Iterable[dict]) -> Outline:
    for data in edits:
        outline = apply(outline, data)
    return outline


# --- the head ---


@edit(
    "修改标题和文号",
    title=read.text("标题", 120),
    year=read.year,
    document_number=read.text("发文字号", 60, needed=False),
    issued=read.day,
)
def set_facts(outline: Outline, title, year, document_number, issued) -> Outline:
    if year is None:
        raise BadEdit("请填写年度。", "year")
    return replace(outline, facts=Facts(title, year, document_number, issued))


# --- sections ---


@edit("修改板块标题", section=read.ident, title=read.text("标题", TITLE))
def retitle_section(outline: Outline, section, title) -> Outline:
    return outline.with_section(section, lambda one: replace(one, title=title))


@edit("增加板块", after=read.maybe_ident, title=read.text("标题", TITLE))
def add_section(outline: Outline, after, title) -> Outline:
    """Put an empty section behind another, or before all."""
    place = _place(outline.sections, outline.section(after).id) + 1 if after else 0
    number = outline.last[0] + 1
    made = DraftSection(f"s{number}", title)
    sections = (*outline.sections[:place], made, *outline.sections[place:])
    return replace(outline, sections=sections, last=(number, *outline.last[1:]))


@edit("移动板块", section=read.ident, way=read.one_of("方向", ("up", "down")))
def move_section(outline: Outline, section, way) -> Outline:
    place = _place(outline.sections, outline.section(section).id)
    other = place - 1 if way == "up" else place + 1
    if not 0 <= other < len(outline.sections):
        raise BadEdit("板块已经在最前面或最后面。")
    return replace(outline, sections=_swapped(outline.sections, place, other))


@edit("并入上一板块", section=read.ident)
def merge_section(outline: Outline, section) -> Outline:
    """Put the section's tasks behind those of the section before it. Its title is left out."""
    gone = outline.section(section)
    place = _place(outline.sections, section)
    if place == 0:
        raise BadEdit("这是第一个板块，前面没有可以并入的板块。")
    before = outline.sections[place - 1]
    grown = replace(before, tasks=(*before.tasks, *gone.tasks))
    return replace(outline, sections=(*outline.sections[: place - 1], grown, *outline.sections[place + 1 :]))


@edit("对应业务板块", apps=read.pairs(read.ident, read.app))
def map_sections(outline: Outline, apps) -> Outline:
    for section, app in apps.items():
        outline = outline.with_section(section, lambda one, app=app: replace(one, app=app))
    return outline


# --- tasks ---


@edit(
    "修改任务",
    task=read.ident,
    title=read.text("标题", TITLE),
    text=read.text("内容", TEXT, needed=False, lines=True),
    due=read.day,
    lead=read.text("牵头单位", NAME, needed=False),
    others=read.text("配合单位", 400, needed=False),
)
def change_task(outline: Outline, task, title, text, due, lead, others) -> Outline:
    """Set what a task says, its deadline and its owners, `others` parted by 、."""

    def change(one: DraftTask) -> DraftTask:
        return replace(one, title=title, text=text, due=due, owners=_owners(one, lead, _names(others)), checked=True)

    return outline.with_task(task, change)


@edit("修改牵头单位", leads=read.pairs(read.ident, read.text("牵头单位", NAME, needed=False)))
def set_leads(outline: Outline, leads) -> Outline:
    """Set who leads several tasks; who led a task before is left out of it, those who co-operate stay."""
    for task, lead in leads.items():

        def change(one: DraftTask, lead=lead) -> DraftTask:
            others = [owner.name for owner in one.owners if owner.role != "lead" and owner.name != lead]
            return replace(one, owners=_owners(one, lead, others))

        outline = outline.with_task(task, change)
    return outline


@edit("并入上一项任务", task=read.ident)
def merge_task(outline: Outline, task) -> Outline:
    """Put the task's title, text, targets and owners behind those of the task before it in the section."""
    gone, home = outline.task(task), outline.section_of(task)
    earlier = [one for one in home.tasks[: _place(home.tasks, task)] if one.is_live]
    if not earlier:
        raise BadEdit("这是板块的第一项任务，前面没有可以并入的任务。")
    before = earlier[-1]
    known = {owner.name for owner in before.owners}
    led = any(owner.role == "lead" for owner in before.owners)
    more = [replace(one, role="cooperate") if led else one for one in gone.owners if one.name not in known]
    grown = replace(
        before,
        text=before.text + gone.whole,
        spans=joined((*before.spans, *gone.spans)),
        targets=(*before.targets, *gone.targets),
        owners=(*before.owners, *more),
        due=before.due or gone.due,
        checked=True,
    )
    tasks = tuple(grown if one.id == before.id else one for one in home.tasks if one.id != task)
    return outline.with_section(home.id, lambda section: replace(section, tasks=tasks))


@edit("拆分任务", task=read.ident, cut=read.whole)
def split_task(outline: Outline, task, cut) -> Outline:
    """Make a task of what follows the first `cut` characters of the text; its first sentence is the title."""
    whole = outline.task(task)
    if cut is None or not 0 <= cut < len(whole.text):
        raise BadEdit("请选择从哪里拆分。", "cut")
    title, between, text = headed(whole.text[cut:])
    if not title.strip() or len(title) > TITLE:
        raise BadEdit("这里不能拆分：后面没有可以作标题的文字。", "cut")
    places = Places(whole, outline.source)
    at = places.offset(cut)
    before, after = split_spans(whole.spans, at)
    moved = [one for one in whole.targets if places.follows(one.span, cut)]
    number = outline.last[1] + 1
    if number > MOST_PARTS:
        raise BadEdit(f"任务最多 {MOST_PARTS} 项。")
    stop = places.offset(cut + len(title) - 1)
    first = replace(
        whole,
        text=whole.text[:cut],
        spans=before,
        targets=tuple(one for one in whole.targets if one not in moved),
        checked=True,
    )
    second = DraftTask(
        f"t{number}",
        title,
        text,
        between=between,
        spans=after,
        title_span=(at, stop + 1) if after and stop is not None and at <= stop else None,
        targets=tuple(moved),
        owners=whole.owners,
        due=whole.due,
    )
    home = outline.section_of(task)
    place = _place(home.tasks, task)
    tasks = (*home.tasks[:place], first, second, *home.tasks[place + 1 :])
    outline = outline.with_section(home.id, lambda section: replace(section, tasks=tasks))
    return replace(outline, last=(outline.last[0], number, outline.last[2]))


@edit("移动任务", task=read.ident, way=read.one_of("方向", ("up", "down")))
def move_task(outline: Outline, task, way) -> Outline:
    """Move a task past its neighbour in the section."""
    home = outline.section_of(task)
    place = _place(home.tasks, task)
    other = place - 1 if way == "up" else place + 1
    if not 0 <= other < len(home.tasks):
        raise BadEdit("任务已经在本板块的最前面或最后面，可以移到其他板块。")
    return outline.with_section(home.id, lambda section: replace(section, tasks=_swapped(home.tasks, place, other)))


@edit("移到其他板块", task=read.ident, section=read.ident)
def move_task_to(outline: Outline, task, section) -> Outline:
    """Put a task at the end of another section."""
    moved, home, goal = outline.task(task), outline.section_of(task), outline.section(section)
    if home.id == goal.id:
        raise BadEdit("任务已经在这一板块。", "section")
    outline = outline.with_section(home.id, lambda one: replace(one, tasks=tuple(t for t in one.tasks if t.id != task)))
    return outline.with_section(goal.id, lambda one: replace(one, tasks=(*one.tasks, moved)))


@edit("不采用任务", task=read.ident)
def drop_task(outline: Outline, task) -> Outline:
    return outline.with_task(task, lambda one: replace(one, dropped=True))


@edit("恢复任务", task=read.ident)
def restore_task(outline: Outline, task) -> Outline:
    return outline.with_task(task, lambda one: replace(one, dropped=False))


@edit("确认任务", task=read.ident)
def accept_task(outline: Outline, task) -> Outline:
    """Take the task as it stands, with those of its targets that still had to be looked at."""

    def accept(one: DraftTask) -> DraftTask:
        targets = tuple(replace(target, checked=True) if target.waits else target for target in one.targets)
        return replace(one, checked=True, targets=targets)

    return outline.with_task(task, accept)


# --- targets ---

TARGET = {
    "measure": read.text("目标", MEASURE),
    "kind": read.one_of("类型", TargetKind),
    "strength": read.one_of("约束力", Strength),
    "comparator": read.one_of("比较", Comparator),
    "goal": read.amount,
    "unit": read.text("计量单位", UNIT),
    "recurrence": read.one_of("频次", Recurrence),
    "due": read.day,
    "cooperation": read.flag,
}


@edit("修改目标", target=read.ident, **TARGET)
def change_target(outline: Outline, target, **values) -> Outline:
    _require_sound(values)
    return outline.with_target(target, lambda one: replace(one, **values, checked=True))


@edit("增加目标", task=read.ident, start=read.whole, end=read.whole, **TARGET)
def add_target(outline: Outline, task, start, end, **values) -> Outline:
    """Add a target to a task; start and end: the passage of the notice that states it, if one was chosen."""
    _require_sound(values)
    home = outline.task(task)
    chosen = start is not None and end is not None
    if chosen and not start < end <= len(outline.source):
        raise BadEdit("所选文字不在通知中，请重新选择。", "measure")
    text = " ".join(outline.source[start:end].split())[:400] if chosen else ""
    return _with_target(outline, home, text=text, span=(start, end) if chosen else None, **values)


@edit("沿用上年目标", targets=read.each({"task": read.ident, "code": read.text("编号", 20), **TARGET}))
def carry_targets(outline: Outline, targets) -> Outline:
    """Add last year's targets to this year's tasks. code: what each was numbered then."""
    for values in targets:
        home = outline.task(values["task"])
        rest = {name: value for name, value in values.items() if name not in ("task", "code")}
        _require_sound(rest)
        outline = _with_target(outline, home, reason=f"沿用上年 {values['code']}", **rest)
    return outline


@edit("确认目标", target=read.ident)
def accept_target(outline: Outline, target) -> Outline:
    return outline.with_target(target, lambda one: replace(one, checked=True))


@edit("不采用目标", target=read.ident)
def drop_target(outline: Outline, target) -> Outline:
    return outline.with_target(target, lambda one: replace(one, dropped=True))


@edit("恢复目标", target=read.ident)
def restore_target(outline: Outline, target) -> Outline:
    """Bring back a target that was dropped, or taken for one stated elsewhere."""
    return outline.with_target(target, lambda one: replace(one, dropped=False, same_as=""))


@edit("合为同一目标", target=read.ident, other=read.ident)
def join_target(outline: Outline, target, other) -> Outline:
    """Take a target for one that is stated elsewhere: that one is kept and shown in both tasks."""
    if target == other or not outline.target(other).is_live or not outline.task_of(other).is_live:
        raise BadEdit("请选择另一个采用的目标。", "other")
    if any(one.same_as == target for one in outline.targets):
        raise BadEdit("已有目标合并到这一目标，请先恢复它们。", "other")
    return outline.with_target(target, lambda one: replace(one, same_as=other, checked=True))


# --- helpers ---


def _with_target(outline: Outline, home: DraftTask, text: str = "", **values) -> Outline:
    """Add a target that somebody has made, with the next number."""
    number = outline.last[2] + 1
    if number > MOST_PARTS:
        raise BadEdit(f"目标最多 {MOST_PARTS} 个。")
    made = DraftTarget(f"{home.id}.{number}", text, checked=True, **values)
    outline = outline.with_task(home.id, lambda one: replace(one, targets=(*one.targets, made)))
    return replace(outline, last=(*outline.last[:2], number))


def _require_sound(values: dict) -> None:
    """Refuse what the plan could not hold or judge."""
    if values["goal"] is None and values["strength"] != Strength.TRACKED:
        raise BadEdit("请填写目标值；没有目标值的，约束力请选“跟踪”。", "goal")
    if values["kind"] == TargetKind.RATE and values["unit"] != "%":
        raise BadEdit("比率类目标的计量单位应为 %。", "unit")


def _names(words: str) -> list[str]:
    for mark in "，,；; \n":
        words = words.replace(mark, "、")
    return [name for name in dict.fromkeys(words.split("、")) if name]


def _owners(task: DraftTask, lead: str, others: list[str]) -> tuple[DraftOwner, ...]:
    """Return the owners by name; who was named in the notice keeps the place."""
    spans = {owner.name: owner.span for owner in task.owners}
    roles = ({lead: "lead"} if lead else {}) | {name: "cooperate" for name in others if name != lead}
    return tuple(DraftOwner(name, role, spans.get(name)) for name, role in roles.items())


def _place(parts: tuple, ident: str) -> int:
    return next(place for place, part in enumerate(parts) if part.id == ident)


def _swapped(parts: tuple, one: int, other: int) -> tuple:
    found = list(parts)
    found[one], found[other] = found[other], found[one]
    return tuple(found)
