"""What a production installation must not have. Asked at start-up and by `manage.py check --deploy`."""

import sys

from django.conf import settings
from django.core import checks

SHORTEST_SECRET = 50


def unsafe_settings() -> list[str]:
    """Return a Chinese line for everything in the settings that production may not have; empty in demo mode."""
    if settings.DEMO:
        return []
    problems = []
    if settings.MODE != "production":
        problems.append("WORKPLAN_MODE 只能是 production 或 demo。")
    if settings.DEBUG:
        problems.append("生产环境不能打开 DEBUG。")
    if len(settings.SECRET_KEY) < SHORTEST_SECRET or settings.SECRET_KEY.startswith("django-insecure"):
        problems.append(f"SECRET_KEY 未设置或过短（至少 {SHORTEST_SECRET} 个字符）。")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        problems.append("ALLOWED_HOSTS 须写明域名，不能为空或 *。")
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        problems.append("生产环境的 Cookie 必须只经 HTTPS 传送。")
    if settings.PINNED_DATE is not None:
        problems.append("生产环境不能固定业务日期。")
    return problems


def demo_accounts() -> list[str]:
    """Return a line where open demo accounts are in the database of a production installation."""
    from accounts.models import User

    if settings.DEMO:
        return []
    count = User.objects.filter(is_demo=True, is_active=True).count()
    return [f"数据库中有 {count} 个演示账号，生产环境不能使用。"] if count else []


def refuse_unsafe_start() -> None:
    """End the process with the problems, one a line, where production would be unsafe."""
    problems = unsafe_settings() or demo_accounts()
    if problems:
        sys.exit("\n".join(["拒绝启动 / refusing to start:", *problems]))


@checks.register(checks.Tags.security, deploy=True)
def check_production(app_configs, **kwargs):
    """Report the same problems to `check --deploy`."""
    return [checks.Error(problem, id="config.E001") for problem in unsafe_settings()]
