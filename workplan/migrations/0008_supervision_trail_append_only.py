"""The database itself refuses changes of the trail of supervision orders; see `accounts.triggers`."""

from functools import partial

from django.db import migrations

from accounts import triggers

TABLES = ("workplan_supervisionact",)


class Migration(migrations.Migration):
    dependencies = [("workplan", "0007_supervision_steps"), ("accounts", "0002_audit_append_only")]

    operations = [
        migrations.RunPython(partial(triggers.install, tables=TABLES), partial(triggers.remove, tables=TABLES))
    ]
