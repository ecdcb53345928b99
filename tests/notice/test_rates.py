"""How much of what notices say is read, over many layouts: rates over invented plans, hand-made ones, and real ones where they are at hand."""

import csv
import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.notice.handmade import handmade
from tests.notice.mixing import mixed
from tests.notice.printers import LAYOUTS, printed
from tests.notice.scoring import Score, score
from workplan.notice import parse_text, read_notice

ITEMS, TARGETS, FALSE = 0.98, 0.90, 0.05
ROOT = Path(__file__).resolve().parents[2]
# Real notices lie beside the project or where the variable says; they are nobody's to commit.
SHARED = Path(os.environ.get("WORKPLAN_SHARED", ROOT.parent / "shared"))
REAL = ("02-yingshang-shishi-2020", "07-wuliu-guihua-2022", "13-neimenggu-report-2026")
needs_shared = pytest.mark.skipif(
    not (SHARED / "plans").is_dir(), reason="real notices (../shared or WORKPLAN_SHARED) are not at hand"
)


def total(outcomes) -> Score:
    found = Score()
    for outcome in outcomes:
        found.add(score(outcome)[0])
    return found


def check(found: Score, name: str) -> None:
    print(f"\n{name}: {found}")
    told = f"{found}\n" + "\n".join(found.faults[:40])
    assert found.item_rate >= ITEMS, told
    assert found.recall >= TARGETS, told
    assert found.false_rate <= FALSE, told


def test_every_layout_of_invented_plans_is_read():
    assert len(LAYOUTS) >= 15
    check(total(printed()), "invented plans by layout")


def test_layouts_mixed_by_dice_are_read():
    found = total(mixed(seed) for seed in range(200))
    check(found, "invented plans in mixed layouts")
    assert found.item_rate == 1, "\n".join(found.faults[:40])


def test_hand_made_notices_are_read():
    outcomes = handmade()
    assert len(outcomes) >= 15
    found = total(outcomes)
    check(found, "hand-made notices")
    assert not found.faults, "\n".join(found.faults)


@pytest.mark.parametrize("outcome", printed(), ids=lambda outcome: outcome.name)
def test_header_and_sections_are_exact_in_every_layout(outcome):
    found, _ = score(outcome)
    assert not found.faults, "\n".join(found.faults)


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_outline_of_real_notices_is_exact(name):
    wanted = json.loads((SHARED / "plans" / f"{name}.json").read_text(encoding="utf-8"))
    notice = parse_text((SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8"))
    found = [
        {"no": part.no, "title": part.title, "items": [{"no": item.no, "title": item.title} for item in part.items]}
        for part in notice.sections
    ]
    assert found == wanted["sections"]
    assert (notice.header.title.value, notice.header.year) == (wanted["title"], wanted["year"])
    if "doc_no" in wanted:
        header = notice.header
        told = (header.document_number.value, header.issuer.value, header.issued.value)
        assert told == (wanted["doc_no"], wanted["issuer"], wanted["issued"])
    for annex in wanted.get("annexes", []):
        there = next(one for one in notice.annexes if one.title == annex["title"])
        assert [item.no for item in there.items] == [one["no"] for one in annex["items"]]
        for item, one in zip(there.items, annex["items"], strict=True):
            assert item.text.startswith(one["text_start"]) or item.title.startswith(one["text_start"])
            assert "、".join(owner.name for owner in item.owners) == one["owner_text"].removeprefix("牵头单位：")


@pytest.fixture(scope="module")
def plan_2024():
    if not (SHARED / "plans" / "wulong-2024-notice.txt").exists():
        pytest.skip("the notice of 2024 (../shared or WORKPLAN_SHARED) is not at hand")
    return read_notice((SHARED / "plans" / "wulong-2024-notice.txt").read_bytes(), "notice.txt")


def test_the_plan_of_2024_has_the_tasks_of_the_fixtures(plan_2024):
    with (ROOT / "fixtures" / "tasks.csv").open(encoding="utf-8", newline="") as stream:
        tasks = [(int(row["number"]), row["title"]) for row in csv.DictReader(stream)]
    with (ROOT / "fixtures" / "sections.csv").open(encoding="utf-8", newline="") as stream:
        sections = [(int(row["number"]), row["title"]) for row in csv.DictReader(stream)]
    with (ROOT / "fixtures" / "plan.csv").open(encoding="utf-8", newline="") as stream:
        plan = next(csv.DictReader(stream))
    assert [(item.no, item.title) for item in plan_2024.items] == tasks
    assert [(section.no, section.title) for section in plan_2024.sections] == sections
    header = plan_2024.header
    assert (header.title.value, str(header.year)) == (plan["title"], plan["year"])
    assert (header.document_number.value, header.issued.value) == (plan["document_number"], plan["issued_on"])


def test_every_hard_target_of_2024_is_found_and_none_invented(plan_2024):
    with (SHARED / "data" / "plan-2024-targets.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["strength"] == "hard"]
    wanted = Counter(
        (int(row["item"]), row["kind"], row["comparator"], Decimal(row["value"]), row["unit"]) for row in rows
    )
    found = Counter(
        (item.no, target.kind, target.comparator, target.value, target.unit)
        for item in plan_2024.items
        for target in item.targets
    )
    assert not wanted - found, "missed"
    assert not found - wanted, "invented"
    places = {(row["item"], row["value"], row["unit"]): row["scope_units"] for row in rows if row["scope_units"]}
    for item in plan_2024.items:
        for target in item.targets:
            named = places.get((str(item.no), str(target.value), target.unit), "")
            assert "、".join(target.scope_units) == named


def test_what_2024_states_twice_is_told(plan_2024):
    pairs = {tuple(plan_2024.items[at].no for at, _ in (found.first, found.second)) for found in plan_2024.duplicates}
    assert pairs == {(23, 49), (24, 49)}
