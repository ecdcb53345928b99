"""Registers in the data maintenance site: all of them, to look at, people masked and for those who may see them."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Event
from tests import factories as make
from tests.admin.test_pages import INLINE
from tests.api.conftest import uploads  # noqa: F401  (a folder for files)
from tests.registers.conftest import keeper  # noqa: F401  (fixture)
from tests.registers.making import make_record, unit_for
from workplan.enums import Privacy
from workplan.models import Attachment
from workplan.registers.registry import registers
from workplan.services.attachments import add_attachment
from workplan.services.records import remove_record

pytestmark = pytest.mark.django_db
EACH = [pytest.param(model, id=model._meta.label_lower) for model in registers()]
OPEN = [param for param in EACH if param.values[0].register.privacy == Privacy.OPEN]
CLOSED = [param for param in EACH if param.values[0].register.privacy != Privacy.OPEN]


def url(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def pages_of(client, row) -> list:
    return [client.get(url(type(row), "changelist")), client.get(url(type(row), "change", row.pk))]


@pytest.mark.parametrize("model", EACH)
def test_every_register_is_there(model):
    assert admin.site.is_registered(model)


@pytest.mark.parametrize("model", OPEN)
def test_an_open_register_is_shown_and_changed_nowhere(model, district, cast, keeper, as_user):  # noqa: F811
    row = make_record(model, unit_for(model, district), keeper(model))
    boss = as_user(cast.administrator)
    for page in pages_of(boss, row):
        assert page.status_code == 200
        assert not INLINE.search(page.content.decode())
    assert [shown.pk for shown in boss.get(url(model, "changelist")).context["cl"].result_list] == [row.pk]
    assert boss.get(url(model, "add")).status_code == 403
    assert boss.post(url(model, "change", row.pk), {"note": "越过服务"}).status_code == 403
    assert boss.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert (row.note, row.version) == ("", 1)


@pytest.mark.parametrize("model", CLOSED)
def test_registers_of_people_are_closed_to_administrators(model, district, cast, keeper, as_user):  # noqa: F811
    row = make_record(model, unit_for(model, district), keeper(model))
    boss = as_user(cast.administrator)
    assert [page.status_code for page in pages_of(boss, row)] == [403, 403]
    assert url(model, "changelist") not in boss.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", CLOSED)
def test_those_who_work_with_the_people_see_them_masked(model, district, keeper, as_user):  # noqa: F811
    """An account of the site that is a liaison's too sees what the liaison sees on the pages."""
    actor = keeper(model)
    row = make_record(model, unit_for(model, district), actor, person_phone="13800009999")
    actor.is_staff = True
    actor.save()
    for page in pages_of(as_user(actor), row):
        text = page.content.decode()
        assert page.status_code == 200
        assert "13800009999" not in text and not INLINE.search(text)
        person = getattr(row, "person", None)
        assert person is None or (person.name in text and person.id_number not in text)


@pytest.mark.parametrize("model", OPEN[:3])
def test_rows_of_another_township_do_not_exist(model, district, cast, keeper, as_user):  # noqa: F811
    row = make_record(model, unit_for(model, district), keeper(model))
    cast.other_liaison.is_staff = True
    cast.other_liaison.save()
    client = as_user(cast.other_liaison)
    assert list(client.get(url(model, "changelist")).context["cl"].result_list) == []
    assert client.get(url(model, "change", row.pk)).status_code == 302


@pytest.mark.parametrize("model", [EACH[0], *CLOSED[:1]])
def test_files_are_listed_where_their_records_may_be_read(model, district, cast, keeper, as_user):  # noqa: F811
    actor = keeper(model)
    row = make_record(model, unit_for(model, district), actor)
    file = add_attachment(record=row, actor=actor, upload=SimpleUploadedFile("现场.txt", "验收".encode()))
    readable = model.register.privacy == Privacy.OPEN
    boss = as_user(cast.administrator)
    listed = boss.get(url(Attachment, "changelist")).content.decode()
    assert ("现场.txt" in listed) is readable
    page = boss.get(url(Attachment, "change", file.pk))
    assert page.status_code == (200 if readable else 302)
    assert file.file.name not in page.content.decode()


def test_the_filters_are_those_that_the_register_declares(district, cast, as_user):
    from eldercare.models import Canteen

    make_record(Canteen, district.township, cast.liaison, newly_built=True)
    make_record(Canteen, district.township, cast.liaison, 1)
    boss = as_user(cast.administrator)
    counts = [
        len(boss.get(url(Canteen, "changelist"), query).context["cl"].result_list)
        for query in ({}, {"newly_built__exact": "1"}, {"state__exact": "rejected"}, {"q": "示例1"})
    ]
    assert counts == [2, 1, 0, 1]


def test_a_new_account_of_the_site_sees_no_register(as_user):
    nobody = make.UserFactory(username="empty", is_staff=True)
    client = as_user(nobody)
    assert {client.get(url(model, "changelist")).status_code for model in registers()} == {403}


def test_an_export_holds_the_rows_of_the_scope_and_is_logged(district, cast, as_user):
    from eldercare.models import Canteen

    make_record(Canteen, district.township, cast.liaison)
    remove_record(record=make_record(Canteen, district.township, cast.liaison, 1), actor=cast.liaison, reason="重复")
    boss = as_user(cast.administrator)
    answer = boss.post(url(Canteen, "export"), {"format": "1", "resource": "0"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.status_code == 200 and len(lines) == 2
    assert lines[0].startswith("所属单位,食堂名称") and "示例0" in lines[1]
    assert Event.objects.get(action="data.export").after["rows"] >= 1
    assert boss.get(url(Canteen, "import")).status_code == 403
