"""A sample of the records behind a number: drawn by chance that can be repeated, judged one by one, with consequences."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Event
from tests.reporting.files import PNG
from workplan.assess import assess
from workplan.enums import RecordState
from workplan.errors import Refused
from workplan.models import Attachment, Finding, SpotCheck, Target
from workplan.services.records import change_record
from workplan.services.spotchecks import chosen_by, decide_item, draw_sample

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 15)


def numbers(target) -> tuple:
    (found,) = assess([Target.objects.get(pk=target.pk)], on=TODAY)
    return found.amount.value, found.verified


@pytest.fixture
def check(homes, computed, cast) -> SpotCheck:
    return draw_sample(target=computed, size=3, actor=cast.staff, seed="seven")


def test_the_seed_repeats_the_draw(check, homes):
    drawn = list(check.items.values_list("record", flat=True))
    assert drawn == chosen_by("seven", [home.pk for home in homes], 3)
    assert (check.population, check.size) == (7, 3)


def test_a_confirmed_record_is_verified_and_stays_in_the_number(check, computed, cast):
    item = decide_item(item=check.items.first(), confirmed=True, note="", actor=cast.staff)
    assert item.finding == Finding.CONFIRMED
    assert numbers(computed) == (7, 1)


def test_a_sample_waits_in_the_queue_of_its_office_until_all_is_looked_at(check, cast, as_user):
    queue, place = reverse("workplan:review"), reverse("workplan:spot_check", args=[check.pk])
    first, *rest = check.items.all()
    decide_item(item=first, confirmed=True, note="", actor=cast.staff)
    page = as_user(cast.head).get(queue).text
    assert place in page and "抽取 3 条，还有 2 条待核查" in page
    assert place not in as_user(cast.other_head).get(queue).text
    for item in rest:
        decide_item(item=item, confirmed=True, note="", actor=cast.staff)
    assert place not in as_user(cast.head).get(queue).text


def test_an_untrue_record_leaves_the_number_and_comes_back_to_its_unit(check, computed, cast, as_user):
    item = check.items.first()
    decide_item(item=item, confirmed=False, note="现场未见改造", actor=cast.staff)
    assert numbers(computed) == (6, 0)
    owner = cast.liaison if item.org_unit.name.endswith("甲街道") else cast.other_liaison
    other = cast.other_liaison if owner is cast.liaison else cast.liaison
    home = reverse("workplan:home")
    assert "现场未见改造" in as_user(owner).get(home).content.decode()
    assert "现场未见改造" not in as_user(other).get(home).content.decode()


def test_a_mended_record_counts_again_and_leaves_the_list(check, computed, homes, cast, as_user):
    item = check.items.first()
    decide_item(item=item, confirmed=False, note="金额不符", actor=cast.staff)
    record = next(home for home in homes if home.pk == item.record)
    record.refresh_from_db()
    assert record.state == RecordState.REJECTED
    owner = cast.liaison if item.org_unit.name.endswith("甲街道") else cast.other_liaison
    change_record(record=record, actor=owner, version=record.version, typed={"note": "已核实更正"})
    assert numbers(computed) == (7, 0)
    assert "金额不符" not in as_user(owner).get(reverse("workplan:home")).content.decode()


def test_nobody_verifies_their_own(homes, computed, district, cast):
    check = draw_sample(target=computed, size=7, actor=cast.staff)
    homes[0].__class__.objects.filter(pk=homes[0].pk).update(created_by=cast.staff)
    item = check.items.get(record=homes[0].pk)
    with pytest.raises(Refused, match="本人登记"):
        decide_item(item=item, confirmed=True, note="", actor=cast.staff)


def test_untrue_needs_a_note_and_nothing_is_decided_twice(check, cast):
    item = check.items.first()
    with pytest.raises(Refused, match="须写明"):
        decide_item(item=item, confirmed=False, note=" ", actor=cast.staff)
    decide_item(item=item, confirmed=True, note="", actor=cast.staff)
    with pytest.raises(Refused, match="已有核查结果"):
        decide_item(item=item, confirmed=False, note="改主意", actor=cast.head)


@pytest.mark.parametrize("size", [0, 8, 201])
def test_a_sample_that_does_not_fit_is_refused(size, homes, computed, cast):
    with pytest.raises(Refused, match="应在 1 与 7 之间"):
        draw_sample(target=computed, size=size, actor=cast.staff)


def test_a_typed_target_has_nothing_to_draw(district, cast):
    with pytest.raises(Refused, match="没有可由您抽查"):
        draw_sample(target=district.targets["22.4"], size=1, actor=cast.staff)


def test_the_page_draws_and_decides_with_a_photo(homes, computed, cast, as_user):
    client = as_user(cast.head)
    page = client.get(reverse("workplan:target", args=[computed.pk])).content.decode()
    assert reverse("workplan:spot_check_draw", args=[computed.pk]) in page
    drawn = client.post(reverse("workplan:spot_check_draw", args=[computed.pk]), {"size": "2"}, follow=True)
    check = SpotCheck.objects.get()
    assert drawn.status_code == 200 and check.seed in drawn.content.decode()
    item = check.items.first()
    decide = reverse("workplan:spot_check_decide", args=[check.pk, item.pk])
    wrong = client.post(decide, {"finding": "rejected", "note": ""})
    assert wrong.status_code == 422 and "须写明" in wrong.content.decode()
    photo = SimpleUploadedFile("现场.png", PNG)
    assert client.post(decide, {"finding": "confirmed", "note": "看过了", "photo": photo}).status_code == 302
    assert Attachment.objects.get().record == item.record
    assert Event.objects.filter(action="record.confirm").count() == 1
    page = client.get(reverse("workplan:target", args=[computed.pk])).content.decode()
    assert re.search(r"已核查 1，不实 0", page)


@pytest.mark.parametrize("name", ["liaison", "leader", "auditor", "administrator", "other_staff"])
def test_others_do_not_draw(name, homes, computed, cast, as_user):
    client = as_user(getattr(cast, name))
    response = client.post(reverse("workplan:spot_check_draw", args=[computed.pk]), {"size": "2"})
    assert response.status_code == (404 if name == "other_staff" else 403)
    assert not SpotCheck.objects.exists()


def test_a_sample_is_seen_by_its_office_and_those_who_lead(check, cast, as_user):
    page = reverse("workplan:spot_check", args=[check.pk])
    seen = {name: as_user(user).get(page).status_code for name, user in cast.everybody().items()}
    assert [name for name, status in seen.items() if status == 200] == [
        "administrator",
        "leader",
        "auditor",
        "head",
        "staff",
    ]
