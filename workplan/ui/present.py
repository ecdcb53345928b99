"""View models of targets: every number ready to be read."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import OrgUnit

from ..assess import Assessment
from ..discretion import stated_as_told
from ..models import Target
from ..observe import Sight
from ..rules.amounts import Amount
from ..rules.kinds import Light, Strength, TargetKind
from ..rules.lights import SEVERITY
from . import format as fmt
from .graphics import bar
from .marks import Mark, light_mark


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target with its standing, as lists and cards show it.

    verified: the part of a computed amount that spot checks have confirmed, "" for typed ones; rank: place in the order from bad to good; share_of: whose number it is, "" for the whole bureau.
    """

    pk: int
    url: str
    code: str
    sort: int
    measure: str
    section: str
    section_id: int
    task: str
    kind: str
    strength: str
    goal: str
    amount: str
    verified: str
    expected: str
    progress: Decimal | None
    progress_text: str
    gap: Decimal | None
    light: Light
    mark: Mark
    reason: str
    sign: SafeString
    rank: int
    reported: str
    due: str
    proposed: bool
    also_in: str
    share_of: str
    bar: SafeString

    @property
    def progress_key(self) -> Decimal:
        """Sort key of the progress: what has none comes first."""
        return Decimal(-1) if self.progress is None else self.progress

    @property
    def gap_key(self) -> Decimal:
        return self.gap or Decimal(0)

    @property
    def needs_attention(self) -> bool:
        return self.light in (Light.RED, Light.NOT_REPORTED, Light.BEHIND)


def row_of(sight: Sight, carry: str = "") -> TargetRow:
    """Return the view model of one target. `target` needs task__section and also_in loaded."""
    found, target = sight.assessment, sight.assessment.target
    verdict, section = found.verdict, target.task.section
    return TargetRow(
        pk=target.pk,
        url=reverse("workplan:target", args=[target.pk]) + carry,
        code=target.code,
        sort=target.sort,
        measure=target.measure,
        section=f"{section.number}. {section.campaign or section.title}",
        section_id=section.pk,
        task=f"{target.task.number}. {target.task.title}",
        kind=TargetKind(target.kind).label,
        strength=Strength(target.strength).label,
        goal=fmt.goal(target.comparator, found.goal, target.unit),
        amount=amount_text(found),
        verified=verified_text(found),
        expected=expected_text(found),
        progress=verdict.progress,
        progress_text=fmt.percent(verdict.progress),
        gap=verdict.gap,
        light=verdict.light,
        mark=light_mark(verdict.light),
        reason=verdict.reason.label,
        sign=light_mark(verdict.light).titled(verdict.reason.label),
        rank=SEVERITY.index(verdict.light),
        reported=f"{found.units_reported}/{found.units_expected}",
        due=fmt.day(target.due),
        proposed=target.due_proposed,
        also_in="、".join(str(task.number) for task in target.also_in.all()),
        share_of=sight.unit.label if sight.unit else "",
        bar=bullet(found),
    )


def amount_text(found: Assessment) -> str:
    """Return the amount in words, or that it is small where small counts are withheld."""
    say = fmt.withheld if found.withheld else fmt.amount
    return say(found.amount, found.target.unit)


def stated_text(user, stated: Amount, target: Target, unit: OrgUnit) -> str:
    """Return an amount stated in a report of the unit in words, or that it is small where small counts are withheld."""
    amount, withheld = stated_as_told(user, stated, target, unit)
    return (fmt.withheld if withheld else fmt.amount)(amount, target.unit)


def verified_text(found: Assessment) -> str:
    """Return how much of a computed number spot checks have confirmed; "" for what is typed."""
    if not found.target.is_computed:
        return ""
    if found.withheld and found.verified is None:
        return fmt.FEW
    unit = "" if found.target.is_ratio else fmt.bare_unit(found.target.unit)
    return fmt.quantity(found.verified or 0, unit)


def expected_text(found: Assessment) -> str:
    """Return the value that pace asks for by now."""
    if found.verdict.expected is None or found.target.kind == TargetKind.CEILING:
        return fmt.MISSING
    if found.target.unit == "%":
        return fmt.percent(found.verdict.expected)
    return f"{fmt.rounded(found.verdict.expected)} {fmt.bare_unit(found.target.unit)}"


def bullet(found: Assessment) -> SafeString:
    """Return a bar of the progress with a stroke where pace is; empty for targets without a measure of progress."""
    progress, goal = found.verdict.progress, found.full_goal
    if progress is None or not goal or found.target.kind == TargetKind.CEILING:
        return SafeString("")
    pace = found.verdict.expected and 100 * found.verdict.expected / goal
    return bar(progress, pace, light_mark(found.verdict.light).tone)
