"""What the registers of social organisations accept with a doubt, what they refuse, and what they count once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Right
from socialorgs.models import AnnualCheck, CampaignAction, Document, DormantCase, InspectionPlan, SocialOrganisation
from tests import factories as make
from workplan.assess import assess
from workplan.imports import services as service
from workplan.models import Allocation
from workplan.rules.kinds import Recurrence, TargetKind
from workplan.services.records import create_record, verify_record

from .making import make_record, posted, run_import, typed_for, workbook

pytestmark = pytest.mark.django_db
RIGHT = "11500104009286295N"
DOUBTFUL = "91350211M0000XUF46"  # in use, though its check character is wrong
DOUBT = "校验位不符"


@pytest.fixture
def add(district, keeper):
    def add_record(model, number=0, **values):
        return make_record(model, district.office, keeper(model), number, **values)

    return add_record


@pytest.fixture
def keep(district, keeper, as_user):
    """Type an organisation into its form; return the client and the page that it leads to."""

    def keep_organisation(code: str):
        actor = keeper(SocialOrganisation)
        client = as_user(actor)
        data = posted(typed_for(SocialOrganisation, district.office, actor) | {"code": code})
        return client, client.post(reverse("workplan:record_new", args=["socialorgs", "socialorganisation"]), data)

    return keep_organisation


def counted(district, measure: str, **values):
    """Return a look at the number of the office that the measure makes."""
    target = make.TargetFactory(task=district.task, goal=1, computed_by=measure, **values)
    Allocation.objects.create(target=target, org_unit=district.office, amount=1)
    return lambda on: assess([target], on=on)[0].amount.value


def test_a_doubtful_code_is_kept_and_the_page_and_the_list_say_so(keep):
    client, response = keep(DOUBTFUL)
    assert response.status_code == 302
    assert DOUBT in client.get(response.url).content.decode()
    listed = client.get(reverse("workplan:register", args=["socialorgs", "socialorganisation"])).content.decode()
    assert DOUBTFUL in listed and "待核对" in listed


def test_a_right_code_raises_no_doubt_however_it_is_typed(keep):
    client, response = keep(f" {RIGHT[:8]} {RIGHT[8:].lower()}")
    assert SocialOrganisation.objects.get().code == RIGHT
    assert DOUBT not in client.get(response.url).content.decode()


def test_a_code_written_in_two_ways_is_one_organisation(add):
    add(SocialOrganisation, code=RIGHT)
    with pytest.raises(ValidationError, match="这一统一社会信用代码已经登记"):
        add(SocialOrganisation, 1, code=RIGHT.lower())


def test_codes_of_files_are_kept_in_their_one_form(district, keeper):
    actor = keeper(SocialOrganisation)
    typed = typed_for(SocialOrganisation, district.office, actor) | {"code": RIGHT.lower()}
    content = workbook(SocialOrganisation, [typed])
    batch = service.start_import(model=SocialOrganisation, actor=actor, name="社会组织.xlsx", content=content)
    run_import(batch)
    service.confirm_import(batch=batch, actor=actor, good_only=False)
    run_import(batch)
    assert SocialOrganisation.objects.get().code == RIGHT


def test_the_office_of_charity_reads_the_organisations_and_changes_none(add, district, cast):
    make.RemitFactory(bureau=district.bureau, office=district.other_office, app="charity")
    row = add(SocialOrganisation)
    assert row in SocialOrganisation.objects.visible_to(cast.other_staff)
    assert row not in SocialOrganisation.objects.visible_to(cast.other_staff, Right.RECORD_WRITE)


@pytest.mark.parametrize(
    ("model", "values", "said"),
    [
        (SocialOrganisation, {"cross_posts_on": date(2024, 5, 1)}, "请先填写党组织建立日期。"),
        (SocialOrganisation, {"charity_on": date(2023, 5, 1)}, "不能早于成立登记日期。"),
        (SocialOrganisation, {"ended_on": date(2023, 5, 1)}, "不能早于成立登记日期。"),
        (AnnualCheck, {"result": "passed"}, "结论和作出结论日期须一并填写。"),
        (AnnualCheck, {"year": 23}, "请填写四位年份，如 2023。"),
        (DormantCase, {"settled_on": date(2024, 8, 1)}, "清理方式和清理完成日期须一并填写。"),
        (InspectionPlan, {"ratio": 101}, "抽查比例不能超过 100。"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(add, model, values, said):
    with pytest.raises(ValidationError) as wrong:
        add(model, **values)
    assert said in wrong.value.messages


@pytest.mark.parametrize("part", [0, 11])
def test_the_campaign_has_ten_parts(district, keeper, part):
    actor = keeper(CampaignAction)
    typed = typed_for(CampaignAction, district.office, actor) | {"number": part}
    with pytest.raises(ValidationError, match="“十个一”分为第 1 至第 10 项。"):
        create_record(model=CampaignAction, actor=actor, typed=typed)


def test_two_spot_checks_of_a_year_make_up_for_no_other_year(add, district):
    yearly = {"kind": TargetKind.RECURRING.value, "recurrence": Recurrence.YEARLY.value}
    value = counted(district, "socialorgs.inspections", **yearly)
    for number, day in enumerate((date(2024, 8, 1), date(2024, 9, 1))):
        add(InspectionPlan, number, finished_on=day)
    assert [value(day) for day in (date(2024, 7, 31), date(2024, 8, 1), date(2024, 10, 1))] == [0, 1, 1]


def test_a_text_that_was_issued_again_is_one_text_until_both_are_found_untrue(add, district, cast):
    value = counted(district, "socialorgs.documents")
    texts = [add(Document, n, title="章程示范文本", happened_on=date(2024, 3 + n, 1)) for n in range(2)]
    assert value(date(2024, 10, 1)) == 1
    verify_record(record=texts[0], actor=cast.head, confirmed=False, note="未正式印发")
    assert (value(date(2024, 3, 31)), value(date(2024, 10, 1))) == (0, 1)
    verify_record(record=texts[1], actor=cast.head, confirmed=False, note="未正式印发")
    assert value(date(2024, 10, 1)) == 0
