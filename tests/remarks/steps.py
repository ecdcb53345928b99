"""The steps of a leader's remark as short words for tests. Each goes through the real services."""

from datetime import date

from workplan.models import Remark
from workplan.services import remarks as service
from workplan.services.remarks import RemarkInput
from workplan.services.supervision import OrderInput, Subject, issue_order, steps_of

DUE = date(2024, 10, 22)  # five working days after the day that tests are held at
WORDS = "进度偏慢，请说明原因。"


def fresh(row) -> Remark:
    return Remark.objects.with_context().get(pk=row.pk)


def write(district, cast, *, about=None, actor=None, text=WORDS, due=DUE, key=None) -> Remark:
    """Write a remark, on target 49.3 unless told otherwise."""
    subject = about or Subject(target=district.targets["49.3"])
    return service.write_remark(subject=subject, typed=RemarkInput(text, due), actor=actor or cast.leader, key=key)


def answer(row, cast, *, actor=None, text="已倒排工期，10月底前完成。", version=None) -> Remark:
    return service.answer_remark(
        remark=row, actor=actor or cast.head, version=row.version if version is None else version, text=text
    )


def convert(row, district, cast, *, actor=None, key="form:1", unit=None, due=date(2024, 10, 25)):
    """Draft the order that the remark becomes, for the township."""
    typed = OrderInput("落实批示", "请按批示办理。", steps_of(district.plan)[0], due)
    return service.order_remark(
        remark=row, org_unit=unit or district.township, typed=typed, actor=actor or cast.staff, key=key
    )


def issue(order, cast):
    return issue_order(order=order, actor=cast.head, version=order.version, due=order.due)
