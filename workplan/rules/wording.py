"""How a target's standing reads in plain official Chinese: zero, decline, over 100 %, not reported, withheld.

Numbers are cited: `[[key|words]]` carries the key of its source through editing into the documents, where it becomes a link.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .amounts import HUNDRED, Amount, shown_percent
from .kinds import Comparator, Light, Reason, Strength, TargetKind

CITED = re.compile(r"\[\[([0-9A-Za-z._-]{1,40})\|([^\[\]|\n]{1,200})\]\]")
NOT_IN_WORDS = str.maketrans({"[": "［", "]": "］", "|": "｜", "\n": " "})
LIMITS = (Comparator.LE, Comparator.LT)
NOT_KNOWN = Amount()
CLASSIFIERS = ("次", "件", "起", "户", "场", "人次", "场次")
NOUNS = ("案件", "事件", "文件", "要件", "证件", "条件", "农户", "住户", "用户", "商户", "频次", "层次", "市场", "现场")


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said about one target. before: the amount at the end of the span before; gap: to pace, in percentage points."""

    code: str
    measure: str
    unit: str
    kind: TargetKind
    strength: Strength
    comparator: Comparator
    goal: Decimal | None
    amount: Amount
    light: Light
    reason: Reason
    progress: Decimal | None = None
    gap: Decimal | None = None
    withheld: bool = False
    before: Amount = NOT_KNOWN

    @property
    def is_ratio(self) -> bool:
        return self.unit == "%"


# --- Citations -----------------------------------------------------------------------------------------------


def cite(key: str, words: str) -> str:
    """Return words that carry the key of their source."""
    return f"[[{key}|{words.translate(NOT_IN_WORDS)}]]"


def parts(text: str) -> list[tuple[str, str]]:
    """Return the text as (words, key of their source or "") in order; nothing of the words is lost."""
    found, at = [], 0
    for match in CITED.finditer(text):
        if match.start() > at:
            found.append((text[at : match.start()], ""))
        found.append((match[2], match[1]))
        at = match.end()
    if at < len(text):
        found.append((text[at:], ""))
    return found


def plain(text: str) -> str:
    """Return the words without the citations."""
    return CITED.sub(r"\2", text)


def uncited(text: str) -> str:
    """Return what somebody wrote so that nothing in it passes for a citation."""
    return text.replace("[[", "［［").replace("]]", "］］")


# --- Numbers -------------------------------------------------------------------------------------------------


def number(value: Decimal | int) -> str:
    """Return a number without separators and idle zeros, as documents write it."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """Return a percentage with one place at most, never rounded up to a full 100."""
    return f"{number(shown_percent(value))}%"


def points(value: Decimal) -> str:
    """Return a difference of percentages in words; what is less than a tenth says so instead of saying 0."""
    rounded = abs(value).quantize(Decimal("0.1"))
    return f"{number(rounded)}个百分点" if rounded else "不足0.1个百分点"


def counted(unit: str) -> str:
    """Return the unit of what was counted: of 次/月 the occurrences are 次."""
    return unit.split("/")[0]


def things(measure: str, unit: str) -> str:
    """Return what is counted without the word for its number, so that an amount can follow: 改造户数 → 改造, 食堂数 → 食堂.

    A classifier goes only where it is not part of a noun (案件, 住户). With 人 as unit the word stays, since 老年人数 is the
    number of 老年人 while 伤亡人数 is that of 伤亡.
    """
    if counted(unit) == "人":
        return measure
    bare = measure.removesuffix("数")
    if counted(unit) in CLASSIFIERS and not bare.endswith(NOUNS):
        bare = bare.removesuffix(counted(unit))
    return bare or measure


def goal_in_words(fact: Fact) -> str:
    """Return the goal, such as 不低于100户; "" where there is none."""
    if fact.goal is None:
        return ""
    shown = f"{number(fact.goal)}%" if fact.is_ratio else f"{number(fact.goal)}{fact.unit}"
    return f"{Comparator(fact.comparator).label}{cite(fact.code, shown)}"


# --- Sentences -----------------------------------------------------------------------------------------------


def statement(fact: Fact) -> str:
    """Return one sentence about the target, without its full stop."""
    if fact.withheld:
        return f"{fact.measure}涉及人数较少，按规定不列具体数字"
    if fact.is_ratio and fact.amount.is_not_applicable:
        return f"{fact.measure}本期没有可计算的对象，不适用"
    if fact.amount.measured(fact.is_ratio) is None:
        return _unreported(fact)
    if fact.kind == TargetKind.CEILING:
        return _ceiling(fact)
    if fact.kind == TargetKind.MILESTONE and not fact.is_ratio:
        return _milestone(fact)
    said = [_amount(fact), change(fact), _against_goal(fact), _against_pace(fact)]
    return "，".join(words for words in said if words)


def _unreported(fact: Fact) -> str:
    if fact.light == Light.RED:
        return f"{fact.measure}逾期未完成，尚未报送数据"
    return f"{fact.measure}" + ("尚未到填报期" if fact.light == Light.NOT_STARTED else "尚未报送数据")


def _ceiling(fact: Fact) -> str:
    value = fact.amount.measured(fact.is_ratio)
    if value == 0 and not fact.is_ratio:
        named = things(fact.measure, fact.unit)
        words = cite(fact.code, f"未发生{named}" if named != fact.measure else f"{fact.measure}为零")
    else:
        words = _amount(fact)
    if fact.reason == Reason.CEILING_BREACHED:
        return f"{words}，突破控制上限（{goal_in_words(fact)}）"
    missing = "，部分单位尚未零报告" if fact.reason == Reason.NO_ZERO_REPORT else ""
    return words + missing


def _milestone(fact: Fact) -> str:
    name = cite(fact.code, quoted(fact.measure))
    value = fact.amount.value
    if fact.goal is not None and value >= fact.goal:
        return name + ("已逾期完成" if fact.light == Light.DONE_LATE else "已完成")
    begun = f"已完成{cite(fact.code, _with_unit(value, fact.unit))}，" if value else ""
    return f"{name}{begun}" + ("逾期尚未完成" if fact.light == Light.RED else "正在推进")


def quoted(name: str) -> str:
    """Return the name in quotation marks, those within it as single ones (GB/T 15834 4.8)."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def _amount(fact: Fact) -> str:
    if fact.is_ratio:
        shown = percent(fact.amount.percent)
        pair = f"（{number(fact.amount.numerator)}/{number(fact.amount.denominator)}）"
        return f"{fact.measure}为{cite(fact.code, shown + pair)}"
    value = fact.amount.value
    if value == 0:
        return f"{things(fact.measure, fact.unit)}{cite(fact.code, '尚无进展')}"
    named = things(fact.measure, fact.unit)
    return f"{named}{'为' if named == fact.measure else ''}{cite(fact.code, _with_unit(value, fact.unit))}"


