"""The sample year's ad-hoc requests: one that most townships have answered, one that waits for approval. All invented."""

from datetime import date
from decimal import Decimal

from accounts.models import User

from .. import clock
from ..enums import AdHocKind
from ..models import AdHocAnswer, AdHocRequest, Plan
from ..services import adhoc as service
from ..services.adhoc import FieldInput, RequestInput
from ..services.adhoc_answers import save_answer
from .story import TOUR_UNIT

SILENT = 7  # every seventh township has not answered, nor has the one that the guided tour follows
HEATED = RequestInput(
    title="冬季取暖安全排查",
    app="eldercare",
    reason="入冬前核对养老服务设施取暖方式，用于安排第四季度安全检查。台账不登记取暖方式。",
    units=(),
    fields=(
        FieldInput("排查设施", AdHocKind.NUMBER, "处"),
        FieldInput("使用明火取暖", AdHocKind.NUMBER, "处"),
        FieldInput("需要支持的事项", AdHocKind.TEXT, "", required=False),
    ),
    due=date(2024, 10, 14),
    expires=date(2024, 11, 15),
)
GUIDES = RequestInput(
    title="惠民殡葬宣传点位统计",
    app="funeral",
    reason="用于印制宣传资料，按点位配送。",
    units=(),
    fields=(FieldInput("宣传点位", AdHocKind.NUMBER, "个"), FieldInput("需要资料", AdHocKind.NUMBER, "份")),
    due=date(2024, 10, 23),
    expires=date(2024, 10, 31),
)


def ask_besides(plan: Plan) -> None:
    """Write the sample requests through the services, each act on its day."""
    with clock.pinned(date(2024, 9, 27)):
        row = _sent(plan, HEATED)
    with clock.pinned(date(2024, 9, 29)):
        service.approve_request(request=row, actor=_user("head-eldercare"), version=row.version)
    _answer(row)
    with clock.pinned(date(2024, 10, 14)):
        _sent(plan, GUIDES)


def _sent(plan: Plan, typed: RequestInput) -> AdHocRequest:
    staff, units = _user(f"staff-{typed.app}"), tuple(service.askable(plan))
    said = RequestInput(typed.title, typed.app, typed.reason, units, typed.fields, typed.due, typed.expires)
    row = service.draft_request(plan=plan, typed=said, actor=staff)
    return service.send_request(request=row, actor=staff, version=row.version)


def _answer(row: AdHocRequest) -> None:
    found, fire, wish = row.fields.all()
    for place, answer in enumerate(AdHocAnswer.objects.with_context().filter(request=row), start=1):
        if place % SILENT == 0 or answer.org_unit.code == TOUR_UNIT:
            continue
        said = {found.pk: Decimal(3 + place % 5), fire.pk: Decimal(place % 3 == 0)}
        if place % 9 == 0:
            said[wish.pk] = "希望统一配发电暖设备。"
        with clock.pinned(date(2024, 10, 8 + place % 8)):
            actor = _user(f"liaison-{answer.org_unit.code}")
            save_answer(answer=answer, typed=said, actor=actor, version=1, submit=True)


def _user(name: str) -> User:
    return User.objects.get(username=name)
