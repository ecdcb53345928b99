"""What holds for every register of every section: pages for the whole cast, scope, statements, changes and figures."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import UnitKind
from accounts.models import Event
from tests import factories as make
from workplan.enums import Privacy, RecordState
from workplan.errors import Refused
from workplan.registers.columns import DayColumn, columns_of
from workplan.registers.registry import registers
from workplan.services.records import change_record, remove_record

from .making import make_record, posted, typed_for, unit_for

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
LIMIT = 25

LEADING = {
    Privacy.OPEN: ("administrator", "leader", "auditor"),
    Privacy.PERSONS: ("leader",),
    Privacy.SENSITIVE: (),
}


def address(model, view: str = "register", *arguments) -> str:
    return reverse(f"workplan:{view}", args=[model._meta.app_label, model._meta.model_name, *arguments])


def add(model, district, actor, number: int = 0, **values):
    return make_record(model, unit_for(model, district), actor, number, **values)


@pytest.mark.parametrize("model", EACH)
def test_a_record_is_typed_shown_and_changed(model, district, keeper, as_user):
    actor = keeper(model)
    client, unit = as_user(actor), unit_for(model, district)
    assert client.get(address(model, "record_new")).status_code == 200
    data = posted(typed_for(model, unit, actor))
    response = client.post(address(model, "record_new"), data)
    assert response.status_code == 302, response.context and response.context["form"].errors
    row = model.objects.get(org_unit=unit, state=RecordState.VALID, created_by=actor, version=1, **_last(model))
    assert client.get(address(model, "record", row.pk)).status_code == 200
    edit = client.get(address(model, "record_edit", row.pk))
    assert edit.status_code == 200
    again = {**data, "note": "已改", "version": "1"}
    assert client.post(address(model, "record_edit", row.pk), again).status_code == 302
    row.refresh_from_db()
    assert (row.note, row.version) == ("已改", 2)
    acts = list(Event.objects.of(row).values_list("action", flat=True))
    assert acts == ["record.change", "record.create"]


def _last(model) -> dict:
    return {"pk": model.objects.order_by("-pk").values_list("pk", flat=True)[0]}


@pytest.mark.parametrize("model", EACH)
def test_an_empty_form_is_refused_at_its_fields(model, keeper, as_user):
    client = as_user(keeper(model))
    response = client.post(address(model, "record_new"), {"note": "留着"})
    assert response.status_code == 422
    assert "请填写" in response.content.decode() and "留着" in response.content.decode()
    assert not model.objects.exists()


@pytest.mark.parametrize("model", EACH)
def test_the_second_of_two_editors_is_told(model, district, keeper, as_user):
    actor = keeper(model)
    row = add(model, district, actor)
    change_record(record=row, actor=actor, version=1, typed={"note": "先到的"})
    data = posted(typed_for(model, row.org_unit, actor, 90)) | {"note": "后到的", "version": "1"}
    response = as_user(actor).post(address(model, "record_edit", row.pk), data)
    text = response.content.decode()
    assert response.status_code == 409 and "先到的" in text and "后到的" in text
    row.refresh_from_db()
    assert row.note == "先到的"


@pytest.mark.parametrize("model", EACH)
def test_records_of_others_do_not_exist(model, district, cast, keeper, as_user):
    row = add(model, district, keeper(model))
    strangers = ["other_head", "other_staff", "other_liaison", "nobody", "outsider"]
    if unit_for(model, district) != district.township:
        strangers.append("liaison")
    for name in strangers:
        client = as_user(getattr(cast, name))
        for view in ("record", "record_edit"):
            assert client.get(address(model, view, row.pk)).status_code == 404, (name, view)
        assert client.post(address(model, "record_remove", row.pk), {"reason": "x"}).status_code == 404, name
        listed = client.get(address(model))
        assert listed.status_code in (200, 404), name
        if listed.status_code == 200:
            assert listed.context["table"].paginator.count == 0, name
    row.refresh_from_db()
    assert row.state == RecordState.VALID


@pytest.mark.parametrize("model", EACH)
def test_those_who_lead_see_what_the_register_allows_and_change_nothing(model, district, cast, keeper, as_user):
    row = add(model, district, keeper(model))
    for name in ("administrator", "leader", "auditor"):
        client, reads = as_user(getattr(cast, name)), name in LEADING[model.register.privacy]
        assert client.get(address(model)).status_code == (200 if reads else 404), name
        assert client.get(address(model, "record", row.pk)).status_code == (200 if reads else 404), name
        assert client.post(address(model, "record_remove", row.pk), {"reason": "x"}).status_code == (
            403 if reads else 404
        ), name


@pytest.mark.parametrize("model", EACH)
def test_statements_of_the_list_do_not_grow_with_the_rows(model, district, keeper, as_user):
    actor = keeper(model)
    client = as_user(actor)
    add(model, district, actor, 0)
    client.get(address(model))
    few = _statements(client, address(model))
    for number in range(1, 6):
        add(model, district, actor, number)
    many = _statements(client, address(model))
    assert many == few <= LIMIT


def _statements(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", EACH)
def test_a_removed_record_is_gone_from_pages_and_kept_in_the_table(model, district, keeper, as_user):
    actor = keeper(model)
    row = add(model, district, actor)
    client = as_user(actor)
    assert client.post(address(model, "record_remove", row.pk), {"reason": ""}).status_code == 422
    assert client.post(address(model, "record_remove", row.pk), {"reason": "重复登记"}).status_code == 302
    assert client.get(address(model, "record", row.pk)).status_code == 404
    row.refresh_from_db()
    assert row.state == RecordState.REMOVED
    with pytest.raises(Refused, match="已被删除"):
        remove_record(record=row, actor=actor, reason="再删一次")


def dates_of(model) -> list[str]:
    return [c.name for c in columns_of(model) if isinstance(c, DayColumn) and not c.part]


@pytest.mark.parametrize("model", EACH)
def test_nothing_happens_in_the_future(model, district, keeper, as_user):
    """Of all dates that are typed, only those that the register names may lie ahead."""
    actor, tomorrow = keeper(model), str(date(2024, 10, 16))
    data = posted(typed_for(model, unit_for(model, district), actor)) | dict.fromkeys(dates_of(model), tomorrow)
    response = as_user(actor).post(address(model, "record_new"), data)
    errors = response.context["form"].errors
    refused = {name for name, messages in errors.items() if "日期不能晚于今天。" in messages}
    assert (response.status_code, refused) == (422, set(dates_of(model)) - model.register.ahead)


@pytest.mark.parametrize("model", [p for p in EACH if p.values[0].register.steps])
def test_steps_follow_each_other(model, district, keeper, as_user):
    actor = keeper(model)
    step = model.register.steps[0]
    typed = typed_for(model, unit_for(model, district), actor) | {step: date(2024, 2, 1)}
    response = as_user(actor).post(address(model, "record_new"), posted(typed))
    assert response.status_code == 422 and "不能早于" in response.content.decode()


@pytest.mark.parametrize("model", EACH)
def test_the_export_holds_the_rows_that_the_list_shows(model, district, keeper, as_user):
    actor = keeper(model)
    for number in range(3):
        add(model, district, actor, number)
    response = as_user(actor).get(address(model), {"export": "xlsx"})
    assert response.status_code == 200
    event = Event.objects.filter(action="data.export").latest("pk")
    assert event.after["rows"] == 3


@pytest.mark.parametrize("model", [p for p in EACH if p.values[0].register.key])
def test_the_same_twice_is_refused_with_a_sentence(model, district, keeper, as_user):
    actor = keeper(model)
    add(model, district, actor)
    data = posted(typed_for(model, unit_for(model, district), actor))
    response = as_user(actor).post(address(model, "record_new"), data)
    assert response.status_code == 422 and "已" in response.content.decode()
    assert model.objects.count() == 1


def test_the_own_unit_is_chosen_beforehand(district, cast, as_user):
    """A township's officer keeps records for its communities too; an office's staff for every township, so nothing is chosen."""
    make.OrgUnitFactory(kind=UnitKind.COMMUNITY, parent=district.township, name="示例社区")
    canteen = next(model for model in registers() if model._meta.label_lower == "eldercare.canteen")
    for user, chosen in ((cast.liaison, district.township), (cast.staff, None)):
        form = as_user(user).get(address(canteen, "record_new")).context["form"]
        assert len(form.fields["org_unit"].queryset) > 1
        assert form["org_unit"].initial == chosen
