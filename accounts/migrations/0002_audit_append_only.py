"""The database itself refuses changes of the audit log; see `accounts.triggers` for what each engine does."""

from django.db import migrations

from accounts import triggers


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users_units_audit")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
