"""Figures and lights: the number, the records behind it, and nothing of other units."""

from datetime import date
from decimal import Decimal

import pytest

from tests.steps import approve, correct, fill_and_submit
from workplan import clock
from workplan.models import Target

FIGURES = "/api/v1/figures/"


@pytest.fixture
def year(district, cast):
    """Both townships have reported until August; the first one corrected its number on 30 August."""
    with clock.pinned(date(2024, 8, 20)):
        first = approve(fill_and_submit(district, cast, month=8, homes=30, rate=(8, 10)), cast)
        approve(fill_and_submit(district, cast, month=8, homes=20, rate=(1, 30), unit=district.other_township), cast)
        approve(fill_and_submit(district, cast, month=8, tombs=0), cast)
    with clock.pinned(date(2024, 8, 30)):
        approve(correct(first, cast, homes=31), cast)
    return first


def ask(client, district, code, **query):
    return client.get(FIGURES, {"target": district.targets[code].pk} | query)


def test_the_bureau_number_adds_the_townships(district, cast, year, api):
    body = ask(api(cast.leader), district, "49.3").json()
    assert (body["amount"]["value"], body["goal"], body["org_unit"]["id"]) == ("51", "100", district.bureau.pk)
    assert [row["value"] for row in body["contributions"]] == ["31", "20"]
    assert (body["units_expected"], body["units_reported"]) == (2, 2)
    assert (body["light"], body["light_name"]) == ("red", "红灯")
    assert Decimal(body["expected"]) > 70


def test_a_rate_is_two_numbers_and_their_percentage(district, cast, year, api):
    amount = ask(api(cast.head), district, "22.4").json()["amount"]
    assert amount == {"value": None, "numerator": "9", "denominator": "40", "ratio": "22.5"}


def test_a_past_day_shows_the_number_of_that_day(district, cast, year, api):
    client = api(cast.leader)
    values = {
        day: ask(client, district, "49.3", as_of=day).json()["amount"]["value"]
        for day in ("2024-08-19", "2024-08-20", "2024-08-30")
    }
    assert values == {"2024-08-19": None, "2024-08-20": "50", "2024-08-30": "51"}


def test_a_township_sees_its_share_and_nothing_of_the_others(district, cast, year, api):
    client = api(cast.liaison)
    assert ask(client, district, "49.3").status_code == 400
    body = ask(client, district, "49.3", org_unit=district.township.pk).json()
    assert (body["amount"]["value"], body["goal"]) == ("31", "50")
    assert [row["org_unit"]["id"] for row in body["contributions"]] == [district.township.pk]
    hidden = ask(client, district, "49.3", org_unit=district.other_township.pk)
    absent = ask(client, district, "49.3", org_unit=2**62)
    assert hidden.status_code == absent.status_code == 400
    assert hidden.json() == absent.json()


def test_an_office_gets_no_totals_of_another_section(district, cast, year, api):
    assert ask(api(cast.other_head), district, "49.3").status_code == 400
    assert ask(api(cast.head), district, "46.3").status_code == 400
    assert ask(api(cast.other_head), district, "46.3").json()["amount"]["value"] == "0"


def test_a_unit_without_part_in_the_target_has_no_number(district, cast, year, api):
    answer = ask(api(cast.leader), district, "23.9", org_unit=district.township.pk)
    assert answer.status_code == 404


def test_reports_behind_a_number_are_named_only_to_those_who_may_read_them(district, cast, year, api):
    shown = ask(api(cast.leader), district, "49.3").json()["contributions"]
    assert all(row["report"] for row in shown)
    target = Target.objects.get(pk=district.targets["46.3"].pk)
    target.also_in.add(district.task)  # now shown in the other office's section, for reading only
    body = ask(api(cast.head), district, "46.3").json()
    assert [row["value"] for row in body["contributions"]] == ["0"]
    assert [row["report"] for row in body["contributions"]] == [None]


def test_lights_are_counted_by_section(district, cast, year, api):
    body = api(cast.leader).get("/api/v1/lights/").json()
    counts = {
        one["section"]["app"]: {light["light"]: light["count"] for light in one["lights"] if light["count"]}
        for one in body["sections"]
    }
    assert counts == {"eldercare": {"red": 2, "not_reported": 1}, "funeral": {"not_reported": 1}}
    assert body["sections"][0]["worst"] == "red"


def test_lights_of_an_office_are_those_of_its_section(district, cast, year, api):
    body = api(cast.head).get("/api/v1/lights/", {"plan": district.plan.pk}).json()
    assert [one["section"]["app"] for one in body["sections"]] == ["eldercare"]


def test_lights_of_a_township_count_only_its_targets(district, cast, year, api):
    client = api(cast.liaison)
    assert client.get("/api/v1/lights/").status_code == 400
    body = client.get("/api/v1/lights/", {"org_unit": district.township.pk}).json()
    assert [(one["section"]["app"], one["targets"]) for one in body["sections"]] == [("eldercare", 2), ("funeral", 1)]


def test_without_a_plan_there_are_no_lights(cast, api):
    assert api(cast.nobody).get("/api/v1/lights/").status_code == 404


@pytest.mark.parametrize("day", ["2024-10-16", "1999-12-31", "0001-01-01", "9999-12-31", "2024-02-30", "heute"])
def test_days_that_cannot_be_looked_at_are_refused(day, district, cast, api):
    answer = ask(api(cast.leader), district, "49.3", as_of=day)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["as_of"]
