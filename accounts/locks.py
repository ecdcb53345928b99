"""Locks that need no row: the engine-specific SQL of them lives here only."""

import zlib

from django.db import connection
from django.db.models import QuerySet


def exclusive(name: str) -> None:
    """Let one transaction at a time pass for `name`, until it ends.

    PostgreSQL: an advisory transaction lock. SQLite: nothing to do, a write transaction is already alone
    (transaction_mode IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])


def read_locked(rows: QuerySet, *pks: int) -> QuerySet:
    """Return the rows of these ids, locked until the transaction ends and read when the lock is held.

    Locking and joining in one statement will not do: PostgreSQL, after it has waited, looks anew at the locked row only. A row
    whose foreign key another transaction has changed meanwhile is then not found, or comes without what it points at.
    """
    locked = rows.model._base_manager.filter(pk__in=pks).order_by("pk").select_for_update()
    list(locked.values_list("pk", flat=True))
    return rows.filter(pk__in=pks)
