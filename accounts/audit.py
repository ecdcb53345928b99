"""Writes the audit log. Every service records here what it did, inside its own transaction."""

import hashlib
import json
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from . import clock
from .bulk import insert_rows, reserve_ids
from .locks import exclusive
from .models import Event, Seal

# Every act that is logged, with its Chinese name. An unknown act is a programming error.
ACTIONS: dict[str, str] = {
    "auth.sign_in": "登录",
    "auth.sign_out": "退出",
    "auth.refused": "登录失败",
    "auth.locked": "登录锁定",
    "auth.password": "修改密码",
    "auth.sign_out_everywhere": "全部下线",
    "access.refused": "越权访问被拒",
    "user.create": "新建用户",
    "user.change": "修改用户",
    "user.close": "停用账号",
    "user.handover": "工作交接",
    "role.grant": "授予角色",
    "role.revoke": "收回角色",
    "token.issue": "签发令牌",
    "token.revoke": "撤销令牌",
    "calendar.open": "开通日历订阅",
    "calendar.close": "停用日历订阅",
    "unit.change": "修改单位",
    "unit.merge": "合并单位",
    "unit.split": "拆分单位",
    "plan.load": "载入计划",
    "plan.change": "修改计划",
    "plan.close": "结束年度",
    "plan.roll_over": "生成下一年度草稿",
    "plan.delete": "删除计划数据",
    "amendment.draft": "拟定计划调整",
    "amendment.save": "修改计划调整草稿",
    "amendment.discard": "删除计划调整草稿",
    "amendment.issue": "发布计划调整",
    "intake.begin": "上传工作要点通知",
    "intake.correct": "修正导入的通知",
    "intake.undo": "撤销导入修正",
    "intake.redo": "重做导入修正",
    "intake.discard": "作废工作要点导入",
    "intake.draft": "生成工作要点草稿",
    "allocation.change": "修改指标分解",
    "assignment.change": "修改责任分工",
    "assignment.sign": "签收任务",
    "report.create": "新建填报",
    "report.save": "保存填报",
    "report.submit": "提交填报",
    "report.return": "退回填报",
    "report.approve": "审核通过",
    "report.correct": "发起更正",
    "report.discard": "撤销草稿",
    "evidence.add": "上传佐证材料",
    "evidence.remove": "移除佐证材料",
    "evidence.download": "下载佐证材料",
    "evidence.view": "预览佐证材料",
    "period.unlock": "开放补报",
    "extension.ask": "申请填报延期",
    "extension.grant": "同意填报延期",
    "extension.refuse": "不同意填报延期",
    "record.create": "登记记录",
    "record.change": "修改记录",
    "record.remove": "删除记录",
    "record.confirm": "核查属实",
    "record.reject": "核查不实",
    "attachment.add": "上传台账附件",
    "attachment.remove": "移除台账附件",
    "attachment.download": "下载台账附件",
    "spotcheck.draw": "抽取核查样本",
    "order.draft": "拟办督办单",
    "order.save": "修改督办单",
    "order.issue": "下发督办单",
    "order.withdraw": "督办单不予立项",
    "order.sign": "签收督办单",
    "order.reply": "反馈督办单",
    "order.ask": "申请督办延期",
    "order.grant": "同意督办延期",
    "order.refuse": "不同意督办延期",
    "order.return": "退回督办反馈",
    "order.strike": "督办单销号",
    "order.escalate": "升级督办",
    "order.reopen": "重新督办",
    "order.archive": "督办单归档",
    "order.download": "下载督办材料",
    "remark.write": "领导批示",
    "remark.answer": "回应批示",
    "remark.order": "批示转督办单",
    "adhoc.draft": "拟写临时填报",
    "adhoc.save": "修改临时填报",
    "adhoc.send": "临时填报送审",
    "adhoc.approve": "批准临时填报",
    "adhoc.refuse": "不批准临时填报",
    "adhoc.withdraw": "撤回临时填报",
    "adhoc.keep": "保存临时填报草稿",
    "adhoc.answer": "提交临时填报",
    "problem.create": "登记问题",
    "problem.change": "修改问题",
    "problem.check": "核查问题整改",
    "problem.close": "问题销号",
    "problem.reopen": "问题重新整改",
    "import.start": "上传台账文件",
    "import.apply": "导入台账",
    "import.undo": "撤销导入",
    "person.create": "新建服务对象",
    "person.change": "修改服务对象",
    "person.move": "变更居住地",
    "person.merge": "合并服务对象",
    "person.reveal": "查看完整证件信息",
    "person.dismiss": "排除重复提示",
    "person.pseudonymise": "假名化",
    "keys.rotate": "更换数据密钥",
    "figures.check": "核对实绩",
    "job.retry": "重试后台任务",
    "files.sweep": "清理无主文件",
    "report.urge": "催办填报",
    "notice.change": "修改消息设置",
    "notice.test": "测试群机器人",
    "leave.add": "登记休假代理",
    "leave.cancel": "取消休假代理",
    "rollup.make": "生成汇总报告",
    "rollup.save": "修改汇总报告文字",
    "rollup.publish": "发布汇总报告",
    "rollup.discard": "删除汇总报告草稿",
    "rollup.download": "下载汇总报告",
    "rollup.template": "上传报告模板",
    "data.export": "导出数据",
    "data.import": "导入数据",
    "demo.load": "载入演示数据",
}

