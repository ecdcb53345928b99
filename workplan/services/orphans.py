"""Files that no row knows: what a process left behind that was killed between storing a file and committing its row."""

from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db import models
from django.utils import timezone

# A file is stored before its row is committed. Nothing takes that long, so whatever is older has no row coming.
GRACE = timedelta(days=1)


def orphans(storage: Storage = default_storage) -> list[str]:
    """Return the names of the stored files that no row names and that are older than a day."""
    until = timezone.now() - GRACE
    old = {name for name in _stored(storage) if storage.get_modified_time(name) < until}
    return sorted(old - _named())


def remove(names: list[str], storage: Storage = default_storage) -> int:
    """Delete the files that no row has come to name meanwhile; return how many."""
    left = sorted(set(names) - _named())
    for name in left:
        storage.delete(name)
    return len(left)


def _stored(storage: Storage, folder: str = "") -> Iterator[str]:
    folders, files = storage.listdir(folder)
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _stored(storage, prefix + name)


def _named() -> set[str]:
    """Return the names of all files that rows hold, whatever the model."""
    fields = (
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    )
    return {
        name for model, field in fields for name in model._base_manager.values_list(field, flat=True).iterator() if name
    }
