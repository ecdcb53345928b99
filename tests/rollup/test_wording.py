"""How standings read: zero, decline, over 100 %, not reported, withheld; and that cited numbers keep their sources."""

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.strategies import amounts, facts
from workplan.rules.amounts import Amount
from workplan.rules.kinds import Comparator, Light, Reason, Strength, TargetKind
from workplan.rules.lights import light
from workplan.rules.wording import (
    CITED,
    Fact,
    change,
    cite,
    listed,
    parts,
    percent,
    plain,
    quoted,
    statement,
    things,
    uncited,
)


def fact(**given) -> Fact:
    base = {
        "code": "49.3",
        "measure": "完成适老化改造户数",
        "unit": "户",
        "kind": TargetKind.COUNT,
        "strength": Strength.HARD,
        "comparator": Comparator.GE,
        "goal": Decimal(100),
        "amount": Amount(Decimal(50)),
        "light": Light.ON_PACE,
        "reason": Reason.WITHIN_PACE,
        "progress": Decimal(50),
    }
    return Fact(**(base | given))


def rate(above, below, **given) -> Fact:
    ratio = {"unit": "%", "kind": TargetKind.RATE, "measure": "护理员持证率", "goal": Decimal(90)}
    return fact(**(ratio | {"amount": Amount(None, Decimal(above), Decimal(below))} | given))


def ceiling(value, **given) -> Fact:
    kind = {"kind": TargetKind.CEILING, "comparator": Comparator.LE, "goal": Decimal(0), "progress": None}
    return fact(**(kind | {"amount": Amount(Decimal(value)), "measure": "新增违建墓地数", "unit": "起"} | given))


