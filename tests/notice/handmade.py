"""The hand-made notices beside their expected outcomes: corpus/NAME.txt and corpus/NAME.json."""

import json
from decimal import Decimal
from pathlib import Path

from tests.notice.truth import Outcome, TrueItem, Wanted

FOLDER = Path(__file__).parent / "corpus"


def handmade() -> list[Outcome]:
    return [_outcome(path) for path in sorted(FOLDER.glob("*.txt"))]


def _outcome(path: Path) -> Outcome:
    data = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    sections = [
        {
            "no": part["no"],
            "title": part["title"],
            "items": [(one["no"], one["title"], _item(one)) for one in part["items"]],
        }
        for part in data.get("sections", [])
    ]
    return Outcome(
        path.stem,
        path.read_bytes(),
        path.name,
        data.get("title"),
        data.get("year"),
        data.get("document_number"),
        data.get("issuer"),
        sections,
        data.get("annexes"),
        data.get("refused", False),
    )


def _item(one: dict) -> TrueItem:
    targets = tuple(
        Wanted(kind, comparator, Decimal(value), unit)
        for kind, comparator, value, unit in (target.split() for target in one["targets"])
    )
    return TrueItem(one["title"], "", targets, tuple(one.get("owners", ())), one.get("due"))
