"""The reasons that a reviewer can choose from when a report goes back."""

from accounts.enums import Role
from tests import factories as make
from workplan.models import Plan

ADDRESS = "/review/reasons/"


def test_are_edited_and_offered(client, district, cast, submitted):
    client.force_login(cast.head)
    assert "请补充佐证材料。" in client.get(ADDRESS).text
    typed = " 请附现场照片。 \n\n请附现场照片。\n请写明村名。"
    assert client.post(ADDRESS, {"return_reasons": typed}).status_code == 302
    assert Plan.objects.get(pk=district.plan.pk).reasons == ["请附现场照片。", "请写明村名。"]
    page = client.get(f"/reports/{submitted.pk}/").text
    assert "请附现场照片。" in page and "请补充佐证材料。" not in page


def test_too_long_and_too_many_are_told_and_nothing_is_lost(client, district, cast):
    client.force_login(cast.head)
    long = client.post(ADDRESS, {"return_reasons": "长" * 501})
    assert long.status_code == 422 and "每条最多 500 字" in long.text and "长" * 501 in long.text
    many = client.post(ADDRESS, {"return_reasons": "\n".join(f"原因{n}" for n in range(31))})
    assert many.status_code == 422 and "最多 30 条，现有 31 条。" in many.text
    assert "请补充佐证材料。" in Plan.objects.get(pk=district.plan.pk).reasons


def test_who_reviews_nothing_edits_nothing(client, cast):
    client.force_login(cast.liaison)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"return_reasons": "x"}).status_code == 403


def test_who_reviews_elsewhere_edits_nothing_here(client, district, neighbour, cast):
    """Reading this bureau and reviewing for another does not add up to reviewing here."""
    both = make.MembershipFactory(user=make.UserFactory(), org_unit=neighbour.office, role=Role.HEAD).user
    make.MembershipFactory(user=both, org_unit=district.bureau, role=Role.AUDITOR)
    client.force_login(both)
    asked = f"{ADDRESS}?plan={district.plan.pk}"
    assert client.get(asked).status_code == 403
    assert client.post(asked, {"return_reasons": "x"}).status_code == 403
    assert "请补充佐证材料。" in Plan.objects.get(pk=district.plan.pk).reasons
    assert client.get(f"{ADDRESS}?plan={neighbour.plan.pk}").status_code == 200
