"""The audit log tells that a sensitive record was changed and by whom, not what it says."""

import pytest
from django.urls import reverse

from childwelfare.models import Benefit
from eldercare.models import Canteen
from workplan.services.records import change_record

from .making import make_record, unit_for

pytestmark = pytest.mark.django_db
LOG = reverse("workplan:audit")


def changed(model, district, keeper):
    actor = keeper(model)
    row = make_record(model, unit_for(model, district), actor)
    return change_record(record=row, actor=actor, version=row.version, typed={"note": "听不得的话"})


@pytest.mark.parametrize("name", ["auditor", "administrator"])
def test_values_of_sensitive_records_are_not_in_the_log(name, district, keeper, cast, as_user):
    changed(Benefit, district, keeper)
    text = as_user(getattr(cast, name)).get(LOG).content.decode()
    assert "修改记录" in text and "敏感内容" in text and "听不得的话" not in text


def test_values_of_other_records_are(district, keeper, cast, as_user):
    changed(Canteen, district, keeper)
    assert "听不得的话" in as_user(cast.auditor).get(LOG).content.decode()


def test_the_record_itself_keeps_its_history(district, keeper, cast, as_user):
    row = changed(Benefit, district, keeper)
    page = reverse("workplan:record", args=["childwelfare", "benefit", row.pk])
    assert "听不得的话" in as_user(cast.liaison).get(page).content.decode()
