"""What the tests of reporting share: a draft, a submitted and an approved report of the township for October."""

import pytest

from tests.steps import approve, entry, fill_and_submit
from workplan.services import reports

MONTH = 10


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Give every test a folder of its own for evidence."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def draft(district, cast):
    return reports.start_report(
        task=district.task, org_unit=district.township, period=district.period(MONTH), actor=cast.liaison
    )


@pytest.fixture
def tombs_draft(district, cast):
    return reports.start_report(
        task=district.other_task, org_unit=district.township, period=district.period(MONTH), actor=cast.liaison
    )


@pytest.fixture
def submitted(district, cast):
    return fill_and_submit(district, cast, month=MONTH, homes=12, rate=(9, 10))


@pytest.fixture
def approved(submitted, cast):
    return approve(submitted, cast)


@pytest.fixture
def save(district, cast):
    """Save values by target code into a report, as the liaison unless told otherwise."""

    def save_values(report, *, actor=None, version=None, texts=None, **values):
        typed = {district.targets[code.replace("_", ".").lstrip("t")].pk: value for code, value in values.items()}
        return reports.save_report(
            report=report,
            actor=actor or cast.liaison,
            version=version or report.version,
            typed=reports.ReportInput(texts=texts or {}, entries=typed),
        )

    return save_values


@pytest.fixture
def filled(draft, save):
    """A draft that can be handed in as it is."""
    return save(draft, t49_3=entry(value=12), t22_4=entry(numerator=9, denominator=10))
