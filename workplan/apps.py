"""The spine: plan, targets, reports, figures."""

from django.apps import AppConfig


class WorkplanConfig(AppConfig):
    name = "workplan"
    verbose_name = "工作要点"

    def ready(self):
        from accounts.services.units import FOLLOWERS

        from . import jobs  # noqa: F401  (the kinds of background jobs)
        from .services.measuring import follow_units

        if follow_units not in FOLLOWERS:
            FOLLOWERS.append(follow_units)

    def rotate_keys(self, current: str) -> tuple[int, int]:
        """Bring encrypted files under the current key: see `accounts.services.rotation`."""
        from .imports.rotation import rotate_files

        return rotate_files(current)
