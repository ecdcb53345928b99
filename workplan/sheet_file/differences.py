"""A cell of the file that is not as stored, and what becomes of it."""

from dataclasses import dataclass

from django.db.models import TextChoices

from ..views.sheet_page import Part, Row
from .columns import ENTRIES, TEXTS, inputs_of, text_in_cell
from .reading import FileRow


class Fate(TextChoices):
    """What becomes of a changed cell."""

    CHANGE = "change", "改为"
    CONFLICT = "conflict", "与他人填写冲突"
    WRONG = "wrong", "有误"
    CLOSED = "closed", "不可填写"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's cells go in the sheet. task: its id; stored: by field what can be typed, as the page's inputs send it.

    refused: why nothing can be typed, "" where it can.
    """

    sheet: str
    key: int
    task: int
    measure: str
    stored: dict[str, str]
    refused: str

    @property
    def names(self) -> tuple[str, str]:
        """Return how the names of the page's inputs begin: of what is typed, and of what was there before."""
        if self.sheet == ENTRIES:
            return f"entry-{self.key}", f"was-{self.key}"
        return f"text-{self.key}", f"was-text-{self.key}"

    def shown(self, field: str) -> str:
        return text_in_cell(field, self.stored.get(field, ""))


def entry_place(part: Part, row: Row) -> Place:
    stored = row.inputs.stored if row.inputs else {}
    return Place(ENTRIES, row.pk, part.task.pk, row.measure, stored, part.refused)


def text_place(part: Part) -> Place:
    stored = part.texts.stored if part.texts else {}
    return Place(TEXTS, part.task.pk, part.task.pk, part.task.title, stored, part.refused)


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell. place: None where there is none, or none any more."""

    row: FileRow
    field: str
    fate: Fate
    reason: str = ""
    place: Place | None = None
    said: str = ""  # what is meant where the cell itself is empty

    @property
    def code(self) -> str:
        """Return the code of the target, or the number of the task."""
        return self.row.stamp.label if self.row.stamp else self.row.label

    @property
    def measure(self) -> str:
        return self.place.measure if self.place else ""

    @property
    def label(self) -> str:
        """Return the name of the input, which is that of its column."""
        return inputs_of(self.row.sheet)[self.field].name

    @property
    def stored(self) -> str:
        """Return what is stored now; for a locked cell what it showed."""
        if self.place and self.field in self.place.stored:
            return self.place.shown(self.field)
        return self.row.stamp.shut.get(self.field, "") if self.row.stamp else ""

    @property
    def typed(self) -> str:
        return self.row.cells[self.field] or self.said
