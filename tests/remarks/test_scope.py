"""Who sees a remark: the bureau's side, and of a remark on a report the unit that reports."""

import pytest
from django.urls import reverse

from accounts.enums import Right
from tests.steps import fill_and_submit
from workplan.models import Remark
from workplan.services.supervision import Subject

from .steps import answer, convert, issue, write

pytestmark = pytest.mark.django_db
OVERSEERS, OFFICE = {"administrator", "leader", "auditor"}, {"head", "staff"}
EXPECTED = {
    "task": OVERSEERS | OFFICE,
    "target": OVERSEERS | OFFICE,
    "report": OVERSEERS | OFFICE | {"liaison", "supervisor"},
}


@pytest.fixture
def rows(district, cast):
    """Return a remark on a task, a target and the township's report of the office's section."""
    report = fill_and_submit(district, cast, month=10, homes=3)
    about = {"task": district.task, "target": district.targets["49.3"], "report": report}
    return {
        name: write(district, cast, about=Subject(**{name: one}), text=f"关于{name}") for name, one in about.items()
    }


def seeing(cast, row, right=Right.VIEW) -> set[str]:
    return {n for n, u in cast.everybody().items() if Remark.objects.visible_to(u, right).filter(pk=row.pk).exists()}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_member_of_the_cast_sees_what_is_theirs(name, rows, cast, as_user):
    assert seeing(cast, rows[name]) == EXPECTED[name]
    address = reverse("workplan:remark", args=[rows[name].pk])
    for who, user in cast.everybody().items():
        assert as_user(user).get(address).status_code == (200 if who in EXPECTED[name] else 404), who


def test_who_may_do_what(rows, cast):
    for row in rows.values():
        assert seeing(cast, row, Right.REMARK) == {"leader"}
        assert seeing(cast, row, Right.REPORT_REVIEW) == {"head"}
        assert seeing(cast, row, Right.ORDER_DRAFT) == {"leader", "head", "staff"}


def test_the_other_office_sees_those_of_its_own_section(district, cast):
    row = write(district, cast, about=Subject(target=district.targets["46.3"]))
    assert seeing(cast, row) == OVERSEERS | {"other_head", "other_staff"}


def test_an_office_to_which_a_target_is_merely_shown_does_not_see_its_remarks(district, cast):
    district.targets["49.3"].also_in.add(district.other_task)
    row = write(district, cast)
    assert seeing(cast, row) == OVERSEERS | OFFICE


def test_an_office_sees_what_is_said_about_a_report_of_its_own(district, cast):
    """It reports on the other section's task like any unit; its people see the report, and so the remark on it."""
    report = fill_and_submit(district, cast, month=10, tombs=0)
    type(report).objects.filter(pk=report.pk).update(org_unit=district.office)
    row = write(district, cast, about=Subject(report=type(report).objects.with_context().get(pk=report.pk)))
    assert seeing(cast, row) == OVERSEERS | {"other_head", "other_staff"} | OFFICE
    assert seeing(cast, row, Right.REPORT_REVIEW) == {"other_head"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_panels_show_them_to_the_same_people_and_the_button_to_leaders(name, rows, cast, as_user):
    row = rows[name]
    address = reverse(f"workplan:{name}", args=[row.subject.pk])
    for who, user in cast.everybody().items():
        answer_ = as_user(user).get(address)
        if answer_.status_code != 200:
            continue
        assert (row.text in answer_.text) == (who in EXPECTED[name]), who
        button = f"{reverse('workplan:remark_new')}?{name}={row.subject.pk}"
        assert (button in answer_.text) == (who == "leader"), who


def test_a_township_never_learns_of_the_draft_of_an_order(rows, district, cast, as_user):
    row = rows["report"]
    order = convert(row, district, cast)
    address, listed = reverse("workplan:remark", args=[row.pk]), reverse("workplan:remarks")
    for page in (address, listed):
        text = as_user(cast.liaison).get(page).text
        assert "待回应" in text and order.title not in text, page
        assert reverse("workplan:order", args=[order.pk]) not in text
    assert order.title in as_user(cast.head).get(address).text
    issue(order, cast)
    text = as_user(cast.liaison).get(address).text
    assert "已转督办单" in text and reverse("workplan:order", args=[order.pk]) in text


def test_the_answer_is_seen_by_who_sees_the_remark(rows, cast, as_user):
    answer(rows["report"], cast, text="数字属实。")
    for who in EXPECTED["report"]:
        assert (
            "数字属实。" in as_user(getattr(cast, who)).get(reverse("workplan:remark", args=[rows["report"].pk])).text
        )
