"""A world whose every text is a script. It must be stored as typed and shown as text everywhere."""

from accounts.models import OrgUnit, User
from workplan.models import Entry, Evidence, Plan, ProgressReport, Reading, Section, Target, Task
from workplan.services import reports

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
