"""What people typed stays text in both documents and on the page, whatever it looks like."""

from datetime import date

import pytest
from django.urls import reverse

from tests.steps import approve, entry
from workplan import clock
from workplan.services import reports
from workplan.services import rollup as service
from workplan.services.reports import ReportInput

from .conftest import asked_for, ledger_of, publish, word_of, words_of

pytestmark = pytest.mark.django_db
TEXTS = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil","x")',
    "＝1+1",
    "@SUM(1)",
    "{{ 7*7 }} {% for x in y %} {{ config }}",
    "[[49.3|999户]] 自称有来源",
    "]]></w:t><w:t>",
    "\u202e反向 𠮷 & < > \" '",
    "a\tb",
]


@pytest.fixture
def hostile(district, cast, request):
    """Have the first township write the text into its report."""
    with clock.pinned(date(2024, 9, 25)):
        actor, text = cast.liaison, request.param
        report = reports.start_report(
            task=district.task, org_unit=district.township, period=district.period(9), actor=actor
        )
        typed = {
            district.targets["49.3"].pk: entry(value=30, remark="说明。"),
            district.targets["22.4"].pk: entry(numerator=9, denominator=10, remark="说明。"),
        }
        texts = {"narrative": text, "problems": text, "next_steps": text}
        report = reports.save_report(
            report=report, actor=actor, version=report.version, typed=ReportInput(texts=texts, entries=typed)
        )
        approve(reports.submit_report(report=report, actor=actor, version=report.version), cast)
    made, _ = service.make_report(asked=asked_for(district), actor=cast.leader)
    return text, publish(made, cast.leader)


@pytest.mark.parametrize("hostile", TEXTS, indirect=True, ids=range(len(TEXTS)))
def test_text_stays_text(hostile, cast, as_user):
    text, report = hostile
    shown = " ".join(text.replace("[[", "［［").replace("]]", "］］").split())
    assert shown in words_of(report)
    cells = [str(cell) for row in ledger_of(report) for cell in row]
    assert any(text in cell for cell in cells)
    assert not any(cell.startswith(("=", "＝", "@")) for cell in cells)
    page = as_user(cast.leader).get(reverse("workplan:rollup", args=[report.pk])).content.decode()
    assert "<script>alert" not in page
    assert "49</a>" not in page.replace(">49<", "")


@pytest.mark.parametrize("hostile", [TEXTS[5]], indirect=True)
def test_what_looks_like_a_citation_is_no_link(hostile):
    _, report = hostile
    body = word_of(report).element.body
    links = [link.xpath("string(.)") for link in body.iter(f"{{{body.nsmap['w']}}}hyperlink")]
    assert "999户" not in links


def test_control_characters_never_reach_a_document(draft, cast):
    """They cannot be typed into a page; whatever brought them, the documents can be opened."""
    draft.texts["overview"] = "前\x00\x0b\ud800后"
    task = next(task for task in draft.snapshot["tasks"] if task["reports"])
    task["reports"][0]["narrative"] = "前\x00\x0b\ud800后"
    for kind in service.kinds_here():
        assert service.render(draft, kind, date(2024, 10, 9)), kind