BEHIND = {"light": Light.BEHIND, "reason": Reason.BEHIND_PACE}
STATEMENTS = {
    "half": (fact(), "完成适老化改造50户，完成年度目标的50%"),
    "over": (
        fact(amount=Amount(Decimal(120)), progress=Decimal(120), light=Light.DONE, reason=Reason.GOAL_MET),
        "完成适老化改造120户，超额完成年度目标，完成率为120%",
    ),
    "exactly": (fact(amount=Amount(Decimal(100)), progress=Decimal(100)), "完成适老化改造100户，完成年度目标"),
    "exactly, late": (
        fact(amount=Amount(Decimal(100)), progress=Decimal(100), light=Light.DONE_LATE, reason=Reason.GOAL_MET_LATE),
        "完成适老化改造100户，逾期后完成年度目标",
    ),
    "nearly": (
        fact(amount=Amount(Decimal("99.96")), progress=Decimal("99.96")),
        "完成适老化改造99.96户，完成年度目标的99.9%",
    ),
    "zero": (fact(amount=Amount(Decimal(0)), progress=Decimal(0)), "完成适老化改造尚无进展，完成年度目标的0%"),
    "more": (fact(before=Amount(Decimal(38))), "完成适老化改造50户，较上期末增加12户，完成年度目标的50%"),
    "less": (fact(before=Amount(Decimal(53))), "完成适老化改造50户，较上期末减少3户，完成年度目标的50%"),
    "equal": (fact(before=Amount(Decimal(50))), "完成适老化改造50户，与上期末持平，完成年度目标的50%"),
    "behind": (fact(**BEHIND, gap=Decimal("25.04")), "完成适老化改造50户，完成年度目标的50%，落后序时进度25个百分点"),
    "far behind": (
        fact(light=Light.RED, reason=Reason.FAR_BEHIND, gap=Decimal(30)),
        "完成适老化改造50户，完成年度目标的50%，严重落后序时进度30个百分点",
    ),
    "overdue": (
        fact(light=Light.RED, reason=Reason.OVERDUE, gap=Decimal(50)),
        "完成适老化改造50户，完成年度目标的50%，逾期未完成",
    ),
    "not reported": (fact(amount=Amount(), light=Light.NOT_REPORTED, progress=None), "完成适老化改造户数尚未报送数据"),
    "not begun": (fact(amount=Amount(), light=Light.NOT_STARTED, progress=None), "完成适老化改造户数尚未到填报期"),
    "never reported": (
        fact(amount=Amount(), light=Light.RED, reason=Reason.OVERDUE, progress=None),
        "完成适老化改造户数逾期未完成，尚未报送数据",
    ),
    "withheld": (fact(amount=Amount(), withheld=True), "完成适老化改造户数涉及人数较少，按规定不列具体数字"),
    "people": (fact(measure="失能老年人数", unit="人", goal=None), "失能老年人数为50人"),
    "rate": (rate(9, 10), "护理员持证率为90%（9/10），达到不低于90%的目标"),
    "rate, falling": (
        rate(17, 20, before=Amount(None, Decimal(9), Decimal(10))),
        "护理员持证率为85%（17/20），较上期末下降5个百分点，尚未达到不低于90%的目标",
    ),
    "rate, rising a little": (
        rate(9001, 10000, before=Amount(None, Decimal(9), Decimal(10))),
        "护理员持证率为90%（9001/10000），较上期末提高不足0.1个百分点，达到不低于90%的目标",
    ),
    "rate of nothing": (rate(0, 0), "护理员持证率本期没有可计算的对象，不适用"),
    "rate that must be full": (
        rate(9, 10, goal=Decimal(100), comparator=Comparator.EQ),
        "护理员持证率为90%（9/10），尚未达到100%的目标",
    ),
    "ceiling kept": (ceiling(0), "未发生新增违建墓地"),
    "ceiling kept, people": (ceiling(0, measure="伤亡人数", unit="人"), "伤亡人数为零"),
    "ceiling, silent units": (ceiling(0, reason=Reason.NO_ZERO_REPORT), "未发生新增违建墓地，部分单位尚未零报告"),
    "ceiling broken": (
        ceiling(2, light=Light.RED, reason=Reason.CEILING_BREACHED),
        "新增违建墓地2起，突破控制上限（不超过0起）",
    ),
    "milestone done": (
        fact(kind=TargetKind.MILESTONE, measure="规划编制", unit="份", goal=Decimal(1), amount=Amount(Decimal(1))),
        "“规划编制”已完成",
    ),
    "milestone under way": (
        fact(kind=TargetKind.MILESTONE, measure="两个“清单”", unit="份", goal=Decimal(2), amount=Amount(Decimal(1))),
        "“两个‘清单’”已完成1份，正在推进",
    ),
    "milestone overdue": (
        fact(kind=TargetKind.MILESTONE, goal=Decimal(1), amount=Amount(Decimal(0)), light=Light.RED),
        "“完成适老化改造户数”逾期尚未完成",
    ),
    "tracked": (fact(strength=Strength.TRACKED, light=Light.UNLIT, reason=Reason.TRACKED), "完成适老化改造50户"),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_a_standing_reads_so(case):
    given, expected = STATEMENTS[case]
    assert plain(statement(given)) == expected


@pytest.mark.parametrize(
    ("measure", "unit", "expected"),
    [
        ("改造户数", "户", "改造"),
        ("新建设老年食堂数", "个", "新建设老年食堂"),
        ("探访人次", "人次", "探访"),
        ("“川渝通办”事项数", "项", "“川渝通办”事项"),
        ("办结案件数", "件", "办结案件"),
        ("排查次数", "次/月", "排查"),
        ("失能老年人数", "人", "失能老年人数"),
        ("数", "个", "数"),
    ],
)
def test_the_word_for_a_number_is_dropped_before_the_number(measure, unit, expected):
    assert things(measure, unit) == expected


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw is, on a busy machine
@given(facts(), amounts(), st.booleans())
def test_every_standing_has_words_and_every_number_of_it_its_source(target, before, withheld):
    verdict = light(target)
    given = Fact(
        code="9.1",
        measure="指标",
        unit="%" if target.is_ratio else "户",
        kind=target.kind,
        strength=target.strength,
        comparator=target.comparator,
        goal=target.goal,
        amount=target.amount,
        light=verdict.light,
        reason=verdict.reason,
        progress=verdict.progress,
        gap=verdict.gap,
        withheld=withheld,
        before=before,
    )
    said = statement(given)
    assert said.startswith("指标") or said.startswith(("[[", "未发生"))
    assert not re.search(r"\d", CITED.sub("", said).replace("不足0.1", "")), "a number without a source"
    assert "None" not in said
    assert withheld <= ("不列具体数字" in said)
    if verdict.progress is not None and verdict.progress > 100 and not withheld and "超额" in said:
        assert "完成率为" in said


@given(st.decimals(0, 10**6, places=4), st.decimals(0, 10**6, places=4))
def test_a_change_is_named_for_what_it_is(now, before):
    said = plain(change(fact(amount=Amount(now), before=Amount(before))))
    if now > before:
        assert "增加" in said
    elif now < before:
        assert "减少" in said
    else:
        assert said == ("" if now == 0 else "与上期末持平")


@given(st.decimals(0, 200, places=3))
def test_a_percentage_says_100_only_where_it_is_reached(value):
    assert (percent(value) == "100%") <= (value >= 100)


@given(st.text(max_size=60))
def test_citations_lose_nothing(text):
    assert "".join(words for words, _ in parts(text)) == plain(text)
    key, words = "s5.red", uncited(text).translate(str.maketrans("[]|\n", "［］｜ ")) or "x"
    if len(words) <= 200:
        assert (words, key) in parts(f"前{cite(key, text or 'x')}后")
    assert all(not found for _, found in parts(uncited(text))), "what people wrote never passes for a citation"


def test_names_in_a_row_and_in_quotes():
    assert listed(["甲", "乙"]) == "甲、乙"
    assert listed(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4个"
    assert quoted("“第一议题”占比") == "“‘第一议题’占比”"
