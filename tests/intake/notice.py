"""An invented notice and last year's plan of the cast's district, as the tests of the intake use them."""

from datetime import date
from decimal import Decimal

from tests import factories as make
from tests.cast import District
from workplan.enums import AssignmentRole
from workplan.intake.building import build
from workplan.intake.outline import Outline
from workplan.models import Allocation, Assignment, Intake
from workplan.notice import as_data, parse_text
from workplan.services import intake as service

TEXT = """D1区民政局关于印发《2025年全区民政工作要点》的通知
甲民政发〔2025〕3号

局属各科室：
现将《2025年全区民政工作要点》印发给你们，请认真抓好落实。
D1区民政局
2025年2月20日
2025年全区民政工作要点
一、养老板块
（一）适老化改造。6月底前完成适老化改造户数120户。加强宣传引导。护理员持证率达到95%。
（二）机构监管。每月开展检查，实现养老机构全覆盖。（牵头单位：养老科；配合单位：殡葬科、财政局）
二、殡葬改革攻坚
（三）违建墓地整治。新增违建墓地零发生。
（四）节地生态安葬。推广节地葬法，新建公益性公墓3个。
三、其他工作
（五）加强宣传。编印简报12期。
"""


def outline() -> Outline:
    return build(as_data(parse_text(TEXT)), TEXT)


def begun(district: District, actor, text: str = TEXT) -> Intake:
    return service.begin(bureau=district.bureau, actor=actor, text=text)[0]


def correct(intake: Intake, actor, **edit) -> Intake:
    """Make a correction on the intake as it stands, and return it as it is then."""
    intake.refresh_from_db()
    service.correct(intake=intake, actor=actor, version=intake.version, edit=edit)
    intake.refresh_from_db()
    return intake


def ready(district: District, actor) -> Intake:
    """Return an intake from which a draft can be made."""
    intake = begun(district, actor)
    for task in list(service.outline_of(intake).tasks):
        correct(intake, actor, edit="accept_task", task=task.id)
    return correct(intake, actor, edit="map_sections", apps={"s1": "eldercare", "s2": "funeral", "s3": "partybuilding"})


def last_year(district: District) -> None:
    """Add to the district's plan of 2024 what a new plan may take over."""
    homes = district.targets["49.3"]
    homes.computed_by, homes.curve = "eldercare.adapted_homes", "steps"
    homes.save()
    homes.steps.create(on=date(2024, 2, 29), share=Decimal("0.2"), label="启动")
    Allocation.objects.filter(target=homes, org_unit=district.township).update(amount=25)
    Allocation.objects.filter(target=homes, org_unit=district.other_township).update(amount=75)
    make.AssignmentFactory(task=district.task, org_unit=district.other_office, role=AssignmentRole.COOPERATE)
    assert Assignment.objects.filter(task=district.task, role=AssignmentRole.LEAD).get().org_unit == district.office
