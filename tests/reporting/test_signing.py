"""Signing for newly given tasks: who is asked, who may, once is enough, and what is given again is signed for again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from workplan import clock
from workplan.enums import AssignmentRole, PlanStatus
from workplan.errors import Refused
from workplan.models import Allocation, Assignment
from workplan.services import reports
from workplan.services.plan import allocate, assign, publish_plan, withdraw_share
from workplan.services.signing import sign_parts
from workplan.services.units import merge_units
from workplan.ui import signing

SIGN = "/signing/"


def part_of(task, unit) -> Assignment:
    return Assignment.objects.get(task=task, org_unit=unit)


@pytest.fixture
def new_task(district):
    return make.TaskFactory(section=district.section, number=50, title="老年食堂建设")


@pytest.fixture
def given(district, cast, new_task):
    """A new task that was given to the township two days ago."""
    with clock.pinned(date(2024, 10, 13)):
        return assign(task=new_task, unit=district.township, role=AssignmentRole.REPORT, actor=cast.staff)


@pytest.fixture
def target(district, new_task):
    return make.TargetFactory(task=new_task, code="50.1", sort=9, goal=1)


class TestGiving:
    def test_a_part_that_is_there_already_asks_nobody(self, district, cast, as_user):
        assert signing.unsigned(cast.liaison, TODAY) == []
        assert "待签收" not in as_user(cast.liaison).get("/").content.decode()

    def test_a_share_of_a_new_task_is_to_be_signed_for(self, district, cast, target):
        allocate(target=target, amounts={district.township: 1}, actor=cast.staff, reason="调整")
        (part,) = signing.unsigned(cast.liaison, TODAY)
        assert (part.task, part.waited, part.role) == ("50. 老年食堂建设", "今天下达", "填报")

    def test_another_share_of_a_task_that_the_unit_has_asks_nothing(self, district, cast):
        more = make.TargetFactory(task=district.task, code="49.8", sort=9, goal=1)
        allocate(target=more, amounts={district.township: 1}, actor=cast.staff, reason="调整")
        assert signing.unsigned(cast.liaison, TODAY) == []

    def test_a_draft_asks_nobody_and_its_publication_asks_all(self, district, cast, given):
        district.plan.status = PlanStatus.DRAFT
        district.plan.save()
        draft = assign(
            task=district.task, unit=make.OrgUnitFactory(parent=district.bureau), role="report", actor=cast.staff
        )
        assert draft.given_on is None
        assert signing.unsigned(cast.liaison, TODAY) == []
        publish_plan(plan=district.plan, actor=cast.administrator)
        tasks = [part.task for part in signing.unsigned(cast.liaison, TODAY)]
        assert tasks == ["46. 违建墓地整治", "49. 适老化改造", "50. 老年食堂建设"]

    def test_a_closed_plan_asks_nobody(self, district, cast, given):
        district.plan.status = PlanStatus.CLOSED
        district.plan.save()
        assert signing.unsigned(cast.liaison, TODAY) == []
        assert sign_parts(parts=[given.pk], actor=cast.liaison) == 0

    def test_withdrawn_and_given_again_is_signed_for_again(self, district, cast, target):
        def share():
            return Allocation.objects.get(target=target, org_unit=district.township)

        allocate(
            target=target, amounts={district.township: 1, district.other_township: 1}, actor=cast.staff, reason="调整"
        )
        sign_parts(parts=[part_of(target.task, district.township).pk], actor=cast.liaison)
        withdraw_share(share=share(), actor=cast.staff)
        assert signing.unsigned(cast.liaison, TODAY) == []
        allocate(target=target, amounts={district.township: 1}, actor=cast.staff, reason="调整")
        assert [part.task for part in signing.unsigned(cast.liaison, TODAY)] == [str(target.task)]

    def test_another_amount_of_the_same_share_is_not_signed_for_again(self, district, cast, target):
        allocate(target=target, amounts={district.township: 1}, actor=cast.staff, reason="调整")
        sign_parts(parts=[part_of(target.task, district.township).pk], actor=cast.liaison)
        allocate(target=target, amounts={district.township: 2}, actor=cast.staff, reason="调整")
        assert signing.unsigned(cast.liaison, TODAY) == []

    def test_another_role_is_signed_for_again_and_the_same_one_is_not(self, district, cast, given):
        sign_parts(parts=[given.pk], actor=cast.liaison)
        assign(task=given.task, unit=district.township, role=AssignmentRole.REPORT, actor=cast.staff)
        assert signing.unsigned(cast.liaison, TODAY) == []
        assign(task=given.task, unit=district.township, role=AssignmentRole.COOPERATE, actor=cast.staff)
        assert [part.role for part in signing.unsigned(cast.liaison, TODAY)] == ["配合"]

    def test_the_successor_of_a_merged_unit_signs_for_what_it_took_over(self, district, cast, given):
        merge_units(into=district.other_township, units=[district.township], on=TODAY, actor=cast.administrator)
        assert [part.task for part in signing.unsigned(cast.other_liaison, TODAY)] == ["50. 老年食堂建设"]

    def test_reporting_never_waits_for_it(self, district, cast, target):
        allocate(target=target, amounts={district.township: 1}, actor=cast.staff, reason="调整")
        assert reports.start_report(
            task=target.task, org_unit=district.township, period=district.period(10), actor=cast.liaison
        ).pk


class TestSigning:
    def test_who_and_when_is_kept_and_logged(self, district, cast, given):
        assert sign_parts(parts=[given.pk], actor=cast.liaison) == 1
        given.refresh_from_db()
        assert (given.signed_by, given.signed_on) == (cast.liaison, TODAY)
        event = Event.objects.get(action="assignment.sign")
        assert (event.actor, event.org_unit, event.after) == (
            cast.liaison,
            district.township,
            {"signed_on": "2024-10-15"},
        )

    def test_the_second_click_changes_nothing_and_says_so(self, cast, given, as_user):
        client = as_user(cast.liaison)
        first = client.post(SIGN, {"one": given.pk}, follow=True)
        assert "已签收 1 项任务。" in first.content.decode()
        given.refresh_from_db()
        again = client.post(SIGN, {"one": given.pk}, follow=True)
        assert "已经签收过，无需重复签收。" in again.content.decode()
        at = given.signed_at
        given.refresh_from_db()
        assert given.signed_at == at
        assert Event.objects.filter(action="assignment.sign").count() == 1

    def test_all_that_are_listed_at_once_and_nothing_that_came_in_meanwhile(self, district, cast, given, as_user):
        client, later = as_user(cast.liaison), make.TaskFactory(section=district.section, number=51)
        page = client.get("/").content.decode()
        assert "有 1 项新任务待签收" in page and "已 2 天" in page
        assign(task=later, unit=district.township, role=AssignmentRole.REPORT, actor=cast.staff)
        client.post(SIGN, {"listed": [given.pk]})
        assert [part.task for part in signing.unsigned(cast.liaison, TODAY)] == [str(later)]

    def test_the_sheet_has_it_too_and_comes_back_to_its_unit_and_period(self, district, cast, given, as_user):
        client, period = as_user(cast.liaison), district.period(9)
        here = {"unit": district.township.pk, "period": period.pk}
        assert "有 1 项新任务待签收" in client.get(reverse("workplan:sheet"), here).content.decode()
        answer = client.post(SIGN, {"listed": given.pk, **here})
        assert answer.url == f"/sheet/?unit={district.township.pk}&period={period.pk}"
        assert "待签收" not in client.get(answer.url).content.decode()

    def test_a_broken_form_is_named(self, cast, given, as_user):
        client = as_user(cast.liaison)
        for data in ({}, {"one": "x"}, {"one": "9" * 30}, {"listed": ["1"] * 501}):
            assert client.post(SIGN, data).status_code == 400
        given.refresh_from_db()
        assert given.signed_by is None

    def test_the_database_takes_no_half_signature(self, given):
        for columns in ({"signed_on": TODAY}, {"signed_at": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Assignment.objects.filter(pk=given.pk).update(**columns)

    def test_the_database_takes_no_signature_before_the_part_was_given(self, cast, given):
        for given_on in (None, date(2024, 10, 16)):
            with pytest.raises(IntegrityError), transaction.atomic():
                signed = {"signed_by": cast.liaison, "signed_on": TODAY, "signed_at": timezone.now()}
                Assignment.objects.filter(pk=given.pk).update(given_on=given_on, **signed)

    def test_the_database_takes_no_signature_without_a_day(self, cast, given):
        with pytest.raises(IntegrityError), transaction.atomic():
            signed = {"signed_by": cast.liaison, "signed_on": None, "signed_at": timezone.now()}
            Assignment.objects.filter(pk=given.pk).update(**signed)


class TestWho:
    @pytest.mark.parametrize(
        ("part", "status"),
        [
            ("outsider", 404),
            ("other_liaison", 404),
            ("staff", 403),
            ("head", 403),
            ("leader", 403),
            ("supervisor", 403),
        ],
    )
    def test_nobody_else_signs(self, part, status, cast, given, as_user):
        assert as_user(getattr(cast, part)).post(SIGN, {"one": given.pk}).status_code == status
        given.refresh_from_db()
        assert given.signed_by is None

    def test_one_foreign_part_among_the_own_signs_nothing(self, district, cast, given, as_user):
        foreign = part_of(district.task, district.other_township)
        assert as_user(cast.liaison).post(SIGN, {"listed": [given.pk, foreign.pk]}).status_code == 404
        assert Event.objects.filter(action="access.refused", actor=cast.liaison).exists()
        given.refresh_from_db()
        assert given.signed_by is None
        with pytest.raises(Refused):
            sign_parts(parts=[given.pk, foreign.pk], actor=cast.liaison)

    def test_an_office_signs_for_its_own_part(self, district, cast, new_task):
        part = assign(task=new_task, unit=district.office, role=AssignmentRole.LEAD, actor=cast.head)
        assert sign_parts(parts=[part.pk], actor=cast.staff) == 1


class TestTaskPage:
    def test_the_office_sees_who_has_not_signed_and_for_how_long(self, district, cast, given, as_user):
        other = assign(task=given.task, unit=district.other_township, role="report", actor=cast.staff)
        sign_parts(parts=[other.pk], actor=cast.other_liaison)
        client = as_user(cast.head)
        address = reverse("workplan:task", args=[given.task_id])
        first, second = client.get(address).context["signatures"]
        assert (first.unit, first.signed, first.waited) == ("D1甲街道", "", "已 2 天")
        assert (second.unit, second.signed) == ("D1乙镇", "演员·other_liaison 2024-10-15 签收")
        past = client.get(address, {"as_of": "2024-10-14"}).context["signatures"]
        assert [(row.unit, row.waited) for row in past] == [("D1甲街道", "已 1 天")]

    def test_a_township_sees_its_own_line_only(self, district, cast, given, as_user):
        assign(task=given.task, unit=district.other_township, role="report", actor=cast.staff)
        page = as_user(cast.liaison).get(reverse("workplan:task", args=[given.task_id]))
        assert [row.unit for row in page.context["signatures"]] == ["D1甲街道"]
