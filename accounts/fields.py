"""Fields of models that this portal adds to Django's."""

from functools import cached_property

from django.db import models

from . import crypto


class EncryptedField(models.TextField):
    """Text kept as a token of `accounts.crypto`; "" where there is none. The row has a random `uid` that is part of the context.

    Holds tokens, not text: reading a row never decrypts by accident. `seal` and `open` are the way in and out;
    `manage.py rotate_keys` finds every such field by itself.
    """

    def context_of(self, uid) -> str:
        """Return the context in which the tokens of this field of one row are valid."""
        return f"{self._place}:{uid}"

    @cached_property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def seal(self, text: str, uid) -> str:
        """Return the token to store; "" for an empty text."""
        return crypto.encrypt(text, self.context_of(uid)) if text else ""

    def open(self, token: str, uid) -> str:
        """Return the text of a stored token. Raises `crypto.Undecryptable`."""
        return crypto.decrypt(token, self.context_of(uid)) if token else ""

    def get_default(self):
        return super().get_default() if self.has_default() else ""


def seal(row: models.Model, field: str, text: str) -> None:
    """Put the text, encrypted, into an encrypted field of a row that need not be stored yet."""
    setattr(row, field, row._meta.get_field(field).seal(text, row.uid))


def unseal(row: models.Model, field: str) -> str:
    """Return the text of an encrypted field of a row. Raises `crypto.Undecryptable`."""
    return row._meta.get_field(field).open(getattr(row, field), row.uid)
