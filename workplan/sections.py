"""What a section app declares about itself, and the list of those that are installed."""

from django.apps import AppConfig, apps
from django.core import checks


class SectionConfig(AppConfig):
    """Base of the twelve section apps: a business line that outlives any one year's plan.

    section_code: the code that plans, remits and scopes name it by (the app label);
    icon: name of its Tabler icon; order: place in menus.
    """

    section_code = ""
    icon = "folder"
    order = 0


def section_apps() -> list[SectionConfig]:
    """Return the installed section apps in menu order."""
    found = [config for config in apps.get_app_configs() if isinstance(config, SectionConfig)]
    return sorted(found, key=lambda config: (config.order, config.section_code))


def section_choices() -> list[tuple[str, str]]:
    """Return (code, Chinese name) pairs for form and field choices."""
    return [(config.section_code, str(config.verbose_name)) for config in section_apps()]


def section_name(code: str) -> str:
    """Return the Chinese name of a section app, or the code itself where it is not installed."""
    return dict(section_choices()).get(code, code)


def section_icon(code: str) -> str:
    return next((config.icon for config in section_apps() if config.section_code == code), "folder")


@checks.register()
def check_section_codes(app_configs, **kwargs):
    """Fail at start-up where two section apps claim one code, or one claims none."""
    problems, seen = [], {}
    for config in section_apps():
        if not config.section_code:
            problems.append(checks.Error(f"{config.name} declares no section_code", id="workplan.E001"))
        elif config.section_code in seen:
            other = seen[config.section_code]
            problems.append(
                checks.Error(f"{config.name} and {other} share section code {config.section_code}", id="workplan.E002")
            )
        seen[config.section_code] = config.name
    return problems
