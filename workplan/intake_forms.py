"""Forms of the intake. Which correction fits is decided by `workplan.intake`; here is what is typed, and that nothing of it is lost."""

import re
from datetime import date
from decimal import Decimal

from django import forms

from accounts.models import OrgUnit

from .forms import AmountField, DayField, TextField, plain
from .intake import edits
from .intake.errors import BadEdit
from .intake.outline import DraftSection, DraftTarget, DraftTask, Facts, Outline
from .intake.places import sentences
from .rules.kinds import Comparator, Recurrence, Strength, TargetKind
from .services.intake import KINDS, LARGEST, MOST_TEXT

CHOOSE = "请选择"
NUMBER = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,4})?)(万?)([%％]|[户个家名人次件张项所处场份座对台套条期])")


def words(label: str, limit: int, needed: bool = True, **kwargs) -> forms.CharField:
    messages = {"required": f"请填写{label}。", "max_length": f"{label}最多 {limit} 字，现有 %(show_value)d 字。"}
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=limit, required=needed, error_messages=messages, widget=widget, **kwargs
    )


def choice(label: str, choices) -> forms.ChoiceField:
    messages = {"required": f"请选择{label}。", "invalid_choice": f"请选择{label}。"}
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, error_messages=messages, widget=widget)


class IntakeForm(forms.Form):
    """A form that shows its lines with hints and mistakes tied to the inputs."""

    def lines(self) -> list[forms.BoundField]:
        shown = self.visible_fields()
        for bound in shown:
            attrs = bound.field.widget.attrs
            attrs["aria-describedby"] = f"{bound.id_for_label}-hint"
            if bound.errors:
                attrs |= {"aria-invalid": "true", "class": f"{attrs.get('class', 'form-control')} is-invalid"}
        return shown

    def place(self, error: BadEdit) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.message)


class UploadForm(IntakeForm):
    """A notice: a file, or its text. The bureau is asked for only where there is a choice."""

    bureau = choice("局", ())
    file = forms.FileField(
        label="通知文件",
        required=False,
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ",".join(KINDS)}),
        help_text=f"Word（.docx）、网页（.html）或文本（.txt），不超过 {LARGEST >> 20} MB。",
        error_messages={"max_length": "文件名过长，请改短后再试。"},
    )
    text = TextField(
        label="或粘贴通知全文",
        rows=8,
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        error_messages={"max_length": f"全文超过 {MOST_TEXT} 字，不像一份通知。"},
    )

    def __init__(self, *args, bureaus: list[OrgUnit], **kwargs):
        super().__init__(*args, **kwargs)
        self.bureaus = {str(bureau.pk): bureau for bureau in bureaus}
        self.fields["bureau"].choices = [(pk, bureau.label) for pk, bureau in self.bureaus.items()]
        if len(bureaus) == 1:
            self.fields["bureau"].widget = forms.HiddenInput()
            self.initial["bureau"] = bureaus[0].pk

    def clean(self):
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "").strip()
        if file and text:
            self.add_error("file", "文件和粘贴的文本只能选一种：请取消选择文件，或清空文本。")
        elif file and not file.name.lower().endswith(KINDS):
            self.add_error(
                "file", "请上传 Word（.docx）、网页（.html）或文本（.txt）文件；旧版 .doc、PDF 请先另存为 .docx。"
            )
        elif file and file.size > LARGEST:
            self.add_error("file", f"文件超过 {LARGEST >> 20} MB，不像一份通知。")
        elif not file and not text and not self.errors:
            self.add_error("file", "请选择文件，或在下面粘贴通知全文。")


class EditForm(IntakeForm):
    """A correction that is typed. edit: its name."""

    edit = ""

    def data_of(self) -> dict:
        """Return the correction as it is kept."""
        return {"edit": self.edit} | {name: kept(value) for name, value in self.cleaned_data.items()}


