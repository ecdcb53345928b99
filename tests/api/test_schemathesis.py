"""The API keeps to its own OpenAPI document, whatever is sent: no 5xx, no undeclared status, type or shape."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import ApiToken
from eldercare.models import Canteen
from tests.registers.conftest import computed, homes  # noqa: F401  (fixtures)
from tests.registers.making import make_record
from tests.remarks.steps import write
from tests.rollup.conftest import asked_for
from tests.supervision.steps import brought_to
from workplan.enums import OrderState
from workplan.models import Allocation
from workplan.services.problems import ProblemInput, add_problem
from workplan.services.rollup import make_report
from workplan.services.spotchecks import draw_sample

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6  # of each operation and mode; the business is small, the shapes are few
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def connection_kept():
    """Let requests go through the WSGI application within the test's transaction, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def openapi():
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))


@pytest.fixture
def real_ids(district, cast, scene, computed, homes):  # noqa: F811
    """Ids that exist, by the second word of the path: random numbers would hardly ever meet a row."""
    homes_target = district.targets["49.3"]
    share = Allocation.objects.get(target=homes_target, org_unit=district.township)
    order = brought_to(OrderState.SIGNED, district, cast)
    typed = ProblemInput("进场偏慢")
    problem = add_problem(target=homes_target, org_unit=district.township, actor=cast.liaison, typed=typed)
    return {
        "plans": [district.plan.pk],
        "sections": [district.section.pk],
        "tasks": [district.task.pk],
        "targets": [target.pk for target in district.targets.values()],
        "allocations": [share.pk],
        "org-units": [district.township.pk],
        "periods": [district.period(10).pk],
        "reports": [scene.draft.pk, scene.submitted.pk, scene.approved.pk],
        "evidence": [scene.evidence.pk],
        "registers": [make_record(Canteen, district.township, cast.liaison, number).pk for number in range(3)],
        "spot-checks": [draw_sample(target=computed, size=2, actor=cast.staff).pk],
        "supervision-orders": [order.pk],
        "problems": [problem.pk],
        "remarks": [write(district, cast).pk],
        "rollups": [make_report(asked=asked_for(district, section=district.section), actor=cast.staff)[0].pk],
    }


def token_of(user) -> str:
    token, raw = ApiToken.build(user=user, name="测试", days=1, may_write=True)
    token.save()
    return raw


@pytest.mark.parametrize("member", ["liaison", "head", "administrator"])
def test_answers_are_as_declared(member, openapi, cast, real_ids, connection_kept):
    app = get_wsgi_application()
    headers = {"Authorization": f"Bearer {token_of(getattr(cast, member))}", "Accept-Encoding": "identity"}
    statuses = set()

    def send(case, ids, index):
        kind = case.path.split("/")[3]
        parameters = case.path_parameters or {}
        if index is not None:
            real = {"id": ids.get(kind), "pk": ids.get(kind), "app": ["eldercare"], "name": ["canteen"]}
            parameters |= {name: real[name][index % len(real[name])] for name in real.keys() & parameters.keys()}
        with transaction.atomic():
            response = case.call(base_url="http://localhost", app=app, headers=headers)
            transaction.set_rollback(True)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    for found in openapi.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            explore = given(case=operation.as_strategy(mode), index=st.none() | st.integers(0, 2))
            SETTINGS(explore(lambda case, index: send(case, real_ids, index)))()
    assert {200, 400, 404} <= statuses
