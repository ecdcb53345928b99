"""A crawl of everything that somebody can reach shows nothing of the township next door."""

import io
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from python_calamine import CalamineWorkbook

from workplan.registers.registry import registers

from .world import (
    CANARY_FILE,
    CANARY_NAME,
    CANARY_NUMBER,
    CANARY_PERSON,
    CANARY_RECORDED,
    CANARY_TEXT,
    build_world,
)

LINK = re.compile(r"""(?:href|hx-get|action|src)="([^"]+)\"""")
API_START = ["/api/v1/", *(f"/api/v1/{name}/" for name in ("plans", "sections", "tasks", "targets", "allocations"))]
API_START += [
    f"/api/v1/{name}/"
    for name in (
        "org-units",
        "periods",
        "reports",
        "me",
        "registers",
        "spot-checks",
        "supervision-orders",
        "problems",
        "remarks",
        "rollups",
    )
]
API_START += [f"/api/v1/registers/{m._meta.app_label}/{m._meta.model_name}/records/" for m in registers()]
START = ["/", "/registers/", *API_START]
HIDDEN = (CANARY_TEXT, CANARY_NAME, CANARY_PERSON, CANARY_RECORDED, CANARY_FILE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PAGES = 2000
SHOWN_NUMBER = str(CANARY_NUMBER)[:5]  # however a page rounds it


@pytest.fixture
def world(db):
    return build_world()


def text_of(response) -> str:
    """Return what a reader could see of a response, spreadsheets included: their text begins with what they are."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").startswith(XLSX):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return "\n".join(["[xlsx]", *(str(cell) for row in rows for cell in row)])
    return content.decode("utf-8", "replace")


def links_in(path: str, text: str) -> set[str]:
    found = set()
    for link in LINK.findall(text):
        parts = urlsplit(urljoin(path, link.replace("&amp;", "&")))
        if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("/static/", "/sign-out")):
            found.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def shape_of(path: str) -> tuple:
    """Return the address without the values of its parameters: one sort order leaks as much as the next."""
    parts = urlsplit(path)
    return parts.path, frozenset(parse_qs(parts.query, keep_blank_values=True))


def crawl(client, start: list[str]) -> dict[str, str]:
    """Follow every link from the start pages, each shape of address once, and return the texts by address."""
    seen: dict[str, str] = {}
    shapes: set[tuple] = set()
    waiting = list(start)
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if shape_of(path) in shapes:
            continue
        shapes.add(shape_of(path))
        response = client.get(path)
        assert response.status_code < 500, path
        seen[path] = text_of(response) if response.status_code == 200 else ""
        if "html" in response.get("Content-Type", ""):
            waiting += sorted(links_in(path, seen[path]))
    return seen


def pages_with(pages: dict[str, str], *canaries: str) -> list[str]:
    return [path for path, text in pages.items() if any(canary in text for canary in canaries)]


@pytest.mark.parametrize("name", ["liaison", "nobody", "outsider"])
def test_nothing_of_the_other_township_is_reachable(world, as_user, name):
    user = getattr(world.cast, name)
    pages = crawl(as_user(user), START)
    assert len(pages) > 10, "the crawl must get somewhere"
    assert len(pages) < MOST_PAGES, "the crawl must get everywhere"
    pages = {path: text.replace(user.name, "") for path, text in pages.items()}
    assert pages_with(pages, *HIDDEN, SHOWN_NUMBER) == []


def test_the_other_office_sees_no_report_of_this_section(world, as_user):
    """It sees the township's report on its own section, and so the officer's name."""
    pages = crawl(as_user(world.cast.other_head), START)
    assert pages_with(pages, CANARY_TEXT, CANARY_RECORDED, CANARY_FILE, SHOWN_NUMBER) == []


def test_an_auditor_sees_nobody_of_the_registers(world, as_user):
    """Open registers are the auditor's to read; of those about people nothing is seen, not even the names of files."""
    pages = crawl(as_user(world.cast.auditor), START)
    assert pages_with(pages, CANARY_RECORDED, CANARY_FILE) == []
    assert pages_with(pages, f"{CANARY_TEXT}食堂")


@pytest.mark.parametrize("name", ["other_liaison", "leader"])
def test_the_crawl_sees_the_canaries_where_they_may_be_seen(world, as_user, name):
    """Control: the same crawl finds every canary as the owner and as the leader."""
    pages = crawl(as_user(getattr(world.cast, name)), START)
    for canary in (CANARY_TEXT, CANARY_NAME, CANARY_RECORDED, CANARY_FILE, SHOWN_NUMBER):
        assert pages_with(pages, canary), canary


def test_a_person_without_records_is_reachable_for_the_own_township_alone(world, as_user):
    """Control for the canary person; the leader sees nobody of whom no register keeps a record."""
    assert pages_with(crawl(as_user(world.cast.other_liaison), ["/"]), CANARY_PERSON)
    for name in ("leader", "auditor", "administrator", "staff"):
        assert pages_with(crawl(as_user(getattr(world.cast, name)), ["/"]), CANARY_PERSON) == [], name
