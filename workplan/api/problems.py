"""Errors as problem objects (RFC 9457) with a Chinese detail, whatever was raised."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from django.utils import timezone
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.models import Event

from ..errors import EntriesInvalid, Refused, StaleVersion
from ..models import Record, Target
from ..services.records import StaleRecord

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "请求有误",
    401: "未登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的方法",
    409: "当前不能这样做",
    415: "不支持的内容类型",
    422: "数值未通过检查",
}
NOT_FOUND = "没有找到该内容，或您无权查看。"
FORBIDDEN = "您没有进行此操作的权限。"
CSRF_FAILED = "请求未通过跨站校验，请在请求头中带上 X-CSRFToken。"
# A refusal is a conflict with the state of things (409), but for these.
REFUSED_STATUS = {
    "forbidden": status.HTTP_403_FORBIDDEN,
    "gone": status.HTTP_404_NOT_FOUND,
    "foreign_target": status.HTTP_400_BAD_REQUEST,
}


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """Return the problem for an exception, or None for a programming error (which then is a plain 500)."""
    problem = _refusal(exc) or _failure(exc)
    if problem is None:
        return None
    set_rollback()
    headers = {"WWW-Authenticate": exc.auth_header} if getattr(exc, "auth_header", None) else None
    return Response(printable(problem), status=problem["status"], content_type=CONTENT_TYPE, headers=headers)


def problem_of(code: int, kind: str, detail: str, **more) -> dict:
    """Return the body of a problem; `kind` is the code that programs go by."""
    return {
        "type": "about:blank",
        "title": TITLES.get(code, "出错了"),
        "status": code,
        "detail": detail,
        "code": kind,
    } | more


def _refusal(exc: Exception) -> dict | None:
    """Return the problem for what a service refused."""
    if isinstance(exc, EntriesInvalid):
        return problem_of(422, exc.code, exc.message, errors=_by_target_code(exc))
    if isinstance(exc, StaleVersion):
        return problem_of(409, exc.code, exc.message, current=_current(exc.report))
    if isinstance(exc, StaleRecord):
        return problem_of(409, exc.code, exc.message, current=_current_record(exc.record))
    if isinstance(exc, Refused):
        return problem_of(REFUSED_STATUS.get(exc.code, 409), exc.code, exc.message)
    return None


def _by_target_code(exc: EntriesInvalid) -> dict:
    codes = dict(Target.objects.filter(pk__in=exc.problems).values_list("pk", "code"))
    return {
        codes[pk]: [{"field": p.field, "level": p.level, "code": p.code, "message": p.message} for p in problems]
        for pk, problems in exc.problems.items()
    }


def _current(report) -> dict:
    saved_at = timezone.localtime(report.saved_at).isoformat()
    return {"version": report.version, "saved_by": str(report.saved_by), "saved_at": saved_at}


def _current_record(record: Record) -> dict:
    saved_at = timezone.localtime(record.changed_at).isoformat()
    latest = Event.objects.of(record).first()
    saved_by = latest.actor_name if latest else str(record.created_by)
    return {"version": record.version, "saved_by": saved_by, "saved_at": saved_at}


def _failure(exc: Exception) -> dict | None:
    """Return the problem for what the framework or a model refused."""
    if isinstance(exc, Http404):
        return problem_of(404, "not_found", NOT_FOUND)
    if isinstance(exc, PermissionDenied):
        return problem_of(403, "permission_denied", str(exc) or FORBIDDEN)
    if isinstance(exc, ModelValidationError):
        return problem_of(400, "invalid", "提交的内容有误。", errors=_messages(exc))
    if isinstance(exc, SuspiciousOperation | BadRequest):
        return problem_of(400, "bad_request", "无法读取请求的内容。")
    return _api_problem(exc) if isinstance(exc, exceptions.APIException) else None


def _messages(exc: ModelValidationError) -> dict | list:
    return exc.message_dict if hasattr(exc, "error_dict") else exc.messages


def _api_problem(exc: exceptions.APIException) -> dict:
    if isinstance(exc.detail, dict | list):
        return problem_of(exc.status_code, "invalid", "提交的内容有误。", errors=exc.detail)
    detail = CSRF_FAILED if str(exc.detail).startswith("CSRF Failed") else str(exc.detail)
    return problem_of(exc.status_code, exc.get_codes(), detail)


def printable(value: Any) -> Any:
    """Return the value with texts that can be encoded: input echoed by an error may hold half a surrogate pair."""
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
