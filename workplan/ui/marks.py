"""Lights and states as a shape with a word: colour is never the only sign."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..enums import ReportStatus
from ..rules.kinds import Light

CIRCLE = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z"
TICKED = CIRCLE + "M5 8.2l2.2 2.2L11.2 6.2l-.9-.9-3.1 3.1-1.3-1.3z"
HALF = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 3.5v9a4.5 4.5 0 0 1 0-9z"
RING = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z"
TRIANGLE = "M8 1.8L15 14H1z"
SQUARE = "M2.5 2.5h11v11h-11z"
DIAMOND = "M8 1.2L14.8 8 8 14.8 1.2 8zM8 4L4 8l4 4 4-4z"
DASH = "M2 6.8h12v2.4H2z"
DOT = "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"


SIGN = (
    '<span class="sign sign-{}"><svg class="sign-shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
    '<path fill-rule="evenodd" d="{}"/></svg><span class="sign-word">{}</span>{}</span>'
)


@dataclass(frozen=True)
class Mark:
    """A sign for a state, drawn once: pages repeat a few of them hundreds of times. tone: class suffix of its colour; path: outline of its shape in a box of 16 by 16."""

    code: str
    word: str
    tone: str
    path: str

    @cached_property
    def html(self) -> SafeString:
        return format_html(SIGN, self.tone, self.path, self.word, "")

    def titled(self, reason: str) -> SafeString:
        """Return the sign with its reason as a second, quieter word."""
        why = format_html('<span class="sign-why">{}</span>', reason) if reason else ""
        return format_html(SIGN, self.tone, self.path, self.word, why)

    def beside(self, text: str) -> SafeString:
        """Return the shape beside a value, for dense grids with a legend; the word is there for screen readers."""
        word = format_html('<span class="visually-hidden">{}</span>{}', self.word, text) if text else self.word
        return format_html(SIGN, self.tone, self.path, word, "")

    def __str__(self):
        return self.word


def _light(light: Light, tone: str, path: str) -> Mark:
    return Mark(light.value, light.label, tone, path)


LIGHTS: dict[Light, Mark] = {
    Light.RED: _light(Light.RED, "red", SQUARE),
    Light.NOT_REPORTED: _light(Light.NOT_REPORTED, "rose", DIAMOND),
    Light.BEHIND: _light(Light.BEHIND, "yellow", TRIANGLE),
    Light.NOT_STARTED: _light(Light.NOT_STARTED, "grey", DASH),
    Light.ON_PACE: _light(Light.ON_PACE, "green", CIRCLE),
    Light.DONE_LATE: _light(Light.DONE_LATE, "olive", HALF),
    Light.DONE: _light(Light.DONE, "green", TICKED),
    Light.UNLIT: _light(Light.UNLIT, "grey", DOT),
}

STATUSES: dict[str, Mark] = {
    ReportStatus.DRAFT: Mark("draft", ReportStatus.DRAFT.label, "grey", RING),
    ReportStatus.SUBMITTED: Mark("submitted", ReportStatus.SUBMITTED.label, "blue", CIRCLE),
    ReportStatus.RETURNED: Mark("returned", ReportStatus.RETURNED.label, "red", TRIANGLE),
    ReportStatus.APPROVED: Mark("approved", ReportStatus.APPROVED.label, "green", TICKED),
}
MISSING = Mark("missing", "未报", "rose", DIAMOND)
NOT_YET = Mark("not_yet", "待填报", "grey", RING)
LATE = Mark("late", "逾期", "yellow", TRIANGLE)
ON_TIME = Mark("on_time", "按期", "green", CIRCLE)
ZERO = Mark("zero", "零报告", "green", RING)
NOTHING = Mark("nothing", "未到期", "grey", DASH)


def light_mark(light: str) -> Mark:
    return LIGHTS[Light(light)]


def status_mark(status: str) -> Mark:
    """Return the sign of a report's state."""
    return STATUSES[status]
