"""Which models hold records about people. Nothing is listed by hand: whatever builds on `PersonRecord` is found."""

from django.db.models import Q


def links_to_person() -> list:
    """Return every foreign key of the project that points at a person, also those that no person leads back along."""
    from .models import Person

    found = Person._meta.get_fields(include_hidden=True)
    links = [
        relation.field for relation in found if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    ]
    return [field for field in links if field.model._meta.managed and not field.model._meta.proxy]


def links_of_records() -> list:
    """Return the foreign keys through which records of people name somebody: the person, a guardian."""
    from .models import PersonRecord

    return [link for link in links_to_person() if issubclass(link.model, PersonRecord)]


def person_record_models() -> list[type]:
    """Return the registers about people: the models that build on `PersonRecord`."""
    return sorted({link.model for link in links_of_records()}, key=lambda model: model._meta.label)


def seen_through_records(user, right: str) -> Q:
    """Return the condition on persons that some record about them is open to the user with the right."""
    condition = Q(pk__in=[])
    for model in person_record_models():
        condition |= Q(pk__in=model.objects.visible_to(user, right).kept().order_by().values("person"))
    return condition
