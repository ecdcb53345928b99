"""The steps of reporting as short words for tests. Each goes through the real services."""

from decimal import Decimal

from workplan.errors import Refused
from workplan.rules.entries import EntryInput
from workplan.services import reports

EMPTY = {"value": None, "numerator": None, "denominator": None, "done_on": None, "zero_report": False, "remark": ""}


def entry(**values) -> EntryInput:
    """Return an entry with the given fields and the rest empty; numbers may be plain ints."""
    numbers = {k: Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in values.items()}
    return EntryInput(**(EMPTY | numbers))


def typed_values(district, *, homes=0, rate=(0, 1), tombs=0) -> dict[str, EntryInput]:
    incident = {"zero_report": True} if tombs == 0 else {"remark": "巡查发现，已登记。"}
    return {
        "49.3": entry(value=homes, remark="按月汇总。"),
        "22.4": entry(numerator=rate[0], denominator=rate[1], remark="按月汇总。"),
        "46.3": entry(value=tombs, **incident),
    }


def writer_of(unit, district, cast):
    return cast.liaison if unit == district.township else cast.other_liaison


def fill_and_submit(district, cast, *, month, unit=None, lenient=False, tombs=None, **values):
    """Fill and hand in a month's report of a township; of the tombs task when `tombs` is given.

    lenient: return None where the rules refuse (random sequences), instead of raising.
    """
    unit = unit or district.township
    task = district.task if tombs is None else district.other_task
    actor = writer_of(unit, district, cast)
    typed = typed_values(district, tombs=tombs or 0, **values)
    try:
        report = reports.start_report(task=task, org_unit=unit, period=district.period(month), actor=actor)
        return _save_and_submit(report, actor, district, typed)
    except Refused:
        if lenient:
            return None
        raise


def _save_and_submit(report, actor, district, typed):
    owned = set(report.entries.values_list("target__code", flat=True))
    entries = {district.targets[code].pk: values for code, values in typed.items() if code in owned}
    saved = reports.save_report(
        report=report,
        actor=actor,
        version=report.version,
        typed=reports.ReportInput(texts={"narrative": "本月按计划推进。"}, entries=entries),
    )
    return reports.submit_report(report=saved, actor=actor, version=saved.version)


def approve(report, cast):
    head = cast.head if report.task.section.app == "eldercare" else cast.other_head
    return reports.approve_report(report=report, actor=head)


def send_back(report, cast, reason="请补充说明。"):
    head = cast.head if report.task.section.app == "eldercare" else cast.other_head
    return reports.return_report(report=report, actor=head, reason=reason)


def correct(report, cast, *, homes, lenient=False):
    """Open a correction of a report and hand it in with another number of homes (or incidents)."""
    actor = report.submitted_by
    try:
        draft = reports.correct_report(report=report, actor=actor, reason="数据有误。")
        entries = {e.target_id: _corrected(e, homes) for e in draft.entries.select_related("target")}
        saved = reports.save_report(
            report=draft, actor=actor, version=draft.version, typed=reports.ReportInput(entries=entries)
        )
        return reports.submit_report(report=saved, actor=actor, version=saved.version)
    except Refused:
        if lenient:
            return None
        raise


def _corrected(stored, number) -> EntryInput:
    if stored.target.code == "22.4":
        return entry(numerator=stored.numerator, denominator=stored.denominator, remark=stored.remark)
    zero = stored.target.code == "46.3" and number == 0
    return entry(value=Decimal(number), zero_report=zero, remark="更正。")
