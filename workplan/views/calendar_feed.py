"""Deadlines in the user's own calendar program: an address that is opened, renewed and closed, and what stands under it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.models import CalendarFeed
from accounts.services import tokens

from .. import clock
from ..deadlines import open_deadlines
from ..ui import ical, params


@login_required
@require_safe
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """Show whether the user has an address for calendars, and until when."""
    params.refuse_unknown(request, [])
    return _page(request)


def _page(request: HttpRequest, address: str = "") -> HttpResponse:
    own = CalendarFeed.objects.filter(user=request.user).first()
    context = {
        "feed": own,
        "ended": own is not None and own.expires_at <= timezone.now(),
        "address": address,
        "crumbs": [("我的年度", reverse("workplan:year")), ("日历订阅", None)],
    }
    return render(request, "workplan/feed.html", context)


@login_required
@require_POST
@never_cache
@sensitive_variables("raw")
def feed_open(request: HttpRequest) -> HttpResponse:
    """Make or renew the address and show it on this very answer: it is kept nowhere for a redirect."""
    _, raw = tokens.open_feed(user=request.user, actor=request.user)
    return _page(request, _site(request) + reverse("workplan:calendar", args=[raw]))


@login_required
@require_POST
def feed_close(request: HttpRequest) -> HttpResponse:
    """End the address."""
    tokens.close_feed(user=request.user, actor=request.user)
    messages.success(request, "日历订阅已停用，原地址立即失效。")
    return redirect("workplan:feed")


@require_safe
@never_cache
@sensitive_variables("token")
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the deadlines of who has that token, as far as he may see them now; nobody needs to be signed in."""
    own = tokens.feed_of(token)
    if own is None:
        raise Http404("没有这个日历，订阅地址可能已更换或停用。")
    tokens.note_reading(feed=own)
    found = open_deadlines(own.user, clock.today())
    content = ical.calendar_of(found, name="工作要点时限", site=_site(request), now=timezone.now())
    return HttpResponse(content, content_type=ical.CONTENT_TYPE)


def _site(request: HttpRequest) -> str:
    return settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
