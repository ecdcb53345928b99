"""Who may open which page, and whose rows it shows."""

import pytest
from django.urls import reverse

OPEN = ("administrator", "leader", "auditor", "head", "staff", "liaison", "supervisor")
OVERVIEW = ("administrator", "leader", "auditor")
EVERYBODY = (*OPEN, "other_head", "other_staff", "other_liaison", "nobody", "outsider")

# Pages about a row: who may open it; everybody else gets 404.
ROWS = {
    "section": EVERYBODY[:10],  # the table of contents is common to the whole bureau
    "task": (*OPEN, "other_liaison"),
    "target": (*OPEN, "other_liaison"),
    "unit": (*OPEN, "other_head", "other_staff"),
}


@pytest.mark.parametrize("where", ["home", "plan", "targets", "units", "duties"])
def test_lists_open_for_everybody_who_is_signed_in(where, cast, addresses, as_user):
    for name in EVERYBODY:
        assert as_user(getattr(cast, name)).get(addresses[where]).status_code == 200, name


@pytest.mark.parametrize(
    "where", ["home", "plan", "section", "task", "targets", "target", "units", "unit", "leader", "duties"]
)
def test_strangers_are_asked_to_sign_in(where, addresses, client):
    response = client.get(addresses[where])
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


@pytest.mark.parametrize("where", sorted(ROWS))
def test_rows_outside_the_scope_do_not_exist(where, cast, addresses, as_user):
    for name in EVERYBODY:
        status = as_user(getattr(cast, name)).get(addresses[where]).status_code
        assert status == (200 if name in ROWS[where] else 404), name


def test_the_overview_is_for_those_with_the_right(cast, addresses, as_user):
    for name in EVERYBODY:
        status = as_user(getattr(cast, name)).get(addresses["leader"]).status_code
        assert status == (200 if name in OVERVIEW else 403), name


@pytest.mark.parametrize("where", ["home", "plan", "targets", "leader", "duties"])
def test_pages_only_read(where, cast, addresses, as_user):
    client = as_user(cast.leader)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(addresses[where]).status_code == 405


def test_a_liaison_sees_the_own_share_and_not_the_bureaus_number(cast, district, approved, addresses, as_user):
    own = as_user(cast.liaison).get(addresses["target"]).content.decode()
    assert "D1甲街道实绩" in own and "30 户" in own and "≥ 50 户" in own
    assert "D1乙镇" not in own and "≥ 100 户" not in own
    whole = as_user(cast.leader).get(addresses["target"]).content.decode()
    assert "≥ 100 户" in whole and "D1乙镇" in whole


def test_a_neighbour_never_learns_of_the_report(cast, approved, addresses, as_user):
    client = as_user(cast.other_liaison)
    for where in ("home", "plan", "section", "task", "targets", "target", "units", "duties"):
        text = client.get(addresses[where]).content.decode()
        assert "甲街道" not in text, where
        assert "30 户" not in text, where


def test_lists_of_another_district_are_empty(cast, district, addresses, as_user):
    client = as_user(cast.outsider)
    assert client.get(addresses["targets"], {"plan": district.plan.pk}).status_code == 404
    assert client.get(addresses["targets"], {"section": district.section.pk}).status_code == 400
    assert client.get(addresses["targets"], {"unit": district.township.pk}).status_code == 400
    assert client.get(addresses["duties"], {"period": district.period(9).pk}).status_code == 400


def test_an_office_sees_numbers_of_its_own_section_only(cast, approved, addresses, as_user):
    text = as_user(cast.other_head).get(addresses["targets"]).content.decode()
    assert "新增违建墓地数" in text
    assert "完成适老化改造户数" not in text
    contents = as_user(cast.other_head).get(addresses["plan"]).content.decode()
    assert "养老板块" in contents and "殡葬板块" in contents


def test_the_navigation_offers_what_the_rights_open(cast, addresses, as_user):
    leader, liaison = (as_user(user).get(addresses["home"]).content.decode() for user in (cast.leader, cast.liaison))
    overview, review = reverse("workplan:leader"), reverse("workplan:review")
    assert f'href="{overview}"' in leader and f'href="{overview}"' not in liaison
    head = as_user(cast.head).get(addresses["home"]).content.decode()
    assert f'href="{review}"' in head and f'href="{review}"' not in leader
    nobody = as_user(cast.nobody).get(addresses["home"]).content.decode()
    assert "还没有分配角色" in nobody and f'href="{reverse("workplan:targets")}"' not in nobody


def test_draft_plans_are_for_those_who_work_on_them(cast, district, addresses, as_user):
    district.plan.status = "draft"
    district.plan.save()
    assert as_user(cast.liaison).get(addresses["target"]).status_code == 404
    assert as_user(cast.leader).get(addresses["section"]).status_code == 404
    assert as_user(cast.administrator).get(addresses["section"]).status_code == 200
