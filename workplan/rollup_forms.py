"""Forms of roll-up reports: which one to make, and a template to lay them out by."""

from datetime import date

from django import forms

from accounts.enums import Right
from accounts.models import OrgUnit

from . import clock
from .enums import RollupKind
from .forms import DayField
from .models import Plan, Section
from .rollup.gather import Asked
from .rollup.spans import ends_in, start_of
from .services import rollup as service

BUREAU = "bureau"


class RollupForm(forms.Form):
    """Which report to make. Only what the user may report on can be chosen."""

    kind = forms.ChoiceField(
        label="类型", choices=RollupKind.choices, error_messages={"invalid_choice": "没有这一类型，请重新选择。"}
    )
    subject = forms.ChoiceField(label="范围", error_messages={"invalid_choice": "没有这一范围，或您无权汇总。"})
    start = DayField(label="起始日期", required=False, help_text="只用于专题汇总，其他类型按截止日期推算。")
    end = DayField(label="截止日期", help_text="数字截至这一天，如 2024-09-30。")

    def __init__(self, *args, user, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.plan = user, plan
        self.fields["subject"].choices = self._subjects()
        for name in ("kind", "subject"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["end"].error_messages["required"] = "请填写截止日期。"
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"{self[name].id_for_label}-hint"

    def _subjects(self) -> list:
        """Return the whole, the sections and the townships over which the user may report."""
        whole = [(BUREAU, self.plan.bureau.label)] if self._may() else []
        sections = [
            (f"section-{section.pk}", str(section))
            for section in self.plan.sections.order_by("number")
            if self._may(section=section)
        ]
        townships = OrgUnit.objects.below(self.plan.bureau).townships().valid_on(clock.today()) if whole else []
        units = [(f"township-{unit.pk}", unit.label) for unit in townships]
        return whole + [(name, group) for name, group in (("板块", sections), ("乡镇（街道）", units)) if group]

    def _may(self, section: Section | None = None) -> bool:
        today = clock.today()
        asked = Asked(plan=self.plan, kind=RollupKind.ON_DEMAND, start=today, end=today, section=section)
        return service.may(self.user, Right.ROLLUP_MAKE, asked)

    def clean(self):
        found = super().clean()
        if "kind" not in found or "end" not in found:
            return found
        found["start"] = self._start(found)
        return found

    def _start(self, found: dict) -> date | None:
        kind, end = found["kind"], found["end"]
        if kind == RollupKind.ON_DEMAND:
            if found.get("start") is None and "start" not in self.errors:
                self.add_error("start", "专题汇总请填写起始日期。")
            return found.get("start")
        start = start_of(kind, end)
        if start is None:
            self.add_error("end", f"{RollupKind(kind).label}汇总的截止日期应是一期的最后一天{self._example(kind)}。")
        return start

    def _example(self, kind: str) -> str:
        ends = ends_in(kind, self.plan.year, clock.today())
        return f"，如 {ends[0]}" if ends else ""

    def asked(self) -> Asked:
        """Return what was asked for; to be called on a valid form."""
        found = self.cleaned_data
        level, _, pk = found["subject"].partition("-")
        return Asked(
            plan=self.plan,
            kind=RollupKind(found["kind"]),
            start=found["start"],
            end=found["end"],
            section=self.plan.sections.get(pk=pk) if level == "section" else None,
            township=OrgUnit.objects.get(pk=pk) if level == "township" else None,
        )
