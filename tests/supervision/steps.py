"""The steps of a supervision order as short words for tests. Each goes through the real services."""

from datetime import date

from workplan.enums import OrderState
from workplan.models import SupervisionOrder
from workplan.services import order_life as life
from workplan.services import supervision as service
from workplan.services.supervision import OrderInput, Subject

DUE = date(2024, 10, 22)


def fresh(order) -> SupervisionOrder:
    return SupervisionOrder.objects.with_context().select_related("bureau").get(pk=order.pk)


def draft(
    district, cast, *, unit=None, actor=None, key=None, subject=None, app="eldercare", **typed
) -> SupervisionOrder:
    """Draft an order for the township about target 49.3."""
    words = {"title": "加快适老化改造", "requirement": "10月底前完成全部入户改造。", "due": DUE} | typed
    return service.draft_order(
        plan=district.plan,
        app=app,
        org_unit=unit or district.township,
        subject=subject or Subject(target=district.targets["49.3"]),
        typed=OrderInput(step=service.steps_of(district.plan)[0], **words),
        actor=actor or cast.staff,
        key=key,
    )


def issue(order, cast, *, actor=None):
    return service.issue_order(order=order, actor=actor or cast.head, version=order.version, due=order.due)


def sign(order, cast, *, actor=None):
    return life.sign_order(order=order, actor=actor or cast.liaison, version=order.version)


def reply(order, cast, *, actor=None, text="已完成入户改造40户，附验收单。", uploads=()):
    return life.reply_order(order=order, actor=actor or cast.liaison, version=order.version, text=text, uploads=uploads)


def strike(order, cast, *, actor=None, text="经复核属实，同意销号。"):
    return life.strike_order(order=order, actor=actor or cast.head, version=order.version, text=text)


def archive(order, cast, *, actor=None):
    return life.archive_order(order=order, actor=actor or cast.head, version=order.version)


def ask(order, cast, *, actor=None, wanted=date(2024, 10, 30), reason="施工队本周无法进场。"):
    life.ask_extension(order=order, actor=actor or cast.liaison, version=order.version, wanted=wanted, reason=reason)
    return fresh(order)


COURSE = {
    OrderState.ISSUED: [issue],
    OrderState.SIGNED: [issue, sign],
    OrderState.REPLIED: [issue, sign, reply],
    OrderState.STRUCK: [issue, sign, reply, strike],
    OrderState.ARCHIVED: [issue, sign, reply, strike, archive],
}


def brought_to(state, district, cast, **drafted) -> SupervisionOrder:
    """Return an order of the township that has come to the state in the usual way."""
    order = draft(district, cast, **drafted)
    if state == OrderState.WITHDRAWN:
        service.withdraw_order(order=order, actor=cast.staff, version=order.version, reason="已在月报中说明。")
    for step in COURSE.get(state, []):
        order = step(order, cast)
    return fresh(order)
