"""Locks that need no row: the engine-specific SQL of them lives here only."""

import zlib

from django.db import connection


def exclusive(name: str) -> None:
    """Let one transaction at a time pass for `name`, until it ends.

    PostgreSQL: an advisory transaction lock. SQLite: nothing to do, a write transaction is already alone
    (transaction_mode IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
