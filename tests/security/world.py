"""A world with something to hide: reports, evidence and figures in both townships, with words that betray a leak."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from people.models import Person
from people.rules.persons import PersonInput
from people.services.enrolling import enrol_person
from tests import cast as parts
from tests.steps import approve, entry, fill_and_submit, writer_of
from workplan.models import Evidence, ProgressReport, Unlock
from workplan.services import evidence, periods, reports
from workplan.services.reports import ReportInput

# Whatever of these somebody sees who may not has leaked. The number's decimals occur nowhere by chance.
CANARY_TEXT = "金丝雀"
CANARY_NAME = "夜莺"
CANARY_NUMBER = Decimal("41.3719")
CANARY_PERSON = "布谷鸟"


@dataclass
class World:
    district: parts.District
    neighbour: parts.District
    cast: parts.Cast
    report: ProgressReport  # of `township`, waiting for review
    hidden: ProgressReport  # of `other_township`, approved, full of canaries
    evidence: Evidence  # of `report`
    hidden_evidence: Evidence
    unlock: Unlock
    resident: Person  # of `township`; no register keeps a record about anybody here
    second_resident: Person
    hidden_resident: Person  # of `other_township`


def build_world() -> World:
    """Make a waiting report in one township and an approved one full of canaries in the other."""
    district, neighbour = parts.build_district("D1"), parts.build_district("D2")
    cast = parts.build_cast(district, neighbour)
    for user in (cast.other_liaison, cast.outsider):
        user.name = f"{CANARY_NAME}{user.username}"
        user.save()
    shown, shown_file = _report(district, cast, district.township, "本月推进。", 12)
    hidden, hidden_file = _report(district, cast, district.other_township, CANARY_TEXT, CANARY_NUMBER)
    reports.submit_report(report=shown, actor=cast.liaison, version=shown.version)
    approve(reports.submit_report(report=hidden, actor=cast.other_liaison, version=hidden.version), cast)
    fill_and_submit(district, cast, month=10, tombs=0, unit=district.other_township)
    unlock = periods.unlock_period(
        org_unit=district.other_township,
        period=district.period(3),
        app="eldercare",
        actor=cast.head,
        reason=CANARY_TEXT,
        expires_on=parts.TODAY,
    )
    fresh = ProgressReport.objects.with_context().get
    rows = fresh(pk=shown.pk), fresh(pk=hidden.pk), shown_file, hidden_file, unlock
    return World(district, neighbour, cast, *rows, *_residents(district, cast))


def _residents(district, cast) -> tuple[Person, Person, Person]:
    """Return two people of the township and one of the other, whose name is a canary."""
    one = PersonInput("居民甲", id_number="11010519491231002X", phone="13800001111")
    two = PersonInput("居民乙", id_number="440524188001010014")
    hidden = PersonInput(CANARY_PERSON, "passport", "E87654321", phone="13800003333")
    here = [enrol_person(actor=cast.liaison, residence=district.township, typed=typed) for typed in (one, two)]
    return *here, enrol_person(actor=cast.other_liaison, residence=district.other_township, typed=hidden)


def _report(district, cast, unit, text, homes):
    actor = writer_of(unit, district, cast)
    report = reports.start_report(task=district.task, org_unit=unit, period=district.period(10), actor=actor)
    typed = {
        district.targets["49.3"].pk: entry(value=homes, remark=text),
        district.targets["22.4"].pk: entry(numerator=9, denominator=10, remark=text),
    }
    texts = {"narrative": text, "problems": text, "next_steps": text}
    report = reports.save_report(
        report=report, actor=actor, version=report.version, typed=ReportInput(texts=texts, entries=typed)
    )
    upload = SimpleUploadedFile(f"{text}.txt", f"材料：{text}".encode())
    return report, evidence.add_evidence(report=report, actor=actor, upload=upload)
