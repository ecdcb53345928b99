"""Invented records of divisions, place names and boundaries for the sample year. Names are plainly made up."""

from datetime import date, timedelta

from workplan.demo.chance import between, draw, pick
from workplan.demo.registers import Sample

from .enums import LineLevel, ListLevel, MapKind, MatterKind, NameChange, PlaceKind, StudyKind
from .models import (
    BoundaryLine,
    Dispute,
    HistoricList,
    HistoricName,
    JointInspection,
    MapUpload,
    PlaceName,
    Study,
    SurveyMatter,
)

NAMES = (4, 8)  # approved in one township
RURAL_KINDS = (PlaceKind.SETTLEMENT, PlaceKind.ROAD, PlaceKind.FACILITY, PlaceKind.NATURAL)
FULING_LINE = "涪陵武隆线"
LINES = (FULING_LINE, "武隆彭水线（演示）", "武隆南川线（演示）")


def invent(sample: Sample) -> None:
    """Store the sample records of all registers of this section."""
    sample.store(_place_names(sample))
    sample.store(_uploads(sample))
    sample.store(_lists(sample))
    sample.store(_historic_names(sample))
    sample.store(_lines(sample))
    sample.store(_inspections(sample))
    sample.store(_disputes(sample))
    sample.store(_survey_matters(sample))
    sample.store(_studies(sample))


def _place_names(sample: Sample):
    for unit in sample.townships:
        for number in range(between(*NAMES, "names", unit.code)):
            words = (unit.code, number)
            approved = date(2024, 2, 20) + timedelta(days=between(0, 220, "approved", *words))
            filed = approved + timedelta(days=between(5, 40, "filed", *words))
            announced = filed + timedelta(days=between(5, 45, "announced", *words))
            renamed, rural = draw("renamed", *words) < 0.25, draw("rural", *words) < 0.8
            yield sample.row(
                PlaceName,
                unit,
                approved,
                name=f"{unit.label}演示地名{number + 1}",
                change=NameChange.RENAMED if renamed else NameChange.NAMED,
                former_name=f"{unit.label}演示旧名{number + 1}" if renamed else "",
                kind=pick(RURAL_KINDS, "kind", *words) if rural else PlaceKind.ROAD,
                rural=rural,
                filed_on=sample.past(filed),
                announced_on=sample.past(announced),
            )


def _uploads(sample: Sample):
    names = PlaceName.objects.filter(rural=True, announced_on__isnull=False).select_related("org_unit")
    for place in names.order_by("org_unit__sort", "name"):
        for kind in (MapKind.BAIDU, MapKind.AMAP):
            if draw(place.name, kind) < 0.8:
                on = place.announced_on + timedelta(days=between(3, 40, "upload", place.name, kind))
                checked = sample.past(on + timedelta(days=10))
                yield sample.row(MapUpload, place.org_unit, on, place=place, map=kind, checked_on=checked)


def _lists(sample: Sample):
    """The city has issued its third list; the district's own is still being reviewed."""
    office = sample.offices["placenames"]
    dates = {ListLevel.CITY: (date(2024, 5, 20), date(2024, 9, 12)), ListLevel.DISTRICT: (date(2024, 9, 25), None)}
    for level, (submitted, published) in dates.items():
        yield sample.row(
            HistoricList,
            office,
            date(2024, 3, 18),
            name=f"第三批{level.label}（演示）",
            level=level,
            batch_number=3,
            submitted_on=submitted,
            published_on=published,
        )


def _historic_names(sample: Sample):
    office = sample.offices["placenames"]
    for found in HistoricList.objects.order_by("level"):
        for number, unit in enumerate(sample.townships[::4], 1):
            yield sample.row(
                HistoricName,
                office,
                date(2024, 4, 10),
                name=f"{unit.label}演示古地名{number}",
                in_list=found,
                place=unit,
                included_on=found.published_on,
                origin="演示：见于旧志。",
            )


def _lines(sample: Sample):
    office = sample.offices["placenames"]
    for number, name in enumerate(LINES):
        yield sample.row(
            BoundaryLine,
            office,
            date(1999, 6, 1),
            name=name,
            level=LineLevel.DISTRICT,
            length=between(40, 120, "length", name),
            markers=number + 2,
        )


def _inspections(sample: Sample):
    line = BoundaryLine.objects.get(name=FULING_LINE)
    yield sample.row(
        JointInspection,
        sample.offices["placenames"],
        date(2024, 6, 11),
        line=line,
        leader="涪陵区",
        finished_on=date(2024, 9, 6),
        findings="界桩完好，走向清楚。",
    )


def _disputes(sample: Sample):
    """Two were raised; one of them is settled."""
    raised = [(5, date(2024, 4, 22), date(2024, 6, 28)), (17, date(2024, 8, 5), None)]
    for number, (place, on, settled) in enumerate(raised, 1):
        unit = sample.townships[place]
        yield sample.row(
            Dispute,
            unit,
            on,
            place=f"{unit.label}演示地段{number}",
            level=LineLevel.TOWNSHIP,
            parties=f"{unit.label}与相邻乡镇",
            settled_on=settled,
            outcome="双方签订协议。" if settled else "",
        )


def _survey_matters(sample: Sample):
    office = sample.offices["placenames"]
    for number in range(1, 9):
        taken = date(2024, 2, 26) + timedelta(days=between(0, 120, "matter", number))
        done = taken + timedelta(days=between(30, 150, "done", number))
        kind = MatterKind.DISPUTE if number % 3 == 0 else MatterKind.RESULT
        yield sample.row(SurveyMatter, office, taken, kind=kind, name=f"演示界线{number}", done_on=sample.past(done))


def _studies(sample: Sample):
    """The strategy study is under way and has no result yet."""
    office = sample.offices["placenames"]
    yield sample.row(Study, office, date(2024, 4, 8), kind=StudyKind.STRATEGY, title="行政区划优化战略研究（演示）")
    yield sample.row(
        Study,
        office,
        date(2024, 5, 6),
        kind=StudyKind.REQUEST,
        title="关于行政区划事项的请示（演示）",
        finished_on=date(2024, 5, 21),
    )
