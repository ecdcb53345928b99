"""A crawl of everything that somebody can reach shows nothing of the township next door."""

import io
import re
from urllib.parse import urljoin, urlsplit

import pytest
from python_calamine import CalamineWorkbook

from .world import CANARY_NUMBER, CANARY_TEXT, build_world

LINK = re.compile(r"""(?:href|hx-get|action|src)="([^"]+)\"""")
API_START = ["/api/v1/", *(f"/api/v1/{name}/" for name in ("plans", "sections", "tasks", "targets", "allocations"))]
API_START += [f"/api/v1/{name}/" for name in ("org-units", "periods", "reports", "me")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PAGES = 400


@pytest.fixture
def world(db):
    return build_world()


def text_of(response) -> str:
    """Return what a reader could see of a response, spreadsheets included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").startswith(XLSX):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return "\n".join(str(cell) for row in rows for cell in row)
    return content.decode("utf-8", "replace")


def links_in(path: str, text: str) -> set[str]:
    found = set()
    for link in LINK.findall(text):
        parts = urlsplit(urljoin(path, link.replace("&amp;", "&")))
        if not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("/static/", "/sign-out")):
            found.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def crawl(client, start: list[str]) -> dict[str, str]:
    """Follow every link from the start pages and return the text of each page by address."""
    seen: dict[str, str] = {}
    waiting = list(start)
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen:
            continue
        response = client.get(path)
        assert response.status_code < 500, path
        seen[path] = text_of(response) if response.status_code == 200 else ""
        if "html" in response.get("Content-Type", ""):
            waiting += sorted(links_in(path, seen[path]) - seen.keys())
            waiting += [f"{path.split('?')[0]}?export=xlsx"] if 'export=xlsx' in seen[path] else []
    return seen


@pytest.mark.parametrize("name", ["liaison", "other_head", "other_staff", "nobody", "outsider"])
def test_nothing_of_the_other_township_is_reachable(world, as_user, name):
    user = getattr(world.cast, name)
    pages = crawl(as_user(user), ["/", *API_START])
    assert len(pages) > 5, "the crawl must get somewhere"
    own_name = user.name
    leaks = [path for path, text in pages.items() if CANARY_TEXT in text.replace(own_name, "")]
    assert leaks == []


def test_no_total_tells_the_hidden_number(world, as_user):
    pages = crawl(as_user(world.cast.liaison), ["/", *API_START])
    number = re.compile(rf"(?<![\d.]){CANARY_NUMBER}(?:\.0+)?(?![\d.])")
    text = {path: re.sub(r'"(id|pk)":\d+|/\d+/|\?\S+|v=\S+', "", page) for path, page in pages.items()}
    assert [path for path, page in text.items() if number.search(page)] == []


def test_the_crawl_sees_the_canary_where_it_may_be_seen(world, as_user):
    """Control: the same crawl as the owner, and as the leader, finds it."""
    for user in (world.cast.other_liaison, world.cast.leader):
        pages = crawl(as_user(user), ["/", *API_START])
        assert any(CANARY_TEXT in text.replace(user.name, "") for text in pages.values())
