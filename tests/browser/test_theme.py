"""The look can be chosen, stays chosen, and ends at the edge of the paper."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DARK, LIGHT, WHITE = "rgb(17, 22, 28)", "rgb(246, 248, 250)", "rgb(255, 255, 255)"
GROUND = "getComputedStyle(document.body).backgroundColor"


def choose(page, theme: str) -> None:
    page.click(".user-menu summary")
    page.check(f"input[name=theme][value={theme}]")
    page.click(".user-menu summary")


def test_a_chosen_theme_stays_and_paper_is_white(townsfolk, sign_in, pinned_portal, violations):
    _, cast = townsfolk
    page = sign_in(cast.leader)
    assert page.evaluate(GROUND) == LIGHT
    choose(page, "dark")
    assert page.evaluate(GROUND) == DARK
    page.goto(f"{pinned_portal.url}/targets/")
    assert page.evaluate(GROUND) == DARK
    page.emulate_media(media="print")
    assert page.evaluate(GROUND) == WHITE
    page.emulate_media(media="screen", color_scheme="light")
    choose(page, "auto")
    assert page.evaluate(GROUND) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) == DARK
    assert violations == []


def test_charts_follow_the_theme(townsfolk, sign_in, pinned_portal):
    district, cast = townsfolk
    page = sign_in(cast.leader)
    page.goto(f"{pinned_portal.url}/targets/{district.targets['49.3'].pk}/")
    page.wait_for_selector("[data-chart] svg")
    light = set(re.findall("#[0-9a-f]{6}", page.inner_html("[data-chart]")))
    choose(page, "dark")
    dark = set(re.findall("#[0-9a-f]{6}", page.inner_html("[data-chart]")))
    token = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--line').trim()")
    assert token in dark
    assert token not in light


def test_the_page_of_the_design_language_fits_a_phone(townsfolk, sign_in, pinned_portal, violations):
    _, cast = townsfolk
    page = sign_in(cast.liaison, {"width": 390, "height": 844})
    page.goto(f"{pinned_portal.url}/design/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations == []
