"""Rows of registers with what their columns show, so that statements do not grow with the rows."""

from typing import Any

from ..models import Record
from .columns import columns_of, part_of


def with_columns(rows):
    """Bring along everything that a column of the register, or the book-keeping about the record, reads."""
    many = (field.name for field in rows.model._meta.many_to_many)
    return rows.select_related(*shown_relations(rows.model), "created_by", "verified_by").prefetch_related(*many)


def related_of(field, keys: set[int], *, full: bool = False) -> dict[int, Any]:
    """Return what the relation leads to, with what columns read of it: rows by their id, or for a
    field that names several, its managers by the id of the record. full: with what full numbers are made of.
    """
    part = part_of(field.model, field.name)
    if part:
        return part.read_many(keys, full=full)
    if field.many_to_many:
        records = field.model._base_manager.filter(pk__among=keys).prefetch_related(field.name)
        return {record.pk: getattr(record, field.name) for record in records}
    below = [
        lookup.partition("__")[2] for lookup in shown_relations(field.model) if lookup.startswith(f"{field.name}__")
    ]
    return {row.pk: row for row in field.related_model._base_manager.filter(pk__among=keys).select_related(*below)}


def shown_relations(model: type[Record]) -> list[str]:
    """Return the lookups of the rows that columns of the register show."""
    related = _links(model)
    related += [f"{c.part}__{c.field.name}" for c in columns_of(model) if c.part and c.field.is_relation]
    for name in _links(model):
        other = model._meta.get_field(name).related_model
        related += [f"{name}__{link}" for link in _links(other)] if issubclass(other, Record) else []
    return related


def _links(model: type[Record]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.is_relation and f.name in model.register.fields]
