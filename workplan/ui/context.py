"""What every page shows around its content: navigation by rights, the business date, messages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from accounts.enums import Right

from .. import clock
from ..burden import BUREAU_RIGHTS
from ..models import Message
from ..services.intake import takes_in
from . import params


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    active: bool


# Group, label, icon, URL name, what opens it (a right, one of several, or a question about the user), URL names that also belong to it. Apps above this
# one add their own by a `menu` of the same form on their AppConfig.
MENU = [
    ("工作", "我的待办", "home", "workplan:home", None, ()),
    ("工作", "本期填报", "edit", "workplan:sheet", Right.REPORT_WRITE, ()),
    ("工作", "我的年度", "calendar-due", "workplan:year", Right.VIEW, ("workplan:year_duties", "workplan:feed")),
    ("工作", "审核", "checklist", "workplan:review", Right.REPORT_REVIEW, ()),
    ("工作", "填报记录", "file-text", "workplan:reports", Right.VIEW, ("workplan:report",)),
    ("工作", "填报情况", "list-check", "workplan:duties", Right.VIEW, ()),
    (
        "工作",
        "台账",
        "archive",
        "workplan:registers",
        Right.VIEW,
        (
            "workplan:register",
            "workplan:record",
            "workplan:record_new",
            "workplan:record_edit",
            "workplan:import_new",
            "workplan:import",
        ),
    ),
    (
        "工作",
        "督办单",
        "send",
        "workplan:orders",
        Right.VIEW,
        ("workplan:order", "workplan:order_new", "workplan:problem", "workplan:problem_new"),
    ),
    (
        "工作",
        "临时填报",
        "file-text",
        "workplan:adhoc",
        Right.VIEW,
        ("workplan:adhoc_request", "workplan:adhoc_new", "workplan:adhoc_edit", "workplan:adhoc_answer"),
    ),
    ("工作", "领导批示", "edit", "workplan:remarks", Right.VIEW, ("workplan:remark", "workplan:remark_new")),
    ("工作", "开放补报", "lock-open", "workplan:unlocks", Right.UNLOCK, ()),
    ("看板", "总览", "dashboard", "workplan:leader", Right.OVERVIEW, ()),
    (
        "看板",
        "汇总报告",
        "file-text",
        "workplan:rollups",
        Right.VIEW,
        ("workplan:rollup", "workplan:rollup_new", "workplan:rollup_templates"),
    ),
    ("看板", "减负", "leaf", "workplan:burden", BUREAU_RIGHTS, ()),
    (
        "看板",
        "工作要点",
        "flag",
        "workplan:plan",
        Right.VIEW,
        (
            "workplan:section",
            "workplan:task",
            "workplan:amendments",
            "workplan:amendment",
            "workplan:amendment_new",
            "workplan:plan_close",
            "workplan:plan_next",
        ),
    ),
    ("看板", "目标", "target-arrow", "workplan:targets", Right.VIEW, ("workplan:target",)),
    ("看板", "单位", "building-community", "workplan:units", Right.VIEW, ("workplan:unit",)),
    (
        "管理",
        "工作要点导入",
        "upload",
        "workplan:intakes",
        takes_in,
        ("workplan:intake", "workplan:intake_sections", "workplan:intake_compare", "workplan:intake_finish"),
    ),
    (
        "管理",
        "用户",
        "users",
        "workplan:users",
        Right.USER_MANAGE,
        ("workplan:user", "workplan:user_create", "workplan:handover"),
    ),
    (
        "管理",
        "单位管理",
        "sitemap",
        "workplan:org_units",
        Right.USER_MANAGE,
        ("workplan:org_unit", "workplan:org_unit_create"),
    ),
    ("管理", "审计日志", "history", "workplan:audit", Right.AUDIT_READ, ()),
    ("管理", "后台任务", "refresh", "workplan:jobs", Right.USER_MANAGE, ()),
]


def portal(request) -> dict:
    """Template context of every page."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "portal": {
            "name": "工作要点督办平台",
            "menu": _menu(request, user) if signed_in else [],
            "admin_url": address_of("admin:index") if signed_in and user.is_staff else None,
            "account_url": address_of("accounts:account") if signed_in else None,
            "logout_url": address_of("accounts:logout") if signed_in else None,
            "home_units": "、".join(unit.label for unit in user.home_units) if signed_in else "",
            "demo": settings.DEMO,
            "pinned": clock.is_pinned(),
            "today": clock.today().isoformat(),
            "unread": Message.objects.to(user).unread().count() if signed_in else 0,
            "as_of": getattr(request, "as_of", None),
            "carry": params.carry(request),
            "past": bool(params.day_carried(request)),
            "place": getattr(request, "place", None),
        }
    }


def _menu(request, user) -> list[tuple[str, list[Item]]]:
    here = getattr(getattr(request, "resolver_match", None), "view_name", "")
    groups: dict[str, list[Item]] = {}
    declared = [entry for config in apps.get_app_configs() for entry in getattr(config, "menu", ())]
    for group, label, icon, name, right, others in [*MENU, *declared]:
        url = address_of(name) if _opens(user, right) else None
        if url:
            groups.setdefault(group, []).append(Item(label, url, icon, here == name or here in others))
    return list(groups.items())


def _opens(user, needed: Right | tuple[Right, ...] | Callable | None) -> bool:
    """Say whether the user holds the right, or one of several, or is whom the question means; None is for everybody."""
    if callable(needed):
        return needed(user)
    rights = (needed,) if isinstance(needed, str) else needed
    return rights is None or any(user.may(one) for one in rights)


def address_of(name: str) -> str | None:
    """Return the page's address, or None where the installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
