"""Checks of one reported entry. Errors stop a submission, warnings ask."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .amounts import Amount
from .kinds import Comparator, TargetKind

LARGEST = Decimal(10) ** 14  # the database keeps 14 digits before the point and 4 after
PLACES = 4
SMALLEST = Decimal(1).scaleb(-PLACES)
USUAL_JUMP = Decimal(5)


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class EntryInput:
    """What was typed for one target. None is missing, zero is a value."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    done_on: date | None = None
    zero_report: bool = False
    remark: str = ""

    @property
    def amount(self) -> Amount:
        return Amount(self.value, self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What the checks need to know of the target and the day.

    previous: the unit's last accepted amount before this period; correction: the report corrects an approved
    one; required: an empty entry stops the submission; computed: the numbers come from registers, so that only the
    statement that nothing happened is still asked for; jump: the multiple of the previous total above which a reason is asked for;
    evidence_missing: progress needs a file to show for it, and none is there.
    """

    kind: TargetKind
    comparator: Comparator
    is_ratio: bool
    goal: Decimal | None
    on: date
    plan_start: date
    previous: Amount = field(default_factory=Amount)
    correction: bool = False
    required: bool = True
    computed: bool = False
    jump: Decimal = USUAL_JUMP
    evidence_missing: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding at one field, with a Chinese sentence that says what to do."""

    field: str
    level: Level
    code: str
    message: str


def error(field: str, code: str, message: str) -> Problem:
    return Problem(field, Level.ERROR, code, message)


def warning(field: str, code: str, message: str) -> Problem:
    return Problem(field, Level.WARNING, code, message)


def as_stored(number: Decimal | None) -> Decimal | None:
    """Return a sound number with the decimals that the database holds: what was just written then reads as it will be read."""
    return None if number is None else number.quantize(SMALLEST)


def storable_problems(entry: EntryInput) -> list[Problem]:
    """Return what the database would refuse, whatever the target: checked before a draft is stored."""
    found = []
    for name in ("value", "numerator", "denominator"):
        found += _number_problems(name, getattr(entry, name))
    if (entry.numerator is None) != (entry.denominator is None):
        empty = "numerator" if entry.numerator is None else "denominator"
        found.append(error(empty, "half_a_ratio", "分子和分母要一起填写。"))
    # `is_zero`: comparing a signalling NaN would raise.
    if entry.zero_report and not (entry.value is not None and entry.value.is_zero()):
        found.append(error("zero_report", "zero_report_not_zero", "勾选零报告时数值应为 0，请核对。"))
    return found


def _number_problems(name: str, number: Decimal | None) -> list[Problem]:
    if number is None:
        return []
    if not number.is_finite():
        return [error(name, "not_a_number", "请填写数字。")]
    if abs(number) >= LARGEST:
        return [error(name, "too_large", "数字过大，请核对单位。")]
    if number != round(number, PLACES):
        return [error(name, "too_many_decimals", f"最多保留 {PLACES} 位小数。")]
    if number < 0 and name != "numerator":  # the numerator of a growth rate may be
        return [error(name, "negative", "不能为负数。")]
    return []


def check_entry(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    """Return every problem of an entry that is about to be submitted."""
    found = storable_problems(entry)
    if found:
        return found
    if rule.computed:
        return _statement_problems(rule, entry)
    # Numbers of the other shape (left from before the target's unit changed) do not count as an answer.
    if (entry.numerator if rule.is_ratio else entry.value) is None:
        return [_missing(rule)] if rule.required else []
    return _amount_problems(rule, entry) + _date_problems(rule, entry) + _evidence_problems(rule, entry)


def _statement_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    """Where no incident is on record, somebody must still say that there was none."""
    if rule.kind != TargetKind.CEILING or entry.value != 0 or entry.zero_report:
        return []
    return [error("zero_report", "zero_report_missing", "台账中本期没有记录，确无发生的请勾选零报告确认。")]


def _amount_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    if rule.is_ratio:
        return _ratio_problems(rule, entry)
    if rule.kind == TargetKind.CEILING:
        return _ceiling_problems(rule, entry)
    return _total_problems(rule, entry) if rule.kind in (TargetKind.COUNT, TargetKind.MILESTONE) else []


def _missing(rule: EntryRule) -> Problem:
    if rule.is_ratio:
        return error("numerator", "missing", "请填写分子和分母；没有发生的填 0。")
    if rule.kind == TargetKind.CEILING:
        return error("value", "missing", "请填写本期起数；没有发生的请勾选零报告。")
    return error("value", "missing", "请填写数值；没有进展的填 0 或上期数。")


def _ratio_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    found = []
    growth = rule.comparator == Comparator.GT
    if not growth and entry.numerator < 0:
        found.append(error("numerator", "negative", "不能为负数。"))
    if not growth and entry.numerator > entry.denominator:
        found.append(error("numerator", "above_denominator", "分子不能大于分母，请核对。"))
    before = rule.previous.denominator
    if before and entry.denominator < before and not entry.remark.strip():
        message = f"分母比上期（{_plain(before)}）减少，请在说明中写明原因。"
        found.append(warning("denominator", "denominator_shrank", message))
    return found


def _ceiling_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    if entry.value == 0 and not entry.zero_report:
        return [error("zero_report", "zero_report_missing", "本期没有发生的，请勾选零报告确认。")]
    if entry.value > 0 and not entry.remark.strip():
        return [error("remark", "incident_unnamed", "请在说明中写明发生的情况和处置。")]
    return []


def _total_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    before = rule.previous.value
    if before is None:
        return []
    if entry.value < before and not rule.correction:
        message = f"累计数不能小于上次通过的 {_plain(before)}；如上次有误，请对上次填报发起更正。"
        return [error("value", "shrank", message)]
    if before > 0 and entry.value > before * rule.jump and not entry.remark.strip():
        message = f"超过上次（{_plain(before)}）的 {_plain(rule.jump)} 倍，请核对并在说明中写明原因。"
        return [warning("value", "jump", message)]
    return []


def _date_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    if entry.done_on is None:
        missing = error("done_on", "done_on_missing", "已完成的请填写完成日期。")
        return [missing] if _is_finished_milestone(rule, entry) else []
    if entry.done_on > rule.on:
        return [error("done_on", "in_future", "完成日期不能晚于今天。")]
    if entry.done_on < rule.plan_start:
        return [error("done_on", "before_plan", f"完成日期不能早于 {rule.plan_start:%Y-%m-%d}。")]
    return []


def _evidence_problems(rule: EntryRule, entry: EntryInput) -> list[Problem]:
    """Progress is what was not stated before; nothing, and the same again, need no file."""
    nothing_new = entry.amount == rule.previous or not (entry.numerator if rule.is_ratio else entry.value)
    if nothing_new or not rule.evidence_missing:
        return []
    field = "numerator" if rule.is_ratio else "value"
    return [error(field, "evidence_missing", "这一目标有进展时须附佐证材料，请先上传文件。")]


def _is_finished_milestone(rule: EntryRule, entry: EntryInput) -> bool:
    """A step on the way (0.3 for a draft) has no day of completion yet; the whole has."""
    if rule.kind != TargetKind.MILESTONE or not rule.goal:
        return False
    measured = entry.amount.measured(rule.is_ratio)
    return measured is not None and measured >= rule.goal


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
