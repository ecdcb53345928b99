"""The inbox of a user: what the portal had to say, and how the user wants to be told."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.scope import require_right

from .. import clock
from ..channels.outbox import sent
from ..enums import DeliveryState, JobState
from ..errors import Refused
from ..models import Job, Leave, Message
from ..notice_forms import LeaveForm, NoticeForm
from ..services import notice_settings
from ..services.messages import SEND, mark_read
from ..ui import params

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One message with what became of it on the other channels."""

    message: Message
    deliveries: list[str]


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the user's own messages, newest first."""
    params.refuse_unknown(request, ["page", "unread"])
    unread = params.choice(request, "unread", "未读", ["1"])
    mine = Message.objects.to(request.user).prefetch_related("deliveries").select_related("sent_by")
    pages = Paginator(mine.unread() if unread else mine, PER_PAGE)
    try:
        page = pages.page(params.whole(request, "page", "页码", default=1))
    except EmptyPage:
        raise params.BadParameter("page", "页码", "没有这一页。") from None
    context = {"page": page, "shown": _shown(list(page)), "unread": unread}
    return render(request, "workplan/inbox.html", context)


def _shown(found: list[Message]) -> list[Shown]:
    deliveries = [delivery for message in found for delivery in message.deliveries.all()]
    keys = {f"{SEND}:{one.pk}" for one in deliveries if one.state == DeliveryState.WAITING}
    jobs = {job.key: job for job in Job.objects.filter(key__in=keys)}
    return [
        Shown(message, [_in_words(one, jobs.get(f"{SEND}:{one.pk}")) for one in message.deliveries.all()])
        for message in found
    ]


def _in_words(delivery, job: Job | None) -> str:
    """Return what became of a delivery, e.g. 邮件：发送失败，将重试（ConnectionRefusedError）."""
    words = delivery.get_state_display()
    if job is not None and job.state == JobState.PARKED:
        words = f"发送失败，已停止重试（{job.error}）"
    elif job is not None and job.error:
        words = f"发送失败，将重试（{job.error}）"
    return f"{delivery.get_channel_display()}：{words}"


@login_required
@require_POST
def message_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that one of the user's messages has been read."""
    get_object_or_404(Message.objects.to(request.user), pk=pk)
    mark_read(user=request.user, pk=pk)
    return redirect("workplan:inbox")


@login_required
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Note that all of the user's messages have been read."""
    count = mark_read(user=request.user)
    messages.success(request, f"已将 {count} 条消息标为已读。" if count else "没有未读消息。")
    return redirect("workplan:inbox")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_setting(request: HttpRequest) -> HttpResponse:
    """Show and change how the user is told."""
    form = NoticeForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid() and _saved(request, form):
        messages.success(request, "消息设置已保存。")
        return redirect("workplan:notice_setting")
    return _setting_page(request, form, LeaveForm(user=request.user), 422 if form.is_bound else 200)


def _saved(request: HttpRequest, form: NoticeForm) -> bool:
    try:
        notice_settings.save_setting(user=request.user, wishes=form.wishes())
    except Refused as refused:
        form.add_error({"no_mail": "mail"}.get(refused.code, "webhook_url"), refused.message)
        return False
    return True


def _setting_page(request: HttpRequest, form: NoticeForm, leave_form: LeaveForm, status: int = 200) -> HttpResponse:
    leaves = Leave.objects.filter(user=request.user, cancelled_at__isnull=True, last_day__gte=clock.today())
    context = {
        "form": form,
        "leave_form": leave_form,
        "leaves": leaves.select_related("deputy"),
        "has_webhook": notice_settings.setting_of(request.user).webhook,
        "outbox": settings.DEMO and request.user.may(Right.USER_MANAGE),
    }
    return render(request, "workplan/notice_setting.html", context, status=status)


@login_required
@require_POST
def webhook_test(request: HttpRequest) -> HttpResponse:
    """Send a line to the user's robot."""
    try:
        notice_settings.test_webhook(user=request.user)
    except Refused as refused:
        messages.error(request, f"测试没有成功：{refused.message}")
    else:
        messages.success(request, "测试消息已发出，请到群里查看。")
    return redirect("workplan:notice_setting")


@login_required
@require_POST
def leave_add(request: HttpRequest) -> HttpResponse:
    """Note a leave with its deputy; what cannot be noted is said beside the form, with what was chosen."""
    form = LeaveForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            leave = notice_settings.add_leave(user=request.user, **form.cleaned_data)
        except Refused as refused:
            places = {"past": "first_day", "order": "last_day", "too_long": "last_day", "foreign_deputy": "deputy"}
            form.add_error(places.get(refused.code), refused.message)
        else:
            messages.success(request, f"已登记：{leave.first_day} 至 {leave.last_day} 的提醒发给 {leave.deputy}。")
            return redirect("workplan:notice_setting")
    return _setting_page(request, NoticeForm(user=request.user), form, 422)


@login_required
@require_POST
def leave_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the user's leaves back."""
    leave = get_object_or_404(Leave.objects.filter(user=request.user), pk=pk)
    notice_settings.cancel_leave(leave=leave, actor=request.user)
    messages.success(request, "休假代理已取消。")
    return redirect("workplan:notice_setting")


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what would have left the machine; there is such a page in the demo only."""
    if not settings.DEMO:
        raise Http404("没有这个页面。")
    require_right(request.user, Right.USER_MANAGE)
    params.refuse_unknown(request, [])
    return render(request, "workplan/outbox.html", {"sent": sent()})
