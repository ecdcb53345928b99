"""One Person per human being, shared by all sections."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "服务对象"
