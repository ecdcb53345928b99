"""The pages about people: found by what is at hand, shown masked, changed with nothing lost."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from people.models import Person, Reveal
from people.rules.kinds import IdKind
from people.services.merging import merge_persons
from tests.security.test_crawl import text_of

from .conftest import id_number

pytestmark = pytest.mark.django_db
PERSONS = "/persons/"
REASON = "核对补贴发放信息"


@pytest.fixture
def person(enrol):
    return enrol()


def page(person, name="person", *more):
    return reverse(f"people:{name}", args=[person.uid, *more])


def find(client, words):
    return client.post(PERSONS, {"q": words})


def names_in(response) -> list[str]:
    return re.findall(r'<a href="/persons/[0-9a-f-]{36}/">([^<]+)</a>', response.content.decode())


@pytest.mark.parametrize(
    "words",
    ["王秀英", "秀英", "王 秀", "wxy", "WX", "13800001234", "138******34", "1234", "TAIL",
     "FULL", "full-width", "500***********TAIL"],
)  # fmt: skip
def test_a_person_is_found_by_what_is_at_hand(person, cast, as_user, words):
    number = id_number(2)
    words = words.replace("TAIL", number[-4:]).replace("FULL", number)
    if words == "full-width":
        words = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    response = find(as_user(cast.liaison), words)
    assert response.status_code == 200
    assert names_in(response) == ["王秀英"]


@pytest.mark.parametrize("words", ["李四", "xyz", "9999", "13900000000", id_number(4), "***", "500", "!", "5.0023E+17"])
def test_others_are_not_found(person, cast, as_user, words):
    response = find(as_user(cast.liaison), words)
    assert response.status_code == 200 and names_in(response) == []
    assert "没有找到，或不在您的查看范围内" in response.content.decode()


def test_a_search_finds_nobody_out_of_sight(person, cast, as_user):
    for name in ("other_liaison", "staff", "leader", "outsider"):
        assert names_in(find(as_user(getattr(cast, name)), id_number(2))) == [], name


def test_an_empty_and_an_overlong_search_are_refused_at_the_field(cast, as_user):
    for words in ("", "   ", "一" * 61):
        response = find(as_user(cast.liaison), words)
        assert response.status_code == 422
        assert 'class="field-error"' in response.content.decode()


def test_a_search_is_sent_as_a_form_and_stands_in_no_address(person, cast, as_user):
    client = as_user(cast.liaison)
    text = client.get(PERSONS).content.decode()
    assert '<form class="panel search" method="post" action="/persons/"' in text
    assert client.get(PERSONS, {"q": "王秀英"}).status_code == 400, "such an address is never offered and not taken"
    found = find(client, "王秀英").content.decode()
    assert not re.search(r'(href|action|hx-get)="[^"]*(王|%E7%8E%8B|wxy)', found)
    stored = [session.get_decoded() for session in Session.objects.all()]
    assert "王秀英" not in repr(stored)


def test_numbers_are_masked_on_every_page(person, cast, as_user):
    client = as_user(cast.liaison)
    addresses = [PERSONS, page(person), page(person, "person_edit"), "/persons/duplicates/", f"{PERSONS}?export=xlsx"]
    for address in addresses:
        text = text_of(client.get(address))
        assert "王秀英" in text or "duplicates" in address
        assert id_number(2) not in text and "13800001234" not in text
    text = client.get(page(person)).content.decode()
    assert f"500***********{id_number(2)[-4:]}" in text and "138******34" in text
    assert "no-store" in client.get(page(person))["Cache-Control"]


def test_the_list_is_filtered_and_sorted_without_naming_anybody(person, cast, as_user, enrol, village):
    enrol("李小宝", id_kind=IdKind.NONE, unit=village, phone="", birth_date=date(2020, 1, 1))
    client = as_user(cast.liaison)
    assert names_in(client.get(PERSONS)) == ["李小宝", "王秀英"]
    assert names_in(client.get(PERSONS, {"sort": "-name"})) == ["王秀英", "李小宝"]
    assert names_in(client.get(PERSONS, {"unit": village.pk})) == ["李小宝"]
    assert names_in(client.get(PERSONS, {"age": "under14"})) == ["李小宝"]
    assert names_in(client.get(PERSONS, {"age": "over60"})) == ["王秀英"]
    assert names_in(client.get(PERSONS, {"kind": "none"})) == ["李小宝"]
    assert client.get(PERSONS, {"age": "12"}).status_code == 400


def test_a_unit_out_of_sight_cannot_be_filtered_by(cast, as_user, neighbour):
    assert as_user(cast.liaison).get(PERSONS, {"unit": neighbour.township.pk}).status_code == 400


def test_an_empty_list_says_so(cast, as_user):
    assert "没有符合条件的服务对象" in as_user(cast.liaison).get(PERSONS).content.decode()
    assert "没有疑似重复的登记" in as_user(cast.liaison).get("/persons/duplicates/").content.decode()
    assert "还没有人查看过完整号码" in as_user(cast.auditor).get("/reveals/").content.decode()


def test_the_page_shows_the_records_that_the_reader_may_see(person, cast, as_user, note, visit, care):
    note(visit, person), note(care, person)

    def seen(name):
        text = as_user(getattr(cast, name)).get(page(person)).content.decode()
        return "探访关爱" in text, "测试照护" in text

    assert [seen(name) for name in ("liaison", "staff", "other_staff", "leader")] == [
        (True, True), (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_leaders_see_no_name_and_no_birth_date(person, cast, as_user, note, visit):
    note(visit, person)
    client = as_user(cast.leader)
    for response in (client.get(page(person)), client.get(PERSONS)):
        text = response.content.decode()
        assert "王**" in text and "王秀英" not in text and "1949" not in text
    assert "查看完整号码" not in client.get(page(person)).content.decode()
    assert client.post(page(person, "person_reveal", "id_number"), {"reason": REASON}).status_code == 403


def test_household_members_out_of_sight_are_not_named(person, cast, as_user, enrol, district, note, visit):
    there = enrol("王小明", 3, unit=district.other_township)
    client = as_user(cast.liaison)
    data = {"version": 1, "name": "王秀英", "id_kind": "resident", "household_code": "H1", "relation": "head"}
    assert client.post(page(person, "person_edit"), data).status_code == 302
    Person.objects.filter(pk=there.pk).update(household=Person.objects.get(pk=person.pk).household, relation="son")
    assert "王小明" not in client.get(page(person)).content.decode()
    note(visit, there), note(visit, person)
    assert "王小明" in as_user(cast.staff).get(page(person)).content.decode()


def test_a_look_shows_the_number_once(person, cast, as_user):
    client = as_user(cast.liaison)
    response = client.post(page(person, "person_reveal", "id_number"), {"reason": REASON})
    assert id_number(2) in response.content.decode() and "13800001234" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert id_number(2) not in client.get(page(person)).content.decode()
    assert Reveal.objects.get().reason == REASON


def test_a_look_without_a_reason_is_refused_at_the_field_and_keeps_what_was_typed(person, cast, as_user, settings):
    client = as_user(cast.liaison)
    response = client.post(page(person, "person_reveal", "phone"), {"reason": "看"})
    text = response.content.decode()
    assert response.status_code == 422 and "至少 4 个字" in text and 'value="看"' in text
    assert client.post(page(person, "person_reveal", "phone"), {}).status_code == 422
    assert client.post(page(person, "person_reveal", "name"), {"reason": REASON}).status_code == 404
    settings.REVEALS_PER_HOUR = 0
    limited = client.post(page(person, "person_reveal", "phone"), {"reason": REASON})
    assert limited.status_code == 429 and "每小时最多" in limited.content.decode()
    assert not Reveal.objects.exists()


def test_a_number_that_cannot_be_decrypted_is_said_and_does_not_break_the_page(person, cast, as_user, enrol):
    other = enrol("李四", 4)
    Person.objects.filter(pk=person.pk).update(id_number=other.id_number)
    client = as_user(cast.liaison)
    assert "（无法解密）" in client.get(page(person)).content.decode()
    response = client.post(page(person, "person_reveal", "id_number"), {"reason": REASON})
    assert response.status_code == 422 and "无法解密，请联系系统管理员" in response.content.decode()
    assert not Reveal.objects.exists(), "nothing was seen"


def test_the_log_of_looks_is_a_page_for_the_auditor(person, cast, as_user):
    as_user(cast.liaison).post(page(person, "person_reveal", "id_number"), {"reason": REASON})
    text = as_user(cast.auditor).get("/reveals/").content.decode()
    assert all(word in text for word in ("演员·liaison", "王**", "D1甲街道", "证件号码", REASON))
    assert "王秀英" not in text and id_number(2)[-4:] not in text
    assert as_user(cast.auditor).get("/reveals/", {"field": "phone"}).context["table"].paginator.count == 0
    assert as_user(cast.auditor).get("/reveals/", {"who": "liaison"}).context["table"].paginator.count == 1
    assert as_user(cast.auditor).get("/reveals/", {"who": "staff"}).context["table"].paginator.count == 0


def edit(client, person, **values):
    data = {"version": person.version, "name": person.name, "id_kind": person.id_kind, "sex": person.sex}
    return client.post(page(person, "person_edit"), data | values)


def test_an_edit_is_saved_and_an_empty_number_keeps_the_old_one(person, cast, as_user):
    client = as_user(cast.liaison)
    assert edit(client, person, name="王 秀瑛", phone="139 1111 2222").status_code == 302
    changed = Person.objects.get(pk=person.pk)
    assert (changed.name, changed.phone_tail, changed.id_tail) == ("王秀瑛", "2222", id_number(2)[-4:])
    assert edit(client, changed, clear_phone="on").status_code == 302
    assert Person.objects.get(pk=person.pk).phone == ""


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": "王1"}, "姓名只能包含"),
        ({"id_number": "123"}, "应为 18 位"),
        ({"id_number": "5.0023E+17"}, "“文本”格式"),
        ({"phone": "12"}, "手机号应为 11 位"),
        ({"birth_date": "2024-13-01"}, "出生日期应为"),
        ({"birth_date": "1950-01-01"}, "与证件号码不符"),
        ({"relation": "head"}, "未填写户号"),
        ({"id_kind": "card"}, "没有这一选项"),
    ],
)
def test_a_wrong_edit_is_told_at_its_field_and_keeps_what_was_typed(person, cast, as_user, typed, message):
    response = edit(as_user(cast.liaison), person, **({"household_code": "", "phone": "13911112222"} | typed))
    text = response.content.decode()
    assert response.status_code == 422 and message in text
    for field, value in typed.items():
        if field not in ("relation", "id_kind"):
            assert f'value="{value}"' in text
    assert Person.objects.get(pk=person.pk).version == 1


def test_the_second_editor_is_told_and_keeps_his_text(person, cast, as_user):
    client = as_user(cast.liaison)
    edit(client, person, name="王秀瑛")
    response = edit(client, person, name="王秀")
    assert response.status_code == 422
    assert "刚被他人修改" in response.content.decode() and 'value="王秀"' in response.content.decode()


def test_a_move_out_of_sight_leads_back_to_the_list(person, cast, as_user, district):
    client = as_user(cast.liaison)
    assert client.post(page(person, "person_move"), {"version": 1}).status_code == 422
    response = client.post(page(person, "person_move"), {"version": 1, "residence": district.other_township.pk})
    assert response.url == PERSONS
    assert client.get(page(person)).status_code == 404
    assert as_user(cast.other_liaison).get(page(person)).status_code == 200


def test_two_rows_are_compared_and_merged(person, cast, as_user, enrol):
    other = enrol(serial=4)
    client = as_user(cast.liaison)
    assert "姓名和出生日期相同" in client.get("/persons/duplicates/").content.decode()
    address = reverse("people:merge", args=[person.uid, other.uid])
    text = client.get(address).content.decode()
    assert "甲：王秀英" in text and "乙：王秀英" in text
    refused = client.post(address, {"keep": "one", "reason": "同"})
    assert refused.status_code == 422 and "至少 4 个字" in refused.content.decode()
    assert client.post(address, {"keep": "third", "reason": REASON}).status_code == 422
    assert client.post(address, {"keep": "other", "reason": REASON}).url == page(other)
    assert client.get(page(person)).url == page(other), "the old address leads to the row that stands"
    assert client.get(address).status_code == 404


def test_two_people_are_confirmed_as_two(person, cast, as_user, enrol):
    other = enrol(serial=4)
    client = as_user(cast.liaison)
    client.post(reverse("people:duplicate_dismiss", args=[person.uid, other.uid]))
    assert "没有疑似重复的登记" in client.get("/persons/duplicates/").content.decode()


def test_a_merged_row_is_not_edited(person, cast, as_user, enrol):
    other = enrol(serial=4)
    merge_persons(actor=cast.liaison, kept=person, merged=other, reason=REASON)
    merged = Person.objects.get(pk=other.pk)
    response = edit(as_user(cast.liaison), merged, name="王秀")
    assert response.status_code == 422 and "已并入另一人" in response.content.decode()


def test_statements_do_not_grow_with_the_people(person, cast, as_user, enrol, note, visit):
    client = as_user(cast.liaison)

    def count(address) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    note(visit, person)
    addresses = (
        PERSONS,
        page(person),
        "/persons/duplicates/",
        "/reveals/" if cast.liaison.may("audit_read") else PERSONS,
    )
    enrol("李四", 4), enrol("李四", 6, phone="")
    before = [count(address) for address in addresses]
    for serial in range(8, 20):
        note(visit, enrol("李四", serial, phone=""))
        note(visit, person)
    assert [count(address) for address in addresses] == before


def test_the_navigation_offers_what_the_rights_open(cast, as_user):
    def offers(name, *addresses):
        text = as_user(getattr(cast, name)).get("/").content.decode()
        return [f'<a href="{address}"' in text for address in addresses]

    menu = (PERSONS, "/persons/duplicates/", "/reveals/")
    assert offers("liaison", *menu) == [True, True, False]
    assert offers("leader", *menu) == [True, False, False]
    assert offers("auditor", *menu) == [False, False, True]


def test_a_refused_look_at_a_hidden_person_is_in_the_log_without_the_name(person, cast, as_user):
    as_user(cast.other_liaison).get(page(person))
    event = Event.objects.filter(action="access.refused").get()
    assert str(person.uid) in event.note and event.object_label == ""
