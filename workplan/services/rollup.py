"""Roll-up reports: made from what stands on a day, worded, and published for good.

Looking (a second or two for a whole plan) comes before writing, so that a transaction never waits for it.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.enums import TOWNSHIP_KINDS, Right
from accounts.locks import read_locked
from accounts.models import User

from .. import clock
from ..enums import PlanStatus, RollupFileKind, RollupKind, RollupState
from ..errors import Refused
from ..models import Plan, RollupFile, RollupReport, RollupTemplate
from ..reminders.people import People
from ..rollup import ledger, pdf, word
from ..rollup.corrections import corrections_of
from ..rollup.drafting import draft, in_words, places
from ..rollup.gather import Asked, gather
from ..rollup.sources import addresses
from ..rollup.spans import span_in_words, start_of
from ..rollup.templating import fill
from .evidence import TYPES, safe_name
from .telling import tell

TEXT_LIMIT = 8000
STALE = "这份汇总报告已被他人保存过，您的修改尚未写入。"
FORBIDDEN = "您没有进行此操作的权限。"
PUBLISHED = "这份汇总报告已发布，不能再修改。"


# --- Who may ---------------------------------------------------------------------------------------------------


def may(user, right: str, asked: Asked) -> bool:
    """Say whether the user holds the right over all that the report adds up (the rule of `RollupReport.visible_to`)."""
    wanted = {asked.section.app} if asked.section else set(asked.plan.sections.values_list("app", flat=True))
    reaching = [grant for grant in user.scope.with_right(right) if asked.unit.path.startswith(grant.unit_path)]
    return any(grant.apps is None or wanted <= grant.apps for grant in reaching)


def holds(user, right: str, report: RollupReport) -> bool:
    return RollupReport.objects.visible_to(user, right).filter(pk=report.pk).exists()


# --- Made ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was found for a report, ready to be written."""

    asked: Asked
    snapshot: dict[str, Any]
    texts: dict[str, str]


def look(asked: Asked) -> Drafted:
    """Gather and word a report. Writes nothing. Raises Refused for a span or subject that cannot be reported on."""
    problem = problem_of(asked)
    if problem:
        raise problem
    snapshot = gather(asked, corrections_of(asked))
    return Drafted(asked, snapshot, draft(snapshot))


def problem_of(asked: Asked) -> Refused | None:
    """Return why such a report cannot be made. Codes: draft_plan, foreign, future, wrong_year, no_span."""
    plan = asked.plan
    if plan.status == PlanStatus.DRAFT:
        return Refused("工作要点尚未发布，不能生成汇总报告。", code="draft_plan")
    if asked.section and asked.section.plan_id != plan.pk:
        return Refused("板块不属于这一工作要点。", code="foreign")
    if asked.township and not _is_township_of(asked.township, plan):
        return Refused("只能选择本局所辖的乡镇（街道）。", code="foreign")
    if asked.end > clock.today():
        return Refused(f"截止日期不能晚于今天（{clock.today()}）。", code="future")
    if asked.start.year != plan.year or asked.end.year != plan.year:
        return Refused(f"起止日期须在{plan.year}年内。", code="wrong_year")
    if asked.end < asked.start:
        return Refused("截止日期不能早于起始日期。", code="no_span")
    if asked.kind != RollupKind.ON_DEMAND and start_of(asked.kind, asked.end) != asked.start:
        return Refused(f"截止日期不是一个{RollupKind(asked.kind).label}的最后一天。", code="no_span")
    return None


def _is_township_of(unit, plan: Plan) -> bool:
    return unit.kind in TOWNSHIP_KINDS and unit.path.startswith(plan.bureau.path)


def make_report(*, asked: Asked, actor) -> tuple[RollupReport, bool]:
    """Make a draft, or return the report of the same key that is there already; the flag says whether it was made.

    Raises Refused as `look` does, and where the actor may not make such a report.
    """
    if not may(actor, Right.ROLLUP_MAKE, asked):
        raise Refused(FORBIDDEN, code="forbidden")
    there = _same(asked)
    if there is not None:
        return there, False
    return store(look(asked), actor)


def planned(*, plan: Plan, kind: str, end: date) -> Callable[[], None] | None:
    """Look for a report of the calendar and return what writes it; None where it is there or its plan has been closed since."""
    asked = Asked(plan=plan, kind=RollupKind(kind), start=start_of(kind, end), end=end)
    if plan.status != PlanStatus.PUBLISHED or _same(asked) is not None:
        return None
    drafted = look(asked)

    def write() -> None:
        report, made = store(drafted, None)
        if made:
            tell_readers(report)

    return write


