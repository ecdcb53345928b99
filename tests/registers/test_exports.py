"""Registers as files: what the list shows, people masked; in full only with the right, for a reason, and noted."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Event
from eldercare.models import Canteen, HomeAdaptation
from people.models import Reveal
from people.sample import invented_number

from .making import make_record

pytestmark = pytest.mark.django_db
HOMES = reverse("workplan:register", args=["eldercare", "homeadaptation"])
FULL = reverse("workplan:register_export", args=["eldercare", "homeadaptation"])
FIRST = invented_number(date(1960, 1, 1), ("register test", 0))


def table(response) -> list[list]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_people_leave_masked(homes, cast, as_user):
    rows = table(as_user(cast.liaison).get(HOMES, {"export": "xlsx"}))
    text = str(rows)
    assert FIRST not in text and "测演" in text and f"****{FIRST[-4:]}" in text
    header = next(row for row in rows if "证件号码" in row)
    assert len(rows) - rows.index(header) - 1 == 5  # the own township's


def test_the_file_has_as_many_rows_as_the_list_says(homes, cast, as_user):
    client = as_user(cast.staff)
    shown = client.get(HOMES, {"unit": homes[0].org_unit_id}).context["table"].paginator.count
    client.get(HOMES, {"unit": homes[0].org_unit_id, "export": "csv"})
    assert Event.objects.filter(action="data.export").latest("pk").after["rows"] == shown == 5


def test_csv_opens_in_excel_and_is_disarmed(district, cast, as_user):
    make_record(Canteen, district.township, cast.liaison, name="=HYPERLINK(1)", note="＠SUM(1)")
    response = as_user(cast.liaison).get(reverse("workplan:register", args=["eldercare", "canteen"]), {"export": "csv"})
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK(1)" in cells and "'＠SUM(1)" in cells


def test_full_numbers_leave_with_a_reason_and_every_look_is_noted(homes, cast, as_user):
    response = as_user(cast.liaison).post(FULL, {"reason": "核对补助名单", "kind": "xlsx"})
    rows = table(response)
    assert FIRST in str(rows) and "核对补助名单" in str(rows)
    assert Reveal.objects.filter(user=cast.liaison).values("person").distinct().count() == 5
    event = Event.objects.filter(action="data.export").latest("pk")
    assert event.after["full"] and event.note == "核对补助名单"


def test_full_numbers_need_a_reason(homes, cast, as_user):
    response = as_user(cast.liaison).post(FULL, {"reason": " "}, follow=True)
    assert "请写明查看理由" in response.content.decode()
    assert not Reveal.objects.exists()


def test_full_exports_are_limited(homes, cast, as_user, settings):
    settings.FULL_EXPORTS_PER_DAY = 1
    client = as_user(cast.liaison)
    client.post(FULL, {"reason": "核对补助名单"})
    response = client.post(FULL, {"reason": "再来一次看看"}, follow=True)
    assert "每天最多" in response.content.decode()


@pytest.mark.parametrize("name", ["leader", "other_staff", "auditor", "administrator"])
def test_others_take_no_full_numbers_away(name, homes, cast, as_user):
    response = as_user(getattr(cast, name)).post(FULL, {"reason": "随便看看名单"})
    assert response.status_code in (403, 404)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("query", [{"export": "pdf"}, {"export": "xlsx", "who": "1"}])
def test_what_cannot_be_asked_for_is_a_400(query, homes, cast, as_user):
    assert as_user(cast.liaison).get(HOMES, query).status_code == 400


def test_a_removed_home_is_in_no_file(homes, cast, as_user):
    HomeAdaptation.objects.filter(pk=homes[0].pk).update(state="removed")
    as_user(cast.liaison).get(HOMES, {"export": "xlsx"})
    assert Event.objects.filter(action="data.export").latest("pk").after["rows"] == 4
