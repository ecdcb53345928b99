"""Users, org units, roles and the scope that decides who sees which rows."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "用户与单位"

    def ready(self):
        from . import signals  # noqa: F401  (records sign-ins, sign-outs and refusals)
