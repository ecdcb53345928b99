"""Rows that many tests begin with: made once in each process by the models, then put back as they were.

Making the cast takes longer than most tests; putting its rows back takes one statement for each table.
"""

import pickle
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, models

from workplan.models import ShareTotal

BY_THE_DATABASE = (ShareTotal,)  # which come by themselves with the rows that they add up
# Rows that are put back have the numbers that they had. Other rows of a test must not have got them before.
APART = 100_000
SET_SEQUENCE = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"

_kept: dict[str, tuple[list[list[models.Model]], bytes]] = {}


def put_back(name: str, make: Callable[[], Any]) -> Any:
    """Return what `make` makes, with its rows in the database. It is called once for each name; its rows must be new ones."""
    if name not in _kept:
        _set_apart(len(_kept) + 1)
        known = {model: set(model._base_manager.values_list("pk", flat=True)) for model in _models()}
        made = make()
        new = [list(model._base_manager.exclude(pk__in=known[model])) for model in _models()]
        _kept[name] = [rows for rows in new if rows], pickle.dumps(made)
        return made
    tables, made = _kept[name]
    for rows in tables:
        type(rows[0])._base_manager.bulk_create(rows)
    return pickle.loads(made)


def _models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not model._meta.proxy and model not in BY_THE_DATABASE]


def _set_apart(place: int) -> None:
    """Let the numbers of the kept rows begin where no test comes to: after a rollback on SQLite, and after a flush, they are given anew."""
    counted = [model for model in _models() if isinstance(model._meta.pk, models.AutoField)]
    with connection.cursor() as cursor:
        for model in counted:
            table, column = model._meta.db_table, model._meta.pk.column
            if connection.vendor == "postgresql":
                cursor.execute(SET_SEQUENCE, [connection.ops.quote_name(table), column, place * APART])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, place * APART])
