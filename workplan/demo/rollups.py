"""The sample year's roll-up reports: the first half-year and two months are published, the third quarter is a draft."""

from datetime import date

from accounts.models import User

from .. import clock
from ..enums import RollupKind
from ..models import Plan
from ..rollup.gather import Asked
from ..rollup.spans import start_of
from ..services.rollup import make_report, planned, publish

LEADER = "leader"
PUBLISHED = (
    (RollupKind.HALF_YEAR, date(2024, 6, 30), date(2024, 7, 8)),
    (RollupKind.MONTH, date(2024, 8, 31), date(2024, 9, 6)),
    (RollupKind.MONTH, date(2024, 9, 30), date(2024, 10, 9)),
)
DRAFT = (RollupKind.QUARTER, date(2024, 9, 30))


def publish_some_reports(plan: Plan) -> None:
    """Publish what the leader would have by the story's last day; the schedule's draft waits."""
    actor = User.objects.get(username=LEADER)
    for kind, end, day in PUBLISHED:
        with clock.pinned(day):
            asked = Asked(plan=plan, kind=kind, start=start_of(kind, end), end=end)
            report, _ = make_report(asked=asked, actor=actor)
            publish(report=report, version=report.version, actor=actor)
    write = planned(plan=plan, kind=DRAFT[0], end=DRAFT[1])
    if write:
        write()
