"""The inbox, the settings and urging, as their users meet them."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.fields import unseal
from accounts.models import Event
from tests.steps import fill_and_submit
from workplan import clock
from workplan.errors import Refused
from workplan.models import CalendarDay, Leave, Message, NoticeSetting, Urge
from workplan.services import urging
from workplan.services.notice_settings import add_leave
from workplan.services.workdays import seed_calendar

from .conftest import SEVEN_BEFORE, texts

pytestmark = pytest.mark.django_db
INBOX, SETTING = "/messages/", "/messages/settings/"
FORM = {
    "digest_hour": "8",
    "webhook_format": "dingtalk",
    "webhook_url": "",
    "webhook_secret": "",
    "quiet_from": "19:00",
    "quiet_to": "07:30",
}


@pytest.fixture(autouse=True)
def own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "inbox"}}
    cache.clear()


def test_the_number_of_unread_messages_is_on_every_page_until_they_are_read(cast, remind, as_user):
    remind(SEVEN_BEFORE)
    client = as_user(cast.liaison)
    assert '1<span class="visually-hidden"> 条未读' in client.get("/").content.decode()
    page = client.get(INBOX)
    assert "D1甲街道 2024年10月进展填报" in page.content.decode()
    message = Message.objects.get(user=cast.liaison)
    assert client.post(reverse("workplan:message_read", args=[message.pk])).status_code == 302
    assert "条未读" not in client.get("/").content.decode()
    assert "没有未读消息" in client.get(INBOX, {"unread": 1}).content.decode()


def test_all_are_marked_read_at_once(cast, remind, as_user):
    remind(SEVEN_BEFORE)
    as_user(cast.liaison).post(reverse("workplan:messages_read"))
    assert not Message.objects.to(cast.liaison).unread().exists()
    assert Message.objects.to(cast.other_liaison).unread().exists()


def test_an_empty_inbox_and_pages_that_are_not_there(cast, as_user):
    client = as_user(cast.liaison)
    assert "还没有消息" in client.get(INBOX).content.decode()
    for query in ({"page": 2}, {"page": "x"}, {"unread": "2"}, {"strange": 1}):
        assert client.get(INBOX, query).status_code == 400


def test_a_message_of_somebody_else_does_not_exist(cast, remind, as_user):
    remind(SEVEN_BEFORE)
    theirs = Message.objects.get(user=cast.other_liaison)
    for user in (cast.liaison, cast.administrator, cast.leader):
        client = as_user(user)
        assert client.post(reverse("workplan:message_read", args=[theirs.pk])).status_code == 404
        assert "乙镇" not in client.get(INBOX).content.decode()
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_hostile_text_in_a_message_stays_text(cast, remind, as_user):
    remind(SEVEN_BEFORE)
    Message.objects.update(title="<script>alert(1)</script>", lines=[{"text": "<b>x", "url": "", "keys": []}])
    page = as_user(cast.liaison).get(INBOX).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "&lt;b&gt;x" in page


def test_settings_are_kept_and_the_robots_address_is_not_shown_again(settings, cast, as_user):
    client = as_user(cast.liaison)
    url = "https://oapi.dingtalk.com/robot/send?access_token=geheim"
    given = FORM | {"webhook": "on", "webhook_url": url, "webhook_secret": "SECgeheim"}
    assert client.post(SETTING, given).status_code == 302
    stored = NoticeSetting.objects.get(user=cast.liaison)
    assert stored.digest_hour == 8 and stored.webhook and "geheim" not in stored.webhook_url
    assert unseal(stored, "webhook_url") == url and unseal(stored, "webhook_secret") == "SECgeheim"
    page = client.get(SETTING).content.decode()
    assert "已保存（oapi.dingtalk.com）" in page and "geheim" not in page
    assert client.post(SETTING, FORM | {"webhook": "on", "digest_hour": "10"}).status_code == 302
    stored.refresh_from_db()
    assert stored.digest_hour == 10 and unseal(stored, "webhook_url") == url, "left empty, it is kept"
    assert client.post(SETTING, FORM).status_code == 302
    stored.refresh_from_db()
    assert stored.webhook_url == "" and stored.webhook_secret == "", "switched off, it is forgotten"
    assert "geheim" not in str(list(Event.objects.values_list("before", "after", "note")))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"mail": "on"}, "您的账号没有登记邮箱"),
        ({"webhook": "on"}, "请填写机器人地址"),
        ({"webhook": "on", "webhook_url": "http://example.com/x"}, "地址须以 https:// 开头"),
        ({"webhook": "on", "webhook_url": "https://a.example/\u202e"}, "含有无法识别的字符"),
        ({"digest_hour": "3"}, "请在列表中选择"),
        ({"webhook_format": "slack"}, "请在列表中选择"),
        ({"quiet_from": "25:00"}, "请填写时间"),
    ],
)
def test_wrong_settings_are_named_and_what_was_typed_stays(cast, as_user, given, message):
    answer = as_user(cast.liaison).post(SETTING, FORM | given)
    page = answer.content.decode()
    assert answer.status_code == 422 and message in page
    assert 'value="19:00"' in page or "quiet_from" in given
    assert not NoticeSetting.objects.exists()


def test_a_robot_can_be_tried_but_not_all_the_time(cast, as_user):
    client = as_user(cast.liaison)
    test = reverse("workplan:webhook_test")
    assert "请先启用并保存群机器人" in client.post(test, follow=True).content.decode()
    client.post(SETTING, FORM | {"webhook": "on", "webhook_url": "https://robot.example/send"})
    assert "测试消息已发出" in client.post(test, follow=True).content.decode()
    assert "秒后再试" in client.post(test, follow=True).content.decode()


# --- Leaves ---


def test_a_leave_with_a_deputy_of_the_same_unit(cast, supervisor, as_user):
    client = as_user(cast.liaison)
    given = {"deputy": supervisor.pk, "first_day": "2024-10-15", "last_day": "2024年10月18日"}
    assert client.post(reverse("workplan:leave_add"), given).status_code == 302
    leave = Leave.objects.get()
    assert "由 演员·supervisor 代理" in client.get(SETTING).content.decode()
    assert client.post(reverse("workplan:leave_cancel", args=[leave.pk])).status_code == 302
    assert not Leave.objects.on(date(2024, 10, 16)).exists()
    assert client.post(reverse("workplan:leave_add"), given).status_code == 302, "the days are free again"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first_day": "2024-10-14"}, "开始日期不能早于今天"),
        ({"last_day": "2024-10-14"}, "结束日期不能早于开始日期"),
        ({"last_day": "2025-12-31"}, "一次最长 180 天"),
        ({"deputy": "999999"}, "请在列表中选择代理人"),
        ({"deputy": "9" * 30}, "请在列表中选择代理人"),
        ({"first_day": "昨天"}, "请填写日期"),
    ],
)
def test_wrong_leaves_are_named(cast, supervisor, as_user, change, message):
    given = {"deputy": supervisor.pk, "first_day": "2024-10-15", "last_day": "2024-10-18"} | change
    answer = as_user(cast.liaison).post(reverse("workplan:leave_add"), given)
    assert answer.status_code == 422 and message in answer.content.decode()
    assert not Leave.objects.exists()


def test_leaves_do_not_overlap_and_strangers_do_not_stand_in(cast, supervisor, as_user):
    days = {"first_day": date(2024, 10, 15), "last_day": date(2024, 10, 18)}
    add_leave(user=cast.liaison, deputy=supervisor, **days)
    with pytest.raises(Refused, match="重叠"):
        add_leave(user=cast.liaison, deputy=supervisor, first_day=date(2024, 10, 18), last_day=date(2024, 10, 20))
    with pytest.raises(Refused, match="同一单位"):
        add_leave(user=cast.other_liaison, deputy=cast.liaison, **days)
    page = as_user(cast.other_liaison).post(
        reverse("workplan:leave_add"), {"deputy": cast.liaison.pk, "first_day": "2024-10-15", "last_day": "2024-10-15"}
    )
    assert page.status_code == 422
    leave = Leave.objects.get()
    assert as_user(cast.other_liaison).post(reverse("workplan:leave_cancel", args=[leave.pk])).status_code == 404
    assert as_user(supervisor).post(reverse("workplan:leave_cancel", args=[leave.pk])).status_code == 404


# --- Urging ---


def urge_from(client, district, unit=None, month=10):
    given = {"period": district.period(month).pk, "unit": (unit or district.township).pk}
    return client.post(reverse("workplan:urge"), given, follow=True)


def test_urging_tells_the_unit_at_once_and_once_a_day(district, cast, plan, as_user):
    page = urge_from(as_user(cast.head), district).content.decode()
    assert "已催办D1甲街道：2024年10月还有 1 份未报" in page and "演员·head 催办，当时未报 1 份" in page
    assert texts(cast.liaison, "urge") == ["养老服务：还有 1 份未报（任务 49），还有 9 个工作日（10月28日截止）"]
    message = Message.objects.get(user=cast.liaison, kind="urge")
    assert message.sent_by == cast.head and "催办：D1甲街道2024年10月进展填报" in message.title
    assert "今天已经催办过" in urge_from(as_user(cast.head), district).content.decode()
    assert Message.objects.filter(kind="urge").count() == 1 and Urge.objects.count() == 1
    assert Event.objects.filter(action="report.urge", actor=cast.head).count() == 1
    with clock.pinned(date(2024, 10, 16)):
        urge_from(as_user(cast.head), district)
    assert Message.objects.filter(kind="urge").count() == 2


def test_each_office_urges_for_its_own_sections(district, cast, plan, as_user):
    urge_from(as_user(cast.head), district)
    urge_from(as_user(cast.other_head), district)
    assert {one.app for one in Urge.objects.all()} == {"eldercare", "funeral"}
    with clock.pinned(date(2024, 10, 16)):
        urge_from(as_user(cast.leader), district)
    assert Urge.objects.filter(day=date(2024, 10, 16)).count() == 2, "a leader urges for all of them"
    assert Message.objects.filter(user=cast.liaison, kind="urge").count() == 3


def test_there_is_nothing_to_urge_where_nothing_is_owed(district, cast, plan, as_user):
    fill_and_submit(district, cast, month=10, homes=1, rate=(9, 10))
    page = urge_from(as_user(cast.head), district).content.decode()
    assert "没有需要您催办的填报" in page and not Urge.objects.exists()
    page = urge_from(as_user(cast.other_head), district, month=6).content.decode()
    assert "没有需要您催办的填报" in page, "June is closed"


def test_a_unit_without_anybody_is_named(district, cast, plan):
    cast.liaison.is_active = False
    cast.liaison.save()
    with pytest.raises(Refused, match="还没有联络员账号"):
        urging.urge(period=district.period(10), org_unit=district.township, actor=cast.head)
    assert not Urge.objects.exists() and not Event.objects.filter(action="report.urge").exists()


def test_who_may_not_urge_is_refused_and_strange_ids_do_not_exist(district, neighbour, cast, plan, as_user):
    for user in (cast.liaison, cast.staff, cast.auditor, cast.nobody):
        assert urge_from(as_user(user), district).status_code == 403
    foreign = {"period": neighbour.period(10).pk, "unit": neighbour.township.pk}
    client = as_user(cast.head)
    assert client.post(reverse("workplan:urge"), foreign).status_code == 404
    mixed = {"period": district.period(10).pk, "unit": neighbour.township.pk}
    assert client.post(reverse("workplan:urge"), mixed).status_code == 404
    for given in ({}, {"period": "x", "unit": "1"}, {"period": "9" * 30, "unit": "1"}):
        assert client.post(reverse("workplan:urge"), given).status_code == 400


def test_the_button_stands_where_it_works(district, cast, plan, as_user):
    where = {"period": district.period(10).pk, "unit": district.township.pk}
    assert "催办（未报 1 份）" in as_user(cast.head).get("/duties/", where).content.decode()
    assert "催办（未报 2 份）" in as_user(cast.leader).get("/duties/", where).content.decode()
    for user in (cast.liaison, cast.staff, cast.auditor):
        assert "催办（未报" not in as_user(user).get("/duties/", where).content.decode()
    closed = where | {"period": district.period(6).pk}
    assert "催办（未报" not in as_user(cast.head).get("/duties/", closed).content.decode()


def test_two_urges_at_once_are_one(district, cast, plan):
    urging.urge(period=district.period(10), org_unit=district.township, actor=cast.head)
    (first,) = Urge.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        Urge.objects.create(
            org_unit=first.org_unit,
            period=first.period,
            app=first.app,
            missing=1,
            day=first.day,
            urged_by=cast.leader,
            urged_at=first.urged_at + timedelta(seconds=1),
        )


# --- Calendar ---


def test_the_official_days_are_entered_once_and_edits_stay(district):
    assert seed_calendar(bureau=district.bureau, year=2024) > 20
    assert CalendarDay.objects.get(day=date(2024, 10, 12)).working
    assert CalendarDay.objects.get(day=date(2024, 10, 1)).name == "国庆节"
    CalendarDay.objects.filter(day=date(2024, 10, 12)).delete()
    assert seed_calendar(bureau=district.bureau, year=2024) == 0
    assert seed_calendar(bureau=district.bureau, year=2031) == 0, "nobody knows yet"


def test_administrators_are_warned_long_before_a_year_without_data(district, cast, as_user):
    seed_calendar(bureau=district.bureau, year=2024)
    assert "2025 年还没有节假日" in as_user(cast.administrator).get("/").content.decode()
    assert "还没有节假日" not in as_user(cast.liaison).get("/").content.decode()
    seed_calendar(bureau=district.bureau, year=2025)
    assert "还没有节假日" not in as_user(cast.administrator).get("/").content.decode()
