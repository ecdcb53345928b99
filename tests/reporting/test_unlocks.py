"""Unlocks: leave to report in a closed period, granted by another than the unit itself."""

from datetime import date, timedelta

import pytest

from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from workplan.errors import Refused
from workplan.models import Unlock
from workplan.services import reports
from workplan.services.periods import UNLOCK_MAX_DAYS, unlock_period


@pytest.fixture
def unlock(district, cast):
    def grant(**kwargs):
        usual = {
            "org_unit": district.township,
            "period": district.period(9),
            "app": "eldercare",
            "actor": cast.head,
            "reason": "网络故障未能按期填报。",
            "expires_on": TODAY + timedelta(days=5),
        }
        return unlock_period(**(usual | kwargs))

    return grant


def refused_with(code, act, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        act(**kwargs)
    assert caught.value.code == code
    assert not Unlock.objects.exists()
    return caught.value.message


def test_unlock_lets_the_unit_start_a_report_that_is_late(unlock, district, cast):
    unlock()
    report = reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(9), actor=cast.liaison
    )
    assert report.pk


def test_unlock_is_for_one_unit_only(unlock, district, cast):
    unlock()
    with pytest.raises(Refused) as caught:
        reports.start_report(
            task=district.task,
            org_unit=district.other_township,
            period=district.period(9),
            actor=cast.other_liaison,
        )
    assert caught.value.code == "period_closed"


def test_unlock_is_logged_with_reason_and_last_day(unlock, cast):
    unlock(reason=" 网络故障 ")
    event = Event.objects.get(action="period.unlock")
    assert (event.actor, event.note, event.after["expires_on"]) == (cast.head, "网络故障", "2024-10-20")


def test_reason_is_required(unlock):
    assert refused_with("reason_required", unlock, reason=" ") == "请填写开放补报的原因。"


def test_last_day_lies_between_today_and_the_limit(unlock):
    yesterday, far = TODAY - timedelta(days=1), TODAY + timedelta(days=UNLOCK_MAX_DAYS + 1)
    assert refused_with("expiry_in_past", unlock, expires_on=yesterday) == "有效期不能早于今天。"
    assert refused_with("expiry_too_far", unlock, expires_on=far) == "有效期最长 60 天。"
    assert refused_with("expiry_too_far", unlock, expires_on=date(9999, 12, 31))
    assert unlock(expires_on=TODAY).pk


def test_own_unit_is_refused(unlock, district):
    assert refused_with("own_unit", unlock, org_unit=district.office) == "不能为本单位开放补报。"


def test_head_who_is_also_a_townships_liaison_cannot_unlock_that_township(unlock, district, cast):
    make.MembershipFactory(user=cast.head, org_unit=district.township)
    head = type(cast.head).objects.get(pk=cast.head.pk)
    refused_with("own_unit", unlock, actor=head)


def test_administrator_of_the_city_may_unlock_below_it(unlock, district, cast):
    city = make.OrgUnitFactory(code="C1", kind="city")
    bureau = district.bureau
    bureau.parent = city
    bureau.save()
    for unit in (district.township, district.office):
        unit.parent = bureau
        unit.save()
    official = make.UserFactory()
    make.MembershipFactory(user=official, org_unit=city, role="administrator")
    assert unlock(actor=official, period=district.period(9)).pk


def test_unit_or_section_of_another_plan_is_refused(unlock, neighbour):
    message = "所选单位或板块不属于这一报告期的工作要点。"
    assert refused_with("foreign_unit", unlock, org_unit=neighbour.township) == message
    assert refused_with("foreign_unit", unlock, app="charity") == message
