"""Thousands of rows written at once, past the ORM: COPY on PostgreSQL, executemany on SQLite.

For imports of files. The engine-specific SQL of it lives here only; values are those that the columns store.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

# What stands for itself in COPY's text format must not contain these.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Return so many primary keys that nobody else gets. Inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [connection.ops.quote_name(table), count])
            return [row[0] for row in cursor.fetchall()]
        # A write transaction is alone on SQLite (transaction_mode IMMEDIATE).
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
    return range(last + 1, last + 1 + count)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of the columns, `id` among them. Raises IntegrityError, then nothing is written."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            content = io.StringIO("".join(map(_copy_line, rows)))
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", content)
            return
        places = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  (names of our own models)
        cursor.executemany(sql, [tuple(map(_plain, row)) for row in rows])


def _copy_line(row: Sequence[Any]) -> str:
    return "\t".join(map(_copied, row)) + "\n"


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: Any) -> Any:
    """Return the value as SQLite stores it for Django."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID):
        return value.hex
    return value if value is None or isinstance(value, str | int | float) else str(value)
