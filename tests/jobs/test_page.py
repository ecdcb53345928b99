"""Administrators see the jobs of their own units, what failed and why, and have it tried again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from tests import factories as make
from workplan.enums import JobState
from workplan.services.jobs import KINDS

from .conftest import fresh

pytestmark = pytest.mark.django_db
PAGE = reverse("workplan:jobs")


def retry(job) -> str:
    return reverse("workplan:job_retry", args=[job.pk])


@pytest.fixture
def parked(district):
    return make.JobFactory(org_unit=district.bureau, parked=True)


def test_the_queue_in_numbers_and_the_jobs_with_their_reasons(parked, district, cast, as_user):
    now = timezone.now()
    make.JobFactory(org_unit=district.bureau, due_at=now - timedelta(minutes=12, seconds=30))
    make.JobFactory(org_unit=district.bureau, due_at=now + timedelta(hours=1))
    make.JobFactory(org_unit=district.bureau, state=JobState.RUNNING, lease=now, started_at=now)
    response = as_user(cast.administrator).get(PAGE)
    assert response.context["queue"] == {"due": 1, "later": 1, "running": 1, "parked": 1, "minutes": 12}
    text = response.content.decode()
    assert "最早已等 12 分钟" in text and "OperationalError" in text and "核对实绩" in text
    assert text.count('form="retry"') == 1, "only what is parked can be retried"


def test_no_jobs_at_all(cast, as_user):
    text = as_user(cast.administrator).get(PAGE).content.decode()
    assert "没有符合条件的任务。" in text and "最早已等" not in text


def test_a_filter_finds_what_is_parked(parked, district, cast, as_user):
    make.JobFactory(org_unit=district.bureau)
    client = as_user(cast.administrator)
    assert client.get(PAGE, {"state": "parked"}).context["table"].paginator.count == 1
    assert client.get(PAGE, {"kind": next(iter(KINDS))}).context["table"].paginator.count == 2
    assert client.get(PAGE, {"state": "nonsense"}).status_code == 400


def test_other_districts_jobs_do_not_exist(parked, neighbour, cast, as_user):
    hidden = make.JobFactory(org_unit=neighbour.bureau, parked=True)
    client = as_user(cast.administrator)
    assert hidden.key not in client.get(PAGE).content.decode()
    assert client.post(retry(hidden)).status_code == 404
    assert fresh(hidden).state == JobState.PARKED


def test_retrying_puts_the_job_back_into_the_queue(parked, cast, as_user, told, django_capture_on_commit_callbacks):
    client = as_user(cast.administrator)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(retry(parked), follow=True)
    assert "已重新排队" in response.content.decode()
    assert fresh(parked).state == JobState.WAITING and told == [parked.pk]
    assert Event.objects.get(action="job.retry").actor == cast.administrator


def test_a_double_click_is_told_that_it_is_done(parked, cast, as_user, told):
    client = as_user(cast.administrator)
    client.post(retry(parked))
    assert "只有已搁置的任务可以重试" in client.post(retry(parked), follow=True).content.decode()


def test_administrators_are_told_on_their_first_page(parked, cast, as_user):
    told = [name for name, user in cast.everybody().items() if "个后台任务多次失败" in as_user(user).get("/").text]
    assert told == ["administrator"]


def test_the_list_leaves_as_a_table(parked, cast, as_user):
    response = as_user(cast.administrator).get(PAGE, {"export": "xlsx"})
    assert response.status_code == 200
    assert "spreadsheetml" in response["Content-Type"]
