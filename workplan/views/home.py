"""The first page: what is waiting for me."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_required
@require_safe
def home(request):
    return render(request, "workplan/home.html", {})
