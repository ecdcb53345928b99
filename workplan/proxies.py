"""Managers that bind a section app's Task and Target to its rows of the shared tables."""

from django.db import models

from .models.plan import TargetQuerySet, TaskQuerySet


class SectionTaskManager(models.Manager.from_queryset(TaskQuerySet)):
    """Tasks of one section app."""

    def __init__(self, app: str = ""):
        super().__init__()
        self.app = app

    def get_queryset(self):
        return super().get_queryset().filter(section__app=self.app)


class SectionTargetManager(models.Manager.from_queryset(TargetQuerySet)):
    """Targets that a section app owns; those it merely shows are the owner's."""

    def __init__(self, app: str = ""):
        super().__init__()
        self.app = app

    def get_queryset(self):
        return super().get_queryset().filter(task__section__app=self.app)
