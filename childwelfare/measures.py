"""How targets about children are computed. Readings A16 and A19 are those of the plan's fixtures.

A child belongs to items 26 and 48 from the day it came into the register until it left; for item 48 also no longer than
until the age to which its category is limited.
"""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest, Least

from people.models import Person
from workplan.enums import RecordState
from workplan.measures import FOREVER, Measure, Rows, first_of_each, of_bureau, this_year
from workplan.sql import YearsLater

from .enums import EventKind, GroupKind, Severity
from .models import (
    Assessment,
    Attendance,
    Benefit,
    Casework,
    Child,
    Event,
    GroupSession,
    Organisation,
    Partner,
    Screening,
)
from .models.children import GROWN_UP, MONTHLY

LEFT_BEHIND_UNTIL = 16  # years: 国发〔2016〕13号
WITHOUT_PARENTS = ~Q(orphan="") | Q(unattended=True)
IN_DIFFICULTY = WITHOUT_PARENTS | ~Q(hardship="")  # 国发〔2016〕36号 counts children without parents among them
SERIOUS = (Severity.SERIOUS, Severity.SEVERE)


def _first_day(rows: QuerySet, day: str = "happened_on") -> Subquery:
    """Return the earliest day on which the child of the outer row has one of the rows."""
    return Subquery(rows.filter(person=OuterRef("person")).order_by(day).values(day)[:1])


# --- Item 26 -------------------------------------------------------------------------------------------------


def _without_parents(target) -> Rows:
    return Rows(of_bureau(Child, target).filter(WITHOUT_PARENTS), until="ended_on")


def _paid_to_standard(target) -> Rows:
    """Children whose basic living allowance is not below the standard, from its first payment until the last one ends."""
    paid = of_bureau(Benefit, target).filter(kind__in=MONTHLY, amount__gte=F("standard"))
    ends = paid.filter(person=OuterRef("person")).annotate(end=Coalesce("ended_on", FOREVER)).order_by("-end")
    children = _without_parents(target).query.filter(Exists(paid.filter(person=OuterRef("person"))))
    children = children.annotate(
        since=Greatest("happened_on", _first_day(paid)),
        until=Least(Coalesce("ended_on", FOREVER), Subquery(ends.values("end")[:1])),
    )
    return Rows(children, since="since", until="until")


def _partners(target) -> Rows:
    return Rows(of_bureau(Partner, target), until="left_on")


# --- Items 27 to 29 ------------------------------------------------------------------------------------------


def _first_events(target, *kinds: EventKind) -> Rows:
    """Each kind counts once, from the first event of it in the year."""
    rows = this_year(of_bureau(Event, target).filter(kind__in=kinds), target)
    return Rows(first_of_each(rows, by="kind"))


def _selections(target) -> Rows:
    return _first_events(target, EventKind.ROLE_MODELS, EventKind.CASES, EventKind.SKILLS)


def _families_assessed(target) -> Rows:
    """Children of one household count once; a child without a household is a family of its own."""
    rows = this_year(of_bureau(Assessment, target), target)
    return Rows(first_of_each(rows.annotate(family=Coalesce("person__household_id", -F("person_id"))), by="family"))


def _organisations(target) -> Rows:
    return Rows(of_bureau(Organisation, target), until="closed_on")


# --- Item 48, of the section "six things" --------------------------------------------------------------------


def _concerned(target) -> QuerySet:
    """Return the children in difficulty or left behind, each once, with `until`: when they leave or are too old."""
    too_old = Case(
        When(IN_DIFFICULTY, then=YearsLater("person__birth_date", years=GROWN_UP)),
        default=YearsLater("person__birth_date", years=LEFT_BEHIND_UNTIL),
    )
    children = of_bureau(Child, target).filter(IN_DIFFICULTY | ~Q(left_behind=""))
    return children.annotate(until=Least(Coalesce("ended_on", FOREVER), Coalesce(too_old, FOREVER)))


