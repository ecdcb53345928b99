"""The spine: plan, targets, reports, figures."""

from django.apps import AppConfig


class WorkplanConfig(AppConfig):
    name = "workplan"
    verbose_name = "工作要点"
