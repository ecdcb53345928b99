"""Thousands of rows written at once, past the ORM: COPY on PostgreSQL, executemany on SQLite.

For imports of files. The engine-specific SQL of it lives here only; values are those that the columns store.
"""

import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

SPECIAL = re.compile(r"[\\\t\n\r]")  # what COPY's text format reads as its own signs
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@models.Field.register_lookup
class Among(models.Lookup):
    """`name__among=values`: like `in`, with all values in one parameter, so that thousands of them cost no parsing of SQL."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        place, parameters = self.process_lhs(compiler, connection)
        values = [value for value in self.rhs if value is not None]
        if connection.vendor == "postgresql":
            kind = self.lhs.output_field.rel_db_type(connection)
            return f"{place} = ANY(%s::{kind.partition('(')[0]}[])", [*parameters, values]
        listed = json.dumps(values, default=str)
        return f"{place} IN (SELECT value FROM json_each(%s))", [*parameters, listed]  # noqa: S608


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Return so many primary keys that nobody else gets. Inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [connection.ops.quote_name(table)])
            sql = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
            cursor.execute(sql, [cursor.fetchone()[0], count])
            return [row[0] for row in cursor.fetchall()]
        # A write transaction is alone on SQLite (transaction_mode IMMEDIATE).
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
    return range(last + 1, last + 1 + count)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of the columns, `id` among them. Raises IntegrityError, then nothing is written."""
    table, names = _quoted(model, columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, names, rows)
            return
        places = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608  (names of our own models)
        cursor.executemany(sql, [tuple(map(_plain, row)) for row in rows])


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns after the first, which is `id`, of rows that are there. Raises IntegrityError, then nothing is written."""
    table, names = _quoted(model, columns)
    key, *others = names
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {', '.join(names)} FROM {table} WITH NO DATA"  # noqa: S608
            )
            _copy(cursor, "staged", names, rows)
            settings = ", ".join(f"{name} = staged.{name}" for name in others)
            cursor.execute(f"UPDATE {table} SET {settings} FROM staged WHERE {table}.{key} = staged.{key}")  # noqa: S608
            cursor.execute("DROP TABLE staged")
            return
        settings = ", ".join(f"{name} = %s" for name in others)
        sql = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608  (names of our own models)
        cursor.executemany(sql, [(*map(_plain, rest), pk) for pk, *rest in rows])


def _quoted(model: type[models.Model], columns: Sequence[str]) -> tuple[str, list[str]]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), [quote(name) for name in columns]


def _copy(cursor, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    content = io.StringIO("".join(map(_copy_line, rows)))
    with connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({', '.join(names)}) FROM STDIN", content)


def _copy_line(row: Sequence[Any]) -> str:
    return "\t".join([COPIED[type(value)](value) for value in row]) + "\n"


def _escaped(text: str) -> str:
    return text.translate(ESCAPES) if SPECIAL.search(text) else text


def _copied_other(value: Any) -> str:
    """Return what no type of its own says: members of enums are text or numbers."""
    if isinstance(value, str):
        return _escaped(str(value))
    return _escaped(json.dumps(value)) if isinstance(value, dict | list) else str(value)


# How COPY reads a value, by type.
COPIED: dict[type, Callable[[Any], str]] = defaultdict(
    lambda: _copied_other,
    {
        str: _escaped,
        int: str,
        type(None): lambda _: "\\N",
        bool: lambda value: "t" if value else "f",
        date: date.isoformat,
        datetime: lru_cache(maxsize=64)(datetime.isoformat),  # the same moment in every row
    },
)


def _plain(value: Any) -> Any:
    """Return the value as SQLite stores it for Django."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)
