"""Two rows for one human being become one: every record goes over, the other row stays as a sign."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.fields import unseal
from accounts.locks import read_locked
from accounts.models import User
from workplan.services.measuring import refresh_models

from ..models import NotDuplicate, Person
from ..registry import links_to_person
from .changing import require_writer
from .writing import save_changed, write_number, write_phone

SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger did: the row that stands, and how many rows of which models went over."""

    person: Person
    moved: dict[str, int]


@transaction.atomic
def merge_persons(*, actor: User, kept: Person, merged: Person, reason: str) -> Merged:
    """Let `kept` stand for both. What it lacks is taken from `merged`, whose row stays and points at it.

    Raises Refused where the actor may not change both, where one is merged already, without a reason, and where both have a
    record of which a person may have one only.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(f"请写明合并理由（至少 {SHORTEST_REASON} 个字）。", code="reason_required")
    kept, merged = _locked_pair(kept, merged)
    for person in (kept, merged):
        require_writer(actor, person)
        if person.merged_into_id is not None:
            raise Refused("其中一人已经合并过，请刷新页面。", code="merged")
    merged.merged_into = kept
    _leave_household(merged)
    save_changed(merged)
    _complete(kept, merged)
    save_changed(kept)
    moved = _move_links(kept, merged)
    _forget_dismissals(merged)
    refresh_models([Person, *(model for model, count in moved.items() if count)])  # `kept` may have got an age, too
    counts = {str(model._meta.verbose_name): count for model, count in moved.items() if count}
    _log(actor, kept, merged, counts, reason.strip())
    return Merged(kept, counts)


def _locked_pair(kept: Person, merged: Person) -> tuple[Person, Person]:
    if kept.pk == merged.pk:
        raise Refused("请选择两个不同的人。", code="same")
    rows = read_locked(Person.objects.select_related("residence"), kept.pk, merged.pk)
    found = {person.pk: person for person in rows}
    return found[kept.pk], found[merged.pk]


def _leave_household(merged: Person) -> None:
    """The household goes over in `_complete`; two heads of one household would be refused."""
    merged.former_household, merged.former_relation = merged.household, merged.relation
    merged.household, merged.relation = None, ""


def _complete(kept: Person, merged: Person) -> None:
    """Take from the merged row what the other lacks. Tokens are made anew: they are valid for one row only."""
    if not kept.id_number and merged.id_number:
        write_number(kept, merged.id_kind, unseal(merged, "id_number"))
    if not kept.phone and merged.phone:
        write_phone(kept, unseal(merged, "phone"))
    kept.sex = kept.sex or merged.sex
    kept.birth_date = kept.birth_date or merged.birth_date
    if kept.household_id is None and merged.former_household is not None:
        kept.household, kept.relation = merged.former_household, merged.former_relation


def _move_links(kept: Person, merged: Person) -> dict[type, int]:
    """Point every row of every model that points at the merged person at the other one; return the counts."""
    moved = {}
    for link in links_to_person():
        if not getattr(link.model, "follows_merge", True):
            continue
        rows = link.model._base_manager.filter(**{link.name: merged})
        try:
            with transaction.atomic():
                moved[link.model] = moved.get(link.model, 0) + rows.update(**{link.name: kept})
        except IntegrityError:
            name = link.model._meta.verbose_name
            raise Refused(f"两人在“{name}”中都有记录，请先删除其中一条再合并。", code="both_have_one") from None
    return moved


def _forget_dismissals(merged: Person) -> None:
    NotDuplicate.objects.filter(Q(first=merged) | Q(second=merged)).delete()


def _log(actor: User, kept: Person, merged: Person, moved: dict, reason: str) -> None:
    moved_in_words = [f"{name} {count}" for name, count in moved.items()]
    audit.record(
        action="person.merge", actor=actor, row=kept, after={"merged": merged.pk, "moved": moved_in_words}, note=reason
    )
    audit.record(action="person.merge", actor=actor, row=merged, after={"merged_into_id": kept.pk}, note=reason)


@transaction.atomic
def dismiss_duplicate(*, actor: User, one: Person, other: Person) -> NotDuplicate:
    """Note that two people who look alike are two: they are not proposed again."""
    for person in (one, other):
        require_writer(actor, person)
    first, second = sorted((one, other), key=lambda person: person.pk)
    if first.pk == second.pk:
        raise Refused("请选择两个不同的人。", code="same")
    row, made = NotDuplicate.objects.get_or_create(
        first=first, second=second, defaults={"dismissed_by": actor, "at": timezone.now()}
    )
    if made:
        audit.record(action="person.dismiss", actor=actor, row=first, after={"other": second.pk})
    return row
