from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes the configuration package an app, so that its system checks are found."""

    name = "config"
    verbose_name = "系统配置"

    def ready(self):
        from . import guard  # noqa: F401  (registers the checks)
