"""A leaver's open work goes to a successor; history keeps the old name."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import Event, User
from tests import steps
from tests.factories import MembershipFactory, UserFactory
from workplan import clock
from workplan.services.handover import handover


@pytest.fixture
def successor(district):
    """Has a role elsewhere in the district, so that the administrator sees him."""
    user = UserFactory(username="successor", name="演员·接班")
    MembershipFactory(user=user, org_unit=district.other_township)
    return user


@pytest.fixture
def work(district, cast):
    """An approved report, a returned one, and a draft of the liaison."""
    with clock.pinned(date(2024, 8, 26)):
        approved = steps.approve(steps.fill_and_submit(district, cast, month=8, homes=10, rate=(1, 2)), cast)
    with clock.pinned(date(2024, 9, 26)):
        sent = steps.fill_and_submit(district, cast, month=9, homes=12, rate=(1, 2))
        returned = steps.send_back(sent, cast)
    draft = steps.reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
    )
    return {"approved": approved, "returned": returned, "draft": draft}


def test_open_reports_and_roles_go_over_and_the_rest_keeps_the_name(cast, successor, work, district):
    done = handover(leaver=cast.liaison, successor=successor, actor=cast.administrator)
    assert (done.reports, done.roles) == (2, 1)
    for report in work.values():
        report.refresh_from_db()
    assert work["draft"].drafted_by == work["returned"].drafted_by == successor
    assert work["approved"].drafted_by == work["approved"].submitted_by == cast.liaison
    assert work["returned"].saved_by == work["returned"].submitted_by == cast.liaison
    heir, leaver = User.objects.get(pk=successor.pk), User.objects.get(pk=cast.liaison.pk)
    assert district.township in heir.home_units
    assert leaver.home_units == []
    assert leaver.is_active


def test_the_successor_can_finish_and_the_leaver_cannot(cast, successor, work):
    handover(leaver=cast.liaison, successor=successor, actor=cast.administrator)
    heir, leaver = User.objects.get(pk=successor.pk), User.objects.get(pk=cast.liaison.pk)
    report = work["draft"]
    typed = steps.reports.ReportInput(texts={"narrative": "接手。"})
    with pytest.raises(Refused):
        steps.reports.save_report(report=report, actor=leaver, version=report.version, typed=typed)
    steps.reports.save_report(report=report, actor=heir, version=report.version, typed=typed)


def test_closing_the_account_ends_it_at_once(cast, successor, as_user, client):
    as_user(cast.liaison)
    handover(leaver=cast.liaison, successor=successor, actor=cast.administrator, close=True)
    assert client.get("/").status_code == 302
    assert not User.objects.get(pk=cast.liaison.pk).is_active


def test_a_handover_is_logged_with_each_report(cast, successor, work):
    handover(leaver=cast.liaison, successor=successor, actor=cast.administrator)
    events = Event.objects.filter(action="user.handover")
    assert events.get(object_type="accounts.user").after == {
        "successor": "successor",
        "reports": 2,
        "roles": 1,
        "closed": False,
    }
    moved = events.filter(object_type="workplan.progressreport")
    assert {(e.before["drafted_by"], e.after["drafted_by"]) for e in moved} == {("liaison", "successor")}


def test_the_last_administrators_office_can_be_handed_over(cast, successor, district):
    actor = UserFactory()
    handover(leaver=cast.administrator, successor=successor, actor=actor, close=True)
    role = User.objects.get(pk=successor.pk).memberships.get(role=Role.ADMINISTRATOR)
    assert role.org_unit == district.bureau
    assert User.objects.get(pk=successor.pk).is_staff


def test_refused_handovers_change_nothing(cast, successor, work):
    pairs = [
        (cast.liaison, cast.liaison, cast.administrator),
        (cast.liaison, cast.administrator, cast.administrator),
        (cast.administrator, successor, cast.administrator),
        (cast.liaison, UserFactory(is_active=False), cast.administrator),
    ]
    for leaver, receiver, actor in pairs:
        with pytest.raises(Refused):
            handover(leaver=leaver, successor=receiver, actor=actor)
    work["draft"].refresh_from_db()
    assert work["draft"].drafted_by == cast.liaison
    assert not Event.objects.filter(action="user.handover").exists()


def test_by_hand(as_user, cast, successor, work):
    desk = as_user(cast.administrator)
    address = reverse("workplan:handover", args=[cast.liaison.pk])
    assert "草稿和被退回的填报 2 份" in desk.get(address).content.decode()
    response = desk.post(address, {"successor": successor.pk, "close": "on"}, follow=True)
    assert "交接给演员·接班" in response.content.decode()


def test_nobody_of_another_district_hands_over_or_takes_over(as_user, cast, work):
    desk = as_user(cast.administrator)
    assert desk.get(reverse("workplan:handover", args=[cast.outsider.pk])).status_code == 404
    response = desk.post(reverse("workplan:handover", args=[cast.liaison.pk]), {"successor": cast.outsider.pk})
    assert response.status_code == 422
    work["draft"].refresh_from_db()
    assert work["draft"].drafted_by == cast.liaison
