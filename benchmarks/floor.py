"""The least that an import of the crowd can be: calamine, check digits, encryption, digests, staging, one upsert per table.

No message for a wrong cell, no check of dates, no known record looked for, no log, no figures. It writes the real tables with
all their indexes and constraints: `staged` by way of a staging table, filled by COPY on PostgreSQL; else by executemany of the
upserts themselves.
"""

import base64
import hmac
import io
import os
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.crypto import parse_index_key, ring
from eldercare.enums import HardshipKind
from people.sample import CHECKS, WEIGHTS

from .crowd import MODEL, USER

PERSON = (
    "uid", "name", "name_initials", "id_kind", "id_number", "id_digest", "id_tail", "sex", "birth_date", "phone",
    "phone_digest", "phone_tail", "residence_id", "relation", "version", "created_by_id", "created_at", "changed_at",
)  # fmt: skip
ELDER = (
    "org_unit_id", "hardship", "happened_on", "included_on", "gathered", "note", "state", "source", "version",
    "created_by_id", "created_at", "changed_at",
)  # fmt: skip
STAGED = (*PERSON, *(f"r_{name}" for name in ELDER))


PERSON_ONCE = "ON CONFLICT (id_digest) WHERE merged_into_id IS NULL AND NOT id_digest = '' DO UPDATE SET changed_at = excluded.changed_at"
ELDER_ONCE = (
    "ON CONFLICT (person_id, happened_on) WHERE NOT state = 'removed' "
    "DO UPDATE SET hardship = excluded.hardship, included_on = excluded.included_on"
)


def bring_in(path: Path, *, staged: bool) -> int:
    """Write the people and records of the workbook; return how many rows there were."""
    rows = [_row(cells) for cells in _places(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())]
    with transaction.atomic(), connection.cursor() as cursor:
        (_upsert_staged if staged else _upsert_each)(cursor, rows)
    return len(rows)


def _upsert_staged(cursor, rows: list[tuple]) -> None:
    (_copy if connection.vendor == "postgresql" else _stage)(cursor, rows)
    cursor.execute("CREATE INDEX floor_digest ON floor (id_digest)")  # SQLite would compare each row with each
    table, names = "people_person", ", ".join(PERSON)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM floor WHERE true {PERSON_ONCE}")
    own, staged = ", ".join(ELDER), ", ".join(f"r_{name}" for name in ELDER)
    cursor.execute(
        f"INSERT INTO {MODEL._meta.db_table} (person_id, {own}) SELECT p.id, {staged} FROM floor f "
        f"JOIN {table} p ON p.id_digest = f.id_digest AND p.merged_into_id IS NULL WHERE true {ELDER_ONCE}"
    )


def _upsert_each(cursor, rows: list[tuple]) -> None:
    rows = [_plain(row) for row in rows]
    people, digest = len(PERSON), PERSON.index("id_digest")
    cursor.executemany(
        f"INSERT INTO people_person ({', '.join(PERSON)}) VALUES ({_marks(PERSON)}) {PERSON_ONCE}",
        [row[:people] for row in rows],
    )
    cursor.executemany(
        f"INSERT INTO {MODEL._meta.db_table} ({', '.join(ELDER)}, person_id) SELECT {_marks(ELDER)}, id "
        f"FROM people_person WHERE id_digest = %s AND merged_into_id IS NULL AND NOT id_digest = '' {ELDER_ONCE}",
        [(*row[people:], row[digest]) for row in rows],
    )


def _places(grid: list[list]):
    """Yield the rows with what all of them need: looked up once."""
    from accounts.models import OrgUnit, User

    header, *rows = grid
    at = [header.index(name) for name in COLUMNS]
    units = dict(OrgUnit.objects.values_list("name", "pk"))
    kinds = {str(label): value for value, label in HardshipKind.choices}
    user, now = User.objects.get(username=USER).pk, timezone.now()
    keys = ring()
    cipher, key = (keys.current, keys.ciphers[keys.current]), parse_index_key(settings.INDEX_KEY)
    for row in rows:
        yield [row[place] for place in at], units, kinds, user, now, cipher, key


COLUMNS = (
    "所属单位", "姓名", "证件号码", "联系电话", "困难类别", "认定符合条件日期", "纳入保障服务日期", "集中照护", "备注",
)  # fmt: skip


def _row(given: tuple) -> tuple:
    (unit, name, number, phone, kind, happened, included, gathered, note), units, kinds, user, now, cipher, key = given
    if CHECKS[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11] != number[17]:
        raise ValueError("check digit")
    uid, born = uuid.uuid4(), date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    sealed, dialled = (
        _seal(cipher, text, f"people_person.{f}:{uid}") for f, text in (("id_number", number), ("phone", phone))
    )
    person = (
        uid.hex, name, "", "resident", sealed, _digest(key, f"person.id_number\0resident:{number}"), number[-4:],
        "male" if int(number[16]) % 2 else "female", born, dialled, _digest(key, f"person.phone\0{phone}"), phone[-4:],
        units[unit], "", 1, user, now, now,
    )  # fmt: skip
    return (
        *person, units[unit], kinds[kind], happened, included or None, gathered == "是", note, "valid", "imported", 1, user, now, now,
    )  # fmt: skip


def _seal(cipher: tuple, text: str, context: str) -> str:
    nonce = os.urandom(12)
    return f"{cipher[0]}.{base64.urlsafe_b64encode(nonce + cipher[1].encrypt(nonce, text.encode(), context.encode())).decode()}"


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def _staging() -> str:
    kinds = ", ".join(f"p.{name}" for name in PERSON) + ", " + ", ".join(f"r.{name} AS r_{name}" for name in ELDER)
    return f"CREATE TEMP TABLE floor AS SELECT {kinds} FROM people_person p, {MODEL._meta.db_table} r LIMIT 0"


def _copy(cursor, rows: list[tuple]) -> None:
    cursor.execute(_staging())
    stream = io.StringIO()
    for row in rows:
        stream.write("\t".join([r"\N" if value is None else str(value) for value in row]) + "\n")
    stream.seek(0)
    cursor.copy_expert(f"COPY floor ({', '.join(STAGED)}) FROM STDIN", stream)


def _stage(cursor, rows: list[tuple]) -> None:
    cursor.execute(_staging())
    cursor.executemany(f"INSERT INTO floor VALUES ({_marks(STAGED)})", map(_plain, rows))


def _marks(columns: tuple) -> str:
    return ", ".join(["%s"] * len(columns))


def _plain(row: tuple) -> tuple:
    """Return the row as SQLite takes it."""
    return tuple(value.isoformat(" ") if hasattr(value, "hour") else value for value in row)
