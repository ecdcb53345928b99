"""People who may be one: the list of proposals, and the page that merges two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.errors import Refused
from accounts.scope import get_visible, require_right

from ..forms import MergeForm
from ..models import Person
from ..services.duplicates import propose_duplicates
from ..services.merging import dismiss_duplicate, merge_persons
from ..ui import present

SHOWN = 100


@login_required
@never_cache
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """List the pairs that look alike among the people whose records the user keeps."""
    require_right(request.user, Right.RECORD_WRITE)
    proposals = propose_duplicates(request.user)
    context = {"proposals": proposals[:SHOWN], "count": len(proposals), "more": len(proposals) > SHOWN}
    return render(request, "people/duplicates.html", context)


def _pair(request: HttpRequest, one, other) -> tuple[Person, Person]:
    rows = Person.objects.current().with_context()
    return tuple(get_visible(rows, request.user, Right.RECORD_WRITE, uid=uid) for uid in (one, other))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, one, other) -> HttpResponse:
    """Show two people side by side; merge them into the one that is to be kept."""
    pair = _pair(request, one, other)
    form = MergeForm(request.POST if request.method == "POST" else None, initial={"keep": "one"})
    if form.is_bound and form.is_valid():
        kept, merged = pair if form.cleaned_data["keep"] == "one" else reversed(pair)
        try:
            done = merge_persons(actor=request.user, kept=kept, merged=merged, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason" if refused.code == "reason_required" else None, refused.message)
        else:
            messages.success(request, "已合并。")
            return redirect("people:person", done.person.uid)
    context = {"form": form, "one": pair[0], "other": pair[1], "sides": [_side(request, p) for p in pair]}
    return render(request, "people/merge.html", context, status=422 if form.is_bound else 200)


def _side(request: HttpRequest, row: Person) -> dict:
    return {
        "person": row,
        "birth": present.birth_for(request.user, row),
        "groups": present.records_about(request.user, row),
    }


@login_required
@require_POST
def dismiss(request: HttpRequest, one, other) -> HttpResponse:
    """Note that the two are two."""
    pair = _pair(request, one, other)
    try:
        dismiss_duplicate(actor=request.user, one=pair[0], other=pair[1])
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已确认为两个人，不再提示。")
    return redirect("people:duplicates")
