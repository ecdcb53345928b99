"""Rows of registers with what their columns show, so that statements do not grow with the rows."""

from ..models import Record
from .columns import columns_of


def with_columns(rows):
    """Bring along everything that a column of the register, or the book-keeping about the record, reads."""
    many = (field.name for field in rows.model._meta.many_to_many)
    return rows.select_related(*shown_relations(rows.model), "created_by", "verified_by").prefetch_related(*many)


def with_columns_apart(rows):
    """Bring along what the columns read in statements of its own, for whole registers: a unit that a thousand records name is
    made once. Nothing else comes along.
    """
    many = (field.name for field in rows.model._meta.many_to_many)
    return rows.select_related(None).prefetch_related(None).prefetch_related(*shown_relations(rows.model), *many)


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
