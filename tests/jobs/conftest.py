"""What the tests of background jobs share: kinds that leave a trace, and the messages that workers would get."""

import pytest

from accounts import audit
from accounts.models import Event
from workplan.models import Job
from workplan.services import jobs as service

TRACE = "demo.load"  # an act of the log that nothing here writes but the kinds of these tests


@pytest.fixture
def kind(monkeypatch):
    """Declare a kind of job for one test."""

    def declare(act, code: str = "test.trace"):
        monkeypatch.setitem(service.KINDS, code, service.Kind("试验", act))
        return code

    return declare


@pytest.fixture
def told(monkeypatch) -> list[int]:
    """Return the ids that workers were told, as they are told."""
    heard = []
    monkeypatch.setattr(service.current_app, "send_task", lambda name, args, **options: heard.append(args[0]))
    return heard


def leave_trace(note: str = "") -> None:
    audit.record(action=TRACE, note=note)


def traces() -> int:
    return Event.objects.filter(action=TRACE).count()


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)
