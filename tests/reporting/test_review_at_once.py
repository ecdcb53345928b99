"""Approving the sound part of the queue at once."""

from datetime import date

import pytest
from django.urls import reverse

from tests.steps import approve, correct, fill_and_submit, send_back
from workplan import clock
from workplan.enums import ReportStatus
from workplan.models import Figure, ProgressReport

pytestmark = pytest.mark.django_db
REVIEW, SOUND = reverse("workplan:review"), reverse("workplan:review_sound")


@pytest.fixture
def queue(district, cast):
    """Return a sound report, and one of the other township whose denominator has shrunk without a word."""
    with clock.pinned(date(2024, 9, 25)):
        approve(fill_and_submit(district, cast, month=9, unit=district.other_township, homes=3, rate=(8, 10)), cast)
    sound = fill_and_submit(district, cast, month=10, homes=5, rate=(3, 4))
    doubtful = fill_and_submit(district, cast, month=10, unit=district.other_township, homes=4, rate=(8, 9))
    doubtful.entries.update(remark="")
    return sound, doubtful


def posted(client) -> dict:
    """Return what the button of the page sends."""
    rows = client.get(REVIEW).context["table"].sound
    return {"report": [f"{row.pk}:{row.version}" for row in rows]}


def status(report) -> str:
    return ProgressReport.objects.get(pk=report.pk).status


def test_what_has_no_warning_is_approved_and_the_rest_waits(queue, cast, as_user):
    sound, doubtful = queue
    client = as_user(cast.head)
    page = client.get(REVIEW).text
    assert "通过本页无提示的 1 份" in page and f"{sound.pk}:" in page and f'value="{doubtful.pk}:' not in page
    done = client.post(SOUND, posted(client), follow=True)
    assert "已通过 1 份。" in done.text and "通过本页无提示" not in done.text
    assert status(sound) == ReportStatus.APPROVED and status(doubtful) == ReportStatus.SUBMITTED
    assert Figure.objects.filter(entry__report=sound).exists()


def test_corrections_wait_in_the_same_queue_and_can_be_picked_out(queue, district, cast, as_user):
    approved = ProgressReport.objects.get(status=ReportStatus.APPROVED)
    with clock.pinned(date(2024, 10, 8)):
        corrected = correct(approved, cast, homes=4)
    client = as_user(cast.head)
    assert "更正（第 2 版）" in client.get(REVIEW).text
    for asked, rows in (("true", {corrected.pk}), ("false", {report.pk for report in queue})):
        table = client.get(REVIEW, {"correction": asked}).context["table"]
        assert {row.record.pk for row in table.paginated_rows} == rows


def test_the_button_means_the_rows_that_are_filtered(queue, district, cast, as_user):
    client = as_user(cast.head)
    other = client.get(REVIEW, {"org_unit": district.other_township.pk}, HTTP_HX_REQUEST="true")
    assert "通过本页无提示" not in other.text
    own = client.get(REVIEW, {"org_unit": district.township.pk}, HTTP_HX_REQUEST="true")
    assert "通过本页无提示的 1 份" in own.text


def test_a_forged_id_of_a_doubtful_or_foreign_report_stays(queue, cast, as_user):
    sound, doubtful = queue
    forged = {"report": [f"{doubtful.pk}:{doubtful.version}"]}
    assert "有 1 份未通过" in as_user(cast.head).post(SOUND, forged, follow=True).text
    assert (
        "有 1 份未通过"
        in as_user(cast.other_head).post(SOUND, {"report": [f"{sound.pk}:{sound.version}"]}, follow=True).text
    )
    assert {status(sound), status(doubtful)} == {ReportStatus.SUBMITTED}


def test_what_was_handed_in_anew_is_looked_at_again(queue, district, cast, as_user):
    sound, _ = queue
    client = as_user(cast.head)
    read = posted(client)
    send_back(sound, cast)
    fill_and_submit(district, cast, month=10, homes=6, rate=(3, 4))
    assert "有 1 份未通过" in client.post(SOUND, read, follow=True).text
    assert status(sound) == ReportStatus.SUBMITTED


def test_a_second_click_approves_nothing_twice(queue, cast, as_user):
    client = as_user(cast.head)
    read = posted(client)
    client.post(SOUND, read)
    assert "有 1 份未通过" in client.post(SOUND, read, follow=True).text
    assert Figure.objects.filter(entry__report=queue[0]).count() == 2


@pytest.mark.parametrize("named", [[], ["x"], ["1"], ["1:2:3"], ["9" * 30 + ":1"]])
def test_a_broken_form_is_said_to_be_broken(named, cast, as_user):
    assert as_user(cast.head).post(SOUND, {"report": named}).status_code == 400


def test_not_more_at_once_than_a_page_shows(queue, cast, as_user):
    many = {"report": [f"{pk}:1" for pk in range(1, 102)]}
    assert "一次最多通过 100 份" in as_user(cast.head).post(SOUND, many, follow=True).text