GENESIS = "0" * 64


def snapshot(row: models.Model, fields: list[str] | None = None) -> dict[str, Any]:
    """Return the row's concrete fields as JSON-ready values; `fields` limits them by attribute name."""
    names = fields or [f.attname for f in row._meta.concrete_fields if f.attname not in ("password", "digest")]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return json.loads(
        DjangoJSONEncoder().encode(str(value) if isinstance(value, models.fields.files.FieldFile) else value)
    )


def changes(before: dict, after: dict) -> tuple[dict, dict]:
    """Return the two snapshots reduced to the keys whose values differ."""
    keys = [key for key in after if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def record(**what) -> Event:
    """Append one event; the arguments are those of `compose`."""
    event = compose(**what)
    event.save()
    return event


def record_many(events: Iterable[Event]) -> None:
    """Append composed events at once."""
    events, columns = list(events), [field.attname for field in Event._meta.concrete_fields if not field.primary_key]
    values = attrgetter(*columns)
    ids = reserve_ids(Event, len(events))
    rows = [(pk, *values(event)) for pk, event in zip(ids, events, strict=True)]
    insert_rows(Event, ("id", *columns), rows)


def compose(
    *,
    action: str,
    actor=None,
    row: models.Model | None = None,
    before: dict | None = None,
    after: dict | None = None,
    note: str = "",
    org_unit=None,
    app: str = "",
) -> Event:
    """Return an event that is not stored yet. Unit and section come from `row.audit_position()` unless given.

    Raises KeyError for an action that is not in ACTIONS.
    """
    ACTIONS[action]
    if row is not None and org_unit is None and hasattr(row, "audit_position"):
        org_unit, app = row.audit_position()
    known = actor if getattr(actor, "pk", None) else None
    if org_unit is None and known is not None:
        org_unit = next(iter(known.home_units), None)
    return Event(
        at=timezone.now(),
        business_date=clock.today(),
        actor=known,
        actor_name=str(known) if known else "",
        action=action,
        object_type=row._meta.concrete_model._meta.label_lower if row is not None else "",
        object_id=str(row.pk) if row is not None else "",
        object_label=str(row)[:200] if row is not None else "",
        org_unit=org_unit,
        app=app,
        before=before or {},
        after=after or {},
        note=note,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def digest_of(event: Event, previous: str) -> str:
    """Return the chained digest: SHA-256 over the link before and the event's content in canonical JSON."""
    content = [
        event.pk,
        event.at.astimezone(timezone.get_default_timezone()).isoformat(),
        event.business_date.isoformat(),
        event.actor_id,
        event.actor_name,
        event.action,
        event.object_type,
        event.object_id,
        event.object_label,
        event.org_unit_id,
        event.app,
        event.before,
        event.after,
        event.note,
        event.request_id,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def seal_events(limit: int = 5000) -> int:
    """Chain the events that carry no seal yet; return how many.

    Runs outside the business transactions (a periodic job), so that writers never queue for the end of the chain.
    """
    exclusive("audit-seal")
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number, last.digest) if last else (0, GENESIS)
    seals = []
    for event in Event.objects.filter(seal__isnull=True).order_by("pk")[:limit]:
        number, previous = number + 1, digest_of(event, previous)
        seals.append(Seal(number=number, event=event, digest=previous))
    Seal.objects.bulk_create(seals)
    return len(seals)


def verify_chain() -> list[str]:
    """Walk the whole chain and return a Chinese line for every gap, change or missing event found."""
    problems, previous, expected = [], GENESIS, 1
    for seal in Seal.objects.select_related("event").order_by("number").iterator(chunk_size=2000):
        if seal.number != expected:
            problems.append(f"封印 {expected} 至 {seal.number - 1} 缺失。")
            expected = seal.number
        if digest_of(seal.event, previous) != seal.digest:
            problems.append(f"封印 {seal.number} 对应的日志 {seal.event_id} 内容与摘要不符。")
        previous, expected = seal.digest, expected + 1
    return problems
