"""Small drawings in a line of text: a bar of progress and a trend. Colours come from the style sheet by class."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import format as fmt

FULL = 120  # a bar ends at 120 percent of the goal: over-fulfilment is normal and shall be seen
WIDTH, HEIGHT, EDGE = 100, 24, 3  # of a trend; its line keeps off the edge by the width of its dot


def bar(progress: Decimal, pace: Decimal | None, tone: str) -> SafeString:
    """Return a bar of the progress in percent of the goal, in the colour of its light, with a stroke where pace is."""
    words = f"完成 {fmt.percent(progress)}" + (f"，序时应达 {fmt.percent(pace)}" if pace is not None else "")
    stroke = SafeString("")
    if pace is not None:
        stroke = format_html('<line class="bullet-pace" x1="{0}" x2="{0}" y1="0" y2="12"/>', _place(pace))
    return format_html(
        '<svg class="bullet" viewBox="0 0 {} 12" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="bullet-ground" y="3" width="{}" height="6"/><line class="bullet-goal" x1="100" x2="100" y1="1" '
        'y2="11"/><rect class="bullet-done bullet-{}" y="3" width="{}" height="6"/>{}</svg>',
        FULL,
        words,
        FULL,
        tone,
        _place(progress),
        stroke,
    )


def _place(percent: Decimal) -> str:
    return f"{min(max(float(percent), 0), FULL):.1f}"


def spark(
    values: Sequence[Decimal | None],
    words: str,
    pace: Sequence[Decimal | None] = (),
    span: tuple[Decimal, Decimal] | None = None,
) -> SafeString:
    """Return a trend of the values with a dot at the last known one; empty for fewer than two known values.

    words: what a screen reader says; pace: what was asked for at the same points; span: the values at the foot and at the top,
    by default the lowest and highest of all. Unknown values are passed over.
    """
    known = [*(span or ()), *(value for value in [*values, *pace] if value is not None)]
    drawn = _points(values, known)
    if len(drawn) < 2:
        return SafeString("")
    asked = _points(pace, known)
    line = format_html('<polyline class="spark-pace" points="{}"/>', " ".join(asked)) if asked else ""
    x, y = drawn[-1].split(",")
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}'
        '<polyline class="spark-line" points="{}"/><line class="spark-end" x1="{x}" x2="{x}" y1="{y}" y2="{y}"/></svg>',
        WIDTH,
        HEIGHT,
        words,
        line,
        " ".join(drawn),
        x=x,
        y=y,
    )


def _points(values: Sequence[Decimal | None], known: list[Decimal]) -> list[str]:
    """Return the places of the known values, from the lowest of all known values to the highest."""
    if not known:
        return []
    low, span, step = min(known), max(known) - min(known), (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    share = [None if value is None else float((value - low) / span) if span else 0.5 for value in values]
    inside = HEIGHT - 2 * EDGE
    return [f"{EDGE + n * step:.1f},{EDGE + inside * (1 - up):.1f}" for n, up in enumerate(share) if up is not None]
