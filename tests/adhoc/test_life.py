"""The life of an ad-hoc request: drafted, approved by another, answered until its expiry, withdrawn; and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event
from tests.cast import TODAY
from workplan import clock
from workplan.deadlines import deadlines
from workplan.enums import AdHocKind, AdHocState, ReminderSubject
from workplan.errors import Refused
from workplan.models import AdHocAnswer, AdHocField, AdHocRequest, AdHocValue, Message, ReminderRule
from workplan.reminders.due import adhoc_due, still_open
from workplan.services import adhoc as service
from workplan.services.adhoc import FieldInput
from workplan.services.adhoc_answers import AnswerInvalid, save_answer
from workplan.services.reminder_rules import seed_rules

from .steps import (
    BEDS,
    DUE,
    EXPIRES,
    answer,
    approve,
    approved,
    asked,
    draft,
    fresh,
    part,
    refuse,
    send,
    typed,
    withdraw,
)

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code, caught.value.message


# --- drafting ---


def test_a_draft_holds_what_is_asked_of_whom_and_is_logged(district, cast):
    row = draft(district, cast)
    assert (row.state, row.office, row.drafted_by, row.due, row.expires) == (
        AdHocState.DRAFT,
        district.office,
        cast.staff,
        DUE,
        EXPIRES,
    )
    assert [field.title for field in row.fields.all()] == ["可用床位（张）", "存在困难"]
    assert {one.org_unit for one in row.answers.all()} == {district.township, district.other_township}
    event = Event.objects.get(action="adhoc.draft")
    assert event.after["fields"] == ["可用床位（张）", "存在困难，选填"] and "D1甲街道" in event.after["units"]


UNFIT = [
    ({"title": " "}, "title_required"),
    ({"reason": "\n"}, "text_required"),
    ({"fields": ()}, "fields_required"),
    ({"fields": tuple(FieldInput(f"第{n}", unit="户") for n in range(11))}, "fields_required"),
    ({"fields": (BEDS, BEDS)}, "field_twice"),
    ({"fields": (FieldInput("床位"),)}, "field_unit"),
    ({"units": ()}, "units_required"),
    ({"due": None}, "due_required"),
    ({"due": TODAY - timedelta(days=1)}, "due_in_past"),
    ({"expires": None}, "expires_required"),
    ({"expires": DUE - timedelta(days=1)}, "expires_before_due"),
    ({"expires": TODAY + timedelta(days=91)}, "expires_too_far"),
    ({"app": "funeral"}, "forbidden"),
]


def test_what_does_not_serve_is_refused(district, cast):
    for change, code in UNFIT:
        assert refused(draft, district, cast, **change)[0] == code, change
    assert not AdHocRequest.objects.exists()


def test_days_at_the_edges_serve(district, cast):
    last = TODAY + timedelta(days=90)
    assert draft(district, cast, due=TODAY, expires=TODAY).pk and draft(district, cast, due=last, expires=last).pk


def test_units_of_a_neighbour_and_offices_cannot_be_asked(district, neighbour, cast):
    for unit in (neighbour.township, district.office):
        assert refused(draft, district, cast, units=(unit,))[0] == "foreign_unit"


def test_the_same_form_sent_twice_is_one_draft(district, cast):
    assert draft(district, cast, key="form:1").pk == draft(district, cast, key="form:1").pk


def test_a_draft_is_changed_until_it_is_sent_and_the_second_editor_is_told(district, cast):
    row = draft(district, cast)
    change = typed(district, title="床位核对", fields=(BEDS,), units=(district.township,))
    saved = service.save_request(request=row, typed=change, actor=cast.head, version=1)
    assert (saved.title, saved.fields.count(), saved.answers.count()) == ("床位核对", 1, 1)
    event = Event.objects.get(action="adhoc.save")
    assert event.before["title"] == "养老床位摸底" and event.after["units"] == ["D1甲街道"]
    assert refused(service.save_request, request=row, typed=change, actor=cast.staff, version=1)[0] == "stale"
    send(saved, cast)
    assert refused(service.save_request, request=row, typed=change, actor=cast.staff, version=3)[0] == "not_editable"


# --- approving ---


def test_it_is_approved_by_another_and_the_units_are_told(district, cast):
    row = asked(district, cast)
    assert Message.objects.filter(user=cast.head, title="临时填报待审批（养老服务）").exists()
    assert not Message.objects.filter(user=cast.liaison).exists()
    row = approve(row, cast)
    assert (row.state, row.approved_by, row.approved_on) == (AdHocState.APPROVED, cast.head, TODAY)
    told = Message.objects.get(user=cast.liaison)
    assert told.title == "新的临时填报（养老服务）" and "养老床位摸底" not in str(told.lines)
    assert Message.objects.filter(user=cast.staff, title__startswith="临时填报已批准").exists()


def test_nobody_approves_or_refuses_the_own(district, cast):
    drafted = send(draft(district, cast, actor=cast.head), cast)
    sent = send(draft(district, cast), cast, actor=cast.head)
    for row in (drafted, sent):
        assert not service.may_decide(row, cast.head) and service.may_decide(row, cast.leader)
        assert refused(approve, row, cast)[0] == "own_request" and refused(refuse, row, cast)[0] == "own_request"
        assert approve(row, cast, actor=cast.leader).approved_by == cast.leader


def test_who_lacks_the_right_does_nothing(district, cast):
    row = asked(district, cast)
    for name in ("staff", "other_head", "administrator", "auditor", "liaison", "outsider", "nobody"):
        assert refused(approve, row, cast, actor=getattr(cast, name))[0] in ("forbidden", "own_request"), name
    for name in ("leader", "other_staff", "auditor", "liaison", "outsider"):
        assert refused(withdraw, row, cast, actor=getattr(cast, name))[0] == "forbidden", name
        assert refused(draft, district, cast, actor=getattr(cast, name))[0] == "forbidden", name
    assert fresh(row).version == row.version


def test_acts_sent_twice_happen_once(district, cast):
    row = draft(district, cast)
    for act, again in ((send, send), (approve, approve), (withdraw, withdraw)):
        first = act(fresh(row), cast)
        assert again(fresh(row), cast, version=1).version == first.version
    assert Event.objects.filter(action__startswith="adhoc.").count() == 4


def test_a_refused_request_is_mended_and_sent_again(district, cast):
    row = asked(district, cast)
    assert refused(refuse, row, cast, reason=" ")[0] == "text_required"
    row = refuse(row, cast)
    assert (row.state, row.refusal, row.refused_by) == (AdHocState.REFUSED, "台账已有。", cast.head)
    row = service.save_request(
        request=row, typed=typed(district, fields=(BEDS,)), actor=cast.staff, version=row.version
    )
    assert approve(send(row, cast), cast).state == AdHocState.APPROVED


def test_it_is_not_sent_or_approved_when_its_days_have_passed(district, cast):
    row, waiting = draft(district, cast), asked(district, cast)
    with clock.pinned(DUE + timedelta(days=1)):
        assert refused(send, row, cast)[0] == "due_in_past"
        assert refused(approve, waiting, cast)[0] == "due_in_past"


def test_who_read_an_older_state_is_told(district, cast):
    row = asked(district, cast)
    refuse(row, cast)
    assert refused(approve, row, cast, actor=cast.leader)[0] == "stale"


# --- answering ---


def test_an_answer_is_kept_handed_in_and_changed(district, cast):
    row = approved(district, cast)
    kept = answer(row, district.township, cast.liaison, note="再核", submit=False)
    assert kept.answered_on is None and kept.version == 2
    done = answer(row, district.township, cast.liaison, beds=12)
    assert (done.answered_by, done.answered_on, done.is_late) == (cast.liaison, TODAY, False)
    with clock.pinned(EXPIRES):
        changed = answer(row, district.township, cast.liaison, beds=13, submit=False)
    assert changed.answered_on == TODAY and not changed.is_late, "lateness is judged by the first"
    assert list(AdHocValue.objects.values_list("number", "text")) == [(13, "")]
    event = Event.objects.filter(action="adhoc.answer").first()
    assert (event.before, event.after) == ({"可用床位（张）": "12.0000"}, {"可用床位（张）": "13"})


def test_zero_is_an_answer_and_missing_is_not(district, cast):
    row = approved(district, cast)
    with pytest.raises(AnswerInvalid) as caught:
        answer(row, district.township, cast.liaison, note="只有文字")
    assert list(caught.value.problems.values()) == ["必填，请填写。"]
    assert answer(row, district.township, cast.liaison, beds=0).answered_on == TODAY
    with pytest.raises(AnswerInvalid):
        answer(row, district.township, cast.liaison, submit=False)  # what is handed in stays complete


def test_numbers_are_those_that_can_be_stored(district, cast):
    row = approved(district, cast)
    for beds, words in (("-1", "不能为负数"), ("1.23456", "小数"), ("1E15", "数字过大")):
        with pytest.raises(AnswerInvalid) as caught:
            answer(row, district.township, cast.liaison, beds=beds)
        assert words in str(caught.value.problems), beds


def test_after_the_due_day_it_is_late_and_after_the_expiry_nothing_is_taken(district, cast):
    row = approved(district, cast)
    with clock.pinned(DUE):
        assert not answer(row, district.township, cast.liaison, beds=1).is_late
    with clock.pinned(DUE + timedelta(days=1)):
        assert answer(row, district.other_township, cast.other_liaison, beds=1).is_late
    with clock.pinned(EXPIRES + timedelta(days=1)):
        assert refused(answer, row, district.township, cast.liaison, beds=2) == (
            "closed",
            "这份临时填报已过有效期，不能再填报。",
        )
        assert fresh(row).standing(clock.today()) == AdHocState.EXPIRED
        assert refused(withdraw, row, cast)[0] == "stale"


def test_after_its_withdrawal_nothing_is_taken_and_the_units_are_told(district, cast):
    row = approved(district, cast)
    assert refused(withdraw, row, cast, reason="")[0] == "text_required"
    withdraw(row, cast)
    assert refused(answer, row, district.township, cast.liaison, beds=2)[0] == "closed"
    assert Message.objects.filter(user=cast.liaison, title__startswith="临时填报已撤回").count() == 1


def test_before_its_approval_nothing_is_taken(district, cast):
    row = asked(district, cast)
    assert refused(answer, row, district.township, cast.liaison, beds=2)[0] == "forbidden"


def test_only_who_reports_for_the_unit_answers(district, cast):
    row = approved(district, cast)
    for name in ("other_liaison", "supervisor", "staff", "head", "leader", "outsider"):
        assert refused(answer, row, district.township, getattr(cast, name), beds=2)[0] == "forbidden", name


def test_the_second_of_two_officers_is_told_and_the_same_again_is_no_change(district, cast):
    row = approved(district, cast)
    answer(row, district.township, cast.liaison, beds=5, version=1)
    assert answer(row, district.township, cast.liaison, beds=5, version=1).version == 2
    code, message = refused(answer, row, district.township, cast.liaison, beds=6, version=1)
    assert code == "stale" and "您的内容尚未写入" in message
    assert part(row, district.township).stored() == {row.fields.get(place=1).pk: 5}


def test_fields_of_another_request_are_not_taken(district, cast):
    row, other = approved(district, cast), approved(district, cast)
    said = {field.pk: 5 for field in other.fields.all()}
    with pytest.raises(AnswerInvalid):
        one = part(row, district.township)
        save_answer(answer=one, typed=said, actor=cast.liaison, version=1, submit=True)


# --- deadlines and reminders ---


def test_it_is_a_deadline_of_the_unit_until_it_is_answered(district, cast):
    def told(on=TODAY):
        found = deadlines(cast.liaison, district.plan, district.township, on)
        return [(one.is_open, one.is_done, one.day) for one in found if one.subject == ReminderSubject.ADHOC]

    row = asked(district, cast)
    assert told() == []
    approve(row, cast)
    assert told() == [(True, False, DUE)] and told(EXPIRES + timedelta(days=1)) == [(False, False, DUE)]
    answer(row, district.township, cast.liaison, beds=1)
    assert told() == [(False, True, DUE)]
    withdraw(fresh(row), cast)
    assert [one.day for one in deadlines(cast.other_liaison, district.plan, district.other_township, TODAY) if "临时" in one.what] == []  # fmt: skip


def test_reminders_name_who_has_not_answered(district, cast):
    seed_rules(plan=district.plan)
    rule = ReminderRule.objects.get(plan=district.plan, subject=ReminderSubject.ADHOC)
    assert rule.order_after is None, "no supervision order is proposed for it"
    row = approved(district, cast)
    answer(row, district.township, cast.liaison, beds=1)
    (due,) = adhoc_due(district.plan, TODAY)
    assert (due.unit, due.day, due.app) == (district.other_township, DUE, "eldercare")
    assert row.title not in due.what
    assert still_open([due.key], TODAY) == {due.key}
    answer(row, district.other_township, cast.other_liaison, beds=1)
    assert still_open([due.key], TODAY) == set()


# --- the database itself ---


# Where a row breaks two rules the engines differ in which they name.
WRONG = [
    ("adhoc_state_known|adhoc_approved_by_another", {"state": "expired"}),
    ("adhoc_says_what_and_why", {"reason": ""}),
    ("adhoc_days_ordered", {"expires": DUE - timedelta(days=1)}),
    ("adhoc_sent_in_time|adhoc_approved_by_another", {"sent_on": None}),
    ("adhoc_sent_in_time", {"sent_on": TODAY - timedelta(days=1)}),
    ("adhoc_approved_by_another", {"approved_by": "staff"}),
    ("adhoc_approved_by_another", {"approved_by": None}),
    ("adhoc_approved_by_another", {"approved_on": None}),
    ("adhoc_approved_by_another", {"approved_on": DUE + timedelta(days=1)}),
    ("adhoc_approved_by_another", {"state": "asked"}),
    ("adhoc_refused_with_reason", {"refused_by": "head"}),
    ("adhoc_withdrawn_with_reason", {"state": "withdrawn"}),
]


def test_the_database_holds_the_rules(district, cast):
    row = approved(district, cast)
    for name, wrong in WRONG:
        columns = {key: getattr(cast, said) if key.endswith("_by") and said else said for key, said in wrong.items()}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            AdHocRequest.objects.filter(pk=row.pk).update(**columns)


def test_the_database_holds_the_rules_of_fields_and_answers(district, cast):
    row = approved(district, cast)
    field, one = row.fields.get(place=1), part(row, district.township)
    for broken in (
        lambda: AdHocField.objects.create(request=row, place=11, label="多", unit="户"),
        lambda: AdHocField.objects.create(request=row, place=3, label="可用床位", unit="户"),
        lambda: AdHocField.objects.create(request=row, place=3, label="无单位"),
        lambda: AdHocField.objects.create(request=row, place=3, label="文字", kind=AdHocKind.TEXT, unit="户"),
        lambda: AdHocAnswer.objects.create(request=row, org_unit=district.township),
        lambda: AdHocAnswer.objects.filter(pk=one.pk).update(answered_on=date(2024, 10, 15)),
        lambda: AdHocValue.objects.create(answer=one, field=field),
        lambda: AdHocValue.objects.create(answer=one, field=field, number=-1),
        lambda: AdHocValue.objects.create(answer=one, field=field, number=1, text="一"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
    assert AdHocValue.objects.create(answer=one, field=field, number=1).pk, "control"
