"""Audit events in words: what kind of row, which fields, before and after."""

from django.apps import apps

from .models import Event


def kind_of(event: Event) -> str:
    """Return the Chinese name of the kind of row that the event is about."""
    model = _model_of(event)
    return str(model._meta.verbose_name) if model else event.object_type


def changes_of(event: Event) -> list[tuple[str, str, str]]:
    """Return (field in Chinese, before, after) for what an event changed."""
    model = _model_of(event)
    words = {f.attname: str(f.verbose_name) for f in model._meta.concrete_fields} if model else {}
    names = [*event.before, *(name for name in event.after if name not in event.before)]
    return [
        (
            words.get(name) or words.get(f"{name}_id") or name,
            _text(event.before.get(name)),
            _text(event.after.get(name)),
        )
        for name in names
    ]


def _model_of(event: Event):
    try:
        return apps.get_model(event.object_type)
    except (LookupError, ValueError):  # a model of an earlier version, or no row at all
        return None


def _text(value) -> str:
    if value in (None, "", [], {}):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
