"""One Person per human being, shared by all sections."""

from django.apps import AppConfig

from accounts.enums import Right


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "服务对象"
    # Entries of the navigation, in the form of `workplan.ui.context.MENU`.
    menu = (
        ("工作", "服务对象", "users-group", "people:persons", Right.PERSONS, ("people:person", "people:person_edit")),
        ("工作", "疑似重复", "filter", "people:duplicates", Right.RECORD_WRITE, ("people:merge",)),
        ("管理", "脱敏查看日志", "eye", "people:reveals", Right.AUDIT_READ, ()),
    )

    def ready(self):
        from . import purposes  # noqa: F401  (registers the check)
        from .registers import join_registers

        join_registers()
