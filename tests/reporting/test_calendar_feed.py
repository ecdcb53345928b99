"""The calendar feed: opened, renewed and closed by its user, read by programs without a session."""

import json
import logging
import re
from datetime import date, timedelta

import icalendar
import pytest
import time_machine
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import CalendarFeed, Event
from accounts.services.roles import revoke_role
from accounts.services.tokens import LONGEST_DAYS, close_feed, open_feed
from accounts.services.users import close_account, reset_password
from eldercare.models import CareWorker, Institution
from tests import factories as make
from tests.registers.making import make_record
from tests.remarks import steps as remarks
from tests.steps import fill_and_submit
from tests.supervision import steps as orders
from workplan import clock

PAGE, OPEN, CLOSE = (reverse(f"workplan:{name}") for name in ("feed", "feed_open", "feed_close"))


def address_of(user) -> str:
    return reverse("workplan:calendar", args=[open_feed(user=user, actor=user)[1]])


def read(address) -> icalendar.Calendar:
    """Read the feed as a program does: without a session."""
    response = Client().get(address)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content)


def summaries(address) -> list[str]:
    return [str(event["summary"]) for event in read(address).walk("VEVENT")]


def status(address) -> int:
    return Client().get(address).status_code


@pytest.fixture
def address(cast, district):
    return address_of(cast.liaison)


class TestFile:
    def test_it_is_a_valid_calendar_of_whole_days(self, address, cast, district):
        orders.issue(orders.draft(district, cast), cast)
        response = Client().get(address)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        calendar = icalendar.Calendar.from_ical(response.content)
        assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH") and calendar["prodid"]
        events = calendar.walk("VEVENT")
        assert len(events) == len({event["uid"] for event in events}) > 4
        for event in events:
            assert event["dtstart"].params["VALUE"] == "DATE" and type(event["dtstart"].dt) is date
            assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
            assert event["dtstamp"].dt.utcoffset() == timedelta(0)

    def test_lines_are_folded_at_75_octets_and_end_in_cr_lf(self, address, district):
        target = district.targets["49.3"]
        target.measure = "为特殊困难老年人家庭完成居家适老化改造，含如厕、洗浴；安全监测\\其他" + "改造" * 40
        target.save()
        content = Client().get(address).content
        assert content.endswith(b"\r\n") and not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        assert any(line.startswith(b" ") for line in content.split(b"\r\n")), "something is folded"
        content.decode()  # no character is cut
        assert f"{district.township.label} 目标 49.3 {target.measure}" in summaries(address)

    def test_what_has_a_meaning_in_the_format_is_escaped(self, address, district):
        target = district.targets["49.3"]
        target.measure = "一;二,三\\n四\r\nEND:VCALENDAR"
        target.save()
        calendar = read(address)
        assert len(calendar.walk("VEVENT")) > 3
        assert b"\r\nEND:VCALENDAR\r\nEND" not in Client().get(address).content
        assert any("一;二,三\\n四" in str(event["summary"]) for event in calendar.walk("VEVENT"))

    def test_an_event_keeps_its_uid_when_its_day_moves(self, address, district):
        def october():
            return next(event for event in read(address).walk("VEVENT") if "10月进展" in event["summary"])

        before = october()
        district.plan.periods.filter(number=10).update(due=date(2024, 10, 30))
        after = october()
        assert before["uid"] == after["uid"] and after["dtstart"].dt == date(2024, 10, 30)


class TestWhatItShows:
    def test_what_is_done_goes_away(self, address, cast, district):
        label = f"{district.township.label} 2024年10月进展填报"
        assert label in summaries(address)
        for tombs in (None, 0):
            fill_and_submit(district, cast, month=10, tombs=tombs)
        assert label not in summaries(address)

    def test_everybody_reads_of_the_own_units_what_he_may_see(self, cast, district):
        orders.issue(orders.draft(district, cast, unit=district.other_township), cast)
        remarks.write(district, cast)
        liaison, office = summaries(address_of(cast.liaison)), summaries(address_of(cast.head))
        assert not any("督办单" in text or "批示" in text for text in liaison)
        assert any("批示" in text for text in office) and not any("46.3" in text for text in office)
        assert any("46.3" in text for text in summaries(address_of(cast.leader)))
        assert summaries(address_of(cast.nobody)) == []

    def test_the_scope_is_that_of_the_moment_of_reading(self, address, cast, district):
        assert summaries(address)
        with clock.pinned(date(2024, 10, 16)):
            revoke_role(membership=cast.liaison.memberships.get(), actor=cast.administrator)
            assert summaries(address) == []

    def test_what_two_running_plans_name_is_told_once_and_no_person_with_it(self, address, cast, district):
        make.PlanFactory(bureau=district.bureau, year=2025)
        home = make_record(Institution, district.township, cast.liaison, 1)
        values = {"institution": home, "certificate": "beginner", "certified_on": date(2021, 10, 18)}
        worker = make_record(
            CareWorker, district.township, cast.liaison, 2, certificate_until=date(2024, 12, 20), **values
        )
        assert sum("护理员证书" in text for text in summaries(address)) == 1
        assert worker.person.name not in Client().get(address).content.decode().replace("\r\n ", "")

    def test_neither_titles_nor_texts_of_orders_leave_the_portal(self, address, cast, district):
        """They are typed freely and may name somebody."""
        order = orders.issue(orders.draft(district, cast, title="王某某家改造", requirement="王某某来访"), cast)
        content = Client().get(address).content.decode().replace("\r\n ", "")
        assert order.number in content and "王某某" not in content


