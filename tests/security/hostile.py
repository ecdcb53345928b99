"""A world whose every text is a script. It must be stored as typed and shown as text everywhere."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import OrgUnit, User
from accounts.sheets import write_xlsx
from eldercare.models import Canteen
from people.models import Household, Person
from people.services.revealing import reveal
from tests import factories as make
from tests.registers.making import run_import, typed_for, unit_for
from workplan.imports.services import start_import
from workplan.models import (
    AdHocRequest,
    Attachment,
    Entry,
    Evidence,
    ImportBatch,
    Plan,
    ProgressReport,
    Reading,
    Record,
    Remark,
    Section,
    Target,
    Task,
)
from workplan.registers.columns import TextColumn, YesNoColumn, columns_of
from workplan.registers.registry import registers
from workplan.services import reports
from workplan.services.attachments import add_attachment
from workplan.services.records import change_record, create_record
from workplan.services.spotchecks import decide_item

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*191}}'\""
MARKUP = ("<script>alert(1)", "<img src=x", ">1337<", "&gt;1337")

TEXTS = {
    OrgUnit: ("name",),
    User: ("name",),
    Plan: ("title",),
    Section: ("title", "campaign"),
    Task: ("title", "summary"),
    Target: ("measure", "unit", "numerator_label", "denominator_label", "note"),
    Reading: ("question", "reading"),
    ProgressReport: ("narrative", "problems", "next_steps"),
    Entry: ("remark",),
    Evidence: ("name",),
    Remark: ("text",),
    AdHocRequest: ("title", "reason"),
}


def poison(district, cast, report) -> None:
    """Write the script into every text of the district; a ratio keeps its unit, by which it is known."""
    Reading.objects.create(plan=district.plan, code="A01", question="-", reading="-").tasks.add(district.task)
    reports.return_report(report=report, actor=cast.head, reason=SCRIPT)
    for model, fields in TEXTS.items():
        for row in model.objects.all():
            for name in fields:
                if getattr(row, name) != "%":
                    setattr(row, name, SCRIPT[: model._meta.get_field(name).max_length])
            model.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in fields})


def poison_registers(world) -> dict[type[Record], Record]:
    """Type the script into every text of a record of every register, and of what hangs on records; return the records.

    What the portal itself would not let in (names of people and files) is written past it: it must be harmless all the same.
    """
    remits = make.RemitFactory._meta.model.objects.filter(bureau=world.district.bureau)
    remits.exclude(office=world.district.office).delete()
    for app in {model._meta.app_label for model in registers()}:
        remits.get_or_create(bureau=world.district.bureau, office=world.district.office, app=app, valid_to=None)
    world.cast.staff = User.objects.get(pk=world.cast.staff.pk)  # who now runs all sections
    found = {model: _scripted(model, world) for model in registers()}
    canteen = found[Canteen]
    add_attachment(record=canteen, actor=world.cast.liaison, upload=SimpleUploadedFile(f"{SCRIPT}.txt", b"text"))
    change_record(record=canteen, actor=world.cast.liaison, version=1, typed={"note": f"2{SCRIPT}"})
    decide_item(item=world.item, confirmed=False, note=SCRIPT, actor=world.cast.staff)
    _import_scripts(world.cast.liaison)
    reveal(actor=world.cast.liaison, person=world.resident, field="id_number", reason=SCRIPT)
    household = Household.objects.create(
        bureau=world.district.bureau, org_unit=world.district.township, code=SCRIPT[:20]
    )
    Person.objects.update(name=SCRIPT[:60], household=household)
    Attachment.objects.update(name=SCRIPT)
    ImportBatch.objects.update(name=SCRIPT)
    return found


def _scripted(model: type[Record], world) -> Record:
    """Return a record whose texts are the script: typed where its rules let the script in, else written past them."""
    unit = unit_for(model, world.district)
    actor = world.cast.liaison if unit == world.district.township else world.cast.staff
    texts = {c.name: SCRIPT[: c.field.max_length] for c in columns_of(model) if isinstance(c, TextColumn)}
    typed = typed_for(model, unit, actor, 40)
    flags = {c.name: True for c in columns_of(model) if isinstance(c, YesNoColumn)}
    for more in (texts, texts | flags):
        with suppress(ValidationError):
            return create_record(model=model, actor=actor, typed=typed | more)
    row = create_record(model=model, actor=actor, typed=typed | {"note": texts["note"]})
    for name, text in texts.items():
        with suppress(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{name: text})
    return row


def _import_scripts(actor) -> None:
    """Have a file checked whose name, header and cells are the script."""
    header = ["所属单位", "食堂名称", "开办日期", SCRIPT]
    content = write_xlsx(header, [[SCRIPT] * 4])
    run_import(start_import(model=Canteen, actor=actor, name=f"{SCRIPT}.xlsx", content=content))
