"""Registers as resources of django-import-export: what leaves can come in again, row by row, through the services."""

import pytest
import tablib

from accounts.models import Event
from workplan.enums import RecordSource
from workplan.registers.columns import columns_of
from workplan.registers.registry import registers
from workplan.registers.resources import RecordResource

from .making import cells, make_record, typed_for, unit_for

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]


def table(model, rows) -> tablib.Dataset:
    return tablib.Dataset(*(cells(model, typed) for typed in rows), headers=[c.label for c in columns_of(model)])


@pytest.mark.parametrize("model", EACH)
def test_rows_come_in_and_leave_again(model, district, keeper):
    actor = keeper(model)
    rows = [typed_for(model, unit_for(model, district), actor, number) for number in range(3)]
    result = RecordResource(model=model, user=actor).import_data(table(model, rows))
    assert not result.has_errors() and not result.has_validation_errors(), result.invalid_rows or result.row_errors()
    assert result.totals["new"] == model.objects.filter(source=RecordSource.IMPORTED).count() == 3
    assert Event.objects.filter(action="record.create").count() >= 3
    out = RecordResource(model=model, user=actor).export()
    assert out.headers == [column.label for column in columns_of(model)]
    assert len(out) == 3


@pytest.mark.parametrize("model", [p for p in EACH if p.values[0].register.key])
def test_known_rows_are_recognised(model, district, keeper):
    actor = keeper(model)
    typed = typed_for(model, unit_for(model, district), actor)
    again = [typed | {"note": "补充说明"}, typed | {"note": "补充说明"}]
    RecordResource(model=model, user=actor).import_data(table(model, [typed]))
    result = RecordResource(model=model, user=actor).import_data(table(model, again))
    assert (result.totals["new"], result.totals["update"], result.totals["skip"]) == (0, 1, 1)
    assert [row.note for row in model.objects.all()] == ["补充说明"]


def test_one_wrong_row_and_nothing_is_written(district, keeper):
    model = next(model for model in registers() if model._meta.label_lower == "eldercare.canteen")
    actor = keeper(model)
    rows = [typed_for(model, district.township, actor, number) for number in range(3)]
    rows[1]["happened_on"] = "昨天"
    rows[2]["org_unit"] = district.other_township
    result = RecordResource(model=model, user=actor).import_data(table(model, rows))
    problems = [list(row.error_dict) for row in result.invalid_rows]
    assert problems == [["happened_on"], ["org_unit"]]
    assert not model.objects.exists()


def test_an_export_holds_the_scope_and_masks_people(district, cast, keeper):
    from eldercare.models import HomeAdaptation

    row = make_record(HomeAdaptation, district.township, keeper(HomeAdaptation))
    text = RecordResource(model=HomeAdaptation, user=cast.leader).export().csv
    assert row.person.name in text and row.person.id_number not in text
    for user in (cast.other_liaison, cast.auditor, cast.nobody):
        assert len(RecordResource(model=HomeAdaptation, user=user).export()) == 0