class TestToken:
    @pytest.mark.parametrize("token", ["x", "令牌", "a" * 5000, "%00", "..%2f", "' OR 1=1"])
    def test_a_wrong_one_is_no_page(self, address, token):
        assert status(f"/calendar/{token}.ics") == 404

    def test_it_opens_nothing_else(self, address, cast):
        raw = address.removeprefix("/calendar/").removesuffix(".ics")
        assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {raw}"}).status_code == 401
        assert Client().post(address).status_code == 405

    def test_a_renewed_one_replaces_the_old(self, address, cast):
        fresh = address_of(cast.liaison)
        assert (status(address), status(fresh)) == (404, 200)
        assert CalendarFeed.objects.filter(user=cast.liaison).count() == 1

    def test_a_revoked_an_expired_and_one_of_a_closed_account_are_no_page(self, address, cast):
        close_feed(user=cast.liaison, actor=cast.liaison)
        assert status(address) == 404
        address = address_of(cast.liaison)
        with time_machine.travel(timezone.now() + timedelta(days=LONGEST_DAYS, seconds=1)):
            assert status(address) == 404
        assert status(address) == 200
        close_account(user=cast.liaison, actor=cast.administrator)
        assert status(address) == 404
        type(cast.liaison).objects.filter(pk=cast.liaison.pk).update(is_active=True)
        assert status(address) == 404, "an account that is opened again has to open its feed again"

    def test_an_account_that_is_only_suspended_reads_nothing_meanwhile(self, address, cast):
        accounts = type(cast.liaison).objects.filter(pk=cast.liaison.pk)
        accounts.update(is_active=False)
        assert status(address) == 404
        accounts.update(is_active=True)
        assert status(address) == 200

    def test_a_reset_password_ends_it(self, address, cast):
        reset_password(user=cast.liaison, actor=cast.administrator)
        assert status(address) == 404

    def test_nobody_opens_one_for_somebody_else(self, cast):
        with pytest.raises(Refused):
            open_feed(user=cast.liaison, actor=cast.administrator)

    def test_it_is_long_and_stored_as_a_digest_alone(self, address, cast):
        raw = address.removeprefix("/calendar/").removesuffix(".ics")
        assert len(raw) >= 43 and open_feed(user=cast.head, actor=cast.head)[1] != raw
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                assert not any(raw in str(row) for row in cursor.fetchall()), table


class TestPage:
    def test_the_address_is_made_on_demand_shown_once_and_works(self, as_user, cast, district):
        client = as_user(cast.liaison)
        assert "尚未开通" in client.get(PAGE).content.decode()
        made = client.post(OPEN)
        assert "no-store" in made["Cache-Control"]
        (address,) = re.findall(r'value="https?://[^/"]+(/calendar/[^"]+\.ics)"', made.content.decode())
        assert summaries(address)
        again = client.get(PAGE).content.decode()
        assert address not in again and "已开通" in again
        assert CalendarFeed.objects.get().last_read_at is not None
        assert client.post(CLOSE).status_code == 302
        assert status(address) == 404 and "尚未开通" in client.get(PAGE).content.decode()
        assert client.post(CLOSE).status_code == 302, "a second time is no harm"

    def test_opening_and_closing_are_logged_without_the_token(self, as_user, cast, district):
        client = as_user(cast.liaison)
        page = client.post(OPEN).content.decode()
        client.post(CLOSE)
        assert {event.action for event in Event.objects.filter(actor=cast.liaison)} >= {
            "calendar.open",
            "calendar.close",
        }
        raw = re.search(r"/calendar/([^/]+)\.ics", page)[1]
        assert not any(raw in str(row) for row in Event.objects.values_list("note", "before", "after", "object_label"))


class TestLogs:
    def written(self, caplog) -> str:
        """Return every line as it goes to stderr."""
        formatter = _formatter()
        return "\n".join(formatter.format(record) for record in caplog.records)

    def test_no_line_names_the_token(self, cast, district, caplog, as_user):
        caplog.set_level(logging.DEBUG)
        addresses = [address_of(cast.liaison), "/calendar/wrong-but-secret.ics"]
        client = Client(raise_request_exception=False)
        for address in addresses:
            client.get(address)
        as_user(cast.liaison).get(addresses[1])  # a refusal of somebody who is signed in goes to the audit log
        CalendarFeed.objects.update(expires_at=timezone.now() + timedelta(days=1))
        with connection.execute_wrapper(_broken):
            assert client.get(addresses[0]).status_code >= 500
        text = self.written(caplog)
        assert "/calendar/…" in text, "the requests are there"
        for address in addresses:
            raw = address.removeprefix("/calendar/").removesuffix(".ics")
            assert raw not in text and raw not in str(list(Event.objects.values_list("note", flat=True)))

    def test_the_search_would_find_it(self, caplog):
        """Control: other addresses stand in the lines as they are."""
        caplog.set_level(logging.DEBUG)
        Client().get("/calendars/secret")
        assert "/calendars/secret" in self.written(caplog)


def _broken(execute, sql, params, many, context):
    if 'FROM "workplan_plan"' in sql:
        raise RuntimeError("broken on purpose")
    return execute(sql, params, many, context)


def _formatter() -> logging.Formatter:
    options = dict(project.LOGGING["formatters"]["json"])
    made = options.pop("()")(**options)
    made.format(logging.makeLogRecord({"msg": "x"}))
    assert json.loads(made.format(logging.makeLogRecord({"msg": "/calendar/x.ics"})))["event"] == "/calendar/…"
    return made
