"""The real plan and the sample year, loaded once for a whole test module."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command


@contextmanager
def kept_for_module(django_db_blocker, load) -> Iterator[None]:
    """Run `load` outside any test's transaction, and empty the database after the module's last test.

    Loading takes seconds. Each test still runs in a transaction of its own: none sees another's changes.
    """
    with django_db_blocker.unblock():
        load()
    try:
        yield
    finally:
        with django_db_blocker.unblock():
            call_command("flush", verbosity=0, interactive=False)
