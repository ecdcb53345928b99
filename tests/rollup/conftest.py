"""What the tests of roll-up reports share: reports of the first district, drafted and published, and documents opened again."""

import io
from datetime import date

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from tests.registers.conftest import keeper  # noqa: F401  (a fixture)
from tests.steps import approve, correct, fill_and_submit
from workplan import clock
from workplan.enums import RollupKind
from workplan.models import RollupReport
from workplan.rollup.gather import Asked
from workplan.rollup.spans import month_end, start_of
from workplan.services import rollup as service


def asked_for(district, month: int = 9, kind: str = RollupKind.MONTH, **subject) -> Asked:
    """Return the question for a span that ends with the month."""
    end = month_end(2024, month)
    return Asked(plan=district.plan, kind=kind, start=start_of(kind, end), end=end, **subject)


def publish(report, actor, day: date = date(2024, 10, 9)) -> RollupReport:
    with clock.pinned(day):
        return service.publish(report=report, version=report.version, actor=actor, base="https://portal.example")


def content(report, kind: str) -> bytes:
    with report.files.get(kind=kind).file.open("rb") as stored:
        return stored.read()


def word_of(report):
    return Document(io.BytesIO(content(report, "docx")))


def words_of(report) -> str:
    """Return all text of the Word file: paragraphs, links and tables."""
    body = word_of(report).element.body
    return "\n".join(
        "".join(t.text or "" for t in p.iter(f"{{{p.nsmap['w']}}}t")) for p in body.iter(f"{{{body.nsmap['w']}}}p")
    )


def ledger_of(report) -> list[list]:
    """Return the rows of the ledger's sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(report, "xlsx")))
    return book.get_sheet_by_name("任务分解台账").to_python(skip_empty_area=False)


@pytest.fixture
def told(district, cast):
    """Have both townships report on homes for August and September, the first in time, the second late in September."""
    for month, homes, day in ((8, 20, 25), (9, 30, 25)):
        with clock.pinned(date(2024, month, day)):
            approve(fill_and_submit(district, cast, month=month, homes=homes, rate=(9, 10)), cast)
    with clock.pinned(date(2024, 9, 29)):
        report = fill_and_submit(district, cast, month=9, homes=75, rate=(8, 10), unit=district.other_township)
        approve(report, cast)
    return district


@pytest.fixture
def draft(told, cast) -> RollupReport:
    return service.make_report(asked=asked_for(told), actor=cast.leader)[0]


@pytest.fixture
def published(draft, cast) -> RollupReport:
    return publish(draft, cast.leader)


@pytest.fixture
def corrected(told, cast, published):
    """Correct what the first township reported for September, after the report was published."""
    with clock.pinned(date(2024, 10, 10)):
        first = told.township.reports.get(period__number=9, task=told.task)
        return approve(correct(first, cast, homes=33), cast)
