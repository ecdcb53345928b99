"""What is checked before anything is started. Each check ends in one clear line, never in a traceback."""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .folders import LOCK, make_folders
from .messages import line

CONNECT_PATIENCE = 5  # seconds


def fail(key: str, **values) -> None:
    """End with one clear line and a failing exit code."""
    sys.exit(line(key, **values))


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def wanted_port() -> int:
    """Return PORT of the environment (default 8000); end where it is none."""
    text = os.environ.get("PORT", "") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        fail("port_bad", port=text[:20])
    return int(text)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        # As gunicorn does: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail("port", port=port)


def check_var(var: Path) -> None:
    try:
        make_folders(var)
    except OSError:
        fail("var", path=var)


def load_settings():
    """Return Django's settings with the apps loaded; end where they are broken, or unsafe for production."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        _ = settings.MODE
    except (ImproperlyConfigured, ValueError) as broken:
        fail("settings", reason=first_line(broken))
    django.setup()
    from .guard import refuse, refuse_malformed_keys, unsafe_settings

    refuse(unsafe_settings())
    refuse_malformed_keys()
    return settings


def check_database() -> None:
    """Connect once, so that a broken DATABASE_URL is one line; end where production has demo accounts or keys are wrong."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error, connection

    from .guard import demo_accounts, refuse, refuse_foreign_keys

    try:
        connection.ensure_connection()
    except (Error, ImproperlyConfigured, ValueError) as broken:
        fail("database", reason=first_line(broken))
    refuse(demo_accounts())
    refuse_foreign_keys()
    connection.close()


def check_redis(url: str) -> None:
    if not url:
        return
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=CONNECT_PATIENCE, socket_timeout=CONNECT_PATIENCE).ping()
    except (redis.RedisError, ValueError, OSError):
        fail("redis")


def answers(port: int) -> bool:
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def in_use(var: Path) -> Iterator[None]:
    """Mark the folder as in use, so that `make reset` does not delete it under a running portal."""
    with (var / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
