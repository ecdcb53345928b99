"""Social organisations: the section's view of the plan, and its registers."""

from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .organisations import SocialOrganisation
from .supervision import AnnualCheck, DormantCase, Evaluation, IllegalOrganisation, InspectionPlan
from .work import ActivityDeclaration, CampaignAction, Document, Event

__all__ = [
    "ActivityDeclaration",
    "AnnualCheck",
    "CampaignAction",
    "Document",
    "DormantCase",
    "Evaluation",
    "Event",
    "IllegalOrganisation",
    "InspectionPlan",
    "SocialOrganisation",
    "Target",
    "Task",
]


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("socialorgs")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("socialorgs")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"
