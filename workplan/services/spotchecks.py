"""Spot checks: draw a sample of the records behind a target, and note what a look at each has shown."""

import random
import secrets

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.enums import Right

from .. import clock
from ..errors import Refused
from ..measures import measure_of
from ..models import Finding, Record, SpotCheck, SpotCheckItem, Target
from ..registers.registry import find_register, opens
from .attachments import store_attachment
from .records import verify_record

LARGEST = 200


def drawable(target: Target, actor):
    """Return the records behind the target's number today that the actor may verify; None where there are none to draw."""
    measure = measure_of(target)
    rows = measure.counts(target) if measure else None
    if rows is None or not issubclass(rows.model, Record) or not opens(actor, rows.model, Right.RECORD_VERIFY):
        return None
    behind = rows.in_force(clock.today()).order_by().values("pk")
    return rows.model.objects.visible_to(actor, Right.RECORD_VERIFY).filter(pk__in=behind)


@transaction.atomic
def draw_sample(*, target: Target, size: int, actor, seed: str = "") -> SpotCheck:
    """Draw `size` records at random; the seed is kept, so that the draw can be repeated.

    Raises Refused where the target is not computed from a register that the actor verifies, or the size does not fit.
    """
    rows = drawable(target, actor)
    if rows is None:
        raise Refused("这一目标没有可由您抽查的台账记录。", code="nothing_to_draw")
    units = dict(rows.order_by("pk").values_list("pk", "org_unit_id"))
    if not 1 <= size <= min(len(units), LARGEST):
        raise Refused(f"抽取数应在 1 与 {min(len(units), LARGEST)} 之间。", code="wrong_size")
    seed = seed or secrets.token_hex(8)
    check = SpotCheck.objects.create(
        target=target,
        app=rows.model._meta.app_label,
        model=rows.model._meta.model_name,
        seed=seed,
        size=size,
        population=len(units),
        drawn_on=clock.today(),
        drawn_by=actor,
    )
    chosen = chosen_by(seed, list(units), size)
    SpotCheckItem.objects.bulk_create(
        SpotCheckItem(spot_check=check, record=pk, org_unit_id=units[pk]) for pk in chosen
    )
    audit.record(action="spotcheck.draw", actor=actor, row=check, after=audit.snapshot(check))
    return check


def chosen_by(seed: str, pks: list[int], size: int) -> list[int]:
    """Return the records that the seed draws: the same seed over the same records draws the same ones."""
    return sorted(random.Random(seed).sample(sorted(pks), size))  # noqa: S311  (repeatable on purpose)


@transaction.atomic
def decide_item(
    *, item: SpotCheckItem, confirmed: bool, note: str, actor, photo: UploadedFile | None = None
) -> SpotCheckItem:
    """Note what was found at one record; an untrue one leaves the figures and comes back to its unit.

    Raises Refused where it was decided already, is the actor's own, has been removed, or an untrue one has no note.
    """
    item = SpotCheckItem.objects.select_for_update(of=("self",)).select_related("spot_check__target").get(pk=item.pk)
    if item.finding != Finding.OPEN:
        raise Refused("这条记录已有核查结果。", code="decided")
    record = record_of(item)
    if record is None:
        raise Refused("这条记录已被删除。", code="gone")
    if photo is not None:
        store_attachment(record=record, actor=actor, upload=photo)
    verify_record(record=record, actor=actor, confirmed=confirmed, note=note)
    item.finding = Finding.CONFIRMED if confirmed else Finding.REJECTED
    item.note, item.decided_by, item.decided_on = note.strip(), actor, clock.today()
    item.save()
    return item


def record_of(item: SpotCheckItem) -> Record | None:
    """Return the record that was drawn, or None where it has been removed since."""
    model = find_register(item.spot_check.app, item.spot_check.model)
    return model.objects.kept().select_related("org_unit").filter(pk=item.record).first() if model else None
