"""The database itself refuses changes of the log of revealed numbers; see `accounts.triggers`."""

from functools import partial

from django.db import migrations

from accounts import triggers

TABLES = ("people_reveal",)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_persons_and_reveals"), ("accounts", "0002_audit_append_only")]

    operations = [
        migrations.RunPython(partial(triggers.install, tables=TABLES), partial(triggers.remove, tables=TABLES))
    ]