def _with_unit(value: Decimal, unit: str) -> str:
    return f"{number(value)}{counted(unit)}"


def change(fact: Fact) -> str:
    """Return how the amount has changed since the span before; "" where there is nothing to compare."""
    now, before = fact.amount.measured(fact.is_ratio), fact.before.measured(fact.is_ratio)
    if now is None or before is None or (now == before == 0):
        return ""
    if now == before:
        return "与上期末持平"
    if fact.is_ratio:
        return f"较上期末{'提高' if now > before else '下降'}{cite(fact.code, points(now - before))}"
    return f"较上期末{'增加' if now > before else '减少'}{cite(fact.code, _with_unit(abs(now - before), fact.unit))}"


def _against_goal(fact: Fact) -> str:
    """Return the share of the goal that is done; over 100 % is 超额."""
    goal = goal_in_words(fact)
    if not goal or fact.strength == Strength.TRACKED:
        return ""
    if fact.is_ratio or fact.comparator in LIMITS or fact.progress is None:
        return f"{'达到' if _is_met(fact) else '尚未达到'}{goal.removeprefix('达到')}的目标"
    if fact.progress > HUNDRED:
        return f"超额完成年度目标，完成率为{cite(fact.code, percent(fact.progress))}"
    if fact.progress == HUNDRED:
        return "完成年度目标" if fact.light != Light.DONE_LATE else "逾期后完成年度目标"
    return f"完成年度目标的{cite(fact.code, percent(fact.progress))}"


def _is_met(fact: Fact) -> bool:
    value, goal = fact.amount.measured(fact.is_ratio), fact.goal
    return {
        Comparator.GE: value >= goal,
        Comparator.EQ: value >= goal,
        Comparator.GT: value > goal,
        Comparator.LE: value <= goal,
        Comparator.LT: value < goal,
    }[Comparator(fact.comparator)]


def _against_pace(fact: Fact) -> str:
    if fact.reason == Reason.OVERDUE:
        return "逾期未完成"
    if fact.light in (Light.BEHIND, Light.RED) and fact.gap:
        grave = "严重" if fact.light == Light.RED else ""
        return f"{grave}落后序时进度{cite(fact.code, points(fact.gap))}"
    return ""


def listed(names: list[str], limit: int = 3) -> str:
    """Return names in a row, the first few of many: 甲、乙、丙等5个."""
    shown = "、".join(names[:limit])
    return shown if len(names) <= limit else f"{shown}等{len(names)}个"
