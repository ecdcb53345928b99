"""The first draft of a report's words, from its snapshot alone. Texts are kept by place: "overview", "s5.progress", …

A paragraph is a line. What people reported is quoted as they wrote it; numbers carry the key of their source.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..rules.kinds import Comparator, Light, Reason, Strength, TargetKind
from ..rules.wording import Fact, cite, listed, statement, uncited
from .gather import amount_from

Snapshot = dict[str, Any]
OVERVIEW, REPORTING = "overview", "reporting"
PARTS = {"progress": "进展情况", "problems": "存在问题", "next": "下一步打算"}
ITEMS = 6  # problems or next steps told of one section; the ledger has them all
UNITS_NAMED = 3
NEEDS_WORDS = (Light.RED, Light.BEHIND, Light.NOT_REPORTED)
SPOKEN = (
    Light.DONE,
    Light.DONE_LATE,
    Light.ON_PACE,
    Light.BEHIND,
    Light.RED,
    Light.NOT_REPORTED,
    Light.NOT_STARTED,
)


@dataclass(frozen=True, slots=True)
class Place:
    """One text of a report: where it stands, under which heading, and how it is called in the form."""

    key: str
    section: int | None
    label: str


def places(snapshot: Snapshot) -> list[Place]:
    """Return the texts that a report has, in order."""
    common = [Place(OVERVIEW, None, "亮灯情况"), Place(REPORTING, None, "报送情况")]
    return common + [
        Place(f"s{section['number']}.{part}", section["number"], label)
        for section in snapshot["sections"]
        for part, label in PARTS.items()
    ]


def draft(snapshot: Snapshot) -> dict[str, str]:
    """Return the drafted words of every place."""
    texts = {OVERVIEW: _overview(snapshot), REPORTING: _reporting(snapshot)}
    for section in snapshot["sections"]:
        prefix = f"s{section['number']}"
        own = [row for row in snapshot["targets"] if row["section"] == section["number"]]
        tasks = [task for task in snapshot["tasks"] if task["section"] == section["number"]]
        texts[f"{prefix}.progress"] = "\n".join(_progress(section, own))
        texts[f"{prefix}.problems"] = "\n".join([*_lagging(own), *_quoted(tasks, "problems")]) or "暂无需要反映的问题。"
        texts[f"{prefix}.next"] = "\n".join(_quoted(tasks, "next_steps")) or "按照工作要点继续推进。"
    return texts


# --- The whole -----------------------------------------------------------------------------------------------


def in_words(day: str) -> str:
    """Return a stored day as documents write it: 2024年9月30日."""
    on = date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"


def _overview(snapshot: Snapshot) -> str:
    lights, total = snapshot["lights"], len(snapshot["targets"])
    scope = f"{cite('all.sections', str(len(snapshot['sections'])))}个板块、" if snapshot["level"] != "section" else ""
    tasks = cite("all.tasks", str(len(snapshot["tasks"])))
    first = f"截至{in_words(snapshot['end'])}，{snapshot['subject']}{scope}{tasks}项工作任务共有{cite('all.total', str(total))}个目标"
    lit = total - lights[Light.UNLIT.value]
    if not lit:
        return f"{first}，均不参与亮灯。"
    well = lights["done"] + lights["done_late"] + lights["on_pace"]
    share = f"达到序时进度或已完成的{cite('all.well', str(well))}个，占{cite('all.well', _share(well, lit))}"
    return f"{first}，其中参与亮灯的{cite('all.lit', str(lit))}个：{light_words(lights, 'all')}。{share}。"


def light_words(lights: dict[str, int], prefix: str) -> str:
    """Return the counts by light that are not zero: 完成3个、滞后1个."""
    return "、".join(
        f"{light.label}{cite(f'{prefix}.{light.value}', str(lights[light.value]))}个"
        for light in SPOKEN
        if lights[light.value]
    )


def _share(part: int, whole: int) -> str:
    tenths = Decimal(100) * part / whole
    shown = tenths.quantize(Decimal("0.1"))
    if part < whole and shown == 100:
        shown = Decimal("99.9")
    return f"{shown.normalize():f}%"


def _reporting(snapshot: Snapshot) -> str:
    found = snapshot["reporting"]
    total = found["total"]
    if not total["owed"]:
        return "本期没有到期的填报。"
    spans = (
        listed(found["periods"], 2) if len(found["periods"]) <= 2 else f"{found['periods'][0]}至{found['periods'][-1]}"
    )
    owed, handed = cite("rep.owed", str(total["owed"])), cite("rep.handed_in", str(total["handed_in"]))
    words = f"{spans}应报送{owed}份，已报送{handed}份，报送率为{cite('rep.handed_in', _share(total['handed_in'], total['owed']))}"
    words += f"；其中按期报送{cite('rep.on_time', str(total['on_time']))}份"
    words += f"，逾期报送{cite('rep.late', str(total['late']))}份" if total["late"] else "，无逾期报送"
    words += f"。逾期未报{cite('rep.missing', str(total['missing']))}份" if total["missing"] else "。无逾期未报"
    most = _most(found["units"], "missing")
    return words + (f"，较多的单位有{most}。" if most else "。")


def _most(units: list[dict], name: str) -> str:
    """Return the units with the highest counts, where more than one unit is looked at."""
    ranked = sorted((unit for unit in units if unit[name]), key=lambda unit: -unit[name])[:UNITS_NAMED]
    if len(units) < 2:
        return ""
    return "、".join(f"{unit['name']}（{_count_of(unit, name)}份）" for unit in ranked)


def _count_of(unit: dict, name: str) -> str:
    return cite(f"u{unit['pk']}.{name}", str(unit[name]))


# --- One section ---------------------------------------------------------------------------------------------


def fact_of(row: dict[str, Any]) -> Fact:
    """Return a target of the snapshot as the wording rules take it."""
    return Fact(
        code=row["code"],
        measure=uncited(row["measure"]),
        unit=row["unit"],
        kind=TargetKind(row["kind"]),
        strength=Strength(row["strength"]),
        comparator=Comparator(row["comparator"]),
        goal=_number(row["goal"]),
        amount=amount_from(row["amount"]),
        light=Light(row["light"]),
        reason=Reason(row["reason"]),
        progress=_number(row["progress"]),
        gap=_number(row["gap"]),
        withheld=row["withheld"],
        before=amount_from(row["before"]),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _progress(section: dict, rows: list[dict]) -> Iterator[str]:
    lights, prefix = section["lights"], f"s{section['number']}"
    counted = light_words(lights, prefix)
    total = cite(f"{prefix}.total", str(len(rows)))
    yield f"本板块共有{total}个目标" + (f"，其中{counted}。" if counted else "，均不参与亮灯。")
    by_task: dict[int, list[dict]] = {}
    for row in rows:
        by_task.setdefault(row["task"], []).append(row)
    for own in by_task.values():
        yield "；".join(statement(fact_of(row)) for row in own) + "。"


def _lagging(rows: list[dict]) -> Iterator[str]:
    """Name what is red, behind or not reported."""
    for light in NEEDS_WORDS:
        found = [f"{uncited(row['measure'])}（{row['reason_text']}）" for row in rows if row["light"] == light.value]
        if found:
            count = cite(f"s{rows[0]['section']}.{light.value}", str(len(found)))
            yield f"{light.label}目标{count}个：{'、'.join(found)}。"


def _quoted(tasks: Iterable[dict], name: str) -> list[str]:
    """Return what units wrote, equal words once with those who wrote them, the most frequent first."""
    units: dict[str, list[str]] = {}
    for task in tasks:
        for report in task["reports"]:
            said = " ".join(uncited(report[name]).split())
            if said:
                names = units.setdefault(said, [])
                names += [report["unit"]] if report["unit"] not in names else []
    ranked = sorted(units.items(), key=lambda pair: -len(pair[1]))
    lines = [
        f"{listed(names)}单位反映：{_ended(said)}" if len(names) > 3 else f"{listed(names)}：{_ended(said)}"
        for said, names in ranked[:ITEMS]
    ]
    return lines + ([f"其余{len(ranked) - ITEMS}条见任务分解台账。"] if len(ranked) > ITEMS else [])


def _ended(said: str) -> str:
    return said if said[-1:] in "。！？；.!?" else f"{said}。"
