"""Tokens and sessions: what opens the API, and what no longer does."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Membership
from workplan.models import ProgressReport

ME = "/api/v1/me/"


def start_body(district):
    return {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}


def test_a_token_opens_what_its_user_may_see(cast, bearer):
    client, _ = bearer(cast.liaison)
    assert client.get(ME).json()["username"] == "liaison"


def test_a_reading_token_cannot_write(district, cast, bearer):
    client, _ = bearer(cast.liaison, may_write=False)
    answer = client.post("/api/v1/reports/", start_body(district), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["detail"] == "该令牌只能读取。"
    assert not ProgressReport.objects.exists()


def test_a_writing_token_starts_a_report(district, cast, bearer):
    client, _ = bearer(cast.liaison)
    answer = client.post("/api/v1/reports/", start_body(district), format="json")
    assert answer.status_code == 201
    assert client.post("/api/v1/reports/", start_body(district), format="json").status_code == 200
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}],
    ids=["revoked", "expired"],
)
def test_a_spent_token_opens_nothing(cast, bearer, changes):
    client, _ = bearer(cast.liaison, **changes)
    answer = client.get(ME)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"] == "令牌无效、已过期或已撤销。"


def test_a_closed_account_loses_its_token_at_once(cast, bearer):
    client, _ = bearer(cast.liaison)
    assert client.get(ME).status_code == 200
    cast.liaison.is_active = False
    cast.liaison.save()
    assert client.get(ME).status_code == 401


def test_a_role_taken_away_is_gone_at_the_next_request(cast, bearer):
    client, _ = bearer(cast.liaison)
    assert client.get("/api/v1/tasks/").json()["count"] == 2
    Membership.objects.filter(user=cast.liaison).delete()
    assert client.get("/api/v1/tasks/").json()["count"] == 0


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer \u00ff\u00fe", "Bearer " + "x" * 10_000])
def test_a_broken_token_is_refused(db, header):
    client = APIClient(HTTP_AUTHORIZATION=header)
    assert client.get(ME).status_code == 401


def test_a_session_writes_only_with_the_csrf_token(district, cast):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/api/v1/reports/", start_body(district), format="json")
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("请求未通过跨站校验")
    assert not ProgressReport.objects.exists()
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post("/api/v1/reports/", start_body(district), format="json", HTTP_X_CSRFTOKEN="x" * 32)
    assert answer.status_code == 201


def test_me_names_roles_and_rights(district, cast, api):
    body = api(cast.head).get(ME).json()
    assert body["roles"] == [
        {
            "role": "head",
            "role_name": "科室负责人",
            "org_unit": {"id": district.office.pk, "code": district.office.code, "name": "养老科"},
        }
    ]
    of_plans = {"view", "report_review", "plan_edit", "plan_amend", "unlock", "export"}
    of_orders = {"supervise", "order_draft", "rollup_make", "rollup_publish"}
    assert set(body["rights"]) == of_plans | of_orders | {"record_verify", "persons", "sensitive", "reveal"}
    assert body["business_date"] == "2024-10-15"
