"""Intake of a notice: read, corrected step by step, or discarded. That it becomes a plan is `services.intake_draft`."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right, UnitKind
from accounts.locks import exclusive, read_locked
from accounts.models import OrgUnit

from ..errors import Refused
from ..intake.building import build
from ..intake.edits import EDITS, apply, replay
from ..intake.errors import BadEdit
from ..intake.outline import Outline
from ..models import Intake
from ..notice import NoticeError, as_data, parse_text, read_bytes
from ..sections import section_choices
from .evidence import safe_name
from .plan import keeps_whole_plan

PASTED = "粘贴的文本"
MOST_TEXT = 400_000  # characters; a notice has ten to sixty thousand
MOST_EDITS = 3000
LARGEST = 10 * 2**20
KINDS = (".docx", ".txt", ".html", ".htm")


class StaleIntake(Refused):
    """Somebody else has changed the intake since it was read; nothing of this change is stored."""

    code = "stale"

    def __init__(self, intake: Intake):
        at = timezone.localtime(intake.changed_at)
        who = f"{intake.changed_by} 已于 {at:%m-%d %H:%M} 修改过这份导入"
        super().__init__(f"{who}，您的修改尚未写入。请核对现在的内容后再提交。")


def takes_in(user) -> bool:
    """Say whether the user edits the whole plan of some bureau: for menus."""
    return any(grant.apps is None for grant in user.scope.with_right(Right.PLAN_EDIT))


def bureaus_of(user) -> list[OrgUnit]:
    """Return the bureaus whose whole plan the user edits."""
    if not takes_in(user):
        return []
    found = OrgUnit.objects.visible_to(user, Right.PLAN_EDIT).filter(kind=UnitKind.BUREAU, valid_to__isnull=True)
    return [bureau for bureau in found if keeps_whole_plan(user, bureau)]


def begin(
    *, bureau: OrgUnit, actor, content: bytes | None = None, name: str = "", text: str = ""
) -> tuple[Intake, bool]:
    """Read a notice from a file or from pasted text and keep what was found; return it and whether it is new.

    Nothing of a plan is written. A notice that somebody is still working on is not begun twice: that one is returned. Raises Refused with code "notice" for what cannot be read or is no notice, "forbidden" for who may not.
    """
    if not keeps_whole_plan(actor, bureau):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    source, parsed = _read(content, name, text)
    outline, now = build(parsed, source), timezone.now()
    with transaction.atomic():
        exclusive(f"intake:{bureau.pk}")
        known = Intake.objects.unfinished().filter(bureau=bureau, source=source).first()
        if known:
            return known, False
        intake = Intake.objects.create(
            bureau=bureau,
            year=_year(outline),
            title=outline.facts.title,
            name=safe_name(name) or PASTED,
            source=source,
            parsed=parsed,
            created_by=actor,
            created_at=now,
            changed_by=actor,
            changed_at=now,
        )
        after = {"name": intake.name, "characters": len(source), "sections": len(outline.sections)}
        audit.record(action="intake.begin", actor=actor, row=intake, after=after)
    return intake, True


def _read(content: bytes | None, name: str, text: str) -> tuple[str, dict]:
    """Return the text with one kind of line break, so that places count alike here and in browsers, and what was found in it."""
    try:
        source = (read_bytes(content, name) if content is not None else text).replace("\r\n", "\n").replace("\r", "\n")
        if len(source) > MOST_TEXT:
            raise NoticeError(f"全文有 {len(source)} 字，超过 {MOST_TEXT} 字，不像一份通知。")
        source = "".join(" " if c == "\0" or 0xD800 <= ord(c) <= 0xDFFF else c for c in source)
        return source, as_data(parse_text(source))
    except NoticeError as error:
        raise Refused(str(error), code="notice") from error


def _year(outline: Outline) -> int | None:
    year = outline.facts.year
    return year if year and 2000 <= year <= 2100 else None


def outline_of(intake: Intake) -> Outline:
    """Return what the notice says with all corrections in force."""
    return replay(build(intake.parsed, intake.source), intake.edits)


def correct(*, intake: Intake, actor, version: int, edit: dict) -> Outline:
    """Make one correction and return the outline as it is then.

    Raises BadEdit where it does not fit, StaleIntake where somebody else was faster, Refused where nothing can be changed any more.
    """
    with transaction.atomic():
        intake = _open(intake, version)
        if len(intake.edits) >= MOST_EDITS:
            raise Refused(f"修正已达 {MOST_EDITS} 次，请作废后重新上传整理过的通知。", code="too_many")
        _require_known_apps(edit)
        outline = apply(outline_of(intake), edit)
        _store(intake, actor, [*intake.edits, edit], [], outline)
        _log("intake.correct", actor, intake, edit)
    return outline


def _require_known_apps(edit: dict) -> None:
    chosen = edit.get("apps")
    known = {code for code, _ in section_choices()} | {""}
    for section, app in chosen.items() if isinstance(chosen, dict) else ():
        if app not in known:
            raise BadEdit("请选择业务板块。", f"apps-{section}")


@transaction.atomic
def undo(*, intake: Intake, actor, version: int) -> dict:
    """Take the last correction back and return it. Raises Refused where there is none, StaleIntake as `correct` does."""
    intake = _open(intake, version)
    if not intake.edits:
        raise Refused("没有可以撤销的修改。", code="nothing")
    *kept, gone = intake.edits
    _store(intake, actor, kept, [*intake.undone, gone], replay(build(intake.parsed, intake.source), kept))
    _log("intake.undo", actor, intake, gone)
    return gone


@transaction.atomic
def redo(*, intake: Intake, actor, version: int) -> dict:
    """Make the correction again that was taken back last, and return it."""
    intake = _open(intake, version)
    if not intake.undone:
        raise Refused("没有可以重做的修改。", code="nothing")
    *left, again = intake.undone
    _store(intake, actor, [*intake.edits, again], left, apply(outline_of(intake), again))
    _log("intake.redo", actor, intake, again)
    return again


@transaction.atomic
def discard(*, intake: Intake, actor, version: int) -> None:
    """Put an unfinished intake away for good. Raises Refused where it is a plan already."""
    intake = _open(intake, version)
    intake.discarded_at = intake.changed_at = timezone.now()
    intake.changed_by, intake.version = actor, intake.version + 1
    intake.save(update_fields=["discarded_at", "changed_at", "changed_by", "version"])
    audit.record(action="intake.discard", actor=actor, row=intake, note=intake.name)


def locked(intake: Intake) -> Intake:
    """Read the intake again under a lock that holds until the transaction ends."""
    return read_locked(Intake.objects.select_related("bureau", "changed_by", "plan"), intake.pk).get()


def _open(intake: Intake, version: int) -> Intake:
    """Return the intake under a lock, where it may still be changed and is as its reader saw it."""
    intake = locked(intake)
    require_open(intake)
    if intake.version != version:
        raise StaleIntake(intake)
    return intake


def require_open(intake: Intake) -> None:
    if intake.discarded_at:
        raise Refused("这份导入已作废，不能再修改。", code="discarded")
    if intake.plan_id:
        raise Refused("这份导入已生成工作要点，请在工作要点中修改。", code="done")


def _store(intake: Intake, actor, edits: list, undone: list, outline: Outline) -> None:
    intake.edits, intake.undone = edits, undone
    intake.title, intake.year = outline.facts.title, _year(outline)
    intake.version, intake.changed_by, intake.changed_at = intake.version + 1, actor, timezone.now()
    fields = ["edits", "undone", "title", "year", "version", "changed_by", "changed_at"]
    intake.save(update_fields=fields)


def _log(action: str, actor, intake: Intake, edit: dict) -> None:
    """Record what was done to a correction: its name in words, and with what it was made."""
    values = {name: value for name, value in edit.items() if name != "edit"}
    audit.record(action=action, actor=actor, row=intake, after=values, note=EDITS[edit["edit"]].label)
