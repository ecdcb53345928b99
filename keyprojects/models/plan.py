"""The section's view of the plan."""

from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("keyprojects")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("keyprojects")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"
