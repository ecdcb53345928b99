"""Rows of registers with what their columns show, so that statements do not grow with the rows."""

from ..models import Record
from .columns import columns_of


def with_columns(rows):
    """Bring along everything that a column of the register, or the book-keeping about the record, reads."""
    model = rows.model
    related = [*_links(model), "created_by", "verified_by"]
    related += [f"{c.part}__{c.field.name}" for c in columns_of(model) if c.part and c.field.is_relation]
    for name in _links(model):
        other = model._meta.get_field(name).related_model
        related += [f"{name}__{link}" for link in _links(other)] if issubclass(other, Record) else []
    return rows.select_related(*related).prefetch_related(*(field.name for field in model._meta.many_to_many))


def _links(model: type[Record]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.is_relation and f.name in model.register.fields]
