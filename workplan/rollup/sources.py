"""Where a cited number comes from: its row in the document's own tables, and its page in the portal as of the report's end."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from ..enums import DutyState
from ..rules.kinds import Light

DUTIES = {
    "handed_in": DutyState.HANDED_IN.value,
    "on_time": DutyState.ON_TIME.value,
    "late": DutyState.LATE.value,
    "missing": DutyState.MISSING.value,
}


def addresses(snapshot: dict[str, Any], base: str = "") -> dict[str, str]:
    """Return by key of a citation the address of the page that shows the number. base: scheme and host, without a slash at the end."""
    on = {"as_of": snapshot["end"]}
    unit = {"unit": snapshot["unit"]} if snapshot["level"] == "township" else {}
    plan = {"plan": snapshot["plan"]["pk"]}
    found = {row["code"]: _with(reverse("workplan:target", args=[row["pk"]]), on) for row in snapshot["targets"]}
    found |= _lights("all", plan | _of_section(snapshot) | unit, on)
    for section in snapshot["sections"]:
        found |= _lights(f"s{section['number']}", plan | {"section": section["pk"]} | unit, on)
    period = {"period": snapshot["reporting"]["period"]} if snapshot["reporting"]["period"] else {}
    found |= _duties("rep", period | _of_section(snapshot) | unit, on)
    for one in snapshot["reporting"]["units"]:
        found |= _duties(f"u{one['pk']}", period | _of_section(snapshot) | {"unit": one["pk"]}, on)
    return {key: base + address for key, address in found.items()}


def _of_section(snapshot: dict) -> dict:
    return {"section": snapshot["sections"][0]["pk"]} if snapshot["level"] == "section" and snapshot["sections"] else {}


def _lights(prefix: str, query: dict, on: dict) -> dict[str, str]:
    listed = reverse("workplan:targets")
    found = {f"{prefix}.{light.value}": _with(listed, query | {"light": light.value} | on) for light in Light}
    return found | {
        f"{prefix}.{name}": _with(listed, query | on) for name in ("total", "tasks", "sections", "well", "lit")
    }


def _duties(prefix: str, query: dict, on: dict) -> dict[str, str]:
    listed = reverse("workplan:duties")
    found = {f"{prefix}.{name}": _with(listed, query | {"status": state} | on) for name, state in DUTIES.items()}
    return found | {f"{prefix}.owed": _with(listed, query | on)}


def _with(address: str, query: dict) -> str:
    return f"{address}?{urlencode(query)}"
