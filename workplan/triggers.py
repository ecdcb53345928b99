"""Triggers by database engine: published roll-ups and issued amendments stay as they are, the shares of each target are added up.

As in `accounts.triggers`, a migration that alters one of the tables on SQLite runs its function again at its end.
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


# --- issued amendments and their lines ---

AMENDMENTS, LINES = "workplan_amendment", "workplan_amendmentline"
ISSUED_MESSAGE = "an issued amendment is frozen"
AMENDMENT_FUNCTION = f"""
CREATE OR REPLACE FUNCTION workplan_amendment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{ISSUED_MESSAGE}';
END $$
"""
AMENDMENT_TRIGGER = f"""
CREATE OR REPLACE TRIGGER {AMENDMENTS}_frozen BEFORE UPDATE OR DELETE ON {AMENDMENTS}
FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION workplan_amendment_frozen()
"""
IS_ISSUED = f"EXISTS (SELECT 1 FROM {AMENDMENTS} WHERE id = {{row}}.amendment_id AND state = 'issued')"  # noqa: S608  (our own table)
LINES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION workplan_amendment_lines_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND {IS_ISSUED.format(row="OLD")} THEN RAISE EXCEPTION '{ISSUED_MESSAGE}'; END IF;
    IF TG_OP <> 'DELETE' AND {IS_ISSUED.format(row="NEW")} THEN RAISE EXCEPTION '{ISSUED_MESSAGE}'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""
LINES_TRIGGER = f"""
CREATE OR REPLACE TRIGGER {LINES}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {LINES}
FOR EACH ROW EXECUTE FUNCTION workplan_amendment_lines_frozen()
"""
SQLITE_FREEZES = {
    f"{AMENDMENTS}_frozen": f"BEFORE UPDATE ON {AMENDMENTS} WHEN OLD.state = 'issued'",
    f"{LINES}_frozen": f"BEFORE UPDATE ON {LINES} WHEN "
    + " OR ".join(IS_ISSUED.format(row=row) for row in ("OLD", "NEW")),
    f"{LINES}_complete": f"BEFORE INSERT ON {LINES} WHEN {IS_ISSUED.format(row='NEW')}",
}


def freeze_issued(apps, schema_editor) -> None:
    """Refuse changes of issued amendments and of their lines, and lines that come later; deletions as `freeze_published` does."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (AMENDMENT_FUNCTION, AMENDMENT_TRIGGER, LINES_FUNCTION, LINES_TRIGGER):
            schema_editor.execute(statement)
    else:
        for name, when in SQLITE_FREEZES.items():
            refuse = f"BEGIN SELECT RAISE(ABORT, '{ISSUED_MESSAGE}'); END"
            schema_editor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {when} {refuse}")


def thaw_issued(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, function in ((AMENDMENTS, "workplan_amendment_frozen"), (LINES, "workplan_amendment_lines_frozen")):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {function}()")
    else:
        for name in SQLITE_FREEZES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


# --- shares of a target together ---

# What follows when a share of the target of {row} has changed; {lock} waits for others who change shares of the same target.
ADD_UP = """
    {lock}
    UPDATE workplan_sharetotal SET
        units = (SELECT count(*) FROM workplan_allocation WHERE target_id = {row}.target_id),
        amount = (SELECT sum(amount) FROM workplan_allocation WHERE target_id = {row}.target_id)
    WHERE target_id = {row}.target_id;
"""
LOCK = "PERFORM 1 FROM workplan_target WHERE id = {row}.target_id FOR NO KEY UPDATE;"
BEGIN = (
    "INSERT INTO workplan_sharetotal (target_id, units) VALUES (NEW.target_id, 0) ON CONFLICT (target_id) DO NOTHING;"
)
SHARES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION workplan_shares_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN {ADD_UP.format(row="OLD", lock=LOCK.format(row="OLD"))} END IF;
    IF TG_OP <> 'DELETE' THEN {BEGIN} {ADD_UP.format(row="NEW", lock=LOCK.format(row="NEW"))} END IF;
    RETURN NULL;
END $$
"""
SHARES_TRIGGER = """
CREATE OR REPLACE TRIGGER workplan_shares_added AFTER INSERT OR DELETE OR UPDATE OF amount, target_id ON workplan_allocation
FOR EACH ROW EXECUTE FUNCTION workplan_shares_added()
"""
SQLITE_OLD, SQLITE_NEW = (ADD_UP.format(row=row, lock="") for row in ("OLD", "NEW"))
SQLITE_SHARES = {
    "insert": f"AFTER INSERT ON workplan_allocation BEGIN {BEGIN} {SQLITE_NEW} END",
    "update": f"AFTER UPDATE OF amount, target_id ON workplan_allocation BEGIN {SQLITE_OLD} {BEGIN} {SQLITE_NEW} END",
    "delete": f"AFTER DELETE ON workplan_allocation BEGIN {SQLITE_OLD} END",
}


def add_up_shares(apps, schema_editor) -> None:
    """Let the database keep `ShareTotal` in line with the allocations, whoever writes them.

    A deletion begins no row: the target itself may be going.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SHARES_FUNCTION)
        schema_editor.execute(SHARES_TRIGGER)
    else:
        for name, what in SQLITE_SHARES.items():
            schema_editor.execute(f"CREATE TRIGGER IF NOT EXISTS workplan_shares_{name} {what}")


def stop_adding_shares(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS workplan_shares_added ON workplan_allocation")
        schema_editor.execute("DROP FUNCTION IF EXISTS workplan_shares_added()")
    else:
        for name in SQLITE_SHARES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS workplan_shares_{name}")
