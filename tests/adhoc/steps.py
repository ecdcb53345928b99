"""The steps of an ad-hoc request as short words for tests. Each goes through the real services."""

from datetime import date
from decimal import Decimal

from workplan.enums import AdHocKind
from workplan.models import AdHocAnswer, AdHocRequest
from workplan.services import adhoc as service
from workplan.services import adhoc_answers as answers
from workplan.services.adhoc import FieldInput, RequestInput

DUE, EXPIRES = date(2024, 10, 25), date(2024, 11, 30)  # the tests' day is 2024-10-15
BEDS = FieldInput("可用床位", AdHocKind.NUMBER, "张")
NOTE = FieldInput("存在困难", AdHocKind.TEXT, "", required=False)


def fresh(row) -> AdHocRequest:
    return AdHocRequest.objects.with_context().get(pk=row.pk)


def typed(district, **other) -> RequestInput:
    usual = {
        "title": "养老床位摸底",
        "app": "eldercare",
        "reason": "市局要求核对床位。",
        "units": (district.township, district.other_township),
        "fields": (BEDS, NOTE),
        "due": DUE,
        "expires": EXPIRES,
    }
    return RequestInput(**(usual | other))


def draft(district, cast, *, actor=None, key=None, **other) -> AdHocRequest:
    return service.draft_request(plan=district.plan, typed=typed(district, **other), actor=actor or cast.staff, key=key)


def send(row, cast, *, actor=None, version=None) -> AdHocRequest:
    return service.send_request(request=row, actor=actor or cast.staff, version=version or row.version)


def approve(row, cast, *, actor=None, version=None) -> AdHocRequest:
    return service.approve_request(request=row, actor=actor or cast.head, version=version or row.version)


def refuse(row, cast, *, actor=None, reason="台账已有。") -> AdHocRequest:
    return service.refuse_request(request=row, actor=actor or cast.head, version=row.version, reason=reason)


def withdraw(row, cast, *, actor=None, reason="改由台账统计。", version=None) -> AdHocRequest:
    return service.withdraw_request(
        request=row, actor=actor or cast.staff, version=version or row.version, reason=reason
    )


def asked(district, cast, **other) -> AdHocRequest:
    """Return a request that waits for approval, drafted and sent by the office's staff."""
    return send(draft(district, cast, **other), cast)


def approved(district, cast, **other) -> AdHocRequest:
    return approve(asked(district, cast, **other), cast)


def part(row, unit) -> AdHocAnswer:
    """Return what the unit is asked, as it is stored."""
    return AdHocAnswer.objects.with_context().get(request=row, org_unit=unit)


def answer(row, unit, actor, *, beds=None, note="", submit=True, version=None) -> AdHocAnswer:
    """Answer for the unit; `beds` is a whole number."""
    one, fields = part(row, unit), {field.label: field.pk for field in row.fields.all()}
    said = {fields["可用床位"]: None if beds is None else Decimal(beds), fields["存在困难"]: note}
    version = one.version if version is None else version
    return answers.save_answer(answer=one, typed=said, actor=actor, version=version, submit=submit)
