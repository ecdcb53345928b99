"""The life of a supervision order: who may do what in which state, and what each act leaves behind."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Event
from tests import factories as make
from tests.cast import TODAY
from workplan import clock
from workplan.enums import ExtensionState, OrderAction, OrderState
from workplan.errors import Refused
from workplan.models import SupervisionAct, SupervisionOrder
from workplan.services import order_life as life
from workplan.services import supervision as service
from workplan.services.supervision import OrderInput, Subject
from workplan.supervising import TRANSITIONS, available_actions

from . import steps
from .steps import DUE, brought_to, draft, fresh

pytestmark = pytest.mark.django_db
A, S = OrderAction, OrderState
DRAFTING = [A.SAVE, A.WITHDRAW]
# State → what head and leader, staff, and the charged unit may do; everybody else may do nothing.
TABLE = {
    S.DRAFT: ([A.SAVE, A.ISSUE, A.WITHDRAW], DRAFTING, []),
    S.WITHDRAWN: ([], [], []),
    S.ISSUED: ([A.ESCALATE], [], [A.SIGN, A.ASK]),
    S.SIGNED: ([A.ESCALATE], [], [A.REPLY, A.ASK]),
    S.REPLIED: ([A.STRIKE, A.RETURN], [], []),
    S.STRUCK: ([A.ARCHIVE, A.REOPEN], [], []),
    S.ARCHIVED: ([], [], []),
}
ACTS = {
    A.SAVE: lambda order, user: service.save_order(
        order=order, actor=user, version=order.version, typed=OrderInput("改名", "新要求", order.step, DUE)
    ),
    A.ISSUE: lambda order, user: service.issue_order(order=order, actor=user, version=order.version, due=DUE),
    A.WITHDRAW: lambda order, user: service.withdraw_order(
        order=order, actor=user, version=order.version, reason="重复。"
    ),
    A.SIGN: lambda order, user: life.sign_order(order=order, actor=user, version=order.version),
    A.REPLY: lambda order, user: life.reply_order(order=order, actor=user, version=order.version, text="已办。"),
    A.ASK: lambda order, user: life.ask_extension(
        order=order, actor=user, version=order.version, wanted=date(2024, 11, 1), reason="雨季。"
    ),
    A.GRANT: lambda order, user: life.decide_extension(order=order, actor=user, version=order.version, granted=True),
    A.REFUSE: lambda order, user: life.decide_extension(
        order=order, actor=user, version=order.version, granted=False, note="理由不足。"
    ),
    A.STRIKE: lambda order, user: life.strike_order(order=order, actor=user, version=order.version, text="属实。"),
    A.RETURN: lambda order, user: life.return_order(order=order, actor=user, version=order.version, text="缺照片。"),
    A.ESCALATE: lambda order, user: life.escalate_order(
        order=order, actor=user, version=order.version, due=DUE, text="仍未推进。"
    ),
    A.ARCHIVE: lambda order, user: life.archive_order(order=order, actor=user, version=order.version),
    A.REOPEN: lambda order, user: life.reopen_order(
        order=order, actor=user, version=order.version, due=DUE, text="又有反弹。"
    ),
}


def allowed(state, name) -> list:
    supervising, drafting, charged = TABLE[state]
    return {"head": supervising, "leader": supervising, "staff": drafting, "liaison": charged}.get(name, [])


@pytest.mark.parametrize("state", TABLE)
def test_everybody_is_offered_exactly_what_is_theirs(state, district, cast):
    order = brought_to(state, district, cast)
    offered = {name: available_actions(order, user) for name, user in cast.everybody().items()}
    assert offered == {name: allowed(state, name) for name in offered}


@pytest.mark.parametrize("state", TABLE)
def test_what_is_not_offered_is_refused_and_changes_nothing(state, district, cast):
    order = brought_to(state, district, cast)
    trail = SupervisionAct.objects.count()
    for name, user in cast.everybody().items():
        for action in TRANSITIONS.keys() - set(allowed(state, name)):
            with pytest.raises(Refused), transaction.atomic():
                ACTS[action](order, user)
    assert fresh(order).version == order.version and SupervisionAct.objects.count() == trail


@pytest.mark.parametrize(("state", "name"), [(state, name) for state in TABLE for name in ("head", "staff", "liaison")])
def test_what_is_offered_can_be_done_and_leads_where_the_table_says(state, name, district, cast):
    for action in allowed(state, name):
        order = brought_to(state, district, cast)
        ACTS[action](order, getattr(cast, name))
        after = fresh(order)
        assert after.state == (TRANSITIONS[action].target or state)
        assert after.version == order.version + 1
        last = after.acts.last()
        assert (last.action, last.actor, last.on, last.state) == (action, getattr(cast, name), TODAY, after.state)
        assert Event.objects.of(after).filter(action=f"order.{action.value}", actor=getattr(cast, name)).exists()


def test_every_action_of_the_table_is_tried_here():
    assert ACTS.keys() == TRANSITIONS.keys()
    assert {row.right for row in TRANSITIONS.values()} == {"order_draft", "supervise", "report_write"}


def test_drafts_have_no_number_and_issued_orders_count_up(district, cast):
    first, second, third = (draft(district, cast) for _ in range(3))
    assert first.number == ""
    service.withdraw_order(order=second, actor=cast.staff, version=1, reason="重复。")
    numbers = [steps.issue(order, cast).number for order in (third, first)]
    assert numbers == ["督办〔2024〕1号", "督办〔2024〕2号"], (
        "in order of issuing, without a gap for what was withdrawn"
    )


def test_every_bureau_and_every_year_counts_for_itself(district, neighbour, cast):
    boss = make.UserFactory(username="boss2")
    make.MembershipFactory(user=boss, org_unit=neighbour.bureau, role=Role.LEADER)
    steps.issue(draft(district, cast), cast)
    other = draft(neighbour, cast, actor=boss)
    assert steps.issue(other, cast, actor=boss).number == "督办〔2024〕1号"
    with clock.pinned(date(2025, 1, 6)):
        late = draft(district, cast, due=date(2025, 1, 10))
        assert steps.issue(late, cast).number == "督办〔2025〕1号"


def test_the_database_knows_each_number_once(district, cast):
    one = steps.issue(draft(district, cast), cast)
    two = steps.issue(draft(district, cast), cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionOrder.objects.filter(pk=two.pk).update(sequence=one.sequence)


@pytest.mark.parametrize("left_out", ["sequence", "year", "issued_on", "issued_by", "due"])
def test_an_issued_order_has_number_and_days(left_out, district, cast):
    order = steps.issue(draft(district, cast), cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionOrder.objects.filter(pk=order.pk).update(**{left_out: None})


def test_an_order_is_about_exactly_one_thing(district, cast):
    order = draft(district, cast)
    for wrong in ({"matter": "又一事"}, {"target": None}, {"task": district.task}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupervisionOrder.objects.filter(pk=order.pk).update(**wrong)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "title_required"),
        ({"requirement": " "}, "requirement_required"),
        ({"due": date(2024, 10, 14)}, "due_in_past"),
        ({"due": date(2026, 1, 1)}, "due_too_far"),
    ],
)
def test_what_serves_for_no_order_is_refused(wrong, code, district, cast):
    with pytest.raises(Refused) as refused:
        draft(district, cast, **wrong)
    assert refused.value.code == code
    assert not SupervisionOrder.objects.exists()


def test_subject_and_unit_must_belong_together(district, neighbour, cast):
    cases = [
        ({"unit": neighbour.township}, "foreign_unit"),
        ({"unit": district.bureau}, "foreign_unit"),
        ({"unit": district.other_office}, "no_part"),
        ({"app": "funeral"}, "foreign_subject"),
        ({"app": "charity", "subject": Subject(matter="临时事项")}, "foreign_section"),
        ({"subject": Subject(target=neighbour.targets["49.3"])}, "foreign_subject"),
    ]
    for wrong, code in cases:
        with pytest.raises(Refused) as refused:
            draft(district, cast, **wrong)
        assert refused.value.code == code


def test_nobody_drafts_in_a_section_that_is_not_theirs(district, cast):
    for user in (cast.other_staff, cast.administrator, cast.liaison):
        with pytest.raises(Refused) as refused:
            draft(district, cast, actor=user)
        assert refused.value.code == "forbidden"
    assert not SupervisionOrder.objects.exists()


def test_issuing_takes_a_deadline(district, cast):
    order = draft(district, cast, due=None)
    with pytest.raises(Refused, match="请填写完成时限"):
        steps.issue(order, cast)
    assert fresh(order).state == S.DRAFT and fresh(order).number == ""


def test_acts_that_need_words_are_refused_without(district, cast):
    cases = [
        (S.DRAFT, lambda o: service.withdraw_order(order=o, actor=cast.head, version=o.version, reason=" ")),
        (S.SIGNED, lambda o: steps.reply(o, cast, text=" ")),
        (S.ISSUED, lambda o: steps.ask(o, cast, reason=" ")),
        (S.REPLIED, lambda o: steps.strike(o, cast, text="")),
        (S.REPLIED, lambda o: life.return_order(order=o, actor=cast.head, version=o.version, text="")),
        (S.ISSUED, lambda o: life.escalate_order(order=o, actor=cast.head, version=o.version, due=DUE, text="")),
        (S.STRUCK, lambda o: life.reopen_order(order=o, actor=cast.head, version=o.version, due=DUE, text="")),
    ]
    for state, act in cases:
        order = brought_to(state, district, cast)
        with pytest.raises(Refused) as refused:
            act(order)
        assert refused.value.code == "text_required"
        assert fresh(order).version == order.version


def test_the_second_of_two_people_is_told_who_was_faster(district, cast):
    order = brought_to(S.REPLIED, district, cast)
    life.return_order(order=order, actor=cast.leader, version=order.version, text="缺验收单。")
    with pytest.raises(Refused, match=r"leader 已于 .*退回重办") as refused:
        steps.strike(order, cast)
    assert refused.value.code == "stale"
    assert fresh(order).state == S.SIGNED


def test_a_double_click_signs_once(district, cast):
    order = brought_to(S.ISSUED, district, cast)
    steps.sign(order, cast)
    with pytest.raises(Refused, match="签收"):
        steps.sign(order, cast)
    assert order.acts.filter(action=A.SIGN).count() == 1


def test_nobody_verifies_a_reply_of_their_own(district, cast):
    both = make.UserFactory(username="both")
    make.MembershipFactory(user=both, org_unit=district.bureau, role=Role.LEADER)
    make.MembershipFactory(user=both, org_unit=district.township, role=Role.LIAISON)
    order = fresh(steps.reply(brought_to(S.SIGNED, district, cast), cast, actor=both))
    assert available_actions(order, both) == []
    with pytest.raises(Refused):
        steps.strike(order, cast, actor=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionOrder.objects.filter(pk=order.pk).update(state=S.STRUCK, struck_on=TODAY, struck_by=both)


def test_an_office_can_be_charged_but_not_by_its_own_head(district, cast):
    order = draft(district, cast, unit=district.office, subject=Subject(task=district.task))
    with pytest.raises(Refused, match="不能督办本单位"):
        steps.issue(order, cast)
    order = steps.issue(order, cast, actor=cast.leader)
    order = steps.reply(steps.sign(order, cast, actor=cast.staff), cast, actor=cast.staff)
    assert A.STRIKE not in available_actions(order, cast.head)
    assert steps.strike(order, cast, actor=cast.leader).state == S.STRUCK


def test_a_returned_reply_is_followed_by_another_by_the_same_deadline(district, cast):
    order = brought_to(S.REPLIED, district, cast)
    order = life.return_order(order=order, actor=cast.head, version=order.version, text="缺照片。")
    assert (order.state, order.due) == (S.SIGNED, DUE)
    order = steps.reply(order, cast, text="已补照片。")
    assert steps.strike(order, cast).state == S.STRUCK
    assert [a.action for a in life.trail_of(order)][-4:] == [A.REPLY, A.RETURN, A.REPLY, A.STRIKE]


def test_escalating_raises_the_step_and_the_last_one_is_the_last(district, cast):
    order = brought_to(S.SIGNED, district, cast)
    for colour in ("橙色警告", "红色通报"):
        order = life.escalate_order(
            order=order, actor=cast.head, version=order.version, due=date(2024, 10, 25), text="仍未推进。"
        )
        assert str(order.step) == colour and order.due == date(2024, 10, 25)
    assert A.ESCALATE not in available_actions(order, cast.head)


def test_a_matter_that_comes_back_is_reopened_with_a_new_deadline(district, cast):
    order = brought_to(S.STRUCK, district, cast)
    order = life.reopen_order(
        order=order, actor=cast.head, version=order.version, due=date(2024, 11, 5), text="抽查发现反弹。"
    )
    assert (order.state, order.due, order.struck_on, order.struck_by) == (S.SIGNED, date(2024, 11, 5), None, None)
    order = steps.strike(steps.reply(order, cast, text="已再次整改。"), cast)
    assert order.state == S.STRUCK and order.number == "督办〔2024〕1号"


def test_a_granted_extension_moves_the_deadline(district, cast):
    order = steps.ask(brought_to(S.SIGNED, district, cast), cast)
    assert available_actions(order, cast.head) == [A.GRANT, A.REFUSE, A.ESCALATE]
    assert A.ASK not in available_actions(order, cast.liaison)
    order = life.decide_extension(order=order, actor=cast.head, version=order.version, granted=True, note="同意。")
    asked = order.extensions.get()
    assert order.due == date(2024, 10, 30) and asked.state == ExtensionState.GRANTED and asked.decided_by == cast.head
    before, after = order.acts.order_by("-pk")[1], order.acts.last()
    assert (before.due, after.due) == (DUE, date(2024, 10, 30))


def test_a_refused_extension_needs_a_reason_and_leaves_the_deadline(district, cast):
    order = steps.ask(brought_to(S.ISSUED, district, cast), cast)
    with pytest.raises(Refused, match="不同意延期的理由"):
        life.decide_extension(order=order, actor=cast.head, version=order.version, granted=False, note=" ")
    order = life.decide_extension(order=order, actor=cast.head, version=order.version, granted=False, note="不充分。")
    assert order.due == DUE and order.extensions.get().state == ExtensionState.REFUSED
    assert A.ASK in available_actions(order, cast.liaison), "it may be asked again"


def test_an_extension_must_be_later_and_is_asked_for_once(district, cast):
    order = brought_to(S.ISSUED, district, cast)
    with pytest.raises(Refused, match="须晚于现时限"):
        steps.ask(order, cast, wanted=DUE)
    order = steps.ask(order, cast)
    with pytest.raises(Refused, match="等待审批"):
        steps.ask(order, cast)
    assert order.extensions.count() == 1


@pytest.mark.parametrize("act", [A.REPLY, A.ESCALATE])
def test_a_request_that_nobody_answered_lapses(act, district, cast):
    order = steps.ask(brought_to(S.SIGNED, district, cast), cast)
    ACTS[act](order, cast.liaison if act == A.REPLY else cast.head)
    assert order.extensions.get().state == ExtensionState.LAPSED


def test_nobody_grants_what_they_have_asked_for(district, cast):
    both = make.UserFactory(username="both")
    make.MembershipFactory(user=both, org_unit=district.bureau, role=Role.LEADER)
    make.MembershipFactory(user=both, org_unit=district.township, role=Role.LIAISON)
    order = steps.ask(brought_to(S.ISSUED, district, cast), cast, actor=both)
    assert not {A.GRANT, A.REFUSE} & set(available_actions(order, both))


def test_the_trail_can_neither_be_changed_nor_lose_its_order(district, cast):
    order = brought_to(S.SIGNED, district, cast)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        order.acts.update(text="改写")


def files(*names):
    return [SimpleUploadedFile(name, f"验收单{name}".encode()) for name in names]


def test_a_reply_brings_its_evidence(district, cast):
    order = brought_to(S.SIGNED, district, cast)
    order = steps.reply(order, cast, uploads=files("验收单.txt", "名单.txt"))
    stored = list(order.files.all())
    assert [row.name for row in stored] == ["验收单.txt", "名单.txt"]
    assert {row.act.action for row in stored} == {A.REPLY} and stored[0].uploaded_by == cast.liaison
    assert stored[0].file.read() == "验收单验收单.txt".encode() and "验收单" not in stored[0].file.name


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("工具.exe", b"MZ"), "不支持这种文件"),
        (SimpleUploadedFile("空.txt", b""), "空文件"),
        (SimpleUploadedFile("照片.jpg", b"not a picture"), "内容与扩展名不符"),
    ],
)
def test_a_file_that_may_not_be_taken_keeps_the_whole_reply_back(upload, message, district, cast):
    order = brought_to(S.SIGNED, district, cast)
    with pytest.raises(Refused, match=message) as refused:
        steps.reply(order, cast, uploads=[*files("好的.txt"), upload])
    assert refused.value.code == "file"
    assert fresh(order).state == S.SIGNED and not order.files.exists()


def test_the_same_file_twice_and_too_many_files(district, cast):
    order = brought_to(S.SIGNED, district, cast)
    with pytest.raises(Refused, match="已经上传过"):
        steps.reply(order, cast, uploads=files("一.txt") + files("一.txt"))
    with pytest.raises(Refused, match="最多上传 10 个"):
        steps.reply(order, cast, uploads=files(*(f"{n}.txt" for n in range(11))))
    steps.reply(order, cast, uploads=files("一.txt"))
    assert order.files.count() == 1
