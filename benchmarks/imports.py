"""Imports and exports of 100,000 people with their register: ours, the floor below it, django-import-export's default.

Run by `make bench-imports`, on a private PostgreSQL and on SQLite. Every measurement is a process of its own on emptied tables, so
that its peak memory is its own; ours and the floor take turns. What is compared are processor seconds of the process, its child and
the database's server process together: a busy machine changes those least. Prints them, seconds by the clock, and peaks.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
FEW = 1000  # rows of the library's default path: what it takes for all is scaled from these
GHOSTS = 1_000_000
WHO = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


# --- What is measured, each in a process of its own. `ready` goes before the clock starts. ---


def prepare(folder: Path) -> int:
    from django.core.management import call_command

    from benchmarks.crowd import ROWS, found_district, write_workbook

    call_command("migrate", verbosity=0)
    found_district()
    if not (folder / "all.xlsx").exists():
        write_workbook(folder / "all.xlsx")
        write_workbook(folder / "changed.xlsx", note="改")
        write_workbook(folder / "few.xlsx", FEW)
        write_workbook(folder / "ghosts.xlsx", 100, ghosts=GHOSTS)
    return ROWS


def floor(folder: Path) -> int:
    from django.db import connection

    from benchmarks.floor import bring_in

    return bring_in(folder / "all.xlsx", staged=connection.vendor == "postgresql")


def floor_staged(folder: Path) -> int:
    """The floor on SQLite by way of a staging table: faster than executemany of the upserts."""
    from benchmarks.floor import bring_in

    return bring_in(folder / "all.xlsx", staged=True)


def default_path(folder: Path) -> int:
    from benchmarks.default_path import bring_in

    return bring_in(folder / "few.xlsx")


def upload(folder: Path, name: str = "all.xlsx") -> int:
    from accounts.models import User
    from benchmarks.crowd import MODEL, USER
    from workplan.imports.services import start_import

    actor = User.objects.get(username=USER)
    return start_import(model=MODEL, actor=actor, name=name, content=(folder / name).read_bytes()).pk


def upload_changed(folder: Path) -> int:
    return upload(folder, "changed.xlsx")


def check(folder: Path) -> int:
    return _run("new")


def apply(folder: Path) -> int:
    return _run("new")


def check_changed(folder: Path) -> int:
    return _run("changed")


def apply_changed(folder: Path) -> int:
    return _run("changed")


def confirm(folder: Path) -> int:
    from workplan.imports.services import confirm_import
    from workplan.models import ImportBatch

    batch = ImportBatch.objects.latest("pk")
    return confirm_import(batch=batch, actor=batch.created_by, good_only=False).pk


def ghosts(folder: Path) -> int:
    """Bring a sheet of 100 rows above a million ghosts, from the upload to the records."""
    upload(folder, "ghosts.xlsx")
    _run("new")
    confirm(folder)
    return _run("new")


def _run(counted: str) -> int:
    from workplan import jobs as kinds  # noqa: F401  (declares what there is to do)
    from workplan.imports.services import job_of
    from workplan.models import ImportBatch
    from workplan.services.jobs import run

    batch = ImportBatch.objects.latest("pk")
    run(job_of(batch).pk)
    batch.refresh_from_db()
    if batch.state not in ("checked", "done"):
        raise SystemExit(f"{batch.state} {batch.result}")
    return batch.result[counted]


def export_xlsx(folder: Path) -> int:
    return _export("xlsx")


def export_csv(folder: Path) -> int:
    return _export("csv")


def _export(kind: str) -> int:
    from django.test import RequestFactory

    from accounts.models import Event, User
    from benchmarks.crowd import MODEL, USER
    from workplan import clock
    from workplan.registers.exporting import export

    request = RequestFactory().get("/")
    request.user = User.objects.get(username=USER)
    rows = MODEL.objects.visible_to(request.user).kept().select_related("org_unit", "person")
    rows = rows.order_by("-happened_on", "-pk")
    export(request, MODEL, rows, on=clock.today(), kind=kind).close()
    return Event.objects.filter(action="data.export").latest("pk").after["rows"]


def empty(folder: Path) -> int:
    """Take out what a measurement has written."""
    from django.db import connection

    tables = ("eldercare_supportedelder", "people_person", "workplan_figure")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            cursor.execute("VACUUM ANALYZE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
    return 0


# --- Running them ---


def measure(name: str, folder: Path) -> dict:
    """Run one of the functions above; return rows, seconds and the peak memory of this process and its child in MB."""
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()
    begin, spent = time.perf_counter(), processor(connection)
    rows = globals()[name](folder)
    seconds, spent = time.perf_counter() - begin, processor(connection) - spent
    own, child = (resource.getrusage(who).ru_maxrss >> 10 for who in WHO)
    return {"rows": rows, "clock": seconds, "seconds": spent, "own": own, "child": child}


def processor(connection) -> float:
    """Return the seconds of processor time so far: of this process, its child, and the server process behind the connection."""
    own = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))
    if connection.vendor != "postgresql":
        return own
    _, _, rest = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")
    user, system = rest.split()[11:13]
    return own + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def apart(name: str, folder: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.imports", name, str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def report(name: str, found: list[dict], against: float | None = None) -> None:
    seconds = statistics.median(one["seconds"] for one in found)
    own, child = (max(one[key] for one in found) for key in ("own", "child"))
    each = " ".join(f"{one['seconds']:.1f}" for one in found)
    ratio = f"   ratio {seconds / against:6.2f}" if against else ""
    clock = statistics.median(one["clock"] for one in found)
    rate = found[0]["rows"] / clock
    print(
        f"{name:14} {seconds:7.2f} s ({each}){ratio}   by the clock {clock:7.2f} s, {rate:6.0f} rows/s"
        f"   peak {own} MB + child {child} MB",
        flush=True,
    )


# One round, in order. Only what a star stands before is reported.
STEPS = (
    "empty *floor",
    "empty upload *check confirm *apply *export_xlsx *export_csv",
    "upload_changed check_changed confirm *apply_changed",
    "empty *default_path",
    "empty *ghosts",
)


ON_SQLITE = ("empty *floor_staged",)


def compare(folder: Path, steps: tuple[str, ...]) -> None:
    found: dict[str, list[dict]] = {}
    for step in " ".join(steps * ROUNDS).split():
        name = step.removeprefix("*")
        measured = apart(name, folder)
        if step != name:
            found.setdefault(name, []).append(measured)
    least = statistics.median(one["seconds"] for one in found["floor"])
    for name, rounds in found.items():
        report(name, rounds, least if name in ("apply", "check", "apply_changed", "floor_staged") else None)
    scaled = statistics.median(one["seconds"] for one in found["default_path"]) * found["floor"][0]["rows"] / FEW
    ours = statistics.median(one["seconds"] for one in found["apply"])
    print(f"default path, scaled from {FEW} rows: {scaled:.0f} s, {scaled / ours:.0f} times ours", flush=True)


def main() -> None:
    """Measure on a private PostgreSQL, then on SQLite."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
        return
    from tests.services import private_postgresql

    os.environ |= {"WORKPLAN_MODE": "demo", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKPLAN_VAR"] = folder
        with private_postgresql():
            print("PostgreSQL")
            apart("prepare", Path(folder))
            compare(Path(folder), STEPS)
        print("SQLite")
        apart("prepare", Path(folder))
        compare(Path(folder), STEPS + ON_SQLITE)


if __name__ == "__main__":
    main()
