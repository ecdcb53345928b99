"""Forms whose rules are those of the services."""

from django import forms

from ..models import Allocation, Assignment, Target
from ..services.plan import allocate, require_goal_reason, require_summing_stays
from .shared import PlanPartForm, refusal_of


class ReasonMixin(forms.Form):
    """A reason that the change is logged with."""

    reason = forms.CharField(label="修改原因", required=False, max_length=500, help_text="写入审计日志。")


class TargetForm(ReasonMixin, PlanPartForm):
    """A target; a changed goal of a published plan needs the reason."""

    class Meta:
        model = Target
        fields = [
            "plan",
            "task",
            "also_in",
            "code",
            "sort",
            "measure",
            "kind",
            "strength",
            "implied",
            "comparator",
            "goal",
            "unit",
            "numerator_label",
            "denominator_label",
            "start",
            "due",
            "due_proposed",
            "curve",
            "recurrence",
            "cooperation",
            "needs_evidence",
            "note",
        ]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and "goal" in self.changed_data:
            refused = refusal_of(require_goal_reason, plan=self.instance.plan, reason=cleaned.get("reason", ""))
            if refused:
                self.add_error("reason", refused.message)
        if self.instance.pk and cleaned.get("kind"):
            refused = refusal_of(require_summing_stays, target=self.instance, kind=cleaned["kind"])
            if refused:
                self.add_error("kind", refused.message)
        self._check_other_tasks(cleaned)
        return cleaned

    def _check_other_tasks(self, cleaned: dict) -> None:
        plan, task = cleaned.get("plan") or self.instance.plan, cleaned.get("task") or self.instance.task
        if any(other.plan_id != plan.pk or other == task for other in cleaned.get("also_in") or ()):
            self.add_error("also_in", "只能选择同一工作要点的其他任务。")


class AllocationForm(ReasonMixin, forms.ModelForm):
    class Meta:
        model = Allocation
        fields = ["target", "org_unit", "amount"]

    def clean(self):
        cleaned = super().clean()
        stored = self.instance.pk is not None
        target = self.instance.target if stored else cleaned.get("target")
        unit = self.instance.org_unit if stored else cleaned.get("org_unit")
        if target and unit and not self.errors:
            asked = {"amounts": {unit: cleaned.get("amount")}, "reason": cleaned.get("reason", "")}
            refused = refusal_of(allocate, target=target, actor=self.actor, **asked)
            if refused:
                self.add_error("reason" if refused.code == "reason_required" else "amount", refused.message)
        return cleaned


class AssignmentForm(forms.ModelForm):
    """A new lead takes the place of the old one, so the form does not object to two."""

    class Meta:
        model = Assignment
        fields = ["task", "org_unit", "role"]

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk and not self.errors:
            taken = Assignment.objects.filter(task=cleaned["task"], org_unit=cleaned["org_unit"])
            if taken.exists():
                self.add_error("org_unit", "该单位在这一任务中已有分工，请直接修改。")
        return cleaned

    def _get_validation_exclusions(self):
        """Leave out the constraint of one lead: the service moves the old lead aside before it writes."""
        return super()._get_validation_exclusions() | {"role"}
