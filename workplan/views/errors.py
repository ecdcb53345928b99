"""What a user sees when a request cannot be answered."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from ..ui.params import BadParameter

PAGE = "errors/page.html"


def bad_request(request, exception=None):
    """400. For a bad query parameter the page shows its control again, with the reason."""
    bad = exception if isinstance(exception, BadParameter) else None
    words = bad.message if bad else "请求内容无法识别，请返回上一页检查后重试。"
    context = {"title": "请求有误", "words": words, "parameter": bad if bad and bad.name else None}
    return render(request, PAGE, context, status=400)


def permission_denied(request, exception=None):
    """403. Inside the scope, without the right."""
    words = str(exception or "") or "您没有进行此操作的权限。"
    context = {"title": "没有权限", "words": words, "hint": "如因工作需要，请联系本单位系统管理员调整角色。"}
    return render(request, PAGE, context, status=403)


def page_not_found(request, exception=None):
    """404. The same words for what does not exist and for what the user may not see."""
    return render(request, PAGE, {"title": "没有找到", "words": "没有找到该内容，或您无权查看。"}, status=404)


def server_error(request):
    """500. Rendered without context processors: whatever failed must not fail again here."""
    context = {"title": "服务出错", "words": "服务暂时出现问题，请稍后重试；如反复出现，请联系系统管理员。"}
    return HttpResponseServerError(render_to_string(PAGE, context))
