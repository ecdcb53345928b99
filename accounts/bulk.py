"""Thousands of rows written at once, past the ORM: by COPY on PostgreSQL, from a temporary table on SQLite.

For imports of files. The engine-specific SQL of it lives here only; values are those that the columns store.
"""

import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
        # One statement keeps SQLite's place in the indexes; a statement for each row takes up to twice as long.
        with _staged(cursor, table, names, rows):
            cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM staged")  # noqa: S608


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns after the first, which is `id`, of rows that are there. Raises IntegrityError, then nothing is written."""
    table, names = _quoted(model, columns)
    key, *others = names
    settings = ", ".join(f"{name} = staged.{name}" for name in others)
    with transaction.atomic(), connection.cursor() as cursor, _staged(cursor, table, names, rows):
        cursor.execute(f"UPDATE {table} SET {settings} FROM staged WHERE {table}.{key} = staged.{key}")  # noqa: S608


@contextmanager
def _staged(cursor, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[None]:
    """Keep the rows in a temporary table `staged`, whose columns are those of the table."""
    cursor.execute(f"CREATE TEMP TABLE staged AS SELECT {', '.join(names)} FROM {table} LIMIT 0")  # noqa: S608
    if connection.vendor == "postgresql":
        _copy(cursor, "staged", names, rows)
    else:
        cursor.executemany(f"INSERT INTO staged VALUES ({', '.join(['%s'] * len(names))})", map(_stored, rows))  # noqa: S608
    yield
    cursor.execute("DROP TABLE staged")


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


def _stored(row: Sequence[Any]) -> list[Any]:
    """Return the values as SQLite stores them for Django."""
    return [value if type(value) in NATIVE else STORED[type(value)](value) for value in row]


def _stored_other(value: Any) -> str:
    """Return what no type of its own says: members of enums, decimals."""
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


@lru_cache(maxsize=64)
def _stored_moment(value: datetime) -> str:
    return connection.ops.adapt_datetimefield_value(value)


# How SQLite keeps a value, by type, for those that it does not keep as they are.
NATIVE = {str, int, float, bool, type(None)}
STORED: dict[type, Callable[[Any], Any]] = defaultdict(
    lambda: _stored_other, {date: date.isoformat, datetime: _stored_moment, UUID: lambda value: value.hex}
)
