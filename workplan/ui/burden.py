"""View models of the burden meter: a row for each township and period, the periods' course, what nobody fills in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..burden import NARRATIVE, Burden, Load, Unfilled
from ..models import ProgressReport, Target
from . import format as fmt
from .graphics import spark
from .tables import ListTable, NumberColumn, keyed_choices

ANY = [("", "全部")]


@dataclass(frozen=True, slots=True)
class BurdenRow:
    """What one township is asked for in one period."""

    unit: str
    unit_id: int
    unit_sort: int
    url: str
    period: str
    period_id: int
    period_start: date
    typed: int
    texts: int
    adhoc: int
    prefilled: int
    all: int

    @property
    def share(self) -> str:
        return fmt.ratio(self.prefilled, self.all)

    @property
    def share_key(self) -> Decimal:
        return Decimal(self.prefilled) / self.all if self.all else Decimal(-1)


def rows_of(found: Burden) -> list[BurdenRow]:
    """Return a row for each township and period, in the order of periods and units."""
    return [
        BurdenRow(
            unit=unit.label,
            unit_id=unit.pk,
            unit_sort=unit.sort,
            url=f"{reverse('workplan:year')}?plan={found.plan.pk}&unit={unit.pk}",
            period=period.name,
            period_id=period.pk,
            period_start=period.start,
            typed=load.typed,
            texts=load.texts,
            adhoc=load.adhoc,
            prefilled=load.prefilled,
            all=load.all,
        )
        for period in found.periods
        for unit in found.units
        if (load := found.loads.get((unit.pk, period.pk)))
    ]


class BurdenTable(ListTable):
    """Rows are `BurdenRow`. The share comes with its two numbers; the export has them apart."""

    title = "填报负担"
    page_size = 50
    unit = tables.Column("单位", order_by=("unit_sort", "unit_id", "period_start"))
    period = tables.Column("报告期", order_by=("period_start", "unit_sort"), attrs={"td": {"class": "nowrap"}})
    typed = NumberColumn("需填项", order_by=("typed", "unit_sort", "period_start"))
    texts = NumberColumn("其中文字", order_by=("texts", "unit_sort", "period_start"))
    adhoc = NumberColumn("其中临时填报", order_by=("adhoc", "unit_sort", "period_start"))
    prefilled = NumberColumn("台账预填", order_by=("prefilled", "unit_sort", "period_start"))
    share = tables.Column(
        "预填占比", order_by=("share_key", "unit_sort"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    all = NumberColumn("全部项", visible=False)

    class Meta(ListTable.Meta):
        empty_text = "没有分解到乡镇的目标。"

    def render_unit(self, value, record):
        return format_html('<a href="{}">{}</a>', record.url, value)

    def value_unit(self, value):
        return value


class BurdenFilter(forms.Form):
    """What the list can be narrowed by: the units and periods that it has."""

    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    period = forms.TypedChoiceField(label="报告期", required=False, coerce=int, empty_value=None)

    def __init__(self, data, found: Burden):
        super().__init__(data)
        self.fields["unit"].choices = ANY + keyed_choices((one.pk, one.label) for one in found.units)
        self.fields["period"].choices = ANY + keyed_choices((one.pk, one.name) for one in found.periods)

    def passes(self, row: BurdenRow) -> bool:
        asked = self.cleaned_data
        return asked["unit"] in (None, row.unit_id) and asked["period"] in (None, row.period_id)


# --- Above the list -----------------------------------------------------------------------------------------


def tiles(found: Burden) -> list[tuple[str, str]]:
    """Return numbers with their words: what the year asks for, of how many, and how much of it registers know."""
    total = found.total
    sheets = len(found.loads)
    each = fmt.rounded(Decimal(total.typed) / sheets) if sheets else fmt.MISSING
    share = fmt.percent(Decimal(100) * total.prefilled / total.all) if total.all else fmt.MISSING
    return [
        (
            fmt.number(total.typed),
            f"全年需填项（其中临时填报 {fmt.number(total.adhoc)}）" if total.adhoc else "全年需填项",
        ),
        (each, "平均每个乡镇每期"),
        (share, f"台账预填（{fmt.number(total.prefilled)}/{fmt.number(total.all)}）"),
        (fmt.number(len(found.unfilled)), "今年无人填写的项"),
    ]


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What a period asks of all townships together."""

    name: str
    url: str
    begun: bool
    load: Load
    share: str


def period_lines(found: Burden, on: date) -> list[PeriodLine]:
    lines = []
    for period in found.periods:
        load = found.of_period(period)
        url = f"{reverse('workplan:burden')}?plan={found.plan.pk}&period={period.pk}#table"
        lines.append(PeriodLine(period.name, url, period.start <= on, load, fmt.ratio(load.prefilled, load.all)))
    return lines


def trend(found: Burden, on: date) -> SafeString:
    """Return the course of what people are asked for, over the periods that have begun; empty for fewer than two."""
    typed = [Decimal(found.of_period(period).typed) for period in found.periods if period.start <= on]
    if len(typed) < 2:
        return SafeString("")
    return spark(typed, f"各期需填项：{fmt.number(typed[0])} 到 {fmt.number(typed[-1])}")


@dataclass(frozen=True, slots=True)
class UnfilledLine:
    """An input that nobody has filled in this year, ready to be shown."""

    code: str
    what: str
    name: str
    url: str
    units: int


def unfilled_lines(found: Burden) -> list[UnfilledLine]:
    return [_unfilled(one) for one in found.unfilled]


def _unfilled(one: Unfilled) -> UnfilledLine:
    if one.target is None:
        url = reverse("workplan:task", args=[one.task.pk])
        return UnfilledLine(f"任务{one.task.number}", one.task.title, _label(None, one.name), url, one.units)
    url = reverse("workplan:target", args=[one.target.pk])
    return UnfilledLine(one.target.code, one.target.measure, _label(one.target, one.name), url, one.units)


def _label(target: Target | None, name: str) -> str:
    """Return the words of the input, as the sheet has them."""
    if name == NARRATIVE:
        return str(ProgressReport._meta.get_field(NARRATIVE).verbose_name)
    own = {"numerator": target.numerator_label, "denominator": target.denominator_label}
    return own.get(name) or {"numerator": "分子", "denominator": "分母", "zero_report": "零报告"}.get(name, "数值")
