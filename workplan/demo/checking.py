"""The sample year's spot check: some of the adapted homes were looked at, two visits are still to be made."""

from datetime import date

from accounts.models import User

from .. import clock
from ..models import Plan
from ..services.spotchecks import decide_item, draw_sample

TARGET, CHECKER = "49.3", "staff-eldercare"
DRAWN, VISITED, DAY = 12, 10, date(2024, 10, 11)


def check_some_homes(plan: Plan) -> None:
    """Draw homes behind the target and confirm most of them; none is found untrue, so that reports and records agree."""
    actor, target = User.objects.get(username=CHECKER), plan.targets.get(code=TARGET)
    with clock.pinned(DAY):
        drawn = draw_sample(target=target, size=DRAWN, actor=actor, seed="demo")
        for item in drawn.items.order_by("record")[:VISITED]:
            decide_item(item=item, confirmed=True, note="已入户查看，与台账一致。", actor=actor)
