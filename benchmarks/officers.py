"""Thirty officers fill in their monthly sheets of 200 rows at once, on PostgreSQL behind the real web server.

Run by `make bench`. Every officer types into a cell, waits for the answer, thinks, and types into the next; four townships have two
officers, who write rows of their own. Prints what a save and the page take as an officer sees it, beside what a single officer sees on
the idle server, and stops where a number was lost: each cell holds what was typed last.
"""

import gzip
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager

MONTH = 10  # of the day at which demo mode stands still
OFFICERS, SAVES = 30, 30
THINKING = (1.0, 3.0)  # seconds between two cells: a number is read off a paper and typed
OPENING = 3.0  # seconds between two who open their sheet meanwhile: each of the thirty every minute and a half
TOKEN = "b" * 32


class Officer:
    """One officer's browser. targets: the rows that he fills in, over and over with another number."""

    def __init__(self, site: str, session: str, unit: int, period: int, targets: list[int]):
        self.site, self.unit, self.period, self.targets = site, unit, period, targets
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"
        self.saves: list[float] = []
        self.typed: dict[int, str] = {}

    def read(self) -> float:
        """Open the sheet; return the milliseconds."""
        took, page = self._send("/sheet/")
        if 'id="sheet"' not in page:
            sys.exit("an officer sees no sheet")
        return took

    def work(self, saves: int = SAVES, thinking: tuple[float, float] = THINKING) -> None:
        chance = random.Random(self.unit)
        for number in range(saves):
            time.sleep(chance.uniform(*thinking))
            target = self.targets[number % len(self.targets)]
            self.saves.append(self._save(target, str(100 + number)))

    def _save(self, target: int, text: str) -> float:
        data = {"unit": self.unit, "period": self.period, "csrfmiddlewaretoken": TOKEN}
        for name, seen, typed in (("value", self.typed.get(target, ""), text), ("remark", "", "")):
            data |= {f"was-{target}-{name}": seen, f"entry-{target}-{name}": typed}
        took, _ = self._send("/sheet/save/", data)
        self.typed[target] = text
        return took

    def _send(self, path: str, data: dict | None = None) -> tuple[float, str]:
        body = urllib.parse.urlencode(data).encode() if data else None
        headers = {"Cookie": self.cookies, "Referer": self.site + path, "Accept-Encoding": "gzip"}
        if data:
            headers["Accept"] = "application/json"
        begin = time.perf_counter()
        asked = urllib.request.Request(self.site + path, body, headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            page = answer.read()
        took = (time.perf_counter() - begin) * 1000
        packed = answer.headers["Content-Encoding"] == "gzip"
        return took, (gzip.decompress(page) if packed else page).decode()


@contextmanager
def web_server(port: int):
    """Run the portal's web processes as `config.serve` does."""
    from pathlib import Path

    from config.serve import commands

    command = commands(port, Path(os.environ["WORKPLAN_VAR"]), embedded=True)["web"]
    server = subprocess.Popen(command, env=os.environ)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def hire(site: str) -> list[Officer]:
    """Make thirty officers in 26 townships, each signed in, the second of a township with other rows."""
    from django.test import Client

    from accounts.enums import Role
    from accounts.models import Membership, OrgUnit, User
    from workplan.models import Period, Target

    units = list(OrgUnit.objects.filter(kind="town").order_by("pk"))
    period = Period.objects.get(number=MONTH)
    rows = list(Target.objects.filter(kind="count").order_by("pk").values_list("pk", flat=True))
    officers = []
    for number in range(OFFICERS):
        unit, name = units[number % len(units)], f"officer-{number}"
        user = User.objects.create(username=name, name=name, must_change_password=False)
        Membership.objects.create(user=user, org_unit=unit, role=Role.LIAISON)
        client = Client()
        client.force_login(user)
        own = rows[:10] if number < len(units) else rows[10:20]
        officers.append(Officer(site, client.cookies["sessionid"].value, unit.pk, period.pk, own))
    return officers


def wait_for(site: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(site + "/sign-in/", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the web server did not start")


def lost(officers: list[Officer]) -> list[str]:
    """Return the cells that do not hold what was typed last."""
    from workplan.models import Entry

    rows = Entry.objects.filter(report__period__number=MONTH, value__isnull=False)
    stored = {(unit, target): value for unit, target, value in rows.values_list("report__org_unit", "target", "value")}
    wanted = {(one.unit, target): int(text) for one in officers for target, text in one.typed.items()}
    return [f"{key}: {stored.get(key)} ≠ {value}" for key, value in wanted.items() if stored.get(key) != value]


def tell(name: str, alone: list[float], together: list[float]) -> None:
    p95 = statistics.quantiles(together, n=20, method="inclusive")[18]
    ratio = statistics.median(together) / statistics.median(alone)
    print(
        f"{name:<22} alone median {statistics.median(alone):6.1f} ms   {OFFICERS} officers median"
        f" {statistics.median(together):6.1f} ms  p95 {p95:6.1f} ms   ratio {ratio:5.2f}",
        flush=True,
    )


def warm_up(officers: list[Officer]) -> None:
    """Open sheets at once until every web process has drawn one: the first of each takes a second, once after a start."""
    for _ in range(3):
        for thread in together([one.read for one in officers[:8]]):
            thread.join()


def together(tasks: list[Callable]) -> list[threading.Thread]:
    """Start the tasks at once, each in a thread."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    return threads


def measure(site: str) -> None:
    officers = hire(site)
    wait_for(site)
    warm_up(officers)
    first = officers[0]
    pages = [first.read() for _ in range(20)]
    first.work(22, (0, 0))
    alone = first.saves[2:]
    first.saves = []
    threads = together([one.work for one in officers])
    busy = []
    while any(thread.is_alive() for thread in threads):
        busy.append(first.read())
        time.sleep(OPENING)
    tell("a cell is saved", alone, [took for one in officers for took in one.saves])
    tell("the sheet is opened", pages, busy)
    if found := lost(officers):
        sys.exit("lost updates: " + "; ".join(found))


def main() -> None:
    from tests.services import free_port, private_postgresql

    with private_postgresql():
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks.fill import fill

        fill(1, months=MONTH - 1)
        with web_server(free_port()) as site:
            measure(site)


if __name__ == "__main__":
    main()
