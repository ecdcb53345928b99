"""Which models hold records about people. Nothing is listed by hand: whatever points at a person and knows its scope is found."""

from django.db.models import Q

from accounts.scope import ScopedQuerySet


def links_to_person() -> list:
    """Return every foreign key of the project that points at a person, those of `people` itself left out."""
    from .models import Person

    found = [relation.field for relation in Person._meta.related_objects if relation.field.concrete]
    return [field for field in found if field.model._meta.app_label != "people"]


def person_record_models() -> list[type]:
    """Return the models of records about people: those with a link `person` that are read through a scope."""
    return [
        field.model
        for field in links_to_person()
        if field.name == "person" and isinstance(field.model._default_manager.all(), ScopedQuerySet)
    ]


def seen_through_records(user, right: str) -> Q:
    """Return the condition on persons that some record about them is open to the user with the right."""
    condition = Q(pk__in=[])
    for model in person_record_models():
        condition |= Q(pk__in=model._default_manager.visible_to(user, right).values("person"))
    return condition