def _concerned_rows(target) -> Rows:
    return Rows(_concerned(target), until="until")


def _attended(target, kind: GroupKind) -> QuerySet:
    rows = this_year(of_bureau(Attendance, target), target)
    return rows.filter(session__kind=kind, session__state=RecordState.VALID)


def _counselled(target) -> Rows:
    children = _concerned(target).annotate(counselled_on=_first_day(_attended(target, GroupKind.COUNSELLING)))
    children = children.filter(counselled_on__isnull=False).annotate(since=Greatest("happened_on", "counselled_on"))
    return Rows(children, since="since", until="until")


def _family_activities(target) -> Rows:
    kinds = (GroupKind.FAMILY_TIME, GroupKind.REUNION)
    return Rows(this_year(of_bureau(GroupSession, target).filter(kind__in=kinds), target))


def _screened(target) -> Rows:
    return Rows(first_of_each(this_year(of_bureau(Screening, target), target), by="person_id"))


def _troubled(target) -> Rows:
    """Children concerned whom a screening of the year found in serious trouble, from that day."""
    serious = this_year(of_bureau(Screening, target).filter(severity__in=SERIOUS), target)
    children = _concerned(target).annotate(found_on=_first_day(serious)).filter(found_on__isnull=False)
    return Rows(children.annotate(since=Greatest("happened_on", "found_on")), since="since", until="until")


def _helped(target) -> Rows:
    """Those of them who got group or individual work since, from its first day."""
    later = {"happened_on__gte": OuterRef("found_on")}
    groups = _first_day(_attended(target, GroupKind.GROUP_WORK).filter(**later))
    cases = _first_day(this_year(of_bureau(Casework, target), target).filter(**later))
    helped_on = Least(Coalesce(groups, FOREVER), Coalesce(cases, FOREVER))
    children = _troubled(target).query.annotate(helped_on=helped_on).filter(helped_on__lt=FOREVER)
    return Rows(children.annotate(from_day=Greatest("since", "helped_on")), since="from_day", until="until")


MEASURES = [
    Measure(
        "childwelfare.paid_to_standard",
        "基本生活费（补贴）不低于应发标准的孤儿、事实无人抚养儿童，占台账中这两类儿童",
        _paid_to_standard,
        _without_parents,
        depends=(Benefit,),
    ),
    Measure("childwelfare.partners", "在区未保中心服务的社会专业力量", _partners),
    Measure(
        "childwelfare.migrant_rules",
        "流动儿童关爱保护制度已印发",
        lambda target: _first_events(target, EventKind.MIGRANT_RULES),
    ),
    Measure(
        "childwelfare.together",
        "“童心相伴”民生实事已启动",
        lambda target: _first_events(target, EventKind.TOGETHER),
    ),
    Measure(
        "childwelfare.families_assessed",
        "本年完成监护能力评估的家庭，一户几名儿童只计一户",
        _families_assessed,
        depends=(Assessment, Person),
    ),
    Measure("childwelfare.selections", "典型选树、案例评选、技能展示三项中已举办的项数", _selections),
    Measure("childwelfare.organisations", "在册的儿童福利类社会组织", _organisations),
    Measure(
        "childwelfare.group_counselling",
        "本年至少参加一次心理健康团辅的困境（含孤儿、事实无人抚养）和留守儿童，占台账中这些儿童，一人只计一次",
        _counselled,
        _concerned_rows,
        depends=(Attendance, GroupSession, Person),
    ),
    Measure("childwelfare.family_activities", "本年亲情陪伴、家庭团聚活动场次", _family_activities),
    Measure(
        "childwelfare.screened",
        "本年接受过心理健康筛查的儿童，一人只计一次",
        _screened,
        depends=(Screening,),
    ),
    Measure(
        "childwelfare.casework",
        "筛查结论为较严重及以上的困境和留守儿童中，筛查后已参加小组服务或开展个案服务的",
        _helped,
        _troubled,
        depends=(Screening, Attendance, GroupSession, Casework, Person),
    ),
]
