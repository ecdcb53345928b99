"""The list and search of people, and the page of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Right
from accounts.errors import Refused
from accounts.models import User
from accounts.scope import get_visible, require_right
from workplan.ui.tables import render_list

from ..errors import PersonRefused
from ..forms import MoveForm, PersonForm, RevealForm, SearchForm
from ..models import Person
from ..services.changing import bureau_of, change_person, move_person
from ..services.finding import standing_of
from ..ui import present
from ..ui.lists import FoundTable, PersonFilter, PersonTable
from ..ui.search import MOST_FOUND, found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def persons(request: HttpRequest) -> HttpResponse:
    """List the people that the user may see. A search comes as POST, so that what is looked for stands in no address."""
    require_right(request.user, Right.PERSONS)
    if request.method == "POST":
        return _search(request)
    return render_list(
        request,
        queryset=Person.objects.current().with_context(),
        table_class=PersonTable,
        filterset_class=PersonFilter,
        template="people/persons.html",
        extra={"search": SearchForm()},
    )


def _search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST)
    rows = []
    if form.is_valid():
        visible = Person.objects.visible_to(request.user).current().with_context()
        rows = found(visible, form.cleaned_data["q"])
    table = FoundTable(rows[:MOST_FOUND])
    table.request = request
    table.paginate(page=1, per_page=MOST_FOUND)
    context = {"search": form, "table": table, "more": len(rows) > MOST_FOUND, "most": MOST_FOUND}
    return render(request, "people/found.html", context, status=200 if form.is_valid() else 422)


@login_required
@never_cache
@require_safe
def person(request: HttpRequest, uid) -> HttpResponse:
    """Show a person: masked numbers, household, records. A merged row leads to the one that stands."""
    row = get_visible(Person.objects.with_context(), request.user, Right.PERSONS, uid=uid)
    standing = standing_of(row)
    if standing.pk != row.pk and Person.objects.visible_to(request.user).filter(pk=standing.pk).exists():
        return redirect("people:person", standing.uid)
    return person_page(request, row)


def person_page(request: HttpRequest, row: Person, *, status: int = 200, **extra) -> HttpResponse:
    """Answer the page of a person that the user may see."""
    user = request.user
    may_write = row.merged_into_id is None and _may(user, row, Right.RECORD_WRITE)
    context = {
        "person": row,
        "name": present.name_for(user, row),
        "birth": present.birth_for(user, row),
        "groups": present.records_about(user, row),
        "members": _members(user, row),
        "may_write": may_write,
        "may_reveal": _may(user, row, Right.REVEAL),
        "move_form": MoveForm(bureau=bureau_of(row.residence), initial={"version": row.version}) if may_write else None,
        "reveal_form": RevealForm(),
        **extra,
    }
    return render(request, "people/person.html", context, status=status)


def _may(user: User, row: Person, right: str) -> bool:
    return Person.objects.visible_to(user, right).filter(pk=row.pk).exists()


def _members(user: User, row: Person) -> list[tuple[Person, str]]:
    """Return the others of the household that the user may see, each with the name as he may see it."""
    if row.household_id is None:
        return []
    others = Person.objects.visible_to(user).current().filter(household=row.household_id).exclude(pk=row.pk)
    return [(other, present.name_for(user, other)) for other in others.order_by("birth_date", "pk")]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, uid) -> HttpResponse:
    row = get_visible(Person.objects.with_context(), request.user, Right.RECORD_WRITE, uid=uid)
    form = PersonForm(request.POST if request.method == "POST" else None, person=row)
    if form.is_bound and form.is_valid() and _changed(request, row, form):
        messages.success(request, "已保存。")
        return redirect("people:person", row.uid)
    context = {"form": form, "person": row, "name": present.name_for(request.user, row)}
    return render(request, "people/edit.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, row: Person, form: PersonForm) -> bool:
    """Save what the form says; put refusals at their fields and return False."""
    try:
        change_person(actor=request.user, person=row, version=form.cleaned_data["version"], change=form.change())
    except PersonRefused as refused:
        for field, message in refused.errors.items():
            form.add_error(field if field in form.fields else None, message)
        return False
    except Refused as refused:
        form.add_error(None, refused.message)
        return False
    return True


@login_required
@require_POST
def person_move(request: HttpRequest, uid) -> HttpResponse:
    row = get_visible(Person.objects.with_context(), request.user, Right.RECORD_WRITE, uid=uid)
    form = MoveForm(request.POST, bureau=bureau_of(row.residence))
    if not form.is_valid():
        return person_page(request, row, status=422, move_form=form)
    try:
        move_person(actor=request.user, person=row, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return person_page(request, row, status=422, move_form=form)
    messages.success(request, "居住地已变更。")
    still_seen = Person.objects.visible_to(request.user).filter(pk=row.pk).exists()
    return redirect("people:person", row.uid) if still_seen else redirect("people:persons")
