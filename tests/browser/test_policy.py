"""The strict content policy holds on every page: no violation, no script of anybody's text, no script error."""

import pytest
from django.urls import reverse

from tests.browser.conftest import PHONE
from tests.security.hostile import poison
from tests.security.test_crawl import shape_of
from tests.steps import fill_and_submit
from workplan import clock
from workplan.models import ProgressReport

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOT_PAGES = ("export=", "/evidence/", "/admin/", "/start/", "/tokens/", "/sign-out-everywhere/", "/api/")
MOST = 30


@pytest.fixture
def poisoned(townsfolk, business_date):
    district, cast = townsfolk
    with clock.pinned(business_date):
        report = fill_and_submit(district, cast, month=10, homes=12, rate=(9, 10))
        poison(district, cast, ProgressReport.objects.with_context().get(pk=report.pk))
    return cast


def walk(page, portal, dialogs: list) -> list[str]:
    """Open every page that can be reached by links, each shape of address once; return the paths."""
    waiting, shapes, seen = ["/"], set(), []
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if shape_of(path) in shapes or any(part in path for part in NOT_PAGES):
            continue
        shapes.add(shape_of(path))
        page.goto(portal.url + path)
        seen.append(path)
        assert dialogs == [], path
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.pathname + a.search)")
        waiting += sorted(set(links))
    return seen


@pytest.mark.parametrize(
    "name, viewport", [("administrator", None), ("leader", None), ("head", None), ("liaison", PHONE)]
)
def test_every_page_obeys_the_policy(poisoned, pinned_portal, sign_in, violations, name, viewport):
    dialogs = []
    page = sign_in(getattr(poisoned, name), *([viewport] if viewport else []))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    seen = walk(page, pinned_portal, dialogs)
    assert len(seen) > 8
    assert [text for text in violations if "status of 40" not in text] == []


def test_the_policy_is_sent_and_forbids_inline_script(client, db):
    policy = client.get(reverse("accounts:login"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
