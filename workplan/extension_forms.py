"""Forms of requests for more time for reports. What days and words must satisfy is asked of the service."""

from django import forms

from .completeness import Duty
from .forms import REMARK_LIMIT, DayField, TextField
from .models import Period
from .order_forms import PlacedForm
from .sections import section_name

# Where the page says what the service has refused: code → field. Everything else stands above the form.
PLACES = {
    "tasks_required": "tasks",
    "nothing_owed": "tasks",
    "handed_in": "tasks",
    "past_due": "tasks",
    "no_room": "tasks",
    "wanted_required": "until",
    "not_later": "until",
    "after_close": "until",
    "until_in_past": "until",
    "beyond_wanted": "until",
    "text_required": "text",
}


class ExtensionForm(PlacedForm):
    """A form about a later day: its refusals stand at the field that they are about."""

    def place(self, refused) -> None:
        field = PLACES.get(refused.code)
        self.add_error(field if field in self.fields else None, refused.message)


class AskForm(ExtensionForm):
    """For which tasks, until when and why. apps: sections of which all tasks that can be asked for are meant."""

    tasks = forms.MultipleChoiceField(label="任务", required=False)
    apps = forms.MultipleChoiceField(label="整个板块", required=False)
    until = DayField(label="申请延至", required=False)
    text = TextField(label="延期理由", rows=3, max_length=REMARK_LIMIT, required=False)

    def __init__(self, *args, period: Period, owed: list[Duty], askable: list[Duty], **kwargs):
        """owed: all that the unit owes in the period, so that what was taken up meanwhile is named by the service."""
        super().__init__(*args, **kwargs)
        strange = {"invalid_choice": "所选任务不在本单位本期的填报范围内。"}
        self.askable = askable
        self.fields["tasks"].choices = [(str(duty.task.pk), str(duty.task)) for duty in owed]
        self.fields["apps"].choices = [(duty.task.section.app, "") for duty in owed]
        for name in ("tasks", "apps"):
            self.fields[name].error_messages |= strange
        self.fields["until"].help_text = f"晚于 {period.due}，不晚于报告期关闭日 {period.closes}。"

    def sections(self) -> list[dict]:
        """Return what can be ticked, by section."""
        ticked, whole = (set(map(str, self[name].value() or ())) for name in ("tasks", "apps"))
        found: dict[str, dict] = {}
        for duty in self.askable:
            app = duty.task.section.app
            part = found.setdefault(app, {"app": app, "name": section_name(app), "whole": app in whole, "tasks": []})
            pk = str(duty.task.pk)
            part["tasks"].append({"pk": pk, "name": str(duty.task), "due": duty.due, "ticked": pk in ticked})
        return list(found.values())

    def chosen(self) -> list:
        """Return the tasks that were ticked, one by one or with their section."""
        ticked, whole = self.cleaned_data["tasks"], self.cleaned_data["apps"]
        by_app = [duty.task for duty in self.askable if duty.task.section.app in whole]
        return [*ticked, *(str(task.pk) for task in by_app)]


class DecideForm(ExtensionForm):
    """The answer: a day, which may be earlier than the one asked for, or a reason for refusing."""

    until = DayField(label="同意延至", required=False)
    text = TextField(label="审批意见（不同意时必填）", rows=2, max_length=REMARK_LIMIT, required=False)
