"""What a production installation must not have. Asked at start-up and by `manage.py check --deploy`."""

import sys

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .messages import line

SHORTEST_SECRET = 50
UNSAFE = 2  # exit code of a refused start


def secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's answer to an empty one
        return ""


def unsafe_settings() -> list[str]:
    """Return a Chinese line for all that the settings of production may not have; empty in demo mode."""
    if settings.DEMO:
        return []
    key, hosts = secret_key(), settings.ALLOWED_HOSTS
    rules = {
        "WORKPLAN_MODE 只能是 production 或 demo": settings.MODE != "production",
        "不能打开 DEBUG": settings.DEBUG,
        f"SECRET_KEY 未设置或过短（至少 {SHORTEST_SECRET} 个字符，可用 make secret 生成）": (
            len(key) < SHORTEST_SECRET or len(set(key)) < 5 or key.startswith("django-insecure")
        ),
        "ALLOWED_HOSTS 须写明域名，不能为空或 *": not hosts or "*" in hosts,
        "Cookie 必须只经 HTTPS 传送": not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE),
        "不能固定业务日期": settings.PINNED_DATE is not None,
    }
    return [problem for problem, broken in rules.items() if broken]


def demo_accounts() -> list[str]:
    """Return a line where open demo accounts are in the database of a production installation."""
    from accounts.models import User

    if settings.DEMO or User._meta.db_table not in connection.introspection.table_names():
        return []
    count = User.objects.filter(is_demo=True, is_active=True).count()
    return [f"数据库中有 {count} 个启用的演示账号"] if count else []


def refuse(problems: list[str], key: str = "unsafe") -> None:
    """End the process with one line that names the problems, if there are any."""
    if problems:
        print(line(key, problems="；".join(problems)), file=sys.stderr)
        sys.exit(UNSAFE)


def refuse_malformed_keys() -> None:
    """End the process where a key is missing or malformed, in demo mode too."""
    from accounts import keys

    refuse(keys.malformed(), "keys")


def refuse_foreign_keys() -> None:
    """End the process where a key is not the one that the database was written with."""
    from accounts import keys

    refuse(keys.foreign(), "keys")


def refuse_unsafe_start() -> None:
    """End the process where production would be unsafe, or where keys do not fit the data."""
    refuse(unsafe_settings())
    refuse_malformed_keys()
    refuse(demo_accounts())
    refuse_foreign_keys()


@checks.register(checks.Tags.security, deploy=True)
def check_production(app_configs, **kwargs):
    """Report the same problems to `check --deploy`."""
    from accounts import keys

    problems = [*unsafe_settings(), *keys.malformed()]
    return [checks.Error(problem, id="config.E001") for problem in problems]
