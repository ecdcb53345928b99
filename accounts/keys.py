"""Are the keys those that the data was written with? Asked at every start, before anything can be written with wrong ones."""

from django.conf import settings
from django.db import connection

from . import crypto
from .models import KeyCheck

KNOWN_TEXT = "district work-plan portal"
INDEX, DATA = "index", "data:"


def malformed() -> list[str]:
    """Return a Chinese line for each key setting that is missing or malformed."""
    problems = []
    for parse, text in ((crypto.parse_ring, settings.DATA_KEYS), (crypto.parse_index_key, settings.INDEX_KEY)):
        try:
            parse(text)
        except crypto.BadKeys as bad:
            problems.append(str(bad))
    return problems


def foreign() -> list[str]:
    """Return a Chinese line for each key that does not fit the database; note keys that are new to it.

    Nothing is asked while the table is not there yet.
    """
    if KeyCheck._meta.db_table not in connection.introspection.table_names():
        return []
    stored = dict(KeyCheck.objects.values_list("name", "value"))
    problems = [problem for name, value in stored.items() if (problem := _problem(name, value))]
    if not problems:
        note_keys(stored)
    return problems


def _problem(name: str, value: str) -> str:
    if name == INDEX:
        return "" if value == crypto.digest(KNOWN_TEXT, INDEX) else "索引密钥 INDEX_KEY 与数据库不符"
    key_id = name.removeprefix(DATA)
    if key_id not in crypto.ring().ciphers:
        return f"缺少数据密钥 {key_id}，数据库中还有用它加密的内容"
    try:
        crypto.decrypt(value, name)
    except crypto.Undecryptable:
        return f"数据密钥 {key_id} 与数据库不符"
    return ""


def note_keys(stored: dict[str, str]) -> None:
    """Keep a check row for every key that has none: from now on another key under its name is refused.

    A key that only decrypts needs none: `forget_key` has taken it away because nothing is under it any more.
    """
    new = []
    current = f"{DATA}{crypto.current_key_id()}"
    if INDEX not in stored:
        new.append(KeyCheck(name=INDEX, value=crypto.digest(KNOWN_TEXT, INDEX)))
    if current not in stored:
        new.append(KeyCheck(name=current, value=crypto.encrypt(KNOWN_TEXT, current)))
    if new:
        KeyCheck.objects.bulk_create(new, ignore_conflicts=True)


def forget_keys_but(key_id: str) -> None:
    """Drop the check rows of all other data keys: nothing is encrypted with them any more, they may be taken away."""
    KeyCheck.objects.filter(name__startswith=DATA).exclude(name=f"{DATA}{key_id}").delete()
