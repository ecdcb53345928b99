"""The audit log: append-only, chained, and read by few."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import audit
from accounts.models import Event, Seal
from accounts.models.audit import AppendOnlyError
from tests.factories import PASSWORD


@pytest.fixture
def log(cast, district):
    """Five sealed events of the first district."""
    for number in range(5):
        audit.record(action="unit.change", actor=cast.administrator, row=district.township, note=f"事件{number}")
    audit.seal_events()
    return list(Event.objects.order_by("pk"))


def by_force(statement, *values):
    """Change the log behind its back: without triggers and foreign keys, as somebody with the file could."""
    with connection.cursor() as cursor:
        for table in ("accounts_event", "accounts_seal"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_append_only{on}")
        cursor.execute(statement, values)


def verify():
    """Return (exit code, what was said on standard error)."""
    errors = StringIO()
    try:
        call_command("verify_audit", stdout=StringIO(), stderr=errors)
    except CommandError as error:
        return error.returncode, errors.getvalue()
    return 0, errors.getvalue()


def test_an_untouched_log_is_found_in_order(log):
    audit.record(action="unit.change", note="尚未封印")
    assert verify() == (0, "")
    audit.seal_events()
    assert audit.verify_chain() == []
    assert list(Seal.objects.values_list("number", flat=True)) == list(range(1, Event.objects.count() + 1))


@pytest.mark.parametrize(
    ("column", "value"),
    [("note", "改过"), ("actor_name", "别人"), ("after", '{"x": 1}'), ("request_id", "x"), ("org_unit_id", None)],
)
def test_a_changed_event_is_found(log, column, value):
    by_force(f"UPDATE accounts_event SET {column} = %s WHERE id = %s", value, log[2].pk)
    code, words = verify()
    assert code == 1
    assert f"日志 {log[2].pk} 内容与摘要不符" in words
    assert words.count("不符") == 1


def test_a_missing_seal_is_found(log):
    by_force("DELETE FROM accounts_seal WHERE number = %s", 3)
    code, words = verify()
    assert code == 1
    assert "封印 3 至 3 缺失" in words


def test_a_resealed_forgery_is_found_through_the_links_after_it(log):
    """Whoever changes an event and recomputes its own seal breaks the next one."""
    forged = log[2]
    forged.note = "改过"
    previous = Seal.objects.get(number=2).digest
    by_force("UPDATE accounts_event SET note = %s WHERE id = %s", forged.note, forged.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_seal SET digest = %s WHERE number = 3", [audit.digest_of(forged, previous)])
    assert verify()[0] == 1


@pytest.mark.parametrize("table", ["accounts_event", "accounts_seal"])
def test_the_database_refuses_changes(log, table):
    column = "note" if table == "accounts_event" else "digest"
    statements = [f"UPDATE {table} SET {column} = 'x'"]
    if connection.vendor == "postgresql":
        statements.append(f"DELETE FROM {table}")
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert verify() == (0, "")


@pytest.mark.parametrize("model", [Event, Seal])
def test_code_refuses_changes(log, model):
    row = model.objects.first()
    for act in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=0)):
        with pytest.raises(AppendOnlyError):
            act()


def test_unknown_acts_are_a_programming_error(db):
    with pytest.raises(KeyError):
        audit.record(action="something.else")


AUDIT = "/audit/"


def test_administrator_and_auditor_read_their_district_and_others_nothing(as_user, cast, district, neighbour, log):
    audit.record(action="unit.change", row=neighbour.township, note="别区机密")
    for name, user in cast.everybody().items():
        response = as_user(user).get(AUDIT)
        assert response.status_code == (200 if name in ("administrator", "auditor") else 403)
        page = response.content.decode()
        assert "别区机密" not in page
        assert ("事件4" in page) == (name in ("administrator", "auditor"))


def test_filters_find_what_they_say(as_user, cast, district, log):
    client = as_user(cast.auditor)
    audit.record(
        action="user.close", actor=cast.head, row=cast.staff, before={"is_active": True}, after={"is_active": False}
    )
    cases = [
        ({"action": "user.close"}, "演员·staff", "事件1"),
        ({"actor": "演员·head"}, "演员·staff", "事件1"),
        ({"org_unit": district.township.pk}, "事件1", "演员·staff"),
        ({"q": district.township.name}, "事件1", "演员·staff"),
    ]
    for query, there, missing in cases:
        page = client.get(AUDIT, query).content.decode()
        assert there in page
        assert missing not in page
    assert "暂无" not in client.get(AUDIT, {"since": "2000-01-01"}).content.decode()
    assert "没有符合条件的日志" in client.get(AUDIT, {"until": "2000-01-01"}).content.decode()
    closing = client.get(AUDIT, {"action": "user.close"}).content.decode()
    assert "<del>是</del> → <ins>否</ins>" in closing


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0000-00-00"},
        {"since": "明天"},
        {"action": "x"},
        {"org_unit": "999999"},
        {"org_unit": "9" * 40},
        {"sort": "note"},
        {"page": "0"},
        {"q": "a\0"},
        {"who": "me"},
    ],
)
def test_bad_filters_are_answered_with_400(as_user, cast, query):
    assert as_user(cast.auditor).get(AUDIT, query).status_code == 400


def test_another_districts_unit_is_no_filter(as_user, cast, neighbour):
    assert as_user(cast.auditor).get(AUDIT, {"org_unit": neighbour.township.pk}).status_code == 400


def test_the_log_costs_the_same_number_of_statements_whatever_its_length(
    as_user, cast, district, django_assert_max_num_queries
):
    client = as_user(cast.auditor)
    client.get(AUDIT)
    for count in (3, 20):
        for number in range(count):
            audit.record(action="unit.change", actor=cast.administrator, row=district.township, note=f"{number}")
        with django_assert_max_num_queries(12):
            client.get(AUDIT)


def test_reading_the_log_as_a_file_is_itself_logged(as_user, cast, log):
    response = as_user(cast.auditor).get(AUDIT, {"export": "xlsx"})
    assert response.status_code == 200
    assert Event.objects.get(action="data.export").actor == cast.auditor


def test_refusals_of_unknown_names_belong_to_the_house_where_there_is_one(client, district, try_sign_in):
    try_sign_in("who-is-this", PASSWORD)
    event = Event.objects.get(action="auth.refused")
    assert (event.org_unit, event.object_id, event.note) == (district.bureau, "", "账号不存在")


def test_refusals_of_unknown_names_belong_to_nobody_where_there_are_several(cast, try_sign_in):
    try_sign_in("who-is-this", PASSWORD)
    assert Event.objects.get(action="auth.refused").org_unit is None


def test_events_carry_the_request_id(as_user, cast):
    client = as_user(cast.administrator)
    address = reverse("workplan:org_unit_rename", args=[cast.liaison.memberships.get().org_unit_id])
    client.post(address, {"name": "新名称"}, headers={"X-Request-ID": "abc-123"})
    event = Event.objects.filter(action="unit.change").latest("pk")
    assert event.after["name"] == "新名称"
    assert event.request_id
