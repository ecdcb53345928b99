"""Session lifetime and the forced change of a start password."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.encoding import escape_uri_path

from . import audit
from .passwords import must_change
from .text import fit_for_logs

# Seconds since 1970, kept in the session. Set at sign-in by `accounts.signals`.
STARTED, SEEN = "session_started", "session_seen"
# Writing the session on every request would be a database write per page: once a minute is exact enough.
SEEN_STEP = 60
PATH_SHOWN = 200  # characters

EXPIRED = "登录已超时，请重新登录。"
CHANGE_FIRST = "请先在网页上修改密码。"


def now() -> float:
    """Return the wall clock in seconds: sessions do not live on the business date."""
    return timezone.now().timestamp()


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem(status: int, title: str, detail: str, code: str) -> JsonResponse:
    """Return a problem object (RFC 9457) for requests of programs."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def send_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page; a fragment request moves the whole page."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def page_of(request: HttpRequest) -> str:
    """Return the address of the page that the user was on: not that of a fragment, nor of a form's target."""
    if getattr(request, "htmx", False):
        return request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
    return request.get_full_path() if request.method == "GET" else resolve_url(settings.LOGIN_REDIRECT_URL)


class SessionLifetimeMiddleware:
    """Ends sessions that were idle too long, or that are too old however busy."""

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if self._is_over(request.session):
                return self._end(request)
            self._touch(request.session)
        return self.get_response(request)

    def _is_over(self, session) -> bool:
        idle = now() - session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS
        return idle or now() - session.get(STARTED, 0) > settings.SESSION_ABSOLUTE_SECONDS

    def _touch(self, session) -> None:
        if now() - session[SEEN] >= SEEN_STEP:
            session[SEEN] = now()

    def _end(self, request: HttpRequest) -> HttpResponse:
        target = page_of(request)
        logout(request)
        if is_api(request):
            return problem(401, "未登录", EXPIRED, "session_expired")
        messages.warning(request, EXPIRED)
        return send_to(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}")


class PasswordChangeMiddleware:
    """Lets a user with a start password, or one that is too old, reach nothing but the page that changes it."""

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not must_change(request.user) or self._is_open(request):
            return self.get_response(request)
        if is_api(request):
            return problem(403, "须先修改密码", CHANGE_FIRST, "password_change_required")
        return send_to(request, resolve_url("accounts:password"))

    def _is_open(self, request: HttpRequest) -> bool:
        allowed = {resolve_url("accounts:password"), resolve_url("accounts:logout")}
        return request.path in allowed or request.path.startswith(settings.STATIC_URL)


class AccessRefusedMiddleware:
    """Notes in the audit log when somebody who is signed in asks for what is not his.

    That is: 403, and 404 for an address that names a row. A wrong address as such is no event. A view that has noted more
    than this sets `request.refusal_noted`.
    """

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_event(request, response.status_code):
            path = fit_for_logs(escape_uri_path(request.path))  # as it was sent: decoded it may hold anything
            note = f"{request.method} {path[:PATH_SHOWN]} {response.status_code}"
            audit.record(action="access.refused", actor=request.user, note=note)
        return response

    def _is_event(self, request: HttpRequest, status: int) -> bool:
        if status not in (403, 404) or getattr(request, "refusal_noted", False):
            return False
        names_a_row = bool(request.resolver_match and request.resolver_match.kwargs)
        return request.user.is_authenticated and (status == 403 or names_a_row)
