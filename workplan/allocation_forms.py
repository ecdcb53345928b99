"""The form by which a target is broken down to units, and the ways in which it fills itself: equally, by a register, from a paste."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import BadRequest

from accounts.models import OrgUnit

from .forms import AmountField, PlanChangeForm, TextField, plain
from .models import Target
from .rules.breaking_down import spread
from .rules.entries import EntryInput, storable_problems
from .rules.kinds import TargetKind

STRANGE = "表单不完整，请重新打开指标分解页面。"
PASTE_LIMIT = 10_000
LONGEST_LINE = 100
BETWEEN = re.compile(r"[\s：:，、]+")
NUMBER = re.compile(r"[0-9０-９][0-9０-９.,．]*$")


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One unit that may take a share. stored: the share it has, "" for none."""

    unit: OrgUnit
    take: forms.BoundField
    amount: forms.BoundField | None
    stored: str
    proposed: bool


class BreakDownForm(PlanChangeForm):
    """A tick and, unless the target is a rate, a number for each unit. `shares`: what is stored, by unit id."""

    pasted = TextField(label="粘贴“单位 数值”", rows=4, required=False, max_length=PASTE_LIMIT)

    def __init__(self, data=None, *, target: Target, units: Sequence[OrgUnit], shares: dict[int, Decimal | None]):
        self.target, self.units, self.shares = target, units, shares
        super().__init__(data, initial={"seen": told(shares)})
        for unit in units:
            tick = forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": f"{unit.label}承担"})
            self.fields[f"take-{unit.pk}"] = forms.BooleanField(
                required=False, widget=tick, initial=unit.pk in shares, label=f"{unit.label}承担"
            )
            if not target.is_ratio:
                field = AmountField(initial=plain(shares.get(unit.pk)), label=f"{unit.label}分解值")
                field.widget.attrs |= {"aria-label": field.label, "aria-describedby": f"id_amount-{unit.pk}-hint"}
                self.fields[f"amount-{unit.pk}"] = field

    def rows(self, proposed: Iterable[int]) -> list[ShareRow]:
        return [
            ShareRow(
                unit,
                self[f"take-{unit.pk}"],
                None if self.target.is_ratio else self[f"amount-{unit.pk}"],
                self._stored(unit),
                unit.pk in proposed,
            )
            for unit in self.units
        ]

    def _stored(self, unit: OrgUnit) -> str:
        if unit.pk not in self.shares:
            return ""
        return plain(self.shares[unit.pk]) or "承担"

    def clean(self):
        """A number without the tick is meant as a share: who types it need not tick as well."""
        cleaned = super().clean()
        for unit in self.units:
            amount = cleaned.get(name := f"amount-{unit.pk}")
            for problem in storable_problems(EntryInput(value=amount)):
                self.add_error(name, problem.message)
            cleaned[f"take-{unit.pk}"] = cleaned.get(f"take-{unit.pk}") or amount is not None
        return cleaned

    def amounts(self) -> dict[OrgUnit, Decimal | None]:
        """Return the share of each unit that takes one."""
        data = self.cleaned_data
        return {unit: data.get(f"amount-{unit.pk}") for unit in self.units if data[f"take-{unit.pk}"]}

    def withdrawn(self) -> list[OrgUnit]:
        return [unit for unit in self.units if unit.pk in self.shares and not self.cleaned_data[f"take-{unit.pk}"]]

    def before(self) -> dict[int, Decimal | None]:
        """Return the shares that the page showed. Raises BadRequest where they cannot be read."""
        try:
            pairs = [one.split(":") for one in self.cleaned_data["seen"].split(",") if one]
            return {int(pk): Decimal(amount) if amount else None for pk, amount in pairs}
        except (ValueError, ArithmeticError):
            raise BadRequest(STRANGE) from None

    @property
    def can_spread(self) -> bool:
        return self.target.kind == TargetKind.COUNT and not self.target.is_ratio and self.target.goal is not None


def told(shares: dict[int, Decimal | None]) -> str:
    return ",".join(f"{pk}:{plain(amount)}" for pk, amount in sorted(shares.items()))


# --- filling ---


def filled(data, form: BreakDownForm, weights: dict[int, int]):
    """Return the posted data with the goal spread over the units by weight; units without a weight keep what is typed."""
    chosen = [unit for unit in form.units if unit.pk in weights]
    parts = spread(form.target.goal, [weights[unit.pk] for unit in chosen])
    return with_amounts(data, {unit.pk: part for unit, part in zip(chosen, parts, strict=True)})


def with_amounts(data, amounts: dict[int, Decimal]):
    data = data.copy()
    for pk, amount in amounts.items():
        data[f"amount-{pk}"] = plain(amount)
        data[f"take-{pk}"] = "on"
    return data


def read_pasted(text: str, units: Iterable[OrgUnit]) -> tuple[dict[int, Decimal], list[str]]:
    """Return numbers by unit id, and what is wrong with which line. A unit is named by its name, short name or code."""
    by_name: dict[str, set[int]] = {}
    for unit in units:
        for name in {unit.name, unit.label, unit.code}:
            by_name.setdefault(name, set()).add(unit.pk)
    found, wrong = {}, []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            problem = _read_line(line.strip(), by_name, found)
            wrong += [f"第 {number} 行：{problem}"] if problem else []
    return found, wrong


def _read_line(line: str, by_name: dict[str, set[int]], found: dict[int, Decimal]) -> str:
    """Add what the line says; return what is wrong with it, "" where nothing is."""
    if len(line) > LONGEST_LINE:
        return f"超过 {LONGEST_LINE} 字，应为“单位 数值”。"
    name, number = _name_and_number(line)
    named = by_name.get(name, set())
    if len(named) != 1:
        return f"“{name[:20]}”有多个单位，请用单位代码。" if named else f"“{name[:20]}”不是可分解的单位。"
    (pk,) = named
    if pk in found:
        return f"“{name}”出现了多次。"
    if not number:
        return f"“{name}”没有数值。"
    try:
        found[pk] = AmountField().clean(number)
    except forms.ValidationError as error:
        return error.messages[0]
    return ""


def _name_and_number(line: str) -> tuple[str, str]:
    """Return what stands before and after the last gap; without a gap, before and from the digits at the end. A comma separates thousands."""
    *names, last = BETWEEN.split(line)
    if names:
        return " ".join(names), last
    number = NUMBER.search(line)
    return (line[: number.start()], number[0]) if number else (line, "")
