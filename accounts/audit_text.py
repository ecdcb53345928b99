"""Audit events in words: what kind of row, which fields, before and after."""

from django.apps import apps

from .models import Event


def kind_of(event: Event) -> str:
    """Return the Chinese name of the kind of row that the event is about."""
    model = _model_of(event)
    return str(model._meta.verbose_name) if model else event.object_type


# What services note beside the fields of the row.
WORDS = {
    "accounts": "账号数",
    "after": "在其后",
    "apps": "业务板块",
    "as_of": "截至日期",
    "changed": "变动项目",
    "characters": "字数",
    "closed": "停用账号",
    "comparator": "比较",
    "cooperation": "配合事项",
    "created": "新建人数",
    "cut": "拆分位置",
    "document_number": "发文字号",
    "due": "完成时限",
    "end": "原文止于",
    "field": "查看内容",
    "filter": "筛选条件",
    "found": "已有人数",
    "goal": "目标值",
    "intake": "导入编号",
    "into": "承接单位",
    "issued": "成文日期",
    "kind": "类型",
    "lead": "牵头单位",
    "leads": "牵头单位",
    "left": "未完成数",
    "list": "列表",
    "measure": "目标内容",
    "merged": "被合并",
    "moved": "改挂记录数",
    "on": "生效日期",
    "org_unit": "单位",
    "other": "另一人",
    "others": "配合单位",
    "recurrence": "频次",
    "reports": "填报数",
    "roles": "角色数",
    "rows": "行数",
    "section": "板块",
    "sections": "板块数",
    "start": "原文起于",
    "strength": "约束力",
    "successor": "接收人",
    "target": "目标",
    "targets": "目标数",
    "task": "任务",
    "tasks": "任务数",
    "text": "内容",
    "unit": "计量单位",
    "units": "原单位",
    "user": "用户",
    "way": "方向",
}


def changes_of(event: Event) -> list[tuple[str, str, str]]:
    """Return (field in Chinese, before, after) for what an event changed."""
    model = _model_of(event)
    fields = {f.attname: f for f in model._meta.concrete_fields} if model else {}
    lists = _lists(model) if model else {}
    names = [*event.before, *(name for name in event.after if name not in event.before)]
    found = []
    for name in names:
        field = fields.get(name) or fields.get(f"{name}_id")
        word = str(field.verbose_name) if field else lists.get(name) or WORDS.get(name, name)
        found.append((word, _text(field, event.before.get(name)), _text(field, event.after.get(name))))
    return found


def _lists(model) -> dict[str, str]:
    """Return the Chinese names of the lists of other rows that a row of the model has."""
    own = {field.name: str(field.verbose_name) for field in model._meta.many_to_many}
    others = {r.get_accessor_name(): str(r.related_model._meta.verbose_name) for r in model._meta.related_objects}
    return others | own


HIDDEN = "（敏感内容）"


def log_changes_of(event: Event) -> list[tuple[str, str, str]]:
    """Return what the log tells of a change: of rows whose model `hides_values` the names of the fields only."""
    hides = getattr(_model_of(event), "hides_values", None)
    if hides is None or not hides():
        return changes_of(event)
    return [(name, HIDDEN, HIDDEN) for name, _, _ in changes_of(event)]


def _model_of(event: Event):
    try:
        return apps.get_model(event.object_type)
    except (LookupError, ValueError):  # a model of an earlier version, or no row at all
        return None


def _text(field, value) -> str:
    if value in (None, "", [], {}):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return "、".join(f"{key}={part}" for key, part in value.items())
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(choices.get(value, value))
