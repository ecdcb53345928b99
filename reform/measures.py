"""How reform's targets are computed from its registers (reading A21)."""

from workplan.measures import Measure, Rows, of_bureau, this_year

from .enums import ConsortiumKind, Level, MechanismKind, PilotKind
from .models import Consortium, Mechanism, Pilot, Platform, ReformItem, TypicalCase

ABOVE = (Level.NATIONAL, Level.MUNICIPAL)


def _listed_items(target) -> Rows:
    rows = of_bureau(ReformItem, target).filter(listed_on__isnull=False)
    return Rows(this_year(rows, target, "listed_on"), since="listed_on")


def _cases(target) -> Rows:
    return Rows(this_year(of_bureau(TypicalCase, target), target))


def _granted(target, **conditions) -> Rows:
    rows = of_bureau(Pilot, target).filter(granted_on__isnull=False, **conditions)
    return Rows(this_year(rows, target, "granted_on"), since="granted_on")


def _pilots(target) -> Rows:
    return _granted(target, kind__in=(PilotKind.REFORM, PilotKind.DEMONSTRATION), level__in=ABOVE)


def _models(target) -> Rows:
    return _granted(target, kind=PilotKind.MODEL)


def _charity_pilot(target) -> Rows:
    return _granted(target, kind=PilotKind.CHARITY_CONSORTIUM)


def _built(kind: ConsortiumKind):
    """Return the measure that counts the consortium once it is built, whatever the year of its start."""

    def rows(target) -> Rows:
        found = of_bureau(Consortium, target).filter(kind=kind, built_on__isnull=False)
        return Rows(this_year(found, target, "built_on"), since="built_on")

    return rows


def _platforms(target) -> Rows:
    return Rows(of_bureau(Platform, target).filter(consortium__kind=ConsortiumKind.ASSISTANCE))


def _set_up(kind: MechanismKind):
    def rows(target) -> Rows:
        return Rows(this_year(of_bureau(Mechanism, target).filter(kind=kind), target))

    return rows


MEASURES = [
    Measure("reform.items_listed", "本年纳入区委重点推进改革清单的事项", _listed_items),
    Measure("reform.cases", "本年形成的典型案例", _cases),
    Measure("reform.pilots_granted", "本年获批的国家级、市级试点或示范项目", _pilots),
    Measure("reform.models_granted", "本年获批的示范点、改革样板", _models),
    Measure("reform.assistance_consortium", "本年建成的社会救助服务联合体", _built(ConsortiumKind.ASSISTANCE)),
    Measure("reform.platforms", "社会救助服务联合体已启用的平台", _platforms),
    Measure(
        "reform.organisations_consortium",
        "本年建成的社会组织服务联合体",
        _built(ConsortiumKind.SOCIAL_ORGANISATIONS),
    ),
    Measure("reform.charity_pilot", "本年获批的公益慈善服务联合体试点", _charity_pilot),
    Measure("reform.charity_consortium", "本年建成的公益慈善服务联合体", _built(ConsortiumKind.CHARITY)),
    Measure("reform.enforcement_mechanism", "本年建立的民政执法机制", _set_up(MechanismKind.MECHANISM)),
    Measure("reform.enforcement_team", "本年组建的执法队伍", _set_up(MechanismKind.TEAM)),
]
