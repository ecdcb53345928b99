"""The PDF of a report, where the optional component is installed; and a clear line where it is not."""

import pytest
from django.urls import reverse

from workplan.enums import RollupFileKind
from workplan.models import RollupFile
from workplan.rollup import pdf
from workplan.services import rollup as service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_anew():
    pdf.missing.cache_clear()
    yield
    pdf.missing.cache_clear()


@pytest.fixture
def able():
    if pdf.missing():
        pytest.skip(pdf.missing())


def test_a_published_report_has_its_pdf(able, draft, cast, as_user):
    report = service.publish(report=draft, version=draft.version, actor=cast.leader)
    stored = RollupFile.objects.get(report=report, kind=RollupFileKind.PDF)
    with stored.file.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF-") and stored.size == len(content)
    page = as_user(cast.leader).get(reverse("workplan:rollup", args=[report.pk])).content.decode()
    assert "PDF 报告" in page
    answer = as_user(cast.leader).get(reverse("workplan:rollup_file", args=[report.pk, "pdf"]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_pages_are_those_of_the_standard(able, draft):
    from weasyprint import HTML

    material = service.material_of(draft, draft.end)
    pages = HTML(string=pdf.html_of(material)).render().pages
    assert len(pages) >= 2
    assert (round(pages[0].width * 25.4 / 96), round(pages[0].height * 25.4 / 96)) == (210, 297)


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_the_component_reports_are_published_all_the_same(draft, cast, as_user, monkeypatch, error):
    def fail(name):
        raise error(name)

    monkeypatch.setattr(pdf, "import_module", fail)
    page = as_user(cast.leader).get(reverse("workplan:rollup", args=[draft.pk])).content.decode()
    assert "PDF 组件" in page and "PDF 报告" not in page
    assert as_user(cast.leader).get(reverse("workplan:rollup_file", args=[draft.pk, "pdf"])).status_code == 404
    report = service.publish(report=draft, version=draft.version, actor=cast.leader)
    assert set(report.files.values_list("kind", flat=True)) == {"docx", "xlsx"}


def test_hostile_words_stay_words_and_nothing_is_fetched(able, draft, cast):
    words = '<script>alert(1)</script><img src="file:///etc/passwd"> {{ title }}'
    service.save_texts(report=draft, texts={"overview": words}, version=draft.version, actor=cast.leader)
    draft.refresh_from_db()
    html = pdf.html_of(service.material_of(draft, draft.end))
    assert "<script>" not in html and "<img" not in html and "{{ title }}" in html
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf._refuse("file:///etc/passwd")
