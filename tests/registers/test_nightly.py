"""The nightly recount finds figures that do not agree with reports and records, says so, and mends them on request."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Event
from workplan.models import Figure, Job
from workplan.services.jobs import run
from workplan.services.schedule import write_due

pytestmark = pytest.mark.django_db


def pass_a_night() -> None:
    write_due()
    for job in Job.objects.due():
        run(job.pk)


def test_a_quiet_night_is_noted(homes, district, neighbour):
    pass_a_night()
    notes = Event.objects.filter(action="figures.check").values_list("note", flat=True)
    assert list(notes) == ["没有偏差", "没有偏差"]


def test_a_figure_that_was_tampered_with_is_found_and_mended(homes, computed):
    Figure.objects.measured().filter(target=computed).update(value=99)
    pass_a_night()
    event = Event.objects.filter(action="figures.check", note="有偏差").get()
    assert event.after["measured"] == 2
    with pytest.raises(CommandError, match="不一致"):
        call_command("reconcile")
    call_command("reconcile", "--repair")
    call_command("reconcile")


def test_administrators_and_auditors_are_told_until_it_is_mended(homes, computed, cast, as_user):
    def told(user) -> bool:
        return "处数字与填报或台账不一致" in as_user(user).get("/").text

    assert not told(cast.administrator)
    Figure.objects.measured().filter(target=computed).update(value=99)
    pass_a_night()
    who = ("administrator", "auditor", "leader", "head", "liaison")
    assert [name for name in who if told(getattr(cast, name))] == ["administrator", "auditor"]
    call_command("reconcile", "--repair")
    assert not told(cast.administrator)
