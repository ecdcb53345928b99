"""How the targets of social organisations are computed from their registers (items 30 to 33)."""

from workplan.measures import Measure, Rows, first_of_each, of_bureau, owed_times, this_year

from .enums import EventKind
from .models import (
    CampaignAction,
    Document,
    DormantCase,
    Evaluation,
    Event,
    IllegalOrganisation,
    InspectionPlan,
    SocialOrganisation,
)


def _with_party(target) -> Rows:
    rows = of_bureau(SocialOrganisation, target).filter(party_on__isnull=False)
    return Rows(rows, since="party_on", until="ended_on")


def _with_cross_posts(target) -> Rows:
    rows = of_bureau(SocialOrganisation, target).filter(cross_posts_on__isnull=False)
    return Rows(rows, since="cross_posts_on", until="ended_on")


def _events(kind: EventKind):
    def counts(target) -> Rows:
        return Rows(this_year(of_bureau(Event, target).filter(kind=kind), target))

    return counts


def _documents(target) -> Rows:
    """A text that was issued again in the same year is one text."""
    return Rows(first_of_each(this_year(of_bureau(Document, target), target), by="title"))


def _actions(target) -> Rows:
    """Each of the ten counts once, from the first association that has done it."""
    done = this_year(of_bureau(CampaignAction, target), target, "done_on")
    return Rows(first_of_each(done, by="number", order=("done_on",)), since="done_on")


def _dormant_settled(target) -> Rows:
    done = this_year(of_bureau(DormantCase, target), target, "settled_on")
    return Rows(first_of_each(done, by="organisation_id", order=("settled_on",)), since="settled_on")


def _illegal_settled(target) -> Rows:
    return Rows(this_year(of_bureau(IllegalOrganisation, target), target, "settled_on"), since="settled_on")


def _evaluated(target) -> Rows:
    rows = this_year(of_bureau(Evaluation, target), target)
    return Rows(first_of_each(rows, by="organisation_id"))


def _inspections(target) -> Rows:
    done = this_year(of_bureau(InspectionPlan, target), target, "finished_on")
    return Rows(owed_times(done, target, "finished_on"), since="finished_on")


MEASURES = [
    Measure(
        "socialorgs.cross_posts",
        "实行双向进入、交叉任职的社会组织，占建立党组织的社会组织；注销后不再计入",
        _with_cross_posts,
        _with_party,
    ),
    Measure("socialorgs.liaison_meetings", "本年举办的工作联动对接座谈会场次", _events(EventKind.LIAISON)),
    Measure("socialorgs.rotation_courses", "本年举办的专职人员集中轮训场次", _events(EventKind.ROTATION)),
    Measure("socialorgs.leader_courses", "本年举办的负责人专题培训场次", _events(EventKind.COURSE)),
    Measure("socialorgs.documents", "本年印发的制度文本份数，同名文本只计一份", _documents),
    Measure("socialorgs.campaign_actions", "本年完成的“十个一”行动项数，同一项只计一次", _actions),
    Measure("socialorgs.dormant_settled", "本年清理完成的“僵尸型”社会组织数", _dormant_settled),
    Measure("socialorgs.illegal_settled", "本年查处的非法社会组织数", _illegal_settled),
    Measure("socialorgs.evaluated", "本年参加等级评估的社会组织数，一家只计一次", _evaluated),
    Measure("socialorgs.inspections", "本年完成的年检抽查次数，每年计一次", _inspections),
]
