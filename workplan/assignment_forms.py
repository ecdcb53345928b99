"""The form by which a task is assigned to units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import BadRequest

from accounts.enums import TOWNSHIP_KINDS
from accounts.models import OrgUnit

from .enums import AssignmentRole
from .forms import PlanChangeForm
from .models import Assignment

STRANGE = "表单不完整，请重新打开责任分工页面。"
NONE = [("", "—")]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One unit that may have a part. stored: its part by now, "" for none."""

    unit: OrgUnit
    role: forms.BoundField
    stored: str
    proposed: bool


class AssignForm(PlanChangeForm):
    """A part for each unit. `parts`: what is stored, by unit id."""

    def __init__(self, data=None, *, units: Sequence[OrgUnit], parts: dict[int, Assignment]):
        self.units, self.parts = units, parts
        super().__init__(data, initial={"seen": told(parts.values())})
        for unit in units:
            self.fields[f"role-{unit.pk}"] = forms.ChoiceField(
                label=f"{unit.label}分工",
                required=False,
                choices=NONE + AssignmentRole.choices,
                initial=parts[unit.pk].role if unit.pk in parts else "",
                widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{unit.label}分工"}),
                error_messages={"invalid_choice": "请从列表中选择。"},
            )

    def rows(self) -> list[PartRow]:
        return [self._row(unit) for unit in self.units]

    def _row(self, unit: OrgUnit) -> PartRow:
        part = self.parts.get(unit.pk)
        stored = part.get_role_display() if part else ""
        return PartRow(unit, self[f"role-{unit.pk}"], stored, bool(part and part.proposed))

    def clean(self):
        cleaned = super().clean()
        leads = [unit for unit in self.units if cleaned.get(f"role-{unit.pk}") == AssignmentRole.LEAD]
        for unit in leads[1:]:
            self.add_error(f"role-{unit.pk}", f"只能有一个牵头单位，已选{leads[0].label}。")
        return cleaned

    def roles(self) -> dict[OrgUnit, str]:
        """Return the part of each unit that has one."""
        chosen = {unit: self.cleaned_data[f"role-{unit.pk}"] for unit in self.units}
        return {unit: role for unit, role in chosen.items() if role}

    def withdrawn(self) -> list[OrgUnit]:
        return [unit for unit in self.units if unit.pk in self.parts and not self.cleaned_data[f"role-{unit.pk}"]]

    def before(self) -> dict[int, str]:
        """Return the roles that the page showed. Raises BadRequest where they cannot be read."""
        try:
            pairs = [one.split(":") for one in self.cleaned_data["seen"].split(",") if one]
            return {int(pk): AssignmentRole(role).value for pk, role in pairs}
        except ValueError:
            raise BadRequest(STRANGE) from None


def told(parts: Iterable[Assignment]) -> str:
    return ",".join(f"{part.org_unit_id}:{part.role}" for part in sorted(parts, key=lambda one: one.org_unit_id))


def all_townships_report(data, units: Iterable[OrgUnit]):
    """Return the posted data in which every township that has no part yet reports."""
    data = data.copy()
    for unit in units:
        if unit.kind in TOWNSHIP_KINDS and not data.get(f"role-{unit.pk}"):
            data[f"role-{unit.pk}"] = AssignmentRole.REPORT.value
    return data
