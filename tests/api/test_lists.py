"""Lists: stable pages, filters from an allow-list, and as many statements for many rows as for few."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import UnitKind
from tests import factories as make
from tests.steps import fill_and_submit
from workplan import clock
from workplan.enums import PlanStatus
from workplan.models import Allocation, PaceStep

LISTS = ["plans", "sections", "tasks", "targets", "allocations", "org-units", "periods", "reports"]


def statements(client, url) -> int:
    client.get(url)  # the user object of the test keeps its scope, which a real request reads anew
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.fixture
def grow(district, cast):
    """Return a function that adds a few more of everything that lists show."""

    def add(number: int) -> None:
        for step in range(number):
            unit = make.OrgUnitFactory(kind=UnitKind.TOWN, parent=district.bureau)
            task = make.TaskFactory(section=district.section, number=100 + step)
            make.AssignmentFactory(task=task, org_unit=unit)
            target = make.TargetFactory(task=task)
            target.also_in.add(district.task)
            PaceStep.objects.create(target=target, on=date(2024, 6, 1), share="0.5")
            Allocation.objects.create(target=target, org_unit=unit)
        for month in (5, 6, 7):
            with clock.pinned(date(2024, month, 20)):
                fill_and_submit(district, cast, month=month, homes=month)
                fill_and_submit(district, cast, month=month, tombs=0, unit=district.other_township)

    return add


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("part", ["leader", "head"])
def test_the_number_of_statements_does_not_grow_with_the_rows(kind, part, cast, scene, grow, api):
    client, url = api(getattr(cast, part)), f"/api/v1/{kind}/"
    few = statements(client, url)
    grow(4)
    assert statements(client, url) == few <= 10


def test_figures_and_lights_take_a_fixed_number_of_statements(district, cast, scene, grow, api):
    client = api(cast.leader)
    urls = [f"/api/v1/figures/?target={district.targets['49.3'].pk}", "/api/v1/lights/"]
    few = [statements(client, url) for url in urls]
    grow(4)
    assert [statements(client, url) for url in urls] == few
    assert max(few) <= 20


def test_pages_repeat_and_skip_nothing(cast, scene, grow, api):
    grow(4)
    client = api(cast.leader)
    for kind in LISTS:
        whole = [row["id"] for row in client.get(f"/api/v1/{kind}/?page_size=200").json()["results"]]
        seen, url = [], f"/api/v1/{kind}/?page_size=2"
        while url:
            page = client.get(url).json()
            seen += [row["id"] for row in page["results"]]
            url = page["next"]
        assert seen == whole
        assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=2", "page=last", "page_size=0", "page_size=201", "page_size=1e2", "page=１"],
)
def test_pages_that_do_not_exist_are_refused(query, cast, api):
    answer = api(cast.leader).get(f"/api/v1/plans/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [query.split("=")[0]]


@pytest.mark.parametrize(
    "query",
    [
        "ordering=password",
        "ordering=bureau__memberships",
        "statu=draft",
        "status=gone",
        "bureau__path=D1",
        "page=1&page=1",
    ],
)
def test_what_is_not_on_the_list_of_filters_is_refused(query, cast, api):
    answer = api(cast.leader).get(f"/api/v1/plans/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_filters_narrow_the_lists(district, cast, api):
    client = api(cast.leader)

    def found(query):
        return client.get(f"/api/v1/{query}").json()["count"]

    assert found("targets/?kind=rate") == 1
    assert found("targets/?app=funeral") == 1
    assert found(f"targets/?task={district.task.pk}") == 3
    assert found(f"tasks/?section={district.section.pk}") == 1
    assert found("org-units/?kind=office") == 2
    assert found("org-units/?valid_on=1999-12-31") == 0
    assert found(f"allocations/?org_unit={district.township.pk}") == 3
    assert found("plans/?year=2023") == 0
    assert found("sections/?plan=9223372036854775807") == 0


def test_a_task_shows_only_the_parts_of_visible_units(district, cast, api):
    shown = {
        name: [
            part["org_unit"]["id"] for part in api(user).get(f"/api/v1/tasks/{district.task.pk}/").json()["assignments"]
        ]
        for name, user in (("leader", cast.leader), ("liaison", cast.liaison))
    }
    assert len(shown["leader"]) == 3
    assert shown["liaison"] == [district.township.pk]


def test_a_draft_plan_is_read_by_those_who_work_on_it_only(district, cast, scene, api):
    """As on the pages: what is not published is nobody's business yet."""
    district.plan.status = PlanStatus.DRAFT
    district.plan.save()
    target = district.targets["49.3"].pk
    parts = ["plans", "sections", "tasks", "targets", "allocations", "periods"]
    for part, seen in {"administrator": True, "liaison": False, "leader": False}.items():
        client = api(getattr(cast, part))
        assert [bool(client.get(f"/api/v1/{kind}/").json()["count"]) for kind in parts] == [seen] * len(parts), part
        assert (client.get(f"/api/v1/targets/{target}/").status_code == 200) == seen, part
    leader = api(cast.leader)
    assert leader.get(f"/api/v1/figures/?target={target}").status_code == 400  # as for an id that does not exist
    assert leader.get(f"/api/v1/lights/?plan={district.plan.pk}").status_code == 400