@transaction.atomic
def store(drafted: Drafted, actor) -> tuple[RollupReport, bool]:
    """Write the draft; where another has written the same one meanwhile, return that."""
    asked, now = drafted.asked, timezone.now()
    report = RollupReport(
        plan=asked.plan,
        kind=asked.kind,
        level=asked.level,
        section=asked.section,
        township=asked.township,
        start=asked.start,
        end=asked.end,
        title=title_of(asked),
        snapshot=drafted.snapshot,
        texts=drafted.texts,
        made_by=actor,
        made_at=now,
        saved_by=actor,
        saved_at=now,
    )
    with suppress(IntegrityError), transaction.atomic():
        report.save(force_insert=True)
        audit.record(action="rollup.make", actor=actor, row=report, after=_named(report))
        return report, True
    there = _same(asked)
    if there is None:
        raise IntegrityError(f"the report {asked.key} cannot be written")
    return there, False


def _named(report: RollupReport) -> dict:
    return audit.snapshot(report, ["kind", "level", "start", "end"])


def _same(asked: Asked) -> RollupReport | None:
    rows = RollupReport.objects.filter(
        plan=asked.plan, kind=asked.kind, section=asked.section, township=asked.township, end=asked.end
    )
    if asked.kind == RollupKind.ON_DEMAND:
        rows = rows.filter(start=asked.start, state=RollupState.DRAFT)
    return rows.first()


def title_of(asked: Asked) -> str:
    span = span_in_words(asked.kind, asked.start, asked.end)
    subject = f"“{asked.subject}”板块" if asked.section else ""
    return f"{asked.unit.label}{span}{subject}工作要点进展情况汇总报告"[:120]


def template_of(plan: Plan) -> RollupTemplate | None:
    """Return the bureau's template in force today."""
    rows = RollupTemplate.objects.filter(bureau=plan.bureau_id, active_from__lte=clock.today())
    return rows.order_by("-active_from").first()


# --- Edited, published, thrown away ---------------------------------------------------------------------------------


@transaction.atomic
def save_texts(*, report: RollupReport, texts: dict[str, str], version: int, actor) -> RollupReport:
    """Replace the words of some places of a draft. Raises Refused (stale, published, forbidden, foreign_place, too_long)."""
    report = _locked(report)
    _require_draft(report, actor, Right.ROLLUP_MAKE, version)
    problem = text_problem(report, texts)
    if problem:
        raise problem
    before = {key: report.texts.get(key, "") for key in texts}
    old, new = audit.changes(before, texts)
    if not new:
        return report
    report.texts = report.texts | texts
    report.saved_by, report.saved_at, report.version = actor, timezone.now(), report.version + 1
    report.save(update_fields=["texts", "saved_by", "saved_at", "version"])
    audit.record(action="rollup.save", actor=actor, row=report, before=old, after=new)
    return report


def text_problem(report: RollupReport, texts: dict[str, str]) -> Refused | None:
    known = {place.key for place in places(report.snapshot)}
    if texts.keys() - known:
        return Refused("提交的内容包含不属于这份报告的段落。", code="foreign_place")
    if any(len(text) > TEXT_LIMIT for text in texts.values()):
        return Refused(f"每段文字最多 {TEXT_LIMIT} 字。", code="too_long")
    return None


def publish(
    *, report: RollupReport, version: int, actor, base: str = "", right: str = Right.ROLLUP_PUBLISH
) -> RollupReport:
    """Publish a draft: its documents are written from the snapshot and stored with it, and nothing of it changes any more.

    base: scheme and host of the portal, for links in the documents; right: what the act needs, another where a year is closed.
    Raises Refused (stale, published, forbidden).
    """
    _require_draft(report, actor, right, version)
    on, template = clock.today(), template_of(report.plan)
    documents = [_document(report, kind, render(report, kind, on, base)) for kind in kinds_here()]
    try:
        return _publish(report, documents, version, actor, on, template, right)
    except Exception:
        for document in documents:
            if document.file._committed:
                document.file.storage.delete(document.file.name)
        raise


