"""A real browser against a live server. Playwright drives the Chromium that is installed."""

import os
import shutil

import pytest

from tests import cast as parts
from tests.factories import PASSWORD

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session", autouse=True)
def orm_beside_event_loop():
    """Let tests use the ORM: Playwright's synchronous API runs an event loop in their thread."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": DESK, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def pinned_portal(live_server, settings):
    """The live server with the business date of the tests; its threads do not share the tests' context."""
    settings.PINNED_DATE = parts.TODAY
    return live_server


@pytest.fixture
def townsfolk(transactional_db):
    """District and cast with passwords, so that they can sign in through the form."""
    district = parts.build_district("D1")
    cast = parts.build_cast(district, parts.build_district("D2"))
    for user in cast.everybody().values():
        user.set_password(PASSWORD)
        user.save()
    return district, cast


@pytest.fixture
def violations():
    """Complaints of the browser during a test: policy violations, script errors, failed own requests."""
    return []


@pytest.fixture
def sign_in(browser, pinned_portal, browser_context_args, violations):
    """Open a window of one's own for somebody, signed in through the form."""
    contexts = []

    def enter(user, viewport=DESK):
        context = browser.new_context(**(browser_context_args | {"viewport": viewport}))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: violations.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: violations.append(str(e)))
        page.goto(pinned_portal.url + "/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(pinned_portal.url + "/")
        return page

    yield enter
    for context in contexts:
        context.close()
