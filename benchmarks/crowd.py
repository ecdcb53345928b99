"""A district of 26 townships, and the workbook that somebody brings: 100,000 people with a register about them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from accounts.enums import Role, UnitKind
from accounts.models import Membership, OrgUnit, Remit, User
from eldercare.enums import HardshipKind
from eldercare.models import SupportedElder
from people.sample import CHECKS, GIVEN, NOWHERE, SURNAMES, WEIGHTS
from workplan.models import Allocation, PeriodRule, Plan, Section, Target, Task
from workplan.registers.columns import columns_of
from workplan.rules.kinds import Strength, TargetKind
from workplan.services.periods import generate_periods

ROWS = 100_000
TOWNSHIPS = 26
FIRST_BIRTH, FIRST_DAY = date(1930, 1, 1), date(2024, 1, 1)
MODEL = SupportedElder
USER = "bench"
GHOST_CELLS = 4  # formatted cells of a ghost row: a million rows of more would be over the limit of a file


def found_district() -> None:
    """Make the units, an officer of elder care, and a target computed from the register."""
    bureau = OrgUnit.objects.create(code="B", name="局", kind=UnitKind.BUREAU)
    office = OrgUnit.objects.create(code="O", name="养老科", kind=UnitKind.OFFICE, parent=bureau)
    units = [
        OrgUnit.objects.create(code=f"T{n:02}", name=f"{n}镇", kind=UnitKind.TOWN, parent=bureau) for n in range(26)
    ]
    user = User.objects.create(username=USER, name=USER)
    Membership.objects.create(user=user, org_unit=office, role=Role.STAFF)
    Remit.objects.create(bureau=bureau, office=office, app="eldercare")
    plan = Plan.objects.create(bureau=bureau, year=2024, title="bench", status="published")
    PeriodRule.objects.create(plan=plan, first_start=FIRST_DAY)
    generate_periods(plan=plan)
    section = Section.objects.create(plan=plan, number=5, title="养老", app="eldercare")
    target = _target(plan, Task.objects.create(plan=plan, section=section, number=21, title="保障"))
    Allocation.objects.bulk_create(Allocation(target=target, org_unit=unit) for unit in units)


def _target(plan: Plan, task: Task) -> Target:
    return Target.objects.create(
        plan=plan,
        task=task,
        code="21.1",
        measure="应保尽保",
        kind=TargetKind.RATE.value,
        strength=Strength.HARD.value,
        comparator=">=",
        goal=100,
        unit="%",
        start=FIRST_DAY,
        due=date(2024, 12, 31),
        computed_by="eldercare.elders_supported",
    )


def number_of(n: int) -> str:
    """Return the resident ID number of person n: of no division, right in its check digit."""
    body = f"{NOWHERE}{FIRST_BIRTH + timedelta(days=n // 1000):%Y%m%d}{n % 1000:03}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def cells(count: int, *, note: str = "") -> Iterator[dict]:
    """Yield the rows by column name, as a spreadsheet holds them: text, days, empty cells."""
    kinds = [str(label) for label in HardshipKind.labels]
    for n in range(count):
        day = FIRST_DAY + timedelta(days=n % 200)
        yield {
            "所属单位": f"{n % TOWNSHIPS}镇",
            "姓名": SURNAMES[n % len(SURNAMES)] + GIVEN[n // 7 % len(GIVEN)] + GIVEN[n // 91 % len(GIVEN)],
            "证件类型": "居民身份证",
            "证件号码": number_of(n),
            "性别": "男" if n % 2 else "女",
            "联系电话": f"138{n:08d}",
            "困难类别": kinds[n % len(kinds)],
            "认定符合条件日期": day,
            "纳入保障服务日期": day + timedelta(days=n % 7) if n % 5 else None,
            "集中照护": "是" if n % 3 == 0 else "否",
            "备注": note or (f"第{n}户" if n % 4 == 0 else None),
        }


def write_workbook(path: Path, count: int = ROWS, *, note: str = "", ghosts: int = 0) -> None:
    """Write the workbook as Excel saves it, with shared strings; `ghosts` are formatted empty rows below the data."""
    import xlsxwriter

    header = [column.label for column in columns_of(MODEL)]
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet, frame = book.add_worksheet("数据"), book.add_format({"border": 1})
        sheet.write_row(0, 0, header)
        for line, row in enumerate(cells(count, note=note), start=1):
            sheet.write_row(line, 0, [row.get(name) for name in header])
        for line in range(count + 1, count + 1 + ghosts):
            for at in range(GHOST_CELLS):
                sheet.write_blank(line, at, None, frame)
