"""Triggers that keep the audit log append-only, by database engine.

A migration that alters one of the tables on SQLite makes Django copy it, which drops its triggers: such a migration runs
`install` again at its end.
"""

TABLES = ("accounts_event", "accounts_seal")
MESSAGE = "audit log is append-only"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}';
END $$
"""
POSTGRESQL_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION accounts_append_only()
"""
SQLITE_TRIGGER = f"""
CREATE TRIGGER IF NOT EXISTS {{table}}_append_only BEFORE UPDATE ON {{table}}
BEGIN
    SELECT RAISE(ABORT, '{MESSAGE}');
END
"""


def install(apps, schema_editor, tables=TABLES) -> None:
    """Make the triggers where they are missing; other apps give their own append-only tables.

    PostgreSQL refuses UPDATE and DELETE; TRUNCATE, which needs the owner of the table and which test runs use, stays
    possible. SQLite refuses UPDATE only, because test runs empty its tables by DELETE: there a deletion is found by
    `verify_audit`, not prevented.
    """
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for table in tables:
        schema_editor.execute((POSTGRESQL_TRIGGER if vendor == "postgresql" else SQLITE_TRIGGER).format(table=table))


def remove(apps, schema_editor, tables=TABLES) -> None:
    """Drop the triggers; the function goes with those of this app."""
    on_table = schema_editor.connection.vendor == "postgresql"
    for table in tables:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only" + (f" ON {table}" if on_table else ""))
    if on_table and tables == TABLES:
        schema_editor.execute("DROP FUNCTION IF EXISTS accounts_append_only()")
