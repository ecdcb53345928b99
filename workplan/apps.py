"""The spine: plan, targets, reports, figures."""

from django.apps import AppConfig


class WorkplanConfig(AppConfig):
    name = "workplan"
    verbose_name = "工作要点"

    def ready(self):
        from accounts.services.units import FOLLOWERS

        from .services.measuring import follow_units

        if follow_units not in FOLLOWERS:
            FOLLOWERS.append(follow_units)
