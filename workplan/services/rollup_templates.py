"""Templates of roll-up reports: taken in only where a report can be laid out by them."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Right
from accounts.models import OrgUnit

from .. import clock
from ..errors import Refused
from ..models import Plan, RollupTemplate
from ..rollup.drafting import draft, in_words
from ..rollup.gather import FORMAT
from ..rollup.templating import fill
from ..rollup.word import Material
from ..rules.kinds import Light
from .evidence import checked_extension, safe_name, sha256_of
from .plan import keeps_whole_plan

LARGEST = 5 * 2**20


def add_template(*, bureau: OrgUnit, name: str, upload: UploadedFile, active_from: date, actor) -> RollupTemplate:
    """Store a template that is used from a day on.

    Raises Refused for a file that is no Word document, is too large, holds macros, or does not fill with a report.
    """
    if not keeps_whole_plan(actor, bureau):
        raise Refused("您没有进行此操作的权限。", code="forbidden")
    if active_from < clock.today():
        raise Refused("启用日期不能早于今天。", code="past")
    _require_word(upload)
    fill(sample(bureau), upload.read())
    upload.seek(0)
    return _store(bureau, name, upload, active_from, actor)


def _require_word(upload: UploadedFile) -> None:
    if checked_extension(upload, safe_name(upload.name or "")) != ".docx":
        raise Refused("请上传 Word 文档（.docx）。", code="type_not_allowed")
    if upload.size > LARGEST:
        raise Refused(f"模板最大 {LARGEST // 2**20} MB。", code="file_too_large")


def _store(bureau: OrgUnit, name: str, upload: UploadedFile, active_from: date, actor) -> RollupTemplate:
    template = RollupTemplate(
        bureau=bureau,
        name=name,
        file=upload,
        size=upload.size,
        sha256=sha256_of(upload),
        active_from=active_from,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            template.save()
            after = {"sha256": template.sha256, "active_from": active_from.isoformat()}
            audit.record(action="rollup.template", actor=actor, row=template, after=after)
    except Exception as failure:
        if template.file._committed:
            template.file.storage.delete(template.file.name)
        if isinstance(failure, IntegrityError):
            raise Refused("这一启用日期已有模板，请换一天。", code="taken") from failure
        raise
    return template


def sample(bureau: OrgUnit) -> Material:
    """Return a small report to try a template with."""
    lights = {light.value: 0 for light in Light} | {Light.DONE.value: 1}
    total = {"owed": 1, "handed_in": 1, "on_time": 1, "late": 0, "missing": 0}
    row = {
        "pk": 1, "code": "1.1", "section": 1, "task": 1, "measure": "示例目标数", "kind": "count", "strength": "hard",
        "unit": "个", "comparator": ">=", "goal": "10", "goal_text": "≥ 10 个", "amount": ["10", None, None],
        "amount_text": "10 个", "before": [None, None, None], "progress": "100", "progress_text": "100%", "gap": None,
        "light": "done", "light_text": "完成", "reason": "goal_met", "reason_text": "已达目标", "withheld": False,
    }  # fmt: skip
    snapshot = {
        "format": FORMAT,
        "level": "bureau",
        "subject": bureau.label,
        "bureau": bureau.label,
        "start": "2024-01-01",
        "end": "2024-06-30",
        "lights": lights,
        "sections": [{"pk": 1, "number": 1, "name": "示例板块", "title": "示例板块", "lights": lights}],
        "targets": [row],
        "tasks": [{"number": 1, "section": 1, "title": "示例任务", "reports": []}],
        "reporting": {"total": total, "units": [], "periods": ["2024年6月"]},
        "corrections": [],
    }
    today = in_words(clock.today().isoformat())
    return Material("示例汇总报告", snapshot, draft(snapshot), {}, today)


def bureaus_of(user) -> list[OrgUnit]:
    """Return the bureaus whose templates the user may replace: those with a plan."""
    plans = (
        Plan.objects.visible_to(user, Right.PLAN_EDIT).select_related("bureau").order_by("bureau__sort", "bureau_id")
    )
    bureaus = {plan.bureau_id: plan.bureau for plan in plans}
    return [bureau for bureau in bureaus.values() if keeps_whole_plan(user, bureau)]