def kept(value):
    """Return a value of a form as JSON keeps it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


class FactsForm(EditForm):
    """What the head of the notice says."""

    edit = "set_facts"
    title = words("标题", 120)
    year = forms.CharField(
        label="年度",
        error_messages={"required": "请填写年度。"},
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
    )
    document_number = words("发文字号", 60, needed=False)
    issued = DayField(label="成文日期", required=False)

    @classmethod
    def of(cls, facts: Facts, data=None):
        names = ("title", "year", "document_number", "issued")
        return cls(data, initial={name: getattr(facts, name) for name in names})


class SectionForm(EditForm):
    edit = "retitle_section"
    section = forms.CharField(widget=forms.HiddenInput)
    title = words("板块标题", edits.TITLE)

    @classmethod
    def of(cls, section: DraftSection, data=None):
        return cls(data, initial={"section": section.id, "title": section.title})


class NewSectionForm(EditForm):
    edit = "add_section"
    after = forms.CharField(widget=forms.HiddenInput, required=False)
    title = words("新板块的标题", edits.TITLE)


class TaskForm(EditForm):
    """What a task says, until when, and who answers for it."""

    edit = "change_task"
    task = forms.CharField(widget=forms.HiddenInput)
    title = words("任务标题", edits.TITLE)
    text = TextField(
        label="内容", rows=5, required=False, max_length=edits.TEXT, error_messages={"max_length": "内容过长。"}
    )
    due = DayField(label="完成时限", required=False)
    lead = words("牵头单位", edits.NAME, needed=False)
    others = words("配合单位", 400, needed=False, help_text="多个单位用“、”分开。")

    @classmethod
    def of(cls, task: DraftTask, data=None):
        lead = next((owner.name for owner in task.owners if owner.role == "lead"), "")
        others = "、".join(owner.name for owner in task.owners if owner.role != "lead")
        initial = {"task": task.id, "title": task.title, "text": task.text, "due": task.due}
        return cls(data, initial=initial | {"lead": lead, "others": others})


class SplitForm(EditForm):
    """From which sentence on the text becomes a task of its own."""

    edit = "split_task"
    task = forms.CharField(widget=forms.HiddenInput)
    cut = forms.CharField(
        label="从哪一句起成为新任务",
        error_messages={"required": "请选择从哪里拆分。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    @classmethod
    def of(cls, task: DraftTask, data=None):
        form = cls(data, initial={"task": task.id}, auto_id="split-%s")
        form.fields["cut"].widget.choices = [("", CHOOSE), *((at, _short(one)) for at, one in sentences(task.text))]
        return form


class MoveForm(EditForm):
    """To which section a task goes."""

    edit = "move_task_to"
    task = forms.CharField(widget=forms.HiddenInput)
    section = choice("移到板块", ())

    @classmethod
    def of(cls, task: DraftTask, outline: Outline, data=None):
        form = cls(data, initial={"task": task.id}, auto_id="move-%s")
        home = outline.section_of(task.id)
        others = [(one.id, _short(one.title)) for one in outline.sections if one.id != home.id]
        form.fields["section"].choices = [("", CHOOSE), *others]
        return form


class TargetForm(EditForm):
    """A target's promise."""

    edit = "change_target"
    target = forms.CharField(widget=forms.HiddenInput)
    measure = words("目标", edits.MEASURE)
    kind = choice("类型", TargetKind.choices())
    comparator = choice("比较", Comparator.choices())
    goal = AmountField(label="目标值")
    unit = words("计量单位", edits.UNIT)
    recurrence = choice("频次", Recurrence.choices())
    strength = choice("约束力", Strength.choices())
    due = DayField(label="完成时限", required=False)
    cooperation = forms.BooleanField(
        label="配合事项（结果不完全取决于本局）",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @classmethod
    def of(cls, target: DraftTarget, data=None):
        names = ("measure", "kind", "comparator", "unit", "recurrence", "strength", "due", "cooperation")
        initial = {name: getattr(target, name) for name in names}
        return cls(data, initial=initial | {"target": target.id, "goal": plain(target.goal)})


class NewTargetForm(TargetForm):
    """A target that the parser has not seen. start, end: the passage that was chosen."""

    edit = "add_target"
    target = None  # takes the inherited field away
    task = forms.CharField(widget=forms.HiddenInput)
    start = forms.CharField(widget=forms.HiddenInput, required=False)
    end = forms.CharField(widget=forms.HiddenInput, required=False)


def _short(text: str, limit: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit]}…"


def number_in(words: str) -> dict[str, str]:
    """Return goal and unit of the first number in a passage, as a form begins with them; nothing where there is none."""
    found = NUMBER.search(words)
    if not found:
        return {}
    goal = Decimal(found[1]) * (10_000 if found[2] else 1)
    kind = {"kind": TargetKind.RATE.value} if found[3] in "%％" else {}
    return {"goal": plain(goal), "unit": "%" if found[3] == "％" else found[3], **kind}
