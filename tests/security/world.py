"""A world with something to hide: reports, evidence and figures in both townships, with words that betray a leak."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from eldercare.models import Canteen, HomeAdaptation
from people.models import Person
from people.rules.persons import PersonInput
from people.services.enrolling import enrol_person
from tests import cast as parts
from tests import factories as make
from tests.adhoc import steps as adhoc
from tests.amending import steps as amending
from tests.intake.notice import TEXT as NOTICE
from tests.intake.notice import begun
from tests.registers.making import make_record, workbook
from tests.remarks import steps as remarks
from tests.reporting.files import pdf
from tests.steps import approve, entry, fill_and_submit, writer_of
from tests.supervision import steps as orders
from workplan import clock
from workplan.enums import RollupKind
from workplan.imports.services import start_import
from workplan.models import (
    AdHocAnswer,
    AdHocRequest,
    Amendment,
    Attachment,
    Evidence,
    ImportBatch,
    Intake,
    Job,
    Leave,
    Message,
    Problem,
    ProgressReport,
    Remark,
    ReportExtension,
    RollupReport,
    SpotCheck,
    SpotCheckItem,
    SupervisionFile,
    SupervisionOrder,
    Target,
    Unlock,
)
from workplan.rollup.gather import Asked
from workplan.services import evidence, periods, report_extensions, reports, rollup
from workplan.services.attachments import add_attachment
from workplan.services.notice_settings import add_leave
from workplan.services.problems import ProblemInput, add_problem
from workplan.services.reports import ReportInput
from workplan.services.spotchecks import decide_item, draw_sample
from workplan.services.supervision import Subject

# Whatever of these somebody sees who may not has leaked. The number's decimals occur nowhere by chance.
CANARY_TEXT = "金丝雀"
CANARY_NAME = "夜莺"
CANARY_NUMBER = Decimal("41.3719")
CANARY_PERSON = "布谷鸟"
CANARY_RECORDED = "画眉鸟"  # somebody of whom the other township keeps a record
CANARY_FILE = "百灵鸟"


@dataclass
class World:
    district: parts.District
    neighbour: parts.District
    cast: parts.Cast
    report: ProgressReport  # of `township`, waiting for review
    hidden: ProgressReport  # of `other_township`, approved, full of canaries
    evidence: Evidence  # of `report`
    hidden_evidence: Evidence
    paper: Evidence  # of `report`, a PDF of one page
    unlock: Unlock
    extension: ReportExtension  # of `township`, waiting for an answer
    hidden_extension: ReportExtension  # of `other_township`, full of canaries
    resident: Person  # of `township`; no register keeps a record about anybody here
    second_resident: Person
    hidden_resident: Person  # of `other_township`
    record: HomeAdaptation  # of `township`, with a file
    hidden_record: HomeAdaptation  # of `other_township`, about a canary, with a file of a canary's name
    canteen: Canteen
    hidden_canteen: Canteen
    file: Attachment  # of `record`
    hidden_file: Attachment
    check: SpotCheck  # of both homes
    item: SpotCheckItem  # `record` in it
    batch: ImportBatch  # brought by the liaison
    hidden_batch: ImportBatch
    computed: Target  # by the accepted homes
    job: Job  # parked
    message: Message  # to the liaison
    leave: Leave  # of the liaison
    order: SupervisionOrder  # of `township`, replied to with `order_file`
    hidden_order: SupervisionOrder  # of `other_township`, full of canaries
    order_file: SupervisionFile
    problem: Problem  # of `township`, on the list of target 49.3
    hidden_problem: Problem
    remark: Remark  # on `report`, not answered
    hidden_remark: Remark  # on `hidden`, answered, full of canaries
    office_remark: Remark  # on target 49.3, a canary to every township
    amendment: Amendment  # a draft about target 49.3
    hidden_amendment: Amendment  # issued, about a target of the other township, its reason full of canaries
    rollup: RollupReport  # of the office's section, drafted by its staff
    published: RollupReport  # of the other township, full of canaries
    adhoc: AdHocRequest  # of the office to both townships, answered by the other one in canaries
    adhoc_answer: AdHocAnswer  # of `township`, not answered
    hidden_adhoc_answer: AdHocAnswer
    office_adhoc: AdHocRequest  # waits for approval, a canary to every township
    intake: Intake  # of the district, full of canaries
    document: str = "docx"
    first: int = 1


def build_world() -> World:
    """Make a waiting report in one township and an approved one full of canaries in the other."""
    district, neighbour = parts.build_district("D1"), parts.build_district("D2")
    cast = parts.build_cast(district, neighbour)
    for user in (cast.other_liaison, cast.outsider):
        user.name = f"{CANARY_NAME}{user.username}"
        user.save()
    shown, shown_file = _report(district, cast, district.township, "本月推进。", 12)
    hidden, hidden_file = _report(district, cast, district.other_township, CANARY_TEXT, CANARY_NUMBER)
    paper = evidence.add_evidence(
        report=shown, actor=cast.liaison, upload=SimpleUploadedFile("通知.pdf", pdf("Notice"))
    )
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
    rollups = _rollups(district, cast)
    asked = _extension(district, cast, district.township, cast.liaison, "道路塌方。")
    with clock.pinned(date(2024, 9, 20)):
        hidden_asked = _extension(district, cast, district.other_township, cast.other_liaison, CANARY_TEXT, month=9)
    fresh = ProgressReport.objects.with_context().get
    rows = fresh(pk=shown.pk), fresh(pk=hidden.pk), shown_file, hidden_file, paper, unlock, asked, hidden_asked
    return World(
        district,
        neighbour,
        cast,
        *rows,
        *_residents(district, cast),
        **_registers(district, cast),
        **_supervision(district, cast),
        **_remarks(district, cast, shown, hidden),
        **_adhoc(district, cast),
        **_amendments(district, cast),
        **rollups,
        intake=begun(district, cast.administrator, NOTICE.replace("加强宣传引导", CANARY_TEXT)),
    )


def _extension(district, cast, unit, actor, reason, month=10) -> ReportExtension:
    period = district.period(month)
    asked = {"org_unit": unit, "period": period, "tasks": [district.other_task], "wanted": period.closes}
    return report_extensions.ask_extensions(actor=actor, reason=reason, **asked)[0]


def _supervision(district, cast) -> dict:
    """Return an order and a problem of each township, those of the other one full of canaries."""
    mine = _replied(district, cast, district.township, cast.liaison, "推进适老化改造")
    hidden = _replied(district, cast, district.other_township, cast.other_liaison, CANARY_TEXT)
    problems = [
        add_problem(target=order.target, org_unit=order.org_unit, order=order, actor=actor, typed=ProblemInput(text))
        for order, actor, text in ((mine, cast.liaison, "进场偏慢"), (hidden, cast.other_liaison, CANARY_TEXT))
    ]
    return {
        **dict(zip(("order", "hidden_order"), (mine, hidden), strict=True)),
        **dict(zip(("problem", "hidden_problem"), problems, strict=True)),
        "order_file": mine.files.get(),
    }


def _remarks(district, cast, shown, hidden) -> dict:
    """Return what the leader has said about the report of each township, and about a target that both have a share of."""
    mine, theirs = (Subject(report=ProgressReport.objects.with_context().get(pk=one.pk)) for one in (shown, hidden))
    return {
        "remark": remarks.write(district, cast, about=mine),
        "hidden_remark": remarks.answer(
            remarks.write(district, cast, about=theirs, text=CANARY_TEXT), cast, text=CANARY_TEXT
        ),
        "office_remark": remarks.write(district, cast, text=CANARY_TEXT),
    }


def _adhoc(district, cast) -> dict:
    """Return an approved request with the part of each township, and one that no township may know of."""
    row = adhoc.approved(district, cast)
    adhoc.answer(row, district.other_township, cast.other_liaison, beds=CANARY_NUMBER, note=CANARY_TEXT)
    return {
        "adhoc": row,
        "adhoc_answer": adhoc.part(row, district.township),
        "hidden_adhoc_answer": adhoc.part(row, district.other_township),
        "office_adhoc": adhoc.asked(district, cast, title=CANARY_TEXT, reason=CANARY_TEXT),
    }


def _amendments(district, cast) -> dict:
    """Return a draft about a target that both townships have, and an issued one about one that only the other has."""
    draft = amending.draft(district, cast)
    amending.change(draft, district.targets["49.3"], cast, goal=90)
    other = make.TargetFactory(task=district.task, code="49.8", measure=CANARY_TEXT, sort=10)
    make.AllocationFactory(target=other, org_unit=district.other_township, amount=100)
    issued = amending.draft(district, cast)
    amending.change(issued, other, cast, reason=CANARY_TEXT, goal=90)
    return {"amendment": draft, "hidden_amendment": amending.issue(issued, cast)}


def _replied(district, cast, unit, actor, text: str) -> SupervisionOrder:
    subject = {"unit": unit, "title": text, "requirement": text}
    order = orders.sign(orders.issue(orders.draft(district, cast, **subject), cast), cast, actor=actor)
    upload = SimpleUploadedFile(f"{text}.txt", f"材料：{text}".encode())
    return orders.reply(order, cast, actor=actor, text=text, uploads=[upload])


def _rollups(district, cast) -> dict:
    """Return a draft about the section and a published report about the other township. On this very day, so that canaries stand in them."""
    span = {"plan": district.plan, "kind": RollupKind.ON_DEMAND, "start": date(2024, 10, 1), "end": parts.TODAY}
    draft, _ = rollup.make_report(asked=Asked(section=district.section, **span), actor=cast.staff)
    hidden, _ = rollup.make_report(asked=Asked(township=district.other_township, **span), actor=cast.leader)
    return {"rollup": draft, "published": rollup.publish(report=hidden, version=1, actor=cast.leader)}


def _registers(district, cast) -> dict:
    """Return records of both townships, their files, a spot check over both, and an import of each."""
    target = _computed(district)
    mine = _home(district.township, cast.liaison, "居民丙", 1, "")
    hidden = _home(district.other_township, cast.other_liaison, CANARY_RECORDED, 2, CANARY_TEXT)
    canteens = [
        make_record(Canteen, unit, actor, name=name)
        for unit, actor, name in (
            (district.township, cast.liaison, "演示食堂"),
            (district.other_township, cast.other_liaison, f"{CANARY_TEXT}食堂"),
        )
    ]
    files = [_file(mine, cast.liaison, "现场.txt"), _file(hidden, cast.other_liaison, f"{CANARY_FILE}.txt")]
    check = draw_sample(target=target, size=2, actor=cast.staff)
    decide_item(item=check.items.get(record=hidden.pk), confirmed=False, note=CANARY_TEXT, actor=cast.staff)
    batches = [_batch(cast.liaison, "本镇.xlsx"), _batch(cast.other_liaison, f"{CANARY_FILE}.xlsx")]
    hidden.refresh_from_db()
    return {
        **dict(zip(("record", "hidden_record"), (mine, hidden), strict=True)),
        **dict(zip(("canteen", "hidden_canteen"), canteens, strict=True)),
        **dict(zip(("file", "hidden_file"), files, strict=True)),
        **dict(zip(("batch", "hidden_batch"), batches, strict=True)),
        "check": check,
        "item": check.items.get(record=mine.pk),
        "computed": target,
        "message": make.MessageFactory(user=cast.liaison, org_unit=district.township),
        "leave": add_leave(user=cast.liaison, deputy=cast.supervisor, first_day=parts.TODAY, last_day=parts.TODAY),
        "job": make.JobFactory(org_unit=district.bureau, parked=True),
    }


def _computed(district) -> Target:
    target = make.TargetFactory(
        task=district.task, code="49.9", measure="验收户数", sort=9, computed_by="eldercare.homes_accepted"
    )
    for unit in (district.township, district.other_township):
        make.AllocationFactory(target=target, org_unit=unit, amount=50)
    return target


def _home(unit, actor, name: str, number: int, note: str) -> HomeAdaptation:
    day = date(2024, 9, 1)
    steps = {"happened_on": day, "planned_on": day, "built_on": day, "accepted_on": day}
    typed = {"person_name": name, "note": note, "address": note}
    return make_record(HomeAdaptation, unit, actor, number, **steps, **typed)


def _file(record, actor, name: str) -> Attachment:
    return add_attachment(record=record, actor=actor, upload=SimpleUploadedFile(name, f"材料：{name}".encode()))


def _batch(actor, name: str) -> ImportBatch:
    return start_import(model=Canteen, actor=actor, name=name, content=workbook(Canteen, []))


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
