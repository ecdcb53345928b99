"""The pattern of every list: filter, sort, pages, export, the fragment for htmx."""

import io

import pytest
from python_calamine import CalamineWorkbook

from accounts.disarm import disarm
from accounts.models import Event
from tests import factories as make
from workplan.models import Allocation

from .conftest import grow

HTMX = {"HTTP_HX_REQUEST": "true"}


def codes(response) -> list[str]:
    return [row.record.code for row in response.context["table"].paginated_rows]


def sheet(response) -> list[list]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def many(district):
    grow(district, townships=0, targets=60)


def test_sorting_goes_both_ways_and_says_so(cast, approved, addresses, as_user):
    client = as_user(cast.leader)
    up = client.get(addresses["targets"], {"sort": "code"})
    down = client.get(addresses["targets"], {"sort": "-code"})
    assert codes(up) == ["49.3", "22.4", "46.3", "23.9"]  # in the order of the plan, not of the text
    assert codes(down) == codes(up)[::-1]
    assert 'aria-sort="ascending"' in up.content.decode()
    assert 'aria-sort="descending"' in down.content.decode()


def test_sorting_by_columns_that_are_not_offered_is_refused(cast, addresses, as_user):
    for key in ("measure", "target__plan__bureau", "-pk", "password", "code,mark"):
        assert as_user(cast.leader).get(addresses["targets"], {"sort": key}).status_code == 400


def test_filters_narrow_and_combine(cast, district, approved, addresses, as_user):
    client = as_user(cast.leader)
    assert codes(client.get(addresses["targets"], {"section": district.other_section.pk})) == ["46.3"]
    assert codes(client.get(addresses["targets"], {"kind": "rate"})) == ["22.4"]
    assert codes(client.get(addresses["targets"], {"q": "适老化 户数"})) == ["49.3"]
    assert codes(client.get(addresses["targets"], {"q": "22.4"})) == ["22.4"]
    assert codes(client.get(addresses["targets"], {"kind": "rate", "q": "适老化改造户"})) == []


def test_the_filter_by_light_asks_the_rule(cast, district, approved, addresses, as_user):
    client = as_user(cast.leader)
    lights = {row.record.code: row.record.light for row in client.get(addresses["targets"]).context["table"].rows}
    for light in set(lights.values()):
        shown = codes(client.get(addresses["targets"], {"light": light.value}))
        assert shown == [code for code, one in lights.items() if one == light]


def test_the_filter_by_unit_shows_its_share(cast, district, approved, addresses, as_user):
    response = as_user(cast.leader).get(addresses["targets"], {"unit": district.township.pk})
    row = next(row.record for row in response.context["table"].rows if row.record.code == "49.3")
    assert (row.goal, row.amount, row.share_of) == ("≥ 50 户", "30 户", "D1甲街道")


def test_pages_cut_the_list_without_loss(cast, many, addresses, as_user):
    client = as_user(cast.leader)
    seen = [code for page in (1, 2, 3) for code in codes(client.get(addresses["targets"], {"page": page}))]
    assert len(seen) == len(set(seen)) == 64
    assert len(codes(client.get(addresses["targets"], {"per_page": 50}))) == 50
    assert client.get(addresses["targets"], {"page": 4}).status_code == 400
    assert client.get(addresses["targets"], {"per_page": 26}).status_code == 400


def test_htmx_gets_the_same_table_alone(cast, many, addresses, as_user):
    client, query = as_user(cast.leader), {"kind": "count", "page": 2, "sort": "-code"}
    whole, part = client.get(addresses["targets"], query), client.get(addresses["targets"], query, **HTMX)
    text = part.content.decode()
    assert codes(part) == codes(whole)
    assert text.strip().startswith('<div id="table"') and "<html" not in text
    assert text.strip() in whole.content.decode()
    assert "HX-Request" in whole["Vary"]
    restored = client.get(addresses["targets"], query, **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")
    assert "<html" in restored.content.decode()


def test_empty_lists_speak(cast, addresses, as_user):
    text = as_user(cast.leader).get(addresses["targets"], {"q": "没有这样的目标"}).content.decode()
    assert "没有符合条件的内容" in text and "清除筛选条件" in text
    assert "导出 Excel" not in text


def test_cells_name_their_column_for_phones(cast, addresses, as_user):
    assert 'data-label="完成进度"' in as_user(cast.leader).get(addresses["targets"]).content.decode()


def test_the_export_has_every_row_of_the_filter_and_is_logged(cast, many, addresses, as_user):
    response = as_user(cast.leader).get(
        addresses["targets"], {"kind": "count", "export": "xlsx", "as_of": "2024-10-01"}
    )
    rows = sheet(response)
    assert len(rows) == 4 + 61
    assert rows[0][0] == "目标"
    assert "数据截至 2024-10-01" in rows[1][0] and "演员·leader" in rows[1][0]
    event = Event.objects.filter(action="data.export").get()
    assert event.actor == cast.leader
    assert event.after["rows"] == 61 and event.after["filter"]["kind"] == "count"
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]


def test_exports_keep_numbers_and_disarm_text(cast, district, approved, addresses, as_user):
    evil = '=HYPERLINK("http://x")'
    target = make.TargetFactory(task=district.task, code="49.8", sort=9, measure=evil)
    Allocation.objects.create(target=target, org_unit=district.township, amount=1)
    head, *rows = sheet(as_user(cast.leader).get(addresses["targets"], {"export": "xlsx"}))[3:]
    by_code = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_code["49.8"]["目标"] == f"'{evil}"
    assert by_code["49.3"]["完成进度"] == 30.0
    assert by_code["49.3"]["统计范围"] == "全区"
    assert all("<" not in str(cell) for row in rows for cell in row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", "\ufeff="])
def test_whatever_begins_a_formula_is_disarmed(start):
    assert disarm(f"{start}1+1").startswith("'")


@pytest.mark.parametrize("text", ["100 户", "≥ 90%", "a=b", "", "（=）"])
def test_plain_text_stays_as_it_is(text):
    assert disarm(text) == text


def test_without_the_right_nothing_leaves(cast, addresses, as_user, monkeypatch):
    from accounts import rights
    from accounts.enums import Right, Role

    less = {**rights.ROLE_RIGHTS, Role.LEADER: rights.ROLE_RIGHTS[Role.LEADER] - {Right.EXPORT}}
    monkeypatch.setattr("accounts.models.users.ROLE_RIGHTS", less)
    response = as_user(cast.leader).get(addresses["targets"], {"export": "xlsx"})
    assert response.status_code == 403
    assert not Event.objects.filter(action="data.export").exists()


@pytest.mark.parametrize("where", ["targets", "units", "unit", "duties"])
def test_every_list_exports(where, cast, approved, addresses, as_user):
    rows = sheet(as_user(cast.leader).get(addresses[where], {"export": "xlsx"}))
    assert len(rows) > 4
    assert all("<" not in str(cell) for row in rows for cell in row)
