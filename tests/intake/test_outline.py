"""The outline keeps what the parser found, and any order of corrections keeps the outline whole."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.intake import building
from workplan.intake.edits import EDITS, apply, replay
from workplan.intake.errors import BadEdit
from workplan.intake.outline import Outline
from workplan.intake.places import Places
from workplan.notice import as_data, parse_text

from .notice import TEXT, outline

START = outline()
TARGET = {"measure": "新目标", "kind": "count", "strength": "hard", "comparator": ">=", "goal": "3", "unit": "个"}
TARGET |= {"recurrence": "none", "due": "2025-06-30", "cooperation": False}


def task(**values) -> dict:
    return {"edit": "change_task", "title": "新标题", "text": "", "due": "", "lead": "", "others": ""} | values


def sound(found: Outline) -> None:
    """Fail where a part is lost, stands twice, or leads out of the text."""
    tasks, targets = [one.id for one in found.tasks], [one.id for one in found.targets]
    sections = [one.id for one in found.sections]
    for ids in (sections, tasks, targets):
        assert len(ids) == len(set(ids))
    for number, ids in zip(found.last, (sections, tasks), strict=False):
        assert all(int(ident[1:]) <= number for ident in ids)
    spans = [span for one in found.tasks for span in (*one.spans, one.title_span, one.due_span)]
    spans += [one.span for one in found.targets] + [o.span for one in found.tasks for o in one.owners]
    assert all(0 <= start <= end <= len(found.source) for start, end in filter(None, spans))
    for one in found.tasks:
        assert sum(owner.role == "lead" for owner in one.owners) <= 1
        assert len({owner.name for owner in one.owners}) == len(one.owners)


def test_every_target_begins_where_the_notice_states_it():
    homes = START.target("t1.1")
    assert TEXT[slice(*homes.span)] == homes.text
    assert (homes.goal, homes.unit, homes.due) == (120, "户", date(2025, 6, 30))
    assert [(owner.name, owner.role) for owner in START.task("t2").owners][:2] == [
        ("养老科", "lead"),
        ("殡葬科", "cooperate"),
    ]
    sound(START)


def test_what_the_parser_is_not_sure_of_waits_until_it_is_accepted_changed_or_dropped():
    assert START.waiting == ["t2.1", "t2.2"]
    assert apply(START, {"edit": "accept_target", "target": "t2.1"}).waiting == ["t2.2"]
    assert apply(START, {"edit": "drop_target", "target": "t2.1"}).waiting == ["t2.2"]
    assert apply(START, {"edit": "change_target", "target": "t2.1", **TARGET}).waiting == ["t2.2"]
    assert apply(START, {"edit": "drop_task", "task": "t2"}).waiting == []


def test_a_text_of_a_section_without_items_is_a_task_of_its_own():
    text = TEXT.replace("（五）加强宣传。编印简报12期。", "编印简报12期，召开会议2次。")
    found = building.build(as_data(parse_text(text)), text)
    assert [one.title for one in found.sections[-1].tasks] == ["其他工作"]
    assert found.sections[-1].tasks[0].waits
    sound(found)


@pytest.mark.parametrize(
    ("recurrence", "goal", "strength"), [("weekly", 4, "hard"), ("daily", None, "tracked"), ("monthly", 1, "hard")]
)
def test_what_comes_every_week_or_day_becomes_something_of_a_month_that_must_be_looked_at(recurrence, goal, strength):
    parsed = as_data(parse_text(TEXT))
    parsed["sections"][0]["items"][1]["targets"][0] |= {"recurrence": recurrence, "confidence": "high"}
    found = building.build(parsed, TEXT).target("t2.1")
    assert (found.recurrence, found.goal, found.unit, found.strength) == ("monthly", goal, "次/月", strength)
    assert found.waits == (recurrence != "monthly")


def test_two_targets_that_seem_one_wait_for_a_decision():
    text = TEXT.replace("编印简报12期。", "完成适老化改造户数120户。")
    found = building.build(as_data(parse_text(text)), text)
    assert found.target("t1.1").alike == "t5.1" and "t1.1" in found.waiting
    joined = apply(found, {"edit": "join_target", "target": "t1.1", "other": "t5.1"})
    assert "t1.1" not in joined.waiting and not joined.target("t1.1").is_live
    with pytest.raises(BadEdit, match="已有目标合并到这一目标"):
        apply(joined, {"edit": "join_target", "target": "t5.1", "other": "t3.1"})
    assert apply(joined, {"edit": "restore_target", "target": "t1.1"}).target("t1.1").is_live


# --- splitting and merging ---


def test_a_split_takes_the_targets_that_stand_behind_it():
    at = TEXT.index("护理员持证率达到")
    cut = Places(START.task("t1"), TEXT).cut(at)
    found = apply(START, {"edit": "split_task", "task": "t1", "cut": str(cut)})
    first, second = found.sections[0].tasks[:2]
    assert (first.id, second.id, second.title) == ("t1", "t6", "护理员持证率达到95%")
    assert [one.id for one in first.targets] == ["t1.1"] and [one.id for one in second.targets] == ["t1.2"]
    assert TEXT[slice(*second.title_span)] == "护理员持证率达到95%"
    sound(found)


@given(st.data())
def test_a_split_that_is_merged_again_gives_the_text_back(data):
    number = data.draw(st.integers(1, 5))
    one = START.task(f"t{number}")
    cut = data.draw(st.integers(0, len(one.text) - 1))
    try:
        halves = apply(START, {"edit": "split_task", "task": one.id, "cut": cut})
    except BadEdit:
        assert not one.text[cut:].strip("。；，： （）")
        return
    again = apply(halves, {"edit": "merge_task", "task": "t6"}).task(one.id)
    assert again.text == one.text and again.spans == one.spans
    assert {t.id for t in again.targets} == {t.id for t in one.targets}


def test_a_merge_keeps_one_lead():
    found = apply(START, {"edit": "set_leads", "leads": {"t1": "殡葬科"}})
    found = apply(found, {"edit": "merge_task", "task": "t2"})
    owners = {owner.name: owner.role for owner in found.task("t1").owners}
    assert owners["殡葬科"] == "lead" and owners["养老科"] == "cooperate"


def test_the_first_task_of_a_section_has_nothing_to_go_into():
    with pytest.raises(BadEdit, match="第一项任务"):
        apply(START, {"edit": "merge_task", "task": "t3"})


def test_sections_are_moved_merged_and_added():
    found = replay(
        START,
        [
            {"edit": "move_section", "section": "s3", "way": "up"},
            {"edit": "merge_section", "section": "s2"},
            {"edit": "add_section", "after": "s3", "title": "新板块"},
            {"edit": "move_task_to", "task": "t1", "section": "s4"},
        ],
    )
    assert [(s.id, [t.id for t in s.tasks]) for s in found.sections] == [
        ("s1", ["t2"]),
        ("s3", ["t5", "t3", "t4"]),
        ("s4", ["t1"]),
    ]
    sound(found)


def test_a_target_is_added_from_a_passage():
    start = TEXT.index("编印简报12期")
    place = {"task": "t5", "start": str(start), "end": str(start + 7)}
    found = apply(START, {"edit": "add_target", **place, **TARGET})
    made = found.task("t5").targets[0]
    assert (made.text, made.goal, made.checked, made.due) == ("编印简报12期", Decimal(3), True, date(2025, 6, 30))
    sound(found)


# --- refusals ---


@pytest.mark.parametrize(
    ("edit", "field", "words"),
    [
        ({"edit": "none"}, "", "无法识别"),
        ({"edit": "drop_task", "task": "t1", "more": "1"}, "", "无法识别"),
        ({"edit": "drop_task"}, "task", "没有指明"),
        ({"edit": "drop_task", "task": "t99"}, "", "任务已不存在"),
        ({"edit": "accept_target", "target": "t1.99"}, "", "目标已不存在"),
        ({"edit": "retitle_section", "section": "s9", "title": "甲"}, "", "板块已不存在"),
        (task(task="t1", title=" "), "title", "请填写标题"),
        (task(task="t1", title="长" * 161), "title", "最多 160 字"),
        (task(task="t1", title="坏\x07字"), "title", "无法识别的字符"),
        (task(task="t1", due="2025-02-30"), "due", "请填写日期"),
        (task(task="t1", due="0001-01-01"), "due", "请填写日期"),
        ({"edit": "split_task", "task": "t1", "cut": "9999"}, "cut", "从哪里拆分"),
        ({"edit": "split_task", "task": "t1", "cut": "-1"}, "cut", "位置无法识别"),
        ({"edit": "move_task", "task": "t1", "way": "up"}, "", "最前面"),
        ({"edit": "move_task", "task": "t1", "way": "sideways"}, "way", "请选择方向"),
        ({"edit": "move_task_to", "task": "t1", "section": "s1"}, "section", "已经在这一板块"),
        ({"edit": "move_section", "section": "s1", "way": "up"}, "", "最前面"),
        ({"edit": "merge_section", "section": "s1"}, "", "第一个板块"),
        ({"edit": "join_target", "target": "t1.1", "other": "t1.1"}, "other", "另一个"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "goal": ""}, "goal", "请填写目标值"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "goal": "很多"}, "goal", "只填写数字"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "goal": "-3"}, "goal", "不小于 0"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "goal": "NaN"}, "goal", "不小于 0"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "goal": "1e30"}, "goal", "最多 14 位"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "kind": "wish"}, "kind", "请选择类型"),
        ({"edit": "change_target", "target": "t1.1", **TARGET, "kind": "rate"}, "unit", "应为 %"),
        ({"edit": "add_target", "task": "t1", "start": "5", "end": "99999", **TARGET}, "measure", "不在通知中"),
        ({"edit": "set_facts", "title": "甲", "year": "", "document_number": "", "issued": ""}, "year", "请填写年度"),
        (
            {"edit": "set_facts", "title": "甲", "year": "1999", "document_number": "", "issued": ""},
            "year",
            "2000 与 2100",
        ),
        ({"edit": "carry_targets", "targets": "t1"}, "targets", "表单不完整"),
        (
            {"edit": "carry_targets", "targets": [{"task": "t1", "code": "1", **TARGET, "goal": ""}]},
            "goal",
            "请填写目标值",
        ),
        ({"edit": "map_sections", "apps": "eldercare"}, "apps", "表单不完整"),
        ({"edit": "map_sections", "apps": {"s1": "../x"}}, "apps-s1", "请选择业务板块"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_at_its_field(edit, field, words):
    with pytest.raises(BadEdit, match=words) as refused:
        apply(START, edit)
    assert refused.value.field == field


# --- any order of corrections ---


@st.composite
def correction(draw, found: Outline) -> dict:
    """Draw a correction that names parts of the outline; it may still not fit."""
    name = draw(st.sampled_from(sorted(EDITS)))
    parts = {
        "section": [one.id for one in found.sections],
        "task": [one.id for one in found.tasks],
        "target": [one.id for one in found.targets],
    }
    pick = {kind: draw(st.sampled_from(ids)) for kind, ids in parts.items() if ids}
    values = TARGET | {
        "other": draw(st.sampled_from(parts["target"] or ["t1.1"])),
        "after": pick["section"],
        "way": draw(st.sampled_from(["up", "down"])),
        "cut": draw(st.integers(0, 60)),
        "start": draw(st.integers(0, len(TEXT))),
        "end": draw(st.integers(0, len(TEXT))),
        "title": draw(st.text("甲乙丙。", min_size=1, max_size=8)),
        "text": draw(st.text("甲乙。\n", max_size=20)),
        "lead": draw(st.sampled_from(["", "养老科", "殡葬科"])),
        "others": "财政局、养老科",
        "year": "2025",
        "document_number": "",
        "issued": "",
        "apps": {pick["section"]: "eldercare"},
        "leads": {pick.get("task", "t1"): "养老科"},
        "targets": [TARGET | {"task": pick.get("task", "t1"), "code": "1.1"}],
    }
    return {"edit": name} | {one: (pick | values).get(one, "t1") for one in EDITS[name].readers}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_of_corrections_keeps_the_outline_whole_and_undoing_gives_back_what_was(data):
    made, before = [], [START]
    for _ in range(data.draw(st.integers(1, 12))):
        edit = data.draw(correction(before[-1]))
        try:
            before.append(apply(before[-1], edit))
        except BadEdit:
            continue
        made.append(edit)
        sound(before[-1])
    lost = {one.id for one in START.targets} - {one.id for one in before[-1].targets}
    assert lost == set()  # a target may be left out of the plan, never out of the outline
    for count in range(len(made), -1, -1):
        assert replay(START, made[:count]) == before[count]


def test_every_correction_has_a_name_in_chinese():
    assert all(kind.label and not kind.label.isascii() for kind in EDITS.values())
    assert replace(START) == START
