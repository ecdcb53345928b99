"""Triggers that keep published roll-up reports as they are, by database engine.

As in `accounts.triggers`, a migration that alters the table on SQLite runs `freeze_published` again at its end.
"""

from accounts import triggers

TABLE, FILES = "workplan_rollupreport", ("workplan_rollupfile",)
MESSAGE = "a published roll-up is frozen"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION workplan_rollup_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}';
END $$
"""
POSTGRESQL_TRIGGER = f"""
CREATE OR REPLACE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION workplan_rollup_frozen()
"""
SQLITE_TRIGGER = f"""
CREATE TRIGGER IF NOT EXISTS {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN OLD.state = 'published'
BEGIN
    SELECT RAISE(ABORT, '{MESSAGE}');
END
"""


def freeze_published(apps, schema_editor) -> None:
    """Refuse changes of published reports, and of files at all. Deletions are refused on PostgreSQL only (see `accounts.triggers`)."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    schema_editor.execute(POSTGRESQL_TRIGGER if postgresql else SQLITE_TRIGGER)
    triggers.install(apps, schema_editor, tables=FILES)


def thaw(apps, schema_editor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_frozen" + (f" ON {TABLE}" if postgresql else ""))
    if postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS workplan_rollup_frozen()")
    triggers.remove(apps, schema_editor, tables=FILES)
