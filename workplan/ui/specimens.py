"""What the page of the design language shows: invented rows in the view models, forms and tables of the real pages.

The palette, the type scale and the spacing name the tokens of static/tokens.css; a test holds both alike.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import django_tables2 as tables
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..enums import StepColour
from ..forms import AmountField, DayField, TextField
from ..order_forms import PlacedForm
from ..rules.amounts import Amount
from ..rules.kinds import Comparator, Light
from ..rules.lights import SEVERITY
from . import format as fmt
from . import marks, orders
from .graphics import bar, spark
from .lists import ANY
from .marks import Mark, light_mark
from .overview import LightCount, SectionCard
from .tables import DayColumn, ListTable, MarkColumn, NumberColumn

NAMED_COLOURS = [
    ("ground", "页面底色"),
    ("paper", "卡片、表格、输入框的底色"),
    ("hover", "鼠标所在的行"),
    ("track", "进度条的槽、数量标签的底色"),
    ("ink", "正文"),
    ("quiet", "次要文字、标签、表头"),
    ("line", "分隔线、卡片边框"),
    ("edge", "输入框和按钮的边框"),
    ("accent", "链接、主按钮、当前位置"),
    ("accent-strong", "主按钮的鼠标悬停"),
    ("accent-soft", "当前菜单项、提示条的底色"),
    ("on-accent", "主按钮上的文字"),
    ("focus", "键盘焦点框"),
    ("banner", "顶部横幅的底色"),
    ("banner-ink", "顶部横幅的文字"),
]
TONES = [
    ("red", "红灯、退回、超期"),
    ("rose", "未报"),
    ("yellow", "滞后、临期"),
    ("orange", "督办升级"),
    ("green", "达到序时、完成、通过"),
    ("olive", "逾期完成"),
    ("blue", "办理中、已提交"),
    ("grey", "未到时间、不亮灯、草稿"),
]
SECTIONS = [
    ("signs", "标识"),
    ("numbers", "数字和日期"),
    ("tiles", "数字卡片和计数"),
    ("cards", "板块卡片"),
    ("bars", "进度条和走势"),
    ("heat", "热力格"),
    ("tables", "列表"),
    ("forms", "表单"),
    ("buttons", "按钮"),
    ("notes", "提示"),
    ("empty", "没有内容"),
    ("type", "字号和间距"),
    ("palette", "色彩"),
]
SIZES = [
    ("t1", "说明、标签、表头", "13 px"),
    ("t2", "正文、输入框、三级标题", "15 px（手机 16 px）"),
    ("t3", "二级标题、概述句", "17 px"),
    ("t4", "页面标题", "22 px（手机 20 px）"),
    ("t5", "数字卡片", "28 px（手机 24 px）"),
]
SPACES = [("s1", 4), ("s2", 8), ("s3", 12), ("s4", 16), ("s5", 20), ("s6", 32)]

PROGRESS = {  # of a goal of 100, where pace asks for 79
    Light.RED: 31,
    Light.NOT_REPORTED: None,
    Light.BEHIND: 66,
    Light.NOT_STARTED: 0,
    Light.ON_PACE: 82,
    Light.DONE_LATE: 100,
    Light.DONE: 118,
    Light.UNLIT: None,
}
PACE = Decimal(79)
TREND = [Decimal(value) for value in (4, 9, 15, 22, 34, 47, 55, 66)]
ASKED = [Decimal(value) for value in (10, 20, 30, 40, 50, 60, 70, 79)]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A row of the example table."""

    code: str
    measure: str
    amount: Decimal | None
    progress: Decimal | None
    mark: Mark
    due: date | None
    url: str = "#tables"
    reason: str = "落后序时"

    @property
    def bar(self) -> SafeString:
        return SafeString("") if self.progress is None else bar(self.progress, PACE, self.mark.tone)

    @property
    def amount_text(self) -> str:
        return f"{fmt.number(self.amount)} / {fmt.quantity(1300, '户')}"

    @property
    def progress_text(self) -> str:
        return fmt.percent(self.progress)


class SpecimenTable(ListTable):
    title = "样例"
    code = tables.Column("编号")
    measure = tables.Column("目标", orderable=False)
    amount = NumberColumn("实绩")
    progress = tables.Column("完成进度", orderable=False, empty_values=())
    mark = MarkColumn("亮灯", orderable=False)
    due = DayColumn("时限")

    def render_measure(self, value, record):
        return format_html(
            '<span class="measure"><a href="#tables">{}</a><span class="small quiet">样例板块 · 数量</span></span>',
            value,
        )

    def value_measure(self, value):
        return value

    def render_progress(self, record):
        return format_html('<span class="pace">{}<span class="num">{}</span></span>', record.bar, record.progress_text)

    def value_progress(self, record):
        return record.progress


class SpecimenFilter(forms.Form):
    q = forms.CharField(label="关键词", required=False, max_length=100)
    light = forms.ChoiceField(label="亮灯", required=False, choices=ANY + Light.choices())


