"""The leader's dashboard: one look, then one click per question; and the same for paper, for a wall, and day against day."""

from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.enums import Right
from accounts.scope import require_right

from ..dashboard import board as data
from ..dashboard.problems import problems_of
from ..rollup import pdf
from ..ui import board as ui
from ..ui import duty_rows, orders, overview, params, remarks
from ..ui.board_course import chosen_target, course_of
from ..ui.changes import ChangeTable
from ..ui.tables import render_rows
from .common import chosen_plan, plan_choice

CHOOSING = ("plan", "year", "as_of", "since")
LIST = ("sort", "page", "per_page", "export")
LOOK_BACK = timedelta(days=30)


@login_required
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """Show how a plan stands on a day: lights, sections, pace, townships, what changed, who has not reported."""
    board, query = _board(request, "target")
    if board is None:
        return render(request, "workplan/no_plan.html")
    target = chosen_target(board, params.whole(request, "target", "目标"))
    changes = ui.changes(board, query)
    context = _common(request, board, query) | {
        "plans": plan_choice(request, board.plan),
        "bars": ui.bars(board, query),
        "changes": changes[: ui.CHANGES],
        "changes_total": len(changes),
        "changes_url": _url("leader_changes", query, since=board.since.isoformat()),
        "course": course_of(request.user, target, board.on, query.page("target", target.pk)) if target else None,
        "course_targets": [
            (one.pk, f"{one.code} {one.measure}", one == target) for one in (now.target for now in board.now)
        ],
        "problems": problems_of(request.user, board.plan, board.on),
        "asof_keep": {"plan": board.plan.pk} | ({"target": target.pk} if "target" in request.GET and target else {}),
        "print_url": _url("leader_print", query),
        "wall_url": _url("leader_wall", query),
        "pdf_url": "" if pdf.missing() else _url("leader_pdf", query),
        "pdf_missing": pdf.missing(),
    }
    return render(request, "workplan/leader.html", context)


@login_required
@require_safe
def leader_changes(request: HttpRequest) -> HttpResponse:
    """List what changed between two days, with old and new values and lights."""
    board, query = _board(request, *LIST)
    if board is None:
        return render(request, "workplan/no_plan.html")
    return render_rows(
        request,
        rows=lambda: ui.changes(board, query),
        table_class=ChangeTable,
        template="workplan/leader/changes.html",
        extra={
            "board": board,
            "plan": board.plan,
            "list_keep": {"plan": board.plan.pk, "since": board.since.isoformat()},
        },
        also=CHOOSING,
    )


@login_required
@require_safe
def leader_print(request: HttpRequest) -> HttpResponse:
    """Show the dashboard on one sheet of A4."""
    board, query = _board(request)
    if board is None:
        return render(request, "workplan/no_plan.html")
    return render(request, "workplan/leader/print.html", _common(request, board, query))


@login_required
@require_safe
def leader_pdf(request: HttpRequest) -> HttpResponse:
    """Send the one sheet as a PDF, where one can be made."""
    board, query = _board(request)
    if board is None or pdf.missing():
        return render(request, "workplan/leader/no_pdf.html", {"missing": pdf.missing()}, status=409)
    content = pdf.of_html(
        render_to_string("workplan/leader/pdf.html", _common(request, board, query) | {"styles": _styles()})
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="overview-{board.on}.pdf"'
    return answer


@login_required
@require_safe
def leader_wall(request: HttpRequest) -> HttpResponse:
    """Show the dashboard in large type for a meeting room; it turns its pages by itself."""
    board, query = _board(request)
    if board is None:
        return render(request, "workplan/no_plan.html")
    return render(
        request, "workplan/leader/wall.html", _common(request, board, query) | {"bars": ui.bars(board, query)}
    )


def _board(request: HttpRequest, *more: str) -> tuple[data.Board | None, ui.Query | None]:
    """Read the board that the address asks for; None where the user may read no plan. 403 for who does not oversee a whole bureau."""
    require_right(request.user, Right.OVERVIEW)
    params.refuse_unknown(request, [*CHOOSING, *more])
    on = params.as_of(request)
    since = _since(request, on)
    plan = chosen_plan(request, on)
    if plan is None:
        return None, None
    if not data.sees_all(request.user, plan):
        raise PermissionDenied("总览汇总全局的数，只对负责全局的人开放。")
    return data.load(request.user, plan, on=on, since=since), ui.Query(plan.pk, params.day_carried(request))


def _since(request: HttpRequest, on: date) -> date:
    """Return the day that is compared with, by default thirty days ago."""
    since = params.day(request, "since", "对比日期") or on - LOOK_BACK
    if since >= on:
        raise params.BadParameter("since", "对比日期", f"对比日期应早于 {on}。")
    return since


def _common(request: HttpRequest, board: data.Board, query: ui.Query) -> dict:
    """Return what the dashboard, the sheet and the wall all show."""
    reporting = None
    if board.period:
        reporting = duty_rows.summary(
            board.period.name, board.duties, board.on, period=board.period.pk, **query.carried
        )
    reds = ui.reds(board, query)
    return {
        "board": board,
        "plan": board.plan,
        "year_gone": overview.year_gone(board.plan, board.on),
        "words": overview.in_words([one.verdict for one in board.now]),
        "target_counts": ui.target_counts(board, query),
        "task_counts": ui.task_counts(board, query),
        "cards": ui.section_cards(board, query),
        "reds": reds,
        "reds_url": query.targets(light="red"),
        "new_reds": sum(one.is_new for one in reds),
        "townships": ui.townships(board, query),
        "reporting": reporting,
        "supervision": orders.overview_of(request.user, board.plan, board.on),
        "remarks": [overview.LightCount(*one) for one in remarks.overview_of(request.user, board.plan, board.on)],
    }


def _styles() -> str:
    """Return the style sheets of the one sheet: what becomes a PDF fetches nothing."""
    found = [Path(finders.find(name)) for name in ("tokens.css", "board-sheet.css")]
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def _url(name: str, query: ui.Query, **more) -> str:
    return overview.with_query(reverse(f"workplan:{name}"), {"plan": query.plan, **more, **query.carried})