@transaction.atomic
def _publish(
    report: RollupReport, documents: list[RollupFile], version: int, actor, on: date, template, right: str
) -> RollupReport:
    report = _locked(report)
    _require_draft(report, actor, right, version)
    for document in documents:
        document.report = report
        document.save(force_insert=True)
    report.state, report.published_by, report.published_on = RollupState.PUBLISHED, actor, on
    report.template = template
    report.save(update_fields=["state", "published_by", "published_on", "template"])
    after = _named(report) | {document.kind: document.sha256 for document in documents}
    audit.record(action="rollup.publish", actor=actor, row=report, after=after)
    tell_readers(report, actor)
    return report


def kinds_here() -> list[RollupFileKind]:
    """Return which documents can be made on this machine: a PDF only where its component is installed."""
    return [kind for kind in RollupFileKind if kind != RollupFileKind.PDF or not pdf.missing()]


def render(report: RollupReport, kind: str, on: date, base: str = "") -> bytes:
    """Return one document of the report, as it is when the report is published on the day."""
    if kind == RollupFileKind.LEDGER:
        return ledger.write(report.title, report.snapshot)
    material = material_of(report, on, base)
    if kind == RollupFileKind.PDF:
        return pdf.write(material)
    template = template_of(report.plan)
    return fill(material, _content(template)) if template else word.write(material)


def material_of(report: RollupReport, on: date, base: str = "") -> word.Material:
    """Return what the documents of the report are made of. on: day of publication; base: scheme and host of the portal."""
    return word.Material(
        title=report.title,
        snapshot=report.snapshot,
        texts=report.texts,
        addresses=addresses(report.snapshot, base),
        date=in_words(on.isoformat()),
    )


def _content(template: RollupTemplate) -> bytes:
    with template.file.open("rb") as stored:
        return stored.read()


def _document(report: RollupReport, kind: RollupFileKind, content: bytes) -> RollupFile:
    label = "" if kind == RollupFileKind.WORD else f"（{kind.label}）"
    name = safe_name(f"{report.title}{label}.{kind.value}")
    return RollupFile(
        report=report,
        kind=kind,
        file=ContentFile(content, name),
        name=name,
        content_type=TYPES[f".{kind.value}"],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@transaction.atomic
def discard(*, report: RollupReport, actor) -> None:
    """Delete a draft. Raises Refused (published, forbidden)."""
    report = _locked(report)
    _require_draft(report, actor, Right.ROLLUP_MAKE, None)
    audit.record(action="rollup.discard", actor=actor, row=report, before=_named(report) | {"texts": report.texts})
    report.delete()


def _locked(report: RollupReport) -> RollupReport:
    rows = RollupReport.objects.select_related("plan__bureau", "section", "township", "saved_by")
    found = read_locked(rows, report.pk).first()
    if found is None:
        raise Refused("这份汇总报告的草稿已被删除。", code="gone")
    return found


def _require_draft(report: RollupReport, actor, right: str, version: int | None) -> None:
    if not holds(actor, right, report):
        raise Refused(FORBIDDEN, code="forbidden")
    if report.is_published:
        raise Refused(PUBLISHED, code="published")
    if version is not None and report.version != version:
        raise Refused(STALE, code="stale")


# --- Told ------------------------------------------------------------------------------------------------------------


def tell_readers(report: RollupReport, actor=None) -> int:
    """Tell those who should look at the report; return how many. Of a draft those who may publish it, of a published one all
    who oversee, or report for, what it is about."""
    people = People(report.plan.bureau, clock.today())
    told = [person for person in people.by_id.values() if _concerns(person.user, report)]
    state = "published" if report.is_published else "draft"
    words = "已发布，请查阅。" if report.is_published else "已生成草稿，请核对文字后发布。"
    line = {"text": f"{report.title}{words}", "url": reverse("workplan:rollup", args=[report.pk]), "keys": []}
    key = f"rollup:{report.pk}:{state}"
    return tell(people, told, key=key, title=f"{report}"[:100], lines=[line], sent_by=actor)


def _concerns(user: User, report: RollupReport) -> bool:
    if not report.is_published:
        return user.may(Right.ROLLUP_PUBLISH) and holds(user, Right.ROLLUP_PUBLISH, report)
    wanted = (Right.OVERVIEW, Right.ROLLUP_PUBLISH, Right.REPORT_WRITE)
    return any(map(user.may, wanted)) and holds(user, Right.VIEW, report)
