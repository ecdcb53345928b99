"""Everything that is encrypted comes under the current key, in small steps, while the portal runs."""

from dataclasses import dataclass

from django.apps import apps
from django.db import transaction

from .. import audit, crypto
from ..fields import EncryptedField
from ..keys import forget_keys_but

BATCH = 200


@dataclass(slots=True)
class Rotated:
    """done: values under the current key now that were not before; left: values that could not be decrypted."""

    done: int = 0
    left: int = 0


def encrypted_fields() -> list[EncryptedField]:
    """Return every encrypted field of every table."""
    models = [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
    return [
        field for model in models for field in model._meta.local_concrete_fields if isinstance(field, EncryptedField)
    ]


def rotate_keys(*, actor=None, batch: int = BATCH) -> Rotated:
    """Re-encrypt what is not under the current key. May be stopped and run again, and by two at once.

    A value that somebody changes meanwhile is left as he wrote it, which is under the current key already. Apps that keep other
    encrypted things, such as files, have a method `rotate_keys(current) -> (done, left)` on their AppConfig. When nothing is left,
    the older keys may be taken out of DATA_KEYS.
    """
    current, total = crypto.current_key_id(), Rotated()
    for field in encrypted_fields():
        _rotate_field(field, current, batch, total)
    for config in apps.get_app_configs():
        if rotate := getattr(config, "rotate_keys", None):
            done, left = rotate(current)
            total.done, total.left = total.done + done, total.left + left
    if not total.left:
        forget_keys_but(current)
    audit.record(action="keys.rotate", actor=actor, after={"rows": total.done, "left": total.left}, note=current)
    return total


def _rotate_field(field: EncryptedField, current: str, batch: int, total: Rotated) -> None:
    last = 0
    while rows := list(_stale_rows(field, current, last)[:batch]):
        last = rows[-1][0]
        with transaction.atomic():
            for pk, uid, token in rows:
                _rotate_value(field, pk, uid, token, total)


def _stale_rows(field: EncryptedField, current: str, after: int):
    """Return (pk, uid, token) of the rows after the key whose value is under another key."""
    rows = field.model._base_manager.filter(pk__gt=after).exclude(**{field.name: ""})
    rows = rows.exclude(**{f"{field.name}__startswith": f"{current}."})
    return rows.order_by("pk").values_list("pk", "uid", field.name)


def _rotate_value(field: EncryptedField, pk: int, uid, token: str, total: Rotated) -> None:
    try:
        text = field.open(token, uid)
    except crypto.Undecryptable:
        total.left += 1
        return
    # Only where the old token still stands: what somebody has written since is not overwritten.
    row = field.model._base_manager.filter(**{"pk": pk, field.name: token})
    total.done += row.update(**{field.name: field.seal(text, uid)})
