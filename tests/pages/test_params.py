"""Query parameters: what cannot be used ends in 400 with a Chinese word, never in 500."""

import pytest
from django.urls import reverse

HOSTILE = [
    "x" * 10_240,
    "a\x00b",
    "%ED%A0%80",
    "\ufffd",
    "𠮷" * 200,
    "１２",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    "NaN",
    "Infinity",
    "1e30",
    "-1",
    "0",
    "99999999999999999999999",
    "[]",
    "' OR 1=1 --",
]
LISTS = ("targets", "units", "duties", "unit")
CLOSED_CHOICES = (
    "as_of",
    "page",
    "per_page",
    "sort",
    "export",
    "plan",
    "year",
    "section",
    "unit",
    "light",
    "kind",
    "status",
    "period",
)


@pytest.mark.parametrize(
    "where", ["home", "plan", "section", "task", "targets", "target", "units", "unit", "leader", "duties"]
)
def test_hostile_values_are_refused(where, cast, addresses, as_user):
    client = as_user(cast.leader)
    for name in CLOSED_CHOICES:
        for value in HOSTILE:
            status = client.get(addresses[where], {name: value}).status_code
            assert status in (400, 404), (name, value)


@pytest.mark.parametrize("value", HOSTILE[:5])
def test_hostile_search_words_are_refused(value, cast, addresses, as_user):
    assert as_user(cast.leader).get(addresses["targets"], {"q": value}).status_code in (200, 400)


def test_raw_bytes_that_are_no_text_are_refused(cast, addresses, as_user):
    for query in ("q=%ED%A0%80", "q=%00", "q=%FF%FE"):
        assert as_user(cast.leader).get(f"{addresses['targets']}?{query}").status_code == 400


@pytest.mark.parametrize("where", ["home", *LISTS, "plan", "leader", "task"])
def test_unknown_and_repeated_parameters_are_refused(where, cast, addresses, as_user):
    client = as_user(cast.leader)
    assert client.get(addresses[where], {"colour": "red"}).status_code == 400
    assert client.get(f"{addresses[where]}?as_of=2024-10-01&as_of=2024-10-02").status_code == 400


def test_ids_beyond_the_database_are_not_found(cast, as_user):
    client = as_user(cast.leader)
    for name in ("section", "task", "target", "unit"):
        assert client.get(reverse(f"workplan:{name}", args=[2**70])).status_code == 404


def test_a_bad_day_is_told_at_its_control(cast, addresses, as_user):
    response = as_user(cast.leader).get(addresses["plan"], {"as_of": "2024-13-01"})
    text = response.content.decode()
    assert response.status_code == 400
    assert 'name="as_of"' in text and "截至日期应为" in text


def test_a_day_to_come_is_refused(cast, addresses, as_user):
    response = as_user(cast.leader).get(addresses["plan"], {"as_of": "2024-10-16"})
    assert response.status_code == 400
    assert "2024-10-15 之间" in response.content.decode()


def test_a_bad_filter_is_told_at_its_control_and_shows_nothing(cast, addresses, as_user):
    response = as_user(cast.leader).get(addresses["targets"], {"light": "purple"})
    text = response.content.decode()
    assert response.status_code == 400
    assert 'id="id_light_error">没有这一选项' in text and "共 <strong>0</strong> 条" in text


def test_the_chosen_day_is_carried_on_by_links(cast, addresses, as_user):
    text = as_user(cast.leader).get(addresses["plan"], {"as_of": "2024-09-30"}).content.decode()
    assert f"{addresses['section']}?as_of=2024-09-30" in text
    assert "正在查看 <strong>2024-09-30</strong>" in text
