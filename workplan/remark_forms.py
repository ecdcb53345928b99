"""Forms of leaders' remarks. What the words must satisfy is asked of the services."""

import uuid

from django import forms

from .errors import Refused
from .forms import DayField, TextField, version_field
from .models import Remark
from .order_forms import WORDS_LIMIT, PlacedForm
from .services.remarks import ANSWER_DAYS, LONGEST, RemarkInput, checked_due, checked_text

REMARK_LIMIT = 1000


class RemarkForm(PlacedForm):
    """A new remark. key: once sent, sent once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = TextField(label="批示内容", rows=4, max_length=REMARK_LIMIT, required=False)
    due = DayField(
        label="回应时限", required=False, help_text=f"一般为 {ANSWER_DAYS} 个工作日，最长 {LONGEST.days} 天。"
    )

    def clean(self):
        """Say everything that is wrong at once: the service would stop at the first."""
        for name, check in (("text", checked_text), ("due", checked_due)):
            if name not in self.errors:
                try:
                    check(self.cleaned_data.get(name))
                except Refused as refused:
                    self.add_error(name, refused.message)

    def typed(self) -> RemarkInput:
        return RemarkInput(self.cleaned_data["text"], self.cleaned_data["due"])


class AnswerForm(PlacedForm):
    """The office's answer."""

    version = version_field()
    text = TextField(label="回应内容", rows=4, max_length=WORDS_LIMIT, required=False)


def answer_form(row: Remark, data=None) -> AnswerForm:
    return AnswerForm(data, initial={"version": row.version}, auto_id="answer-%s")