class SpecimenForm(PlacedForm):
    title = forms.CharField(label="事项", max_length=20, help_text="20 字以内。")
    amount = AmountField(label="实绩（户）")
    due = DayField(label="完成时限", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), ("one", "一次性"), ("year", "全年")])
    words = TextField(label="说明", rows=3, max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["class"] = "form-control"
        self.fields["kind"].widget.attrs["class"] = "form-select"
        self.fields["title"].error_messages["required"] = "请填写事项。"
        self.fields["kind"].error_messages["required"] = "请选择类型。"


def rows(asked: dict) -> list[Specimen]:
    """Return one row for each light, in order of severity, that passes the filter."""
    found = [_specimen(number, light) for number, light in enumerate(SEVERITY, 1)]
    words, wanted = asked.get("q", "").split(), asked.get("light")
    found = [row for row in found if all(word in row.measure for word in words)]
    return [row for row in found if wanted in (None, "", row.mark.code)]


def _specimen(number: int, light: Light) -> Specimen:
    progress = None if PROGRESS[light] is None else Decimal(PROGRESS[light])
    due = None if light == Light.UNLIT else date(2024, 12, 31)
    amount = None if progress is None else progress * 13
    return Specimen(f"0.{number}", f"样例目标{light.label}", amount, progress, light_mark(light), due)


def context() -> dict:
    """Return everything the page shows besides its table."""
    return {
        "sections": SECTIONS,
        "cards": _cards(),
        "sign_groups": _signs(),
        "numbers": _numbers(),
        "counts": [LightCount(light_mark(light), (7 * n) % 23, "#tiles") for n, light in enumerate(SEVERITY)],
        "bars": [row for row in rows({}) if row.bar],
        "sparks": _sparks(),
        "heat_rows": _heat_rows(),
        "form": SpecimenForm(prefix="ok", initial={"title": "加快进度", "amount": "1,300", "due": date(2024, 11, 15)}),
        "bad_form": SpecimenForm({"bad-amount": "十三", "bad-due": "下周"}, prefix="bad"),
        "sizes": SIZES,
        "spaces": SPACES,
        "named_colours": NAMED_COLOURS,
        "tones": TONES,
    }


def _signs() -> list[tuple[str, list[SafeString]]]:
    steps = [
        Mark(c, f"{c.label}色督办", c, orders.STEP_SHAPES[n]) for c, n in zip(StepColour, (1, 2, 2, 3), strict=True)
    ]
    beside = [marks.LATE, marks.ON_TIME, marks.ZERO, marks.MISSING, marks.NOT_YET, marks.NOTHING]
    groups = [
        ("目标亮灯", [light_mark(light) for light in SEVERITY]),
        ("填报状态", list(marks.STATUSES.values())),
        ("报送情况", beside),
        ("督办单状态", list(orders.STATES.values())),
        ("督办单亮灯", list(orders.LIGHTS.values())),
        ("督办等级", steps),
    ]
    shown = [(label, [mark.html for mark in found]) for label, found in groups]
    return [*shown, ("附带原因", [light_mark(Light.RED).titled("落后序时 48.0 个百分点")])]


def _numbers() -> list[tuple[str, str]]:
    return [
        ("数量带单位，千位分隔", fmt.quantity(Decimal(12345), "户")),
        ("百分比保留一位小数，不会进成 100%", fmt.percent(Decimal("99.96"))),
        ("比率带分子分母", fmt.amount(Amount(numerator=Decimal(9), denominator=Decimal(11)), "%")),
        ("目标值", fmt.goal(Comparator.GE, Decimal(1000), "户")),
        ("没有数据", fmt.quantity(None, "户")),
        ("零是一个数", fmt.quantity(0, "户")),
        ("无须计算", fmt.amount(Amount(numerator=Decimal(0), denominator=Decimal(0)), "%")),
        ("人数过少不显示", fmt.FEW),
        ("日期", fmt.day(date(2024, 10, 15))),
        ("距离期限", fmt.days_left(date(2024, 10, 20), date(2024, 10, 15))),
        ("超过期限", fmt.days_left(date(2024, 10, 12), date(2024, 10, 15))),
    ]


def _cards() -> list[SectionCard]:
    """Return a card with work to do, one without, and one with nothing that the reader may see."""
    counts = [LightCount(light_mark(light), n % 5, "#cards") for n, light in enumerate(SEVERITY)]
    card = SectionCard(
        1, "样例板块的全称，可以长到需要换行的程度", "样例板块", "home", "#cards", 4, 17, counts, rows({})[0]
    )
    calm = replace(card, number=2, campaign="平稳的板块", icon="leaf", worst=None)
    return [card, calm, replace(card, number=3, campaign="看不到的板块", icon="lock", targets=0)]


def _sparks() -> list[tuple[str, SafeString]]:
    gaps = [None, *TREND[1:3], None, *TREND[4:6], None, None]
    return [
        ("实绩与序时", spark(TREND, "1 月至 8 月从 4 升至 66，序时应达 79", ASKED)),
        ("有缺报的月份", spark(gaps, "2 月至 6 月从 9 升至 47")),
        ("没有变化", spark([Decimal(5)] * 8, "1 月至 8 月保持 5")),
    ]


def _heat_rows() -> list[tuple[str, list[tuple[str, str, SafeString]]]]:
    """Return by unit: column, tone and content of each cell, the shape beside the value."""
    lights = [light for light in SEVERITY if PROGRESS[light] is not None]
    shown = []
    for shift, unit in enumerate(("甲街道", "乙镇", "丙乡")):
        turned = lights[shift:] + lights[:shift]
        cells = [
            (f"{n} 月", light_mark(one).tone, light_mark(one).beside(str(PROGRESS[one])))
            for n, one in enumerate(turned, 1)
        ]
        shown.append((unit, cells))
    return shown
