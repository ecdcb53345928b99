"""The fixed cast: one district with two offices and two townships, everybody who works there, and a district next door."""

from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role, UnitKind
from accounts.models import OrgUnit, User
from workplan.enums import AssignmentRole
from workplan.models import Allocation, Assignment, Period, PeriodRule, Plan, Section, Target, Task
from workplan.rules.kinds import Comparator, TargetKind
from workplan.services.periods import generate_periods

from . import factories as make

TODAY = date(2024, 10, 15)


@dataclass
class District:
    """A bureau with its tree and plan. Targets by code: 49.3 count, 22.4 rate, 46.3 ceiling, 23.9 milestone of the office."""

    bureau: OrgUnit
    office: OrgUnit
    other_office: OrgUnit
    township: OrgUnit
    other_township: OrgUnit
    plan: Plan
    section: Section
    other_section: Section
    task: Task
    other_task: Task
    targets: dict[str, Target] = field(default_factory=dict)

    def period(self, month: int) -> Period:
        return self.plan.periods.get(number=month)


@dataclass
class Cast:
    """Everybody, by part. `nobody` has an account and no role; `outsider` is the liaison of another district."""

    administrator: User
    leader: User
    auditor: User
    head: User
    staff: User
    other_head: User
    other_staff: User
    liaison: User
    other_liaison: User
    supervisor: User
    nobody: User
    outsider: User

    def everybody(self) -> dict[str, User]:
        return dict(vars(self))


def build_district(prefix: str = "D1") -> District:
    """Make a district whose plan has two sections and targets of four kinds."""
    bureau = make.OrgUnitFactory(code=prefix, name=f"{prefix}区民政局", kind=UnitKind.BUREAU)
    office = make.OrgUnitFactory(code=f"{prefix}-eldercare", name="养老科", kind=UnitKind.OFFICE, parent=bureau)
    other_office = make.OrgUnitFactory(code=f"{prefix}-funeral", name="殡葬科", kind=UnitKind.OFFICE, parent=bureau)
    township = make.OrgUnitFactory(code=f"{prefix}001", name=f"{prefix}甲街道", kind=UnitKind.STREET, parent=bureau)
    other_township = make.OrgUnitFactory(code=f"{prefix}002", name=f"{prefix}乙镇", kind=UnitKind.TOWN, parent=bureau)
    make.RemitFactory(bureau=bureau, office=office, app="eldercare")
    make.RemitFactory(bureau=bureau, office=other_office, app="funeral")
    plan = make.PlanFactory(bureau=bureau)
    PeriodRule.objects.create(plan=plan, first_start=date(2024, 1, 1))
    generate_periods(plan=plan)
    section = make.SectionFactory(plan=plan, number=5, app="eldercare", title="养老板块")
    other_section = make.SectionFactory(plan=plan, number=11, app="funeral", title="殡葬板块")
    task = make.TaskFactory(section=section, number=49, title="适老化改造")
    other_task = make.TaskFactory(section=other_section, number=46, title="违建墓地整治")
    district = District(
        bureau, office, other_office, township, other_township, plan, section, other_section, task, other_task
    )
    _add_targets(district)
    return district


def _add_targets(district: District) -> None:
    townships = (district.township, district.other_township)
    homes = make.TargetFactory(task=district.task, code="49.3", measure="完成适老化改造户数", sort=1)
    staff = make.TargetFactory(
        task=district.task, code="22.4", measure="护理员持证率", kind=TargetKind.RATE.value, goal=90, unit="%", sort=2
    )
    tombs = make.TargetFactory(
        task=district.other_task,
        code="46.3",
        measure="新增违建墓地数",
        kind=TargetKind.CEILING.value,
        comparator=Comparator.LE.value,
        goal=0,
        unit="起",
        sort=3,
    )
    paper = make.TargetFactory(
        task=district.task, code="23.9", measure="规划编制", kind=TargetKind.MILESTONE.value, goal=1, unit="份", sort=4
    )
    shares = [
        Allocation(target=target, org_unit=unit, amount=50 if target is homes else None)
        for target in (homes, staff, tombs)
        for unit in townships
    ]
    Allocation.objects.bulk_create([*shares, Allocation(target=paper, org_unit=district.office, amount=1)])
    assigned = []
    for task, lead in ((district.task, district.office), (district.other_task, district.other_office)):
        assigned.append(make.AssignmentFactory.build(task=task, org_unit=lead, role=AssignmentRole.LEAD))
        assigned += [make.AssignmentFactory.build(task=task, org_unit=unit) for unit in townships]
    Assignment.objects.bulk_create(assigned)
    district.targets = {target.code: target for target in (homes, staff, tombs, paper)}


def build_cast(district: District, neighbour: District) -> Cast:
    """Give every part its user."""

    def user(name: str, role: Role | None, unit: OrgUnit | None) -> User:
        account = make.UserFactory(username=name, name=f"演员·{name}", is_staff=role == Role.ADMINISTRATOR)
        if role:
            make.MembershipFactory(user=account, org_unit=unit, role=role)
        return account

    return Cast(
        administrator=user("administrator", Role.ADMINISTRATOR, district.bureau),
        leader=user("leader", Role.LEADER, district.bureau),
        auditor=user("auditor", Role.AUDITOR, district.bureau),
        head=user("head", Role.HEAD, district.office),
        staff=user("staff", Role.STAFF, district.office),
        other_head=user("other_head", Role.HEAD, district.other_office),
        other_staff=user("other_staff", Role.STAFF, district.other_office),
        liaison=user("liaison", Role.LIAISON, district.township),
        other_liaison=user("other_liaison", Role.LIAISON, district.other_township),
        supervisor=user("supervisor", Role.SUPERVISOR, district.township),
        nobody=user("nobody", None, None),
        outsider=user("outsider", Role.LIAISON, neighbour.township),
    )
